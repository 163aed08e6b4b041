"""A wipe of a rehearsal removes everything its players left, and nothing of other events."""

from typing import Any

import pytest
from flask import Flask

from backend.activities.hunt.models import Dig, HuntAnswer, Treasure
from backend.db import Model
from backend.events.models import Activity, Event, EventTeam, Player
from backend.identity.models import AuditLine
from backend.scoring.models import FrozenStanding, ScoreEntry, Standing
from tests.support import Centre, FakeClock, Keys, Phone, hunt_of, refused

ONE_DATABASE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def play(host: Phone, event: dict[str, Any], player: Phone) -> None:
    """Let somebody answer one question and be given points."""
    hunt = hunt_of(event)
    dig = player.ok("POST", f"{hunt}/digs", {"site": "lake"})
    player.ok("POST", f"{hunt}/digs/{dig['id']}/answer", {"choice": Keys().right(dig)})
    player_id = player.ok("GET", f"/events/{event['id']}/me")["player"]["id"]
    body = {"player_id": player_id, "points": 7, "reason": "布置会场"}
    host.ok("POST", f"/events/{event['id']}/adjustments", body, Idempotency_Key="setting-up")


def left(event: dict[str, Any]) -> dict[str, int]:
    """Return how many rows players left in an event, by table."""
    activities = Activity.select(Activity.id).where(Activity.event == event["id"])
    digs = Dig.select(Dig.id).where(Dig.activity.in_(activities))
    found = {
        "answer": HuntAnswer.select().where(HuntAnswer.dig.in_(digs)).count(),
        "dig": digs.count(),
    }
    for table in (Player, EventTeam, ScoreEntry, Standing, FrozenStanding):
        found[table.__name__] = table.select().where(table.event == event["id"]).count()
    return found


@pytest.fixture
def host(centre: Centre) -> Phone:
    """Return a host's phone."""
    return centre.host()


@pytest.fixture
def events(centre: Centre, host: Phone) -> list[dict[str, Any]]:
    """Return a rehearsal, another rehearsal and a real event, in which the same person played."""
    made = [centre.open_event(host, rehearsal=rehearsal) for rehearsal in (True, True, False)]
    player = centre.people(1)[0]
    for event in made:
        centre.join(event, player)
        play(host, event, player)
    return made


def test_rehearsal_is_as_new_and_others_are_as_before(
    host: Phone, events: list[dict[str, Any]], app: Flask
) -> None:
    rehearsal, *others = events
    before = [left(event) for event in others]
    boards = [host.ok("GET", f"/events/{event['id']}/leaderboards/event") for event in others]
    assert host.delete(f"/events/{rehearsal['id']}/data").status_code == 204
    assert set(left(rehearsal).values()) == {0}
    assert [left(event) for event in others] == before
    after = [host.ok("GET", f"/events/{event['id']}/leaderboards/event") for event in others]
    assert after == boards
    for event in events:
        assert not app.extensions["linka.boards"].verify(event["id"]).differences


def test_boards_of_a_wiped_rehearsal_are_empty(host: Phone, events: list[dict[str, Any]]) -> None:
    path = f"/events/{events[0]['id']}"
    host.delete(f"{path}/data")
    for scope in ("players", "teams"):
        board = host.ok("GET", f"{path}/leaderboards/event?scope={scope}")
        assert (board["rows"], board["total"]) == ([], 0)
    assert host.ok("GET", path)["player_count"] == 0


def ids() -> set[tuple[str, int]]:
    """Return (table, id) of every row that has a number."""
    numbered = [model for model in Model.__subclasses__() if "id" in model._meta.fields]
    return {
        (model.__name__, row) for model in numbered for (row,) in model.select(model.id).tuples()
    }


def test_no_number_of_the_wiped_run_is_given_again(
    centre: Centre, host: Phone, events: list[dict[str, Any]]
) -> None:
    rehearsal, player = events[0], centre.people(1)[0]
    for event in events[1:]:
        # No row of another event has a higher number.
        Event.delete().where(Event.id == event["id"]).execute()
    played = ids()
    host.delete(f"/events/{rehearsal['id']}/data")
    kept = ids()
    centre.join(rehearsal, player)
    play(host, rehearsal, player)
    again = ids() - kept
    assert {table for table, _ in again} >= {
        "Player",
        "EventTeam",
        "Dig",
        "HuntAnswer",
        "ScoreEntry",
    }
    assert not again & played


