"""What is set on each connection to PostgreSQL, and what a process without a free one is told."""

from concurrent.futures import ThreadPoolExecutor

import peewee
import pytest
from psycopg.conninfo import make_conninfo

from backend.db import Database, is_away
from backend.postgres import FOR_REQUESTS, connect
from tests.conftest import Postgres


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
