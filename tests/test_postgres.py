"""What is set on each connection to PostgreSQL, and what a process without a free one is told."""

from concurrent.futures import ThreadPoolExecutor

import peewee
import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from backend.db import Database, is_away
from backend.postgres import FOR_REQUESTS, connect
from tests.conftest import Postgres
from tests.installation import until


@pytest.mark.parametrize(
    ("of_operator", "set_to"),
    [("", "1.1"), ("-c random_page_cost=2", "2")],
    ids=["PostgreSQL's own", "the operator's"],
)
def test_price_of_a_page_is_lower_unless_the_operator_has_set_one(
    postgres: Postgres, of_operator: str, set_to: str
) -> None:
    url = make_conninfo(postgres.url, options=of_operator)
    with connect(url, 5) as connection:
        assert connection.execute("SHOW random_page_cost").fetchall() == [(set_to,)]


def test_database_without_a_free_connection_is_away_for_the_moment(postgres: Postgres) -> None:
    opened = Database(postgres.url, FOR_REQUESTS, connections=1)
    # Threads of sockets, streams and the pacemaker go on after this class of error alone.
    with opened.write(), ThreadPoolExecutor(1) as pool:
        refused = pool.submit(opened.read, "SELECT 1").exception()
    assert isinstance(refused, peewee.DatabaseError)
    assert is_away(refused)
    opened.close()


def test_transaction_that_the_server_ended_may_be_repeated(postgres: Postgres) -> None:
    opened = Database(postgres.url, FOR_REQUESTS)

    def pause() -> None:
        with opened.write():
            [own] = opened.sql("SELECT pg_backend_pid()").fetchone()
            opened.sql("SET LOCAL idle_in_transaction_session_timeout = '1ms'")
            until(lambda: not _lives(postgres, own), 10, "the server ends the transaction")
            opened.sql("SELECT 1")

    with pytest.raises(peewee.DatabaseError, match="idle-in-transaction") as ended:
        pause()
    assert is_away(ended.value)
    opened.release()
    assert opened.read("SELECT 1") == [(1,)]
    opened.close()


def _lives(postgres: Postgres, pid: int) -> bool:
    """Return whether a process of the server has a connection."""
    with psycopg.connect(postgres.url) as connection:
        found = connection.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", (pid,))
        return found.fetchone() is not None
