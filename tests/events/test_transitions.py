"""What hosts do with an event, and what time alone does, over HTTP."""

from datetime import datetime
from typing import Any

import pytest

from backend.clock import to_iso
from backend.identity.models import AuditLine
from tests.support import Centre, FakeClock, Phone, at_once, refused

ONE_DATABASE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
MINUTES = 600


@pytest.fixture
def host(centre: Centre) -> Phone:
    """Return a host's phone."""
    return centre.host()


def draft(host: Phone, **more: Any) -> dict[str, Any]:
    """Make an event."""
    made: dict[str, Any] = host.ok("POST", "/events", {"template": "hunt", **more})
    return made


def ask(host: Phone, event: dict[str, Any], action: str, **more: Any) -> Any:
    """Ask for a transition and return the answer."""
    return host.post(f"/events/{event['id']}/transitions", {"action": action, **more})


def does(host: Phone, event: dict[str, Any], action: str, **more: Any) -> dict[str, Any]:
    """Ask for a transition that must succeed."""
    answer = ask(host, event, action, **more)
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json
    return shown


def shown(host: Phone, event: dict[str, Any]) -> dict[str, Any]:
    """Return the event as it is shown now."""
    found: dict[str, Any] = host.ok("GET", f"/events/{event['id']}")
    return found


def test_event_goes_from_draft_to_archive(host: Phone, clock: FakeClock) -> None:
    event = draft(host)
    assert (event["state"], event["opens_at"]) == ("draft", None)
    clock.advance(60)
    opened = does(host, event, "open")
    assert (opened["state"], opened["opens_at"]) == ("open", to_iso(clock.now()))
    assert does(host, event, "close")["state"] == "closed"
    assert does(host, event, "archive")["state"] == "archived"


@ONE_DATABASE
@pytest.mark.parametrize("action", ["open", "pause", "freeze", "close", "archive"])
def test_asking_twice_is_harmless(host: Phone, clock: FakeClock, action: str) -> None:
    event = draft(host)
    before = {
        "pause": ["open"],
        "freeze": ["open"],
        "close": ["open"],
        "archive": ["open", "close"],
    }
    for earlier in before.get(action, []):
        does(host, event, earlier)
    first = does(host, event, action)
    clock.advance(5)
    assert does(host, event, action) == first


@ONE_DATABASE
@pytest.mark.parametrize(
    ("before", "action"),
    [
        ([], "close"),
        ([], "pause"),
        ([], "resume"),
        ([], "freeze"),
        ([], "reveal"),
        (["open"], "archive"),
        (["open"], "schedule"),
        (["open"], "reveal"),
        (["open", "close"], "open"),
        (["open", "close"], "pause"),
        (["open", "close", "archive"], "open"),
        (["open", "close", "archive"], "freeze"),
        (["archive"], "open"),
    ],
)
def test_action_out_of_order_is_refused(host: Phone, before: list[str], action: str) -> None:
    event = draft(host)
    for earlier in before:
        does(host, event, earlier)
    state = shown(host, event)
    refused(ask(host, event, action), 409, "wrong_state")
    assert shown(host, event) == state


@ONE_DATABASE
@pytest.mark.parametrize(
    "body", [{}, {"action": "explode"}, {"action": 5}, {"action": "reveal", "step": 0}]
)
def test_unknown_action_is_refused(host: Phone, body: dict[str, Any]) -> None:
    event = draft(host)
    refused(host.post(f"/events/{event['id']}/transitions", body), 422, "invalid")


@ONE_DATABASE
def test_unknown_event_is_not_found(host: Phone) -> None:
    refused(ask(host, {"id": 999}, "open"), 404, "not_found")
    refused(ask(host, {"id": 2**60}, "open"), 404, "not_found")


def test_each_action_leaves_a_line(host: Phone) -> None:
    event = draft(host)
    for action in ("open", "pause", "resume", "freeze", "close"):
        does(host, event, action)
    lines = AuditLine.select().where(AuditLine.subject == f"event:{event['id']}")
    actions = [line.action for line in lines.order_by(AuditLine.id)]
    assert actions == ["create_event", "open", "pause", "resume", "freeze", "close"]
    assert {line.actor_id for line in lines} == {host.ok("GET", "/me")["account"]["id"]}


