"""PostgreSQL stops answering, is stopped, or is behind PgBouncer: requests end in time, and service
resumes.

The server is reached through a proxy.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
import urllib3
from psycopg.conninfo import conninfo_to_dict

from backend.db import Database
from backend.postgres import FOR_REQUESTS
from tests.conftest import Postgres
from tests.faults.evening import Evening
from tests.faults.pgbouncer import pgbouncer
from tests.faults.proxy import Proxy, server_address, through
from tests.installation import Installation, until
from tests.phones import Phone, invite_codes, staff_phone

# A place in the pool (3 s), all waits of one use (8 s), and a margin for a busy machine.
LONGEST_SECONDS = 3 + 8 + 4
READERS = 60

_http = urllib3.PoolManager(retries=False, timeout=60, maxsize=READERS)


@pytest.fixture(scope="module")
def proxy(postgres: Postgres) -> Iterator[Proxy]:
    """Return the proxy in front of PostgreSQL."""
    made = Proxy(server_address(postgres.url))
    yield made
    made.close()


@pytest.fixture(scope="module")
def filled(postgres_templates: Postgres) -> Iterator[Callable[[str], Postgres]]:
    """Return what makes a database with the sample centre."""
    made = []

    def make(name: str) -> Postgres:
        postgres_templates.copy("centre", name)
        made.append(name)
        return postgres_templates

    yield make
    for name in made:
        postgres_templates.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def phones(installation: Installation) -> list[Phone]:
    """Return ten phones of staff."""
    numbers = [number for number in invite_codes() if number.startswith("2")][:10]
    return [staff_phone(installation, number) for number in numbers]


@pytest.fixture(scope="module")
def installation(
    install: Callable[..., Installation], filled: Callable[[str], Postgres], proxy: Proxy
) -> Installation:
    """Return an installation whose way to PostgreSQL is the proxy."""
    made = install(LINKA_DATABASE_URL=through(filled("faults").url, proxy.port, "faults"))
    made.up()
    return made


@pytest.fixture(autouse=True)
def healed(proxy: Proxy, installation: Installation) -> Iterator[None]:
    """Restore everything for the next test."""
    yield
    proxy.heal()
    installation.wait_until_ready()


def _read(phone: Phone) -> tuple[int, float, Any]:
    """Read from PostgreSQL; returns status, seconds and body."""
    began = time.monotonic()
    answer = _http.request(
        "GET",
        f"{phone.installation.url}/api/v1/me",
        headers={"Authorization": f"Bearer {phone.token}"},
    )
    return answer.status, time.monotonic() - began, answer.json()


def _read_by_many(phone: Phone) -> list[Future[tuple[int, float, Any]]]:
    pool = ThreadPoolExecutor(READERS)
    asked = [pool.submit(_read, phone) for _ in range(READERS)]
    pool.shutdown(wait=False)
    return asked


def _statuses(phone: Phone) -> set[int]:
    return {answer.result()[0] for answer in _read_by_many(phone)}


def test_requests_end_in_time_while_postgresql_is_silent(proxy: Proxy, host: Phone) -> None:
    assert _statuses(host) == {200}
    proxy.fall_silent()
    answers = [answer.result() for answer in _read_by_many(host)]
    assert {status for status, _, _ in answers} == {503}
    assert max(seconds for _, seconds, _ in answers) < LONGEST_SECONDS
    assert answers[0][2]["error"] == "unavailable"
    # Now it is known to be away: one caller tries, the others do not wait for that.
    later = sorted(seconds for _, seconds, _ in (one.result() for one in _read_by_many(host)))
    assert later[len(later) // 2] < 2
    proxy.heal()
    until(lambda: _statuses(host) == {200}, 20, "answers again, of all processes")


def test_answers_are_kept_once_when_postgresql_falls_silent_in_an_evening(
    proxy: Proxy, installation: Installation, evening: Evening
) -> None:
    until(lambda: len(evening.told()) >= 8, 60, "phones play")
    proxy.fall_silent()
    until(lambda: not installation.is_ready(), 30, "it is noticed")
    proxy.heal()
    told = evening.end()
    assert len(told) + evening.late() == evening.planned
    with psycopg.connect(installation.environ["LINKA_DATABASE_URL"]) as connection:
        entries = connection.execute(
            "SELECT split_part(source, ':', 2)::int, sum(points) FROM score_entry"
            " WHERE event_id = %s GROUP BY 1",
            (evening.event_id,),
        )
        assert dict(entries.fetchall()) == told  # type: ignore[arg-type]


def test_the_worker_goes_on_when_postgresql_was_away(
    proxy: Proxy, installation: Installation
) -> None:
    before = installation.process("backend.cli worker")
    proxy.refuse()
    until(lambda: not installation.is_ready(), 30, "it is noticed")
    until(lambda: "database_away" in installation.log, 10, "the worker says so")
    proxy.accept()
    installation.wait_until_ready()
    assert installation.process("backend.cli worker") == before
    assert "Traceback" not in installation.log


def test_statements_are_not_prepared_behind_pgbouncer(
    postgres: Postgres, proxy: Proxy, filled: Callable[[str], Postgres]
) -> None:
    filled("bounced")
    given = conninfo_to_dict(postgres.url)
    login = {name: str(given[name]) for name in ("user", "password") if given.get(name)}
    with pgbouncer(proxy.port, "bounced", login) as port, ThreadPoolExecutor(8) as pool:
        opened = Database(through(postgres.url, port, "bounced"), FOR_REQUESTS)
        assert opened.migrations().pending == []
        assert opened.is_behind_pooler
        # Each statement is run often enough to be prepared, on several of the server's connections.
        list(pool.map(lambda _: _write_and_read(opened), range(200)))
        assert opened.read("SELECT count(*) FROM audit_line WHERE action = ?", ("bounced",)) == [
            (200,)
        ]
        opened.close()


_SETTINGS = ("statement_timeout", "idle_in_transaction_session_timeout")


def _write_and_read(opened: Database) -> None:
    with opened.write():
        shown = [opened.sql(f"SHOW {name}").fetchone() for name in _SETTINGS]
        opened.sql("INSERT INTO audit_line (at, action, subject) VALUES (?, 'bounced', '')", (1,))
    assert shown == [("5s",), ("15s",)]
    assert opened.read("SELECT count(*) FROM staff WHERE id > ?", (0,))[0][0] > 0
    opened.release()
