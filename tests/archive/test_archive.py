"""An archive has an event's configuration, ledger and boards and no secret.

An import gives the same boards.
"""

import json
import sqlite3
import zipfile
from collections import defaultdict
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import peewee
import pytest
from click.testing import CliRunner, Result
from flask import Flask

from backend.activities import KINDS
from backend.archive import exporting
from backend.archive.commands import archive
from backend.bundle import BundleWriter
from backend.config import Settings
from backend.db import Database
from backend.events.kinds import Kinds
from backend.events.models import Activity, Event, EventMedia, Player
from backend.events.templates import read_folder
from backend.identity import audit
from backend.identity.models import Account, Staff
from backend.live.client import connect_redis
from backend.parts import scoring
from backend.scoring import ledger
from backend.scoring.boards import Boards
from backend.scoring.models import ScoreEntry, Standing
from tests.conftest import Databases
from tests.scoring.board_evening import BoardEvening
from tests.support import START, Centre, FakeClock, picture_bytes

ON_SQLITE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@dataclass
class Shell:
    """What the commands work with."""

    settings: Settings
    database: Database
    clock: FakeClock
    kinds: Kinds = KINDS

    @property
    def boards(self) -> Boards:
        """The boards."""
        return scoring(self.settings, self.database, connect_redis(self.settings))[1]

    def event_id(self, text: str) -> int:
        """Return the id of an event."""
        return int(text)

    def run(self, *words: object) -> Result:
        """Run `linka archive` with these arguments."""
        return CliRunner().invoke(archive, [str(word) for word in words], obj=self)

    def does(self, *words: object) -> str:
        """Run a command that must succeed, and return its output."""
        result = self.run(*words)
        assert result.exit_code == 0, (result.output, result.exception)
        return result.output


@pytest.fixture
def shell(app: Flask, settings: Settings, clock: FakeClock) -> Shell:
    """Return a shell over the sample centre."""
    return Shell(settings, app.extensions["linka.database"], clock)


@pytest.fixture
def evening(centre: Centre, shell: Shell) -> BoardEvening:
    """Return an event with ties, a kicked player, a reversed entry, a guest and pictures."""
    made = BoardEvening(centre, 6)
    made.give(0, 20)
    made.give(1, 10)
    event_id = made.event["id"]
    with shell.database.write():
        entry = ScoreEntry.select().where(ScoreEntry.player == made.players[4]).get()
        ledger.reverse(shell.database, entry.id, "算错了", START)
        ledger.recompute(event_id, START)
    made.host.ok("PUT", f"{made.path}/players/{made.players[5]}", {"status": "kicked"})
    file = picture_bytes(colour="#1b998b")
    made.host.upload(f"{made.path}/media?kind=picture", file)
    made.does("close")
    shell.boards.refresh(event_id)
    return made


@pytest.fixture
def file(evening: BoardEvening, shell: Shell, tmp_path: Path) -> Path:
    """Return its archive."""
    path = tmp_path / "evening.zip"
    said = shell.does("export", evening.event["id"], path)
    # The event itself is not archived by it.
    assert f"已把活动 {evening.event['id']} 存到 {path}：账本 9 行" in said
    return path


def rows(file: Path, part: str) -> list[Any]:
    """Return the rows of a part."""
    with zipfile.ZipFile(file) as opened:
        return [json.loads(line) for line in opened.read(f"{part}.jsonl").splitlines()]


def test_figures_are_those_of_a_recount_by_another_query(
    file: Path, evening: BoardEvening, shell: Shell
) -> None:
    recount = shell.database.read(
        "SELECT p.staff_number, SUM(e.points) FROM score_entry e JOIN player p ON p.id = e.player_id"
        " WHERE e.event_id = ? AND p.status = 'active' GROUP BY p.staff_number",
        (evening.event["id"],),
    )
    people = rows(file, "players")
    board = [
        row for row in rows(file, "boards") if (row["board"], row["scope"]) == ("event", "players")
    ]
    found = {people[row["number"] - 1]["staff_number"]: row["points"] for row in board}
    assert found == dict(recount)
    assert [(row["rank"], row["points"]) for row in board] == [
        *((1, 40), (2, 30), (2, 30), (2, 30), (5, 0))
    ]


@ON_SQLITE
def test_replay_gives_the_same_boards_on_another_data_directory(
    file: Path, shell: Shell, tmp_path: Path
) -> None:
    count = len(rows(file, "boards"))
    said = shell.does("replay", file)
    assert f"重放后 {count} 个名次与归档一致" in said
    assert "导入" not in said
    other = tmp_path / "other"
    shell.does("replay", file, "--data-dir", other)
    with closing(Database(f"sqlite:///{other / 'linka.sqlite3'}")):
        assert Event.get().state == "archived"
        assert Standing.select().count() > 0
    again = shell.run("replay", file, "--data-dir", other)
    assert "已经在这里" in str(again.exception)