# --- time alone


def test_scheduled_event_opens_and_closes_by_time_alone(host: Phone, clock: FakeClock) -> None:
    event = draft(
        host,
        opens_at=to_iso(clock.now() + MINUTES * 1000),
        closes_at=to_iso(clock.now() + 2 * MINUTES * 1000),
    )
    assert does(host, event, "schedule")["state"] == "scheduled"
    clock.advance(MINUTES - 0.001)
    assert shown(host, event)["state"] == "scheduled"
    clock.advance(0.001)
    assert shown(host, event)["state"] == "open"
    clock.advance(MINUTES)
    assert shown(host, event)["state"] == "closed"


@ONE_DATABASE
def test_what_time_opened_can_be_paused_and_closed(host: Phone, clock: FakeClock) -> None:
    event = draft(host, opens_at=to_iso(clock.now() + 1000))
    does(host, event, "schedule")
    clock.advance(1)
    assert does(host, event, "pause")["paused"] is True
    assert does(host, event, "resume")["state"] == "open"
    assert does(host, event, "close")["state"] == "closed"


@ONE_DATABASE
def test_what_time_closed_is_closed_for_everybody(
    centre: Centre, host: Phone, clock: FakeClock
) -> None:
    event = draft(host, closes_at=to_iso(clock.now() + 1000))
    does(host, event, "open")
    clock.advance(1)
    joining = centre.guest().post("/events/join", {"code": event["join_code"]})
    refused(joining, 409, "event_closed")
    refused(ask(host, event, "open"), 409, "wrong_state")
    assert does(host, event, "archive")["state"] == "archived"


@ONE_DATABASE
def test_scheduling_needs_an_opening_time(host: Phone) -> None:
    refused(ask(host, draft(host), "schedule"), 422, "invalid")


@ONE_DATABASE
def test_scheduled_event_can_be_called_off(host: Phone, clock: FakeClock) -> None:
    event = draft(host, opens_at=to_iso(clock.now() + MINUTES * 1000))
    does(host, event, "schedule")
    assert does(host, event, "archive")["state"] == "archived"
    clock.advance(MINUTES)
    assert shown(host, event)["state"] == "archived"
    refused(ask(host, event, "open"), 409, "wrong_state")


@ONE_DATABASE
def test_opening_early_is_opening_now(host: Phone, clock: FakeClock) -> None:
    event = draft(host, opens_at=to_iso(clock.now() + MINUTES * 1000))
    does(host, event, "schedule")
    assert does(host, event, "open")["opens_at"] == to_iso(clock.now())


@ONE_DATABASE
@pytest.mark.parametrize("late", [0, MINUTES])
def test_planned_end_that_has_passed_does_not_hold(
    host: Phone, clock: FakeClock, late: int
) -> None:
    event = draft(host, closes_at=to_iso(clock.now() + MINUTES * 1000))
    clock.advance(MINUTES + late)
    opened = does(host, event, "open")
    assert (opened["state"], opened["closes_at"]) == ("open", None)
    assert opened["seconds_to_close"] is None
    assert does(host, event, "close")["state"] == "closed"


@ONE_DATABASE
def test_planned_end_to_come_holds(host: Phone, clock: FakeClock) -> None:
    event = draft(host, closes_at=to_iso(clock.now() + MINUTES * 1000))
    clock.advance(MINUTES - 1)
    assert does(host, event, "open")["seconds_to_close"] == 1


@ONE_DATABASE
def test_sittings_keep_their_distance_from_the_opening(host: Phone, clock: FakeClock) -> None:
    made = draft(host, template="hunt-three-shifts")
    clock.advance(MINUTES)
    opened = does(host, made, "open")
    planned, now = (event["activities"][0]["sittings"] for event in (made, opened))
    assert [sitting["title"] for sitting in now] == [sitting["title"] for sitting in planned]
    for before, after in zip(planned, now, strict=True):
        for field in ("starts_at", "ends_at"):
            assert seconds(after[field]) - seconds(before[field]) == MINUTES


