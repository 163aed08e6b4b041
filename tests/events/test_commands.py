"""`linka events …`: actions of hosts from the shell."""

import re
from dataclasses import dataclass
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from backend.cli import main
from backend.clock import Clock
from backend.db import Database
from backend.events.commands import events
from backend.events.kinds import Kinds
from backend.events.models import Activity, Event, Player
from backend.live.feed import Feed
from backend.live.revocations import Revocations
from tests.support import FakeClock

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@dataclass
class Shell:
    """What the commands work with."""

    database: Database
    clock: Clock
    kinds: Kinds
    boards: Any
    feed: Feed
    timezone: str = "Asia/Shanghai"
    address: str = "http://127.0.0.1:8000"

    @property
    def revocations(self) -> Revocations:
        """What lets a server look again at what is open."""
        return Revocations(self.feed)

    def run(self, *arguments: str, typed: str = "") -> Result:
        """Run `linka events` with these arguments."""
        words = ["events", *arguments]
        result = CliRunner().invoke(main, words, obj=self, input=typed)
        assert result.exception is None or isinstance(result.exception, SystemExit), result
        return result

    def does(self, *arguments: str) -> str:
        """Run a command that must succeed and return what it says."""
        result = self.run(*arguments)
        assert result.exit_code == 0, result.output
        return result.output


@pytest.fixture
def shell(app: Flask, clock: FakeClock) -> Shell:
    """Return a shell over the sample centre."""
    names = ("database", "clock", "kinds", "boards", "feed")
    return Shell(*(app.extensions[f"linka.{name}"] for name in names))


def test_empty_list_says_how_to_begin(shell: Shell) -> None:
    assert "linka events create" in shell.does("list")


def test_created_event_is_shown_with_code_and_screen(shell: Shell) -> None:
    said = shell.does("create", "hunt", "--title", "中班专场", "--code", "meiduo26", "--rehearsal")
    event = Event.get()
    assert (event.title, event.join_code, event.state) == ("中班专场", "MEIDUO26", "draft")
    for part in (
        "中班专场",
        "MEIDUO26",
        "准备中",
        "彩排",
        f"/screen/{event.id}?key={event.screen_key}",
    ):
        assert part in said


def test_event_can_be_opened_at_once(shell: Shell) -> None:
    assert "进行中" in shell.does("create", "hunt", "--open")


def test_event_can_be_scheduled_in_the_centre_s_time(shell: Shell, clock: FakeClock) -> None:
    times = ("--opens-at", "2026-11-22 19:00", "--closes-at", "2026-11-22 21:00")
    assert "已预约" in shell.does("create", "hunt", *times)
    clock.advance(9 * 3600)
    assert "进行中" in shell.does("show", "1")
    clock.advance(2 * 3600)
    assert "已结束" in shell.does("show", "1")


def test_times_are_shown_as_they_were_written(shell: Shell) -> None:
    times = ("--opens-at", "2026-11-22 19:00", "--closes-at", "2026-11-23 01:30")
    for said in (shell.does("create", "hunt", *times), shell.does("show", "1")):
        assert re.search(r"^开始 +2026-11-22 19:00 *$", said, re.MULTILINE)
        assert re.search(r"^计划结束 +2026-11-23 01:30 *$", said, re.MULTILINE)


def test_event_without_times_shows_none(shell: Shell) -> None:
    assert "开始" not in shell.does("create", "hunt")


def test_whole_evening_is_run_from_the_shell(shell: Shell) -> None:
    shell.does("create", "hunt")
    for command, mark in [
        ("open", "进行中"),
        ("pause", "暂停"),
        ("resume", "进行中"),
        ("freeze", "封榜"),
        ("reveal", "第 1 步，共 11 步"),
        ("reveal", "第 2 步，共 11 步"),
        ("close", "已结束"),
        ("reopen", "进行中"),
        ("close", "已结束"),
        ("archive", "已归档"),
    ]:
        options = ("--yes",) if command == "close" else ()
        assert mark in shell.does(command, "1", *options), command
    assert "暂停" not in shell.does("show", "1")


def test_last_step_of_the_reveal_lifts_the_freeze(shell: Shell) -> None:
    shell.does("create", "hunt", "--open")
    shell.does("freeze", "1")
    steps = [shell.does("reveal", "1") for _ in range(11)]
    assert "封榜" in steps[9]
    assert "封榜" not in steps[10]


def test_list_shows_newest_first_with_marks(shell: Shell) -> None:
    shell.does("create", "hunt", "--title", "彩排场", "--rehearsal")
    shell.does("create", "hunt", "--title", "正式场", "--open")
    shell.does("freeze", "2")
    lines = [line for line in shell.does("list").splitlines() if "场" in line]
    assert [("正式场" in line, "封榜" in line) for line in lines] == [(True, True), (False, False)]
    assert "彩排" in lines[1]