@ONE_DATABASE
def test_rehearsal_can_be_played_again(
    centre: Centre, host: Phone, events: list[dict[str, Any]]
) -> None:
    Treasure.update(claimed=1).execute()
    host.delete(f"/events/{events[0]['id']}/data")
    mine = Treasure.select().join(Activity).where(Activity.event == events[0]["id"])
    assert {treasure.claimed for treasure in mine} == {0}
    player = centre.people(1)[0]
    centre.join(events[0], player)
    play(host, events[0], player)
    assert left(events[0])["ScoreEntry"] >= 2


@ONE_DATABASE
def test_frozen_rehearsal_is_wiped_with_its_frozen_board(
    host: Phone, events: list[dict[str, Any]], app: Flask
) -> None:
    path = f"/events/{events[0]['id']}"
    host.ok("POST", f"{path}/transitions", {"action": "freeze"})
    assert left(events[0])["FrozenStanding"] > 0
    host.delete(f"{path}/data")
    assert left(events[0])["FrozenStanding"] == 0
    assert not app.extensions["linka.boards"].verify(events[0]["id"]).differences


@ONE_DATABASE
def test_wiped_rehearsal_is_neither_frozen_nor_paused(
    centre: Centre, host: Phone, events: list[dict[str, Any]]
) -> None:
    path = f"/events/{events[0]['id']}"
    for action in ("pause", "freeze", "reveal"):
        host.ok("POST", f"{path}/transitions", {"action": action})
    host.delete(f"{path}/data")
    shown = host.ok("GET", path)
    assert (shown["paused"], shown["frozen"], shown["reveal"]) == (False, False, None)
    player = centre.people(1)[0]
    centre.join(events[0], player)
    play(host, events[0], player)
    assert player.ok("GET", f"{path}/leaderboards/event")["rows"][0]["points"] >= 7


@ONE_DATABASE
def test_wiping_does_not_end_what_a_pause_has_put_off(
    host: Phone, events: list[dict[str, Any]], clock: FakeClock
) -> None:
    path = f"/events/{events[0]['id']}"
    Event.update(closes_at=clock.now() + 60_000).where(Event.id == events[0]["id"]).execute()
    host.ok("POST", f"{path}/transitions", {"action": "pause"})
    clock.advance(120)
    host.delete(f"{path}/data")
    shown = host.ok("GET", path)
    assert (shown["state"], shown["paused"], shown["seconds_to_close"]) == ("open", False, 60)


@ONE_DATABASE
def test_feed_tells_nothing_of_the_wiped_run(
    host: Phone, events: list[dict[str, Any]], app: Flask
) -> None:
    feed = app.extensions["linka.feed"]
    rehearsal, *others = (event["id"] for event in events)
    before = [feed.after(event_id, "0-0") for event_id in others]
    assert "gain" in {message.type for message in feed.after(rehearsal, "0-0")}
    host.delete(f"/events/{rehearsal}/data")
    assert [message.type for message in feed.after(rehearsal, "0-0")] == ["event"]
    assert [feed.after(event_id, "0-0") for event_id in others] == before


@ONE_DATABASE
def test_real_event_cannot_be_wiped(host: Phone, events: list[dict[str, Any]]) -> None:
    before = left(events[2])
    refused(host.delete(f"/events/{events[2]['id']}/data"), 409, "not_a_rehearsal")
    assert left(events[2]) == before


@ONE_DATABASE
def test_wiping_leaves_a_line(host: Phone, events: list[dict[str, Any]]) -> None:
    host.delete(f"/events/{events[0]['id']}/data")
    line = AuditLine.select().order_by(AuditLine.id.desc()).get()
    assert (line.action, line.subject) == ("wipe_rehearsal", f"event:{events[0]['id']}")
    assert Event.select().count() == 3
