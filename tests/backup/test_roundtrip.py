"""A backup has every row of every table, and can be restored into either kind of database."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import redis

from backend.backup.restoring import BackupFile
from backend.backup.writing import row_count, write
from backend.bundle import BrokenBundle, BundleWriter
from backend.db import Database, Model
from backend.events.models import Event, EventMedia
from backend.identity.models import Account
from backend.scoring.models import ScoreEntry
from tests.conftest import Databases
from tests.dumps import __main__ as dumps
from tests.scoring.evening import Evening
from tests.support import START

MUSIC = bytes(range(256)) * 40


def _quiet(_: int) -> None:
    """Report no progress."""


def rows_of(database: Database) -> dict[str, list[dict[str, Any]]]:
    """Return all rows of all tables as Python values."""
    found = {}
    for model in Model.__subclasses__():
        rows = [
            {name: bytes(value) if isinstance(value, memoryview) else value for name, value in row}
            for row in (row.items() for row in model.select().dicts())
        ]
        found[model._meta.table_name] = sorted(rows, key=repr)
    return found


def _without_versions(rows: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """Return the rows without the versions of tokens, which a restore raises."""
    for account in rows["account"]:
        account.pop("token_version")
    return rows


def restore(path: Path, database: Database) -> None:
    """Restore a file."""
    with closing(BackupFile(path)) as copy:
        copy.restore(database, _quiet)


@pytest.fixture
def filled(databases: Databases) -> Iterator[Database]:
    """Return a database with a row in each table, including music and Chinese texts."""
    url = databases.copy("empty")
    dumps.fill(url)
    opened = Database(url)
    EventMedia.update(data=MUSIC).execute()
    Event.update(title="“美多”\n大淘金 🎉", pauses=[[1, None]]).execute()
    yield opened
    opened.close()


@pytest.fixture
def backup(filled: Database, tmp_path: Path) -> Path:
    """Return a backup of it."""
    path = tmp_path / "linka.zip"
    told: list[int] = []
    count = write(filled.url, path, START, told.append)
    assert count == len(told) == row_count(filled.url)
    return path


def test_every_row_comes_back_in_the_same_kind_of_database(
    filled: Database, backup: Path, databases: Databases
) -> None:
    before = _without_versions(rows_of(filled))
    assert all(before.values()), "every table has a row"
    filled.close()
    with closing(Database(databases.copy("centre"))) as other:
        restore(backup, other)
        assert _without_versions(rows_of(other)) == before
        assert other.migrations().pending == []


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_sqlite_moves_to_postgresql_and_back(
    backup: Path, filled: Database, tmp_path: Path, databases: Databases
) -> None:
    before = _without_versions(rows_of(filled))
    filled.close()
    url = f"sqlite:///{tmp_path / 'other.sqlite3'}"
    with closing(Database(url)) as sqlite:
        sqlite.migrate()
        restore(backup, sqlite)
        assert _without_versions(rows_of(sqlite)) == before
        write(url, tmp_path / "back.zip", START, _quiet)
    with closing(Database(databases.copy("empty"))) as again:
        restore(tmp_path / "back.zip", again)
        assert _without_versions(rows_of(again)) == before


def test_numbers_and_tokens_from_after_the_backup_never_mean_another_row(
    filled: Database, backup: Path
) -> None:
    version = Account.get().token_version
    facts = {"appid": "x", "session_key": "", "session_key_updated_at": 1}
    Account.create(id=7, openid="later", created_at=1, last_login_at=1, **facts)
    restore(backup, filled)
    assert Account.get().token_version > version
    new = Account.create(openid="new", created_at=1, last_login_at=1, **facts)
    assert new.id > 7


def test_backup_sees_one_moment(filled: Database, tmp_path: Path) -> None:
    """What is written during the backup is either completely in it or not at all."""
    written: list[int] = []

    def write_meanwhile(_: int) -> None:
        if not written:
            with filled.write():
                written.append(Event.update(title="later").execute())
            filled.release()

    before = Event.get().title
    write(filled.url, tmp_path / "linka.zip", START, write_meanwhile)
    assert written == [1]
    restore(tmp_path / "linka.zip", filled)
    assert Event.get().title == before


def test_rows_may_refer_to_later_ones(filled: Database, tmp_path: Path) -> None:
    [poll] = next(model for model in Model.__subclasses__() if model.__name__ == "Poll").select()
    facts = {name: value for name, value in poll.__data__.items() if name not in ("id", "number")}
    later = type(poll).create(id=2, number=2, **facts)
    poll.change(runoff_of=later.id)
    write(filled.url, tmp_path / "linka.zip", START, _quiet)
    restore(tmp_path / "linka.zip", filled)
    assert type(poll).get_by_id(poll.id).runoff_of_id == later.id


def test_boards_are_the_same_after_a_restore(
    database: Database, tmp_path: Path, redis_server: redis.Redis
) -> None:
    evening = Evening(database, redis_server)
    for place in range(5):
        evening.give(place, place * 10)
    before = evening.board()
    write(evening.database.url, tmp_path / "linka.zip", START, _quiet)
    evening.give(0, 500)
    restore(tmp_path / "linka.zip", evening.database)
    redis_server.flushall()
    evening.boards.rebuild(evening.id, START)
    assert evening.board() == before
    assert evening.differences() == []


Forgery = Callable[[dict[str, Any], dict[str, list[Any]]], None]


def _no_such_table(manifest: dict[str, Any], rows: dict[str, list[Any]]) -> None:
    manifest["tables"][0]["name"] = "x; DROP TABLE event"


def _of_a_newer_version(manifest: dict[str, Any], rows: dict[str, list[Any]]) -> None:
    manifest["migrations"].append("9999_later")


def _of_another_history(manifest: dict[str, Any], rows: dict[str, list[Any]]) -> None:
    manifest["migrations"][0] = "0001_other"


def _nothing_at_all(manifest: dict[str, Any], rows: dict[str, list[Any]]) -> None:
    manifest["tables"] = None


def _text_for_a_number(manifest: dict[str, Any], rows: dict[str, list[Any]]) -> None:
    rows["event"][0][0] = {"id": 1}


def _parent_that_is_not_there(manifest: dict[str, Any], rows: dict[str, list[Any]]) -> None:
    rows["event"].clear()


def _row_that_is_too_short(manifest: dict[str, Any], rows: dict[str, list[Any]]) -> None:
    rows["score_entry"][0].pop()


def _number_beyond_all(manifest: dict[str, Any], rows: dict[str, list[Any]]) -> None:
    rows["event"][0][0] = 2**70


def _last_number_beyond_all(manifest: dict[str, Any], rows: dict[str, list[Any]]) -> None:
    manifest["tables"][0]["last_number"] = 2**63


FORGERIES: list[Forgery] = [
    _number_beyond_all,
    _last_number_beyond_all,
    _no_such_table,
    _of_a_newer_version,
    _of_another_history,
    _nothing_at_all,
    _text_for_a_number,
    _parent_that_is_not_there,
    _row_that_is_too_short,
]


def _forged(backup: Path, forge: Forgery) -> Path:
    """Return a changed copy whose checksums are correct."""
    with zipfile.ZipFile(backup) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        rows = {
            part["name"].removesuffix(".jsonl"): [
                json.loads(line) for line in archive.read(part["name"]).splitlines()
            ]
            for part in manifest["parts"]
        }
    forge(manifest, rows)
    path = backup.with_name("forged.zip")
    with BundleWriter(path, "linka-backup", START) as bundle:
        bundle.about |= {name: manifest[name] for name in ("migrations", "tables")}
        for name, content in rows.items():
            bundle.lines(f"{name}.jsonl", content)
    return path


def test_forged_backup_is_refused_and_nothing_changes(filled: Database, backup: Path) -> None:
    before = rows_of(filled)
    for forge in FORGERIES:
        path = _forged(backup, forge)
        with pytest.raises(BrokenBundle, match=r"forged\.zip：.*什么都没有写入"):
            restore(path, filled)
        assert rows_of(filled) == before, forge.__name__
        assert filled.migrations().pending == []


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_older_backup_is_migrated(filled: Database, tmp_path: Path, databases: Databases) -> None:
    """A backup of an older version has the tables and columns of that version."""
    filled.close()
    with closing(Database(databases.new())) as old:
        old.migrate("0001_first")
        model = next(m for m in Model.__subclasses__() if m._meta.table_name == "team")
        model.create(name="话务一组")
        rows = [[row.id, row.name] for row in model.select()]
    with BundleWriter(tmp_path / "old.zip", "linka-backup", START) as bundle:
        bundle.about["migrations"] = ["0001_first"]
        columns = [["id", "plain"], ["name", "plain"]]
        bundle.about["tables"] = [
            {"name": "team", "columns": columns, "numbers": "id", "last_number": 1}
        ]
        bundle.lines("team.jsonl", rows)
    with closing(Database(databases.copy("empty"))) as here:
        restore(tmp_path / "old.zip", here)
        assert [row.name for row in model.select()] == ["话务一组"]
        assert here.migrations().pending == []
        assert ScoreEntry.select().count() == 0


def test_program_knows_every_table_of_the_database(filled: Database) -> None:
    """The command imports its own package alone, where this process has imported everything."""
    code = (
        "import backend.backup.commands; from backend.backup.writing import tables;"
        " print(*(table.name for table in tables()))"
    )
    known = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    there = set(filled._peewee.get_tables()) - {"schema_migration", "sqlite_sequence"}
    assert set(known.stdout.split()) == there