def test_templates_are_listed(shell: Shell) -> None:
    said = shell.does("templates")
    assert re.search(r"\bhunt\b", said)
    assert "hunt-three-shifts" in said


@pytest.mark.parametrize(
    ("arguments", "slug"),
    [
        (("open", "99"), "not_found"),
        (("show", "99"), "not_found"),
        (("wipe", "99", "--yes"), "not_found"),
        (("close", "1"), "wrong_state"),
        (("create", "chess"), "unknown_template"),
        (("create", "hunt", "--code", "TAKEN1"), "join_code_taken"),
        (("wipe", "1", "--yes"), "not_a_rehearsal"),
        (("create", "hunt", "--closes-at", "2020-01-01 10:00"), "invalid"),
    ],
)
def test_refusal_is_one_line_with_its_slug(
    shell: Shell, arguments: tuple[str, ...], slug: str
) -> None:
    shell.does("create", "hunt", "--code", "TAKEN1")
    refused = shell.run(*arguments)
    assert refused.exit_code == 1
    assert refused.output.startswith("linka: ")
    assert refused.output.count("\n") == 1
    assert slug in refused.output


@pytest.mark.parametrize(
    "arguments",
    [
        ("open",),
        ("open", "one"),
        ("open", "0"),
        ("explode", "1"),
        ("create", "hunt", "--opens-at", "tonight"),
    ],
)
def test_malformed_command_is_explained(shell: Shell, arguments: tuple[str, ...]) -> None:
    assert shell.run(*arguments).exit_code == 2


def test_wiping_asks_first(shell: Shell, clock: FakeClock) -> None:
    shell.does("create", "hunt", "--rehearsal", "--open")
    Player.create(event=1, account_id=1, name="亲友", joined_at=clock.now())
    assert shell.run("wipe", "1", typed="n\n").exit_code == 1
    assert Player.select().count() == 1
    assert shell.run("wipe", "1", typed="y\n").exit_code == 0
    assert Player.select().count() == 0


@pytest.mark.parametrize(
    ("typed", "code", "state"), [("", 2, "open"), ("n\n", 1, "open"), ("y\n", 0, "closed")]
)
def test_closing_asks_first(shell: Shell, typed: str, code: int, state: str) -> None:
    shell.does("create", "hunt", "--open")
    closing = shell.run("close", "1", typed=typed)
    assert (closing.exit_code, Event.get().state) == (code, state)
    if not typed:
        assert "--yes" in closing.stderr


@pytest.mark.parametrize(("typed", "code"), [("", 2), ("n\n", 1), ("y\n", 0)])
def test_opening_in_the_past_asks_first(shell: Shell, typed: str, code: int) -> None:
    past = ("create", "hunt", "--opens-at", "2026-11-22 09:59")
    assert shell.run(*past, typed=typed).exit_code == code
    assert Event.select().count() == (code == 0)
    assert shell.run(*past, "--yes").exit_code == 0


@pytest.mark.parametrize(
    "code", ["周年庆", "a b", "🎉🎉🎉🎉", "abc", "A" * 13, "AB-CD", "", "ABCD\n", "ＡＢＣＤ"]
)
def test_join_code_follows_the_rule_of_the_api(shell: Shell, code: str) -> None:
    refused = shell.run("create", "hunt", "--code", code)
    assert (refused.exit_code, Event.select().count()) == (1, 0)
    assert "加入码须为 4–12 个英文字母或数字。（invalid）" in refused.stderr


def test_event_is_named_by_its_code_too(shell: Shell) -> None:
    shell.does("create", "hunt", "--code", "meiduo26")
    for command in ("show", "open", "pause", "resume", "freeze", "reveal"):
        assert "MEIDUO26" in shell.does(command, "Meiduo26"), command
    assert "MEIDUO26" in shell.does("close", "MEIDUO26", "--yes")


def test_id_comes_before_a_code_of_digits(shell: Shell) -> None:
    shell.does("create", "hunt", "--code", "2026", "--title", "按码")
    assert "按码" in shell.does("show", "2026")
    facts = {"template": "hunt", "screen_key": "", "began_at": 0, "created_at": 0}
    Event.create(id=2026, title="按编号", join_code="OTHER1", settings={}, **facts)
    assert "按编号" in shell.does("show", "2026")


def test_show_lists_the_activities_with_their_ids(shell: Shell) -> None:
    shell.does("create", "anniversary")
    said = shell.does("show", "1")
    activities = list(Activity.select())
    assert len(activities) == 3
    for activity in activities:
        assert re.search(rf"^环节 {activity.id} +{activity.title}（{activity.kind}）", said, re.M)


def test_every_command_has_help(shell: Shell) -> None:
    for name in events.commands:
        assert len(shell.does(name, "--help").splitlines()) > 4