@ON_SQLITE
def test_replay_never_writes_into_the_data_directory_in_use(
    file: Path, shell: Shell, tmp_path: Path
) -> None:
    here = shell.settings.data_dir
    (tmp_path / "link").symlink_to(here)
    for folder in (here, here / ".." / here.name, tmp_path / "link"):
        refused = shell.run("replay", file, "--data-dir", folder)
        assert "另一个目录" in str(refused.exception)


@ON_SQLITE
def test_people_go_on_playing_while_an_event_is_archived(
    evening: BoardEvening, shell: Shell, tmp_path: Path
) -> None:
    path = tmp_path / "other.zip"
    event_id = evening.event["id"]

    def play(_: int) -> None:
        with closing(sqlite3.connect(shell.database.url.removeprefix("sqlite:///"))) as other:
            other.execute("PRAGMA busy_timeout = 0")
            other.execute("UPDATE event SET description = 'x'")
            other.execute("UPDATE score_entry SET points = points + 1")
            other.commit()

    entries = exporting.entry_count(event_id)
    before = ScoreEntry.select(peewee.fn.SUM(ScoreEntry.points)).scalar()
    export = exporting.export(shell.database, KINDS, event_id, path, START, play)
    assert export == entries
    assert sum(row["points"] for row in rows(path, "ledger")) == before


@ON_SQLITE
def test_no_secret_is_in_it(file: Path, evening: BoardEvening, shell: Shell) -> None:
    with zipfile.ZipFile(file) as opened:
        content = b"\n".join(opened.read(name) for name in opened.namelist()).decode(
            errors="replace"
        )
    event = Event.get_by_id(evening.event["id"])
    secrets = {event.screen_key, event.join_code}
    secrets |= {row.salt for row in Activity.select()}
    for account in Account.select():
        secrets |= {account.openid, account.unionid, account.session_key, account.code_digest}
    secrets |= {row.invite_digest for row in Staff.select()}
    secrets |= {phone.token for phone in [evening.host, *evening.phones]}
    found = [secret for secret in secrets - {None, ""} if secret in content]
    assert found == []


def test_import_brings_it_into_another_installation(
    file: Path, evening: BoardEvening, shell: Shell, databases: Databases
) -> None:
    before = {
        row.staff_number: row.staff_id
        for row in Player.select().where(Player.event == evening.event["id"])
    }
    board = evening.board(evening.host)["rows"]
    screen_key = Event.get_by_id(evening.event["id"]).screen_key
    with closing(Database(databases.copy("centre"))) as other:
        there = Shell(shell.settings, other, shell.clock)
        said = there.does("import", file)
        [event] = Event.select()
        assert f"已导入活动 {event.id}" in said
        assert event.state == "archived"
        assert [line["action"] for line in audit.all_of(event.id)] == ["import_event"]
        assert {row.staff_number: row.staff_id for row in Player.select()} == before
        assert event.screen_key not in ("", screen_key)
        assert EventMedia.get().mimetype == "image/jpeg"
        assert there.boards.verify(event.id).differences == []
        standings = Standing.select().where(Standing.board == "event")
        active = standings.join(Player).where(Player.status == "active")
        points = sorted((row.points for row in active), reverse=True)
        assert points == [row["points"] for row in board]
        again = there.run("import", file)
        assert "已经在这里" in str(again.exception)
        assert Event.select().count() == 1


@ON_SQLITE
def test_conflicts_are_one_line_and_write_nothing(
    file: Path, shell: Shell, databases: Databases
) -> None:
    with closing(Database(databases.copy("empty"))) as other:
        there = Shell(shell.settings, other, shell.clock)
        refused = str(there.run("import", file).exception)
        assert refused.startswith("名册里没有工号 ")
        assert "；班组 " in refused
        assert "\n" not in refused
        assert not Event.select().exists()
        there.does("import", file, "--allow-unknown")
        assert there.boards.verify(Event.get().id).differences == []
    number = rows(file, "players")[0]["staff_number"]
    with closing(Database(databases.copy("centre"))) as other:
        there = Shell(shell.settings, other, shell.clock)
        Staff.update(name="别人").where(Staff.number == number).execute()
        refused = str(there.run("import", file, "--allow-unknown").exception)
        assert f"工号 {number} 在这里是别人" in refused
        assert not Event.select().exists()
        assert not Activity.select().exists()


Forgery = Callable[[dict[str, list[Any]]], None]


def _more_points(parts: dict[str, list[Any]]) -> None:
    parts["ledger"][0]["points"] += 5


def _another_place(parts: dict[str, list[Any]]) -> None:
    parts["boards"][0]["rank"] += 1


def _entry_left_out(parts: dict[str, list[Any]]) -> None:
    parts["ledger"].pop(0)


def _entry_twice(parts: dict[str, list[Any]]) -> None:
    parts["ledger"].append(parts["ledger"][0])


