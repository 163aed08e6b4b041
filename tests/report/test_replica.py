"""Reports and lists of hosts come from a replica, if it has everything that the primary has."""

import dataclasses
import io
import json
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import peewee
import pytest
import structlog
from click.testing import CliRunner, Result
from psycopg.conninfo import conninfo_to_dict
from structlog.testing import capture_logs

import backend.replica
from backend.activities import KINDS
from backend.archive import exporting
from backend.cli import main as linka
from backend.config import Settings
from backend.db import Database, open_database
from backend.metrics import REPORT_READS
from backend.postgres import FOR_REQUESTS
from backend.replica import (
    POSITION_SQL,
    REST_SECONDS,
    NotReplica,
    OtherDatabase,
    Position,
    Replica,
    ReplicaAway,
)
from tests.conftest import Postgres
from tests.installation import until
from tests.replica import START_SECONDS, RunningReplica, replica_of
from tests.report.conftest import PEOPLE, Written

pytestmark = pytest.mark.parametrize("databases", ["postgresql"], indirect=True)

# A connection (2 s), the first look at the replica (2 s), and a margin for a busy machine.
LONGEST_SECONDS = 4 + 6
_INSERT = "INSERT INTO audit_line (at, action, subject) VALUES (1, 'written', '') RETURNING id"


@pytest.fixture(scope="module")
def replica(postgres_templates: Postgres) -> Iterator[RunningReplica]:
    """Return a replica of the server."""
    with replica_of(postgres_templates) as made:
        yield made


@pytest.fixture
def settings(settings: Settings, postgres: Postgres, replica: RunningReplica) -> Settings:
    """Return settings with the replica."""
    name = str(conninfo_to_dict(settings.database_url)["dbname"])
    url = replica.url(name)
    until(lambda: replica.says("SELECT true", url), START_SECONDS, "the replica has the database")
    # As in production, where what is acknowledged is flushed.
    postgres.execute(f"ALTER DATABASE {name} SET synchronous_commit = on")
    return dataclasses.replace(settings, reports_database_url=url)


@pytest.fixture
def opened(settings: Settings) -> Iterator[Database]:
    """Return the database with its replica, as a server process opens it."""
    made = open_database(settings, FOR_REQUESTS)
    yield made
    made.close()


def _is_replica(opened: Database) -> bool:
    """Return whether a report comes from the replica now."""
    [(found,)] = opened.for_report(lambda: opened.read("SELECT pg_is_in_recovery()"))
    return bool(found)


def _wait_for_replica(opened: Database) -> None:
    until(lambda: _is_replica(opened), START_SECONDS, "the replica is read")


def _write(opened: Database) -> int:
    """Write a row and return its number."""
    with opened.write():
        return int(opened.sql(_INSERT).fetchone()[0])


def _newest(opened: Database) -> int:
    """Return the number of the newest row that a report sees."""
    [(found,)] = opened.for_report(lambda: opened.read("SELECT max(id) FROM audit_line"))
    return int(found)


def _reads(server: str) -> float:
    return REPORT_READS.labels(server)._value.get()