def seconds(text: str) -> float:
    """Return the moment of a JSON field in seconds."""
    return datetime.fromisoformat(text).timestamp()


# --- pauses


def test_a_pause_freezes_the_countdown_and_puts_the_end_off(host: Phone, clock: FakeClock) -> None:
    event = draft(host, closes_at=to_iso(clock.now() + 600_000))
    does(host, event, "open")
    clock.advance(100)
    assert does(host, event, "pause")["seconds_to_close"] == 500
    clock.advance(2500)
    paused = shown(host, event)
    assert (paused["state"], paused["paused"], paused["seconds_to_close"]) == ("open", True, 500)
    does(host, event, "resume")
    clock.advance(499)
    assert shown(host, event)["state"] == "open"
    clock.advance(1)
    assert shown(host, event)["state"] == "closed"


@ONE_DATABASE
def test_a_pause_freezes_a_sitting(centre: Centre, clock: FakeClock) -> None:
    event = centre.open_event(centre.host(), "hunt-three-shifts")
    first, second = event["activities"][0]["sittings"][:2]
    clock.advance(seconds(first["starts_at"]) - clock.now() / 1000)
    does(centre.host(), event, "pause")
    clock.advance(seconds(second["starts_at"]) - clock.now() / 1000)
    # The one that runs waits; the one that has not begun begins when it was planned to.
    sittings = shown(centre.host(), event)["activities"][0]["sittings"]
    assert [sitting["state"] for sitting in sittings] == ["open", "open", "waiting"]


@ONE_DATABASE
def test_a_sitting_shows_the_end_that_pauses_put_off(centre: Centre, clock: FakeClock) -> None:
    event = centre.open_event(centre.host(), "hunt-three-shifts")
    first, *others = event["activities"][0]["sittings"]
    end = seconds(first["ends_at"])
    clock.advance(seconds(first["starts_at"]) - clock.now() / 1000 + 60)
    does(centre.host(), event, "pause")
    clock.advance(MINUTES)
    does(centre.host(), event, "resume")
    shown_now = shown(centre.host(), event)["activities"][0]["sittings"]
    assert seconds(shown_now[0]["ends_at"]) == end + MINUTES
    assert (shown_now[0]["starts_at"], shown_now[1:]) == (first["starts_at"], others)
    clock.advance(end + MINUTES - clock.now() / 1000 - 1)
    states = []
    for _ in range(2):
        states.append(shown(centre.host(), event)["activities"][0]["sittings"][0]["state"])
        clock.advance(1)
    assert states == ["open", "closed"]


@ONE_DATABASE
def test_resuming_what_is_not_paused_is_harmless(host: Phone) -> None:
    event = draft(host)
    does(host, event, "open")
    assert does(host, event, "resume")["paused"] is False


@ONE_DATABASE
def test_closing_ends_a_pause(host: Phone) -> None:
    event = draft(host)
    for action in ("open", "pause", "close"):
        after = does(host, event, action)
    assert (after["state"], after["paused"]) == ("closed", False)


def test_ten_pauses_at_once_are_one_pause(host: Phone, clock: FakeClock) -> None:
    event = draft(host, closes_at=to_iso(clock.now() + 600_000))
    does(host, event, "open")
    answers = at_once([lambda: ask(host, event, "pause").status_code] * 10)
    assert set(answers) == {200}
    clock.advance(50)
    does(host, event, "resume")
    assert shown(host, event)["seconds_to_close"] == 600


def test_opening_and_closing_at_once_leave_one_or_the_other(host: Phone) -> None:
    event = draft(host)
    answers = at_once(
        [lambda a=action: ask(host, event, a).status_code for action in ("open", "archive") * 5]
    )
    assert set(answers) <= {200, 409}
    assert shown(host, event)["state"] in ("open", "archived")


# --- reopening


def test_closed_event_is_reopened_within_an_hour(
    centre: Centre, host: Phone, clock: FakeClock
) -> None:
    event = draft(host, closes_at=to_iso(clock.now() + 600_000))
    does(host, event, "open")
    clock.advance(100)
    does(host, event, "close")
    clock.advance(3600)
    host = centre.host()
    reopened = does(host, event, "reopen")
    # What was left of the evening is left again: the time between counted as a pause.
    assert (reopened["state"], reopened["paused"], reopened["seconds_to_close"]) == (
        *("open", False),
        500,
    )
    assert does(host, event, "reopen") == reopened
    clock.advance(500)
    assert shown(host, event)["state"] == "closed"


