"""Whole evenings, played by stub phones on a bad network and counted again in the end."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.installation import STUB, Installation, until
from tests.phones import Phone, staff_phone
from tests.support import HOST

Install = Callable[..., Installation]
CLEAN = "核对无误"


@pytest.fixture(scope="module")
def installation(install: Install) -> Installation:
    """Return a running installation with the sample centre."""
    made = install()
    made.up()
    return made


@pytest.fixture(scope="module")
def host(installation: Installation) -> Phone:
    """Return the phone of a host."""
    return staff_phone(installation, HOST)


class Evening:
    """`linka-stub play` at work on an event; `said` is what it printed."""

    def __init__(self, installation: Installation, journal: Path, *options: str) -> None:
        self._journal = journal
        self._output = journal.with_suffix(".out")
        with self._output.open("w") as output:
            self.process = subprocess.Popen(
                [STUB, "play", "--journal", journal, "--seed", "20261122", *options],
                env=installation.full_environ() | {"COLUMNS": "150"},
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def acknowledged(self) -> dict[int, dict[str, Any]]:
        """Return {dig: what the phone was told} so far."""
        lines = self._journal.read_text().splitlines() if self._journal.exists() else []
        told = (json.loads(line) for line in lines)
        return {line["dig_id"]: line for line in told if "refused" not in line}

    def reaches(self, answers: int) -> None:
        """Wait until so many answers were acknowledged."""
        until(lambda: len(self.acknowledged()) >= answers, 60, f"{answers} answers; {self.said}")

    @property
    def said(self) -> str:
        """What it printed."""
        return self._output.read_text()

    def end(self) -> int:
        """Wait for the end and return the exit code."""
        return self.process.wait(150)


@pytest.fixture
def play(installation: Installation, tmp_path: Path) -> Any:
    """Return what lets stub phones play; they are stopped when the test is over."""
    begun: list[Evening] = []

    def begin(*options: str) -> Evening:
        begun.append(Evening(installation, tmp_path / "journal", *options))
        return begun[-1]

    yield begin
    for evening in begun:
        evening.process.kill()
        evening.process.wait()


Play = Callable[..., Evening]


def open_event(host: Phone, template: str = "hunt") -> dict[str, Any]:
    """Make and open an event."""
    event = host.ok("POST", "/events", {"template": template})
    return move(host, event["id"], "open")


def move(host: Phone, event_id: int, action: str, **more: Any) -> dict[str, Any]:
    """Do what a host does."""
    body = {"action": action, **more}
    event: dict[str, Any] = host.ok("POST", f"/events/{event_id}/transitions", body)
    return event


def points_in_ledger(installation: Installation, event_id: int) -> dict[int, int]:
    """Read {dig: points of the answer} from the database file."""
    rows = installation.rows(
        "SELECT source, points FROM score_entry WHERE event_id = ? AND reason = 'answer'", event_id
    )
    assert len({source for source, _ in rows}) == len(rows)
    return {int(source.removeprefix("dig:")): points for source, points in rows}


def test_stormy_rehearsal_is_played_to_the_end(installation: Installation, play: Play) -> None:
    evening = play("--kind", "hunt", "--phones", "16", "--faults")
    assert evening.end() == 0, evening.said
    assert CLEAN in evening.said
    [(event_id, state, rehearsal)] = installation.rows("SELECT id, state, rehearsal FROM event")
    assert (state, rehearsal) == ("closed", 1)
    told = {dig: line["points"] for dig, line in evening.acknowledged().items()}
    assert len(told) > 100
    ledger = points_in_ledger(installation, event_id)
    assert {dig: ledger.get(dig) for dig in told} == told
    assert installation.linka("boards", "verify").returncode == 0


def test_host_is_at_work_all_evening(installation: Installation, host: Phone, play: Play) -> None:
    event = open_event(host)
    evening = play("--event", event["join_code"], "--phones", "12", "--digs", "8", "--faults")
    evening.reaches(20)
    move(host, event["id"], "pause")
    move(host, event["id"], "resume")
    [(question_id,)] = installation.rows(
        "SELECT question_id FROM answer WHERE points > 0 ORDER BY id DESC LIMIT 1"
    )
    correction = {"question_id": question_id, "action": "void", "reason": "The price has changed"}
    assert host.ok("POST", f"/events/{event['id']}/corrections", correction)["rescored"] > 0
    move(host, event["id"], "freeze")
    frozen = host.ok("GET", f"/events/{event['id']}")
    while frozen["frozen"]:
        frozen = move(host, event["id"], "reveal")
    assert evening.end() == 0, evening.said
    assert CLEAN in evening.said
    assert installation.linka("boards", "verify", str(event["id"])).returncode == 0


def test_everything_is_killed_in_the_middle(
    installation: Installation, host: Phone, play: Play
) -> None:
    event = open_event(host)
    evening = play("--event", event["join_code"], "--phones", "12", "--digs", "8", "--faults")
    evening.reaches(30)
    installation.crash()
    installation.start()
    assert evening.end() == 0, evening.said
    assert CLEAN in evening.said
    told = {dig: line["points"] for dig, line in evening.acknowledged().items()}
    ledger = points_in_ledger(installation, event["id"])
    assert {dig: ledger.get(dig) for dig in told} == told


def test_only_the_shift_on_duty_plays_its_sitting(
    installation: Installation, host: Phone, play: Play
) -> None:
    event = open_event(host, "hunt-three-shifts")
    evening = play("--event", event["join_code"], "--phones", "24", "--digs", "1")
    assert evening.end() == 0, evening.said
    assert "不在自己的场次" in evening.said
    sitting = next(s for s in event["activities"][0]["sittings"] if s["state"] == "open")
    shifts = installation.rows(
        "SELECT DISTINCT p.shift FROM answer a JOIN player p ON p.id = a.player_id"
        " WHERE p.event_id = ?",
        event["id"],
    )
    assert {shift for (shift,) in shifts} <= set(sitting["shifts"])
    assert points_in_ledger(installation, event["id"])


@pytest.mark.parametrize(("kind", "template"), [("contest", "contest-short"), ("shake", "shake")])
def test_live_game_is_played_to_the_end_on_a_bad_network(
    installation: Installation, play: Play, kind: str, template: str
) -> None:
    evening = play("--kind", kind, "--template", template, "--phones", "8", "--faults")
    assert evening.end() == 0, evening.said
    assert CLEAN in evening.said
    assert installation.linka("boards", "verify").returncode == 0


def test_lost_point_is_noticed(installation: Installation, host: Phone, play: Play) -> None:
    event = open_event(host)
    evening = play(
        "--event", event["join_code"], "--phones", "6", "--digs", "6", "--pace", "human",
        "--minutes", "0.15",
    )  # fmt: skip
    evening.reaches(5)
    dig = next(dig for dig, line in evening.acknowledged().items() if line["points"])
    installation.change("DELETE FROM score_entry WHERE source = ?", f"dig:{dig}")
    assert evening.end() == 1, evening.said
    assert f"dig:{dig}" in evening.said
    assert CLEAN not in evening.said
    assert installation.linka("boards", "verify", str(event["id"])).returncode == 1


def test_demo_plays_until_it_is_stopped(install: Install) -> None:
    made = install()
    made.up("up", "--demo", "--phones", "30")
    until(lambda: made.rows("SELECT count(*) FROM player")[0][0] > 1, 60, "a few players")
    assert made.stop() == 0
    assert made.survivors() == []