def _sheets(data: bytes) -> dict[str, list[Any]]:
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def _archived(written: Written, file: Path) -> dict[str, bytes]:
    """Return the parts of an archive of the event."""
    exporting.export(written.database, KINDS, written.id, file, 1, lambda _: None)
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_report_and_lists_from_the_replica_are_those_of_the_primary(
    written: Written, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # On a busy machine it may be seconds behind; this test is about what is in the files.
    monkeypatch.setattr(backend.replica, "CATCH_UP_SECONDS", float(START_SECONDS))
    _wait_for_replica(written.database)
    before = _reads("replica")
    files = [f"/events/{written.id}/{name}.xlsx" for name in ("report", "points")]
    found = [_sheets(written.host.get(file).data) for file in files]
    assert len(found[1]["积分明细"]) > PEOPLE
    assert _reads("replica") == before + len(files)
    archived = _archived(written, tmp_path / "replica.zip")
    assert _reads("replica") == before + len(files) + 1
    replica = written.database._replica
    assert replica
    replica.leave_alone(NotReplica())
    assert found == [_sheets(written.host.get(file).data) for file in files]
    assert archived == _archived(written, tmp_path / "primary.zip")
    assert _reads("replica") == before + len(files) + 1


def test_reports_see_what_was_written_just_before(opened: Database) -> None:
    for _ in range(20):
        assert _write(opened) == _newest(opened)
    _wait_for_replica(opened)
    # What follows the report has the primary again.
    assert opened.read("SELECT pg_is_in_recovery()") == [(False,)]


def test_report_cannot_write(opened: Database) -> None:
    _wait_for_replica(opened)
    with pytest.raises(peewee.InternalError, match="read-only"):
        opened.for_report(lambda: _write(opened))


def test_replica_that_is_behind_is_not_read(opened: Database, replica: RunningReplica) -> None:
    _wait_for_replica(opened)
    with replica.behind(), capture_logs() as lines:
        assert _write(opened) == _newest(opened)
        assert not _is_replica(opened)
    assert {line["event"] for line in lines} == {"reports_read_primary"}
    assert "behind" in lines[0]["reason"]


def test_hung_replica_costs_one_report_a_moment_and_is_used_again(
    settings: Settings, replica: RunningReplica
) -> None:
    moment = [0.0]
    aside = Replica(settings.reports_database_url, FOR_REQUESTS, lambda: moment[0])
    opened = Database(settings.database_url, FOR_REQUESTS, 4, aside)

    def is_read_again() -> bool:
        moment[0] += REST_SECONDS
        return _is_replica(opened)

    until(is_read_again, START_SECONDS, "the replica is read")
    with replica.hung(), capture_logs() as lines:
        for is_connected in (True, False):
            began = time.monotonic()
            assert _write(opened) == _newest(opened), is_connected
            assert time.monotonic() - began < LONGEST_SECONDS
            tried = len(lines)
            assert not _is_replica(opened)
            assert len(lines) == tried
            moment[0] += REST_SECONDS
    until(is_read_again, START_SECONDS, "the replica is read again")
    opened.close()


@pytest.mark.parametrize(
    ("names", "trouble", "says", "says_zh"),
    [
        ("the primary", NotReplica, "not a read-only replica", "它不是只读副本"),
        ("another database", OtherDatabase, "no replica of the database", "不是现在这个主库的副本"),
        ("nothing", ReplicaAway, "connection failed", "连不上，原因：connection failed"),
    ],
)
def test_server_that_is_no_replica_of_the_primary_is_not_read_and_named_in_one_line(
    settings: Settings,
    replica: RunningReplica,
    names: str,
    trouble: type[Exception],
    says: str,
    says_zh: str,
) -> None:
    addresses = {
        "the primary": settings.database_url,
        "another database": replica.url("postgres"),
        "nothing": "postgresql://linka@127.0.0.1:1/linka",
    }
    settings = dataclasses.replace(settings, reports_database_url=addresses[names])
    opened = open_database(settings, FOR_REQUESTS)
    with pytest.raises(trouble):
        opened.replica_state()
    assert not _is_replica(opened)
    opened.close()
    told = _linka(settings, "prepare")
    assert told.exit_code == 0
    assert told.stderr.count("\n") == 1
    assert "LINKA_REPORTS_DATABASE_URL: " in told.stderr and says in told.stderr
    found = _examined(settings)["报道副本"]
    assert found["level"] == "warning"
    assert says_zh in found["text"]


def test_doctor_says_whether_the_replica_follows(
    settings: Settings, opened: Database, replica: RunningReplica
) -> None:
    _wait_for_replica(opened)
    found = _examined(settings)
    assert found["报道副本"]["level"] == found["报道副本连接数"]["level"] == "ok"
    assert _linka(settings, "prepare").stderr == ""
    with replica.behind():
        _write(opened)
        assert "落后主库" in _examined(settings)["报道副本"]["text"]


def _linka(settings: Settings, *words: str) -> Result:
    environ = {
        f"LINKA_{name}": str(getattr(settings, name.lower()))
        for name in ("DATA_DIR", "DATABASE_URL", "REPORTS_DATABASE_URL", "REDIS_URL", "WECHAT_URL")
    }
    ran = CliRunner().invoke(linka, words, env=environ)
    structlog.reset_defaults()
    return ran


def _examined(settings: Settings) -> dict[str, Any]:
    """Return what `linka doctor` finds, by name."""
    found = json.loads(_linka(settings, "doctor", "--json").stdout)
    return {one["name"]: one for one in found["findings"]}


def test_replica_of_another_server_or_of_the_one_before_a_failover_is_refused(
    settings: Settings, opened: Database
) -> None:
    [(lsn, system, timeline, number)] = opened.read(POSITION_SQL)
    aside = Replica(settings.reports_database_url, FOR_REQUESTS)
    assert aside.state(Position(lsn, (system, timeline, number))).most_connections > 0
    for origin in ((system + 1, timeline, number), (system, timeline + 1, number)):
        with pytest.raises(OtherDatabase):
            aside.state(Position(lsn, origin))
    aside.close()


def test_promoted_replica_is_not_read(
    settings: Settings, opened: Database, replica: RunningReplica
) -> None:
    _wait_for_replica(opened)
    assert replica.says("SELECT pg_promote()")
    with capture_logs() as lines:
        assert not _is_replica(opened)
    assert "not a read-only replica" in lines[0]["reason"]