def _unknown_player(parts: dict[str, list[Any]]) -> None:
    parts["ledger"][0]["player"] = 99


def _text_for_points(parts: dict[str, list[Any]]) -> None:
    parts["ledger"][0]["points"] = "10"


def _day_that_is_none(parts: dict[str, list[Any]]) -> None:
    parts["ledger"][0]["day"] = "heute"


def _another_field(parts: dict[str, list[Any]]) -> None:
    parts["event"][0]["screen_key"] = "x"


def _two_events(parts: dict[str, list[Any]]) -> None:
    parts["event"] *= 2


def _settings_of_no_kind(parts: dict[str, list[Any]]) -> None:
    parts["activities"][0]["settings"] = {"digs_per_day": "many"}


def _no_such_kind(parts: dict[str, list[Any]]) -> None:
    parts["activities"][0]["kind"] = "bingo"


def _pause_without_beginning(parts: dict[str, list[Any]]) -> None:
    parts["event"][0]["pauses"] = [[None, 1]]


def _correction_of_another_sort(parts: dict[str, list[Any]]) -> None:
    row = {"bank": "b", "code": "c", "action": "praise", "key": [], "reason": "", "at": 1}
    parts["corrections"].append(row)


REPLAY_SAYS: list[Forgery] = [_more_points, _another_place]
REFUSED: list[Forgery] = [
    *(_entry_left_out, _entry_twice, _unknown_player, _text_for_points, _day_that_is_none),
    *(_another_field, _two_events, _settings_of_no_kind, _no_such_kind),
    *(_pause_without_beginning, _correction_of_another_sort),
]


def forged(file: Path, forge: Forgery) -> Path:
    """Return a changed copy whose checksums are correct."""
    with zipfile.ZipFile(file) as opened:
        parts: dict[str, list[Any]] = defaultdict(list)
        for name in opened.namelist():
            if name.endswith(".jsonl"):
                parts[name.removesuffix(".jsonl")] = rows(file, name.removesuffix(".jsonl"))
        media = {name: opened.read(name) for name in opened.namelist() if "media/" in name}
    forge(parts)
    path = file.with_name("forged.zip")
    with BundleWriter(path, "linka-event", START) as bundle:
        for name, content in parts.items():
            bundle.lines(f"{name}.jsonl", content)
        for name, data in media.items():
            bundle.data(name, data)
    return path


@ON_SQLITE
def test_forged_archive_is_refused_and_nothing_is_written(
    file: Path, shell: Shell, databases: Databases
) -> None:
    for forge in REPLAY_SAYS:
        found = shell.run("replay", forged(file, forge))
        assert found.exit_code == 1, forge.__name__
        assert "归档里第 " in found.output
    with closing(Database(databases.copy("centre"))) as other:
        there = Shell(shell.settings, other, shell.clock)
        for forge in [*REPLAY_SAYS, *REFUSED]:
            refused = there.run("import", forged(file, forge))
            assert refused.exit_code != 0, forge.__name__
            assert not isinstance(refused.exception, KeyError | TypeError), forge.__name__
            assert "没有导入" in str(refused.exception) or "什么都没有写入" in str(
                refused.exception
            ), forge.__name__
            assert not Event.select().exists(), forge.__name__


@ON_SQLITE
def test_one_changed_byte_is_found(file: Path, shell: Shell) -> None:
    whole = file.read_bytes()
    for place in range(0, len(whole), len(whole) // 7):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        refused = shell.run("replay", file)
        assert "已损坏" in str(refused.exception)
    file.write_bytes(whole[:-1])
    assert "不完整" in str(shell.run("import", file).exception)


@ON_SQLITE
def test_events_of_every_template_are_archived_and_come_back(
    centre: Centre, shell: Shell, databases: Databases, tmp_path: Path
) -> None:
    """What hosts prepared is made again from the settings of each kind."""
    host = centre.host()
    names = [template["name"] for template in read_folder().templates]
    for name in names:
        event = host.ok("POST", "/events", {"template": name})
        shell.does("export", event["id"], tmp_path / f"{name}.zip")
    wanted = {row.id: row for row in Activity.select()}
    settings = [KINDS[row.kind].settings_of(row) for row in wanted.values()]
    with closing(Database(databases.copy("centre"))) as other:
        there = Shell(shell.settings, other, shell.clock)
        for name in names:
            there.does("import", tmp_path / f"{name}.zip")
        made = list(Activity.select().order_by(Activity.id))
        assert [KINDS[row.kind].settings_of(row) for row in made] == settings


@ON_SQLITE
def test_file_that_is_there_is_not_overwritten(
    file: Path, evening: BoardEvening, shell: Shell
) -> None:
    before = file.read_bytes()
    assert shell.run("export", evening.event["id"], file).exit_code == 1
    assert file.read_bytes() == before
    shell.does("export", evening.event["id"], file, "--force")
