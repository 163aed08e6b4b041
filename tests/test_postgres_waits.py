"""Greenlets wait for PostgreSQL as psycopg waits, and let others run meanwhile."""

import time
from collections.abc import Iterator
from typing import Any

import gevent
import psycopg
import pytest

from backend import postgres_waits
from tests.conftest import Postgres


class GreenletConnection(psycopg.Connection[Any]):
    """A connection whose statements are waited for by greenlets."""

    def wait(self, gen: Any, interval: float = 0.01, timeout: float | None = None) -> Any:
        """Wait as in a process that serves."""
        return postgres_waits.wait(gen, self.pgconn.socket, interval, timeout)


@pytest.fixture
def connection(postgres: Postgres) -> Iterator[GreenletConnection]:
    """Return an open connection."""
    with GreenletConnection.connect(postgres.url, autocommit=True) as made:
        yield made


def test_others_run_while_a_statement_is_waited_for(connection: GreenletConnection) -> None:
    ran: list[float] = []
    other = gevent.spawn(lambda: ran.append(time.monotonic()))
    [row] = connection.execute("SELECT pg_sleep(0.1), 'done'")
    assert row[1] == "done"
    assert other.ready() and ran[0] < time.monotonic() - 0.05


def test_more_is_sent_and_received_than_fits_into_a_socket(connection: GreenletConnection) -> None:
    text = "林卡" * 3_000_000
    assert connection.execute("SELECT %s::text", (text,)).fetchall() == [(text,)]


def test_each_error_of_the_server_is_raised(connection: GreenletConnection) -> None:
    for _ in range(2):
        with pytest.raises(psycopg.errors.DivisionByZero):
            connection.execute("SELECT 1 / 0")
    assert connection.execute("SELECT 1").fetchall() == [(1,)]


def test_wait_ends_at_its_limit(connection: GreenletConnection) -> None:
    connection.pgconn.send_query(b"SELECT pg_sleep(30)")
    began = time.monotonic()
    with pytest.raises(psycopg.OperationalError):
        connection.wait(psycopg.generators.execute(connection.pgconn), timeout=0.2)
    assert 0.2 <= time.monotonic() - began < 10
    connection.close()


def test_wait_ends_when_another_greenlet_closes_the_connection(
    connection: GreenletConnection,
) -> None:
    closing = gevent.spawn_later(0.05, connection.close)
    with pytest.raises(psycopg.OperationalError):
        connection.execute("SELECT pg_sleep(30)")
    assert closing.ready()
