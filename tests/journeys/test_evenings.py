"""Whole evenings of the hunt, played by stub phones on a bad network and counted again in the end."""

from collections.abc import Callable
from typing import Any

from tests.installation import Installation, until
from tests.journeys.evening import CLEAN, Play
from tests.phones import Phone

Install = Callable[..., Installation]


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