@ONE_DATABASE
def test_event_is_not_reopened_after_an_hour(centre: Centre, host: Phone, clock: FakeClock) -> None:
    event = draft(host)
    does(host, event, "open")
    does(host, event, "close")
    clock.advance(3600.001)
    host = centre.host()
    refused(ask(host, event, "reopen"), 409, "too_late_to_reopen")
    assert shown(host, event)["state"] == "closed"


@ONE_DATABASE
@pytest.mark.parametrize(("late", "is_open"), [(3600, True), (3600.001, False)])
def test_event_that_time_closed_is_reopened_without_an_end(
    centre: Centre, host: Phone, clock: FakeClock, late: float, is_open: bool
) -> None:
    event = draft(host, closes_at=to_iso(clock.now() + 600_000))
    does(host, event, "open")
    does(host, event, "pause")
    clock.advance(50)
    does(host, event, "resume")
    clock.advance(600 + late)
    host = centre.host()
    if not is_open:
        refused(ask(host, event, "reopen"), 409, "too_late_to_reopen")
        return
    reopened = does(host, event, "reopen")
    assert (reopened["state"], reopened["closes_at"]) == ("open", None)
    clock.advance(MINUTES)
    assert shown(host, event)["state"] == "open"


@ONE_DATABASE
@pytest.mark.parametrize("before", [[], ["open", "close", "archive"]])
def test_only_a_closed_event_is_reopened(host: Phone, before: list[str]) -> None:
    event = draft(host)
    for action in before:
        does(host, event, action)
    refused(ask(host, event, "reopen"), 409, "wrong_state")


@ONE_DATABASE
def test_sitting_goes_on_where_the_close_cut_it(centre: Centre, clock: FakeClock) -> None:
    event = centre.open_event(centre.host(), "hunt-three-shifts")
    first = event["activities"][0]["sittings"][0]
    clock.advance(seconds(first["starts_at"]) - clock.now() / 1000 + 60)
    does(centre.host(), event, "close")
    clock.advance(MINUTES)
    reopened = does(centre.host(), event, "reopen")["activities"][0]["sittings"][0]
    assert seconds(reopened["ends_at"]) == seconds(first["ends_at"]) + MINUTES
    assert reopened["state"] == "open"


def test_points_frozen_boards_and_players_outlive_a_close(centre: Centre, host: Phone) -> None:
    event = centre.open_event(host)
    (player,) = centre.people(1)
    (seat,) = centre.join(event, player)
    path = f"/events/{event['id']}"
    body = {"player_id": seat["id"], "points": 7, "reason": "帮忙"}
    host.ok("POST", f"{path}/adjustments", body, Idempotency_Key="a")
    does(host, event, "freeze")
    for action in ("close", "reopen"):
        does(host, event, action)
    assert shown(host, event)["frozen"] is True
    board = host.ok("GET", f"{path}/leaderboards/event")
    assert [row["points"] for row in board["rows"]] == [7]
    assert player.ok("POST", "/events/join", {"code": event["join_code"]})["player"] == seat


def test_ten_reopen_at_once_and_it_is_one_pause(host: Phone, clock: FakeClock) -> None:
    event = draft(host, closes_at=to_iso(clock.now() + 600_000))
    does(host, event, "open")
    does(host, event, "close")
    clock.advance(50)
    answers = at_once([lambda: ask(host, event, "reopen").status_code] * 10)
    assert set(answers) == {200}
    assert shown(host, event)["seconds_to_close"] == 600


def test_reopening_and_archiving_at_once_leave_one_or_the_other(host: Phone) -> None:
    event = draft(host)
    does(host, event, "open")
    does(host, event, "close")
    answers = at_once(
        [lambda a=action: ask(host, event, a).status_code for action in ("reopen", "archive") * 5]
    )
    assert set(answers) <= {200, 409}
    assert shown(host, event)["state"] in ("open", "archived")
