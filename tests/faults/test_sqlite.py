"""Another program locks the SQLite file, or the disk is full: requests are refused in time."""

import contextlib
import resource
import sqlite3
import threading
import time
from pathlib import Path

import pytest
import urllib3

from backend.db import JOURNAL_BYTES, Database
from backend.postgres import FOR_COMMANDS
from tests.faults.evening import Evening
from tests.installation import Installation, until
from tests.phones import Phone, invite_codes, staff_phone

_http = urllib3.PoolManager(retries=False, timeout=60)


@pytest.fixture(scope="module")
def phones(installation: Installation) -> list[Phone]:
    """Return ten phones of staff."""
    numbers = [number for number in invite_codes() if number.startswith("2")][:10]
    return [staff_phone(installation, number) for number in numbers]


def _write(host: Phone) -> urllib3.BaseHTTPResponse:
    """Make an event, which writes to the database."""
    return _http.request(
        "POST",
        f"{host.installation.url}/api/v1/events",
        headers={"Authorization": f"Bearer {host.token}"},
        json={"template": "hunt"},
    )


def test_a_foreign_lock_stops_no_other_request(installation: Installation, host: Phone) -> None:
    with contextlib.closing(sqlite3.connect(installation.database_file)) as foreign:
        foreign.execute("BEGIN IMMEDIATE")
        answers: list[urllib3.BaseHTTPResponse] = []
        writers = [threading.Thread(target=lambda: answers.append(_write(host))) for _ in range(4)]
        for writer in writers:
            writer.start()
        slowest = 0.0
        while any(writer.is_alive() for writer in writers):
            began = time.monotonic()
            assert _http.request("GET", f"{installation.url}/healthz").status == 200
            slowest = max(slowest, time.monotonic() - began)
            assert _ready(installation) == (200, "ok")
        foreign.rollback()
    assert {answer.status for answer in answers} == {503}
    assert answers[0].headers["Retry-After"] == "1"
    assert slowest < 4
    assert _write(host).status == 201


def test_a_disk_that_takes_nothing_is_no_mistake_of_ours(
    installation: Installation, host: Phone, evening: Evening
) -> None:
    until(lambda: len(evening.told()) >= 5, 60, "phones play")
    workers = [one for one in installation.processes() if "gunicorn: worker" in one.command]
    for worker in workers:
        # No file may grow; a log that goes to a pipe or a terminal is not concerned.
        resource.prlimit(worker.pid, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
    answer = _write(host)
    for worker in workers:
        resource.prlimit(worker.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
    assert (answer.status, answer.json()["error"]) == (503, "unavailable")
    assert answer.headers["Retry-After"] == "1"
    assert "请稍后再试" in answer.json()["message"]
    told = evening.end()
    assert len(told) + evening.late() == evening.planned
    assert "Traceback" not in installation.log


def test_server_is_not_ready_until_the_disk_takes_writes(installation: Installation) -> None:
    workers = [one for one in installation.processes() if "gunicorn: worker" in one.command]
    for worker in workers:
        resource.prlimit(worker.pid, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
    until(lambda: _ready(installation) == (503, "no_writes"), 2, "the server is not ready")
    for worker in workers:
        resource.prlimit(worker.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
    until(lambda: _ready(installation) == (200, "ok"), 2, "the server is ready again")
    assert "Traceback" not in installation.log


def _ready(installation: Installation) -> tuple[int, str]:
    """Return the status of `/readyz`, and the state of the database."""
    answer = _http.request("GET", f"{installation.url}/readyz")
    return answer.status, answer.json()["parts"]["database"]


def test_write_ahead_log_shrinks_after_a_long_reader(tmp_path: Path) -> None:
    file = tmp_path / "linka.db"
    log = tmp_path / "linka.db-wal"
    opened = Database(f"sqlite:///{file}", FOR_COMMANDS)
    _fill(opened, "CREATE TABLE filling (data BLOB)")
    with contextlib.closing(sqlite3.connect(file)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM filling").fetchall()
        for _ in range(12):
            _fill(opened, f"INSERT INTO filling VALUES (zeroblob({1 << 20}))")
        assert log.stat().st_size > JOURNAL_BYTES
    for _ in range(3):
        _fill(opened, "INSERT INTO filling VALUES (zeroblob(1))")
    assert log.stat().st_size <= JOURNAL_BYTES
    opened.close()


def _fill(opened: Database, statement: str) -> None:
    with opened.write():
        opened.sql(statement)
