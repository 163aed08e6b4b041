"""What hosts do with rounds, and who may not."""

from typing import Any

import pytest

from backend.activities.shake.models import ShakeRound
from backend.identity.models import AuditLine
from tests.shake.evening import Evening
from tests.support import TRAINER, Phone, refused

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def test_begun_round_says_when_it_starts(evening: Evening) -> None:
    begun = evening.begin("draw", seconds=20, winner_count=3, at_least=15)
    assert begun == {
        "id": begun["id"],
        "number": 1,
        "mode": "draw",
        "seconds": 20,
        "starts_at": "2026-11-22T02:00:04.000Z",
        "ends_at": "2026-11-22T02:00:24.000Z",
        "left_ms": 20_000,
        "paused": False,
        "winner_count": 3,
        "at_least": 15,
        "teams": [],
        "percents": {"shake": 100, "tap": 125, "press": 300, "swipe": 0},
        "cap_per_second": 10,
    }


def test_round_takes_its_length_from_the_settings(evening: Evening) -> None:
    evening.settle(seconds=45)
    assert evening.begin()["seconds"] == 45


def test_second_round_waits_for_the_first(evening: Evening) -> None:
    evening.start()
    refused(evening.beginning(), 409, "round_under_way")
    evening.clock.advance(31)
    refused(evening.beginning(), 409, "round_under_way")
    evening.clock.advance(2)
    assert evening.begin()["number"] == 2
    assert ShakeRound.get(ShakeRound.number == 1).scored_at is not None


def test_repeated_request_with_a_number_begins_one_round(evening: Evening) -> None:
    first = evening.begin(number=1)
    again = evening.beginning(number=1)
    assert (again.status_code, again.json["id"]) == (200, first["id"])
    evening.finish()
    refused(evening.beginning(number=3), 422, "invalid")
    assert evening.begin(number=2)["number"] == 2
    assert ShakeRound.select().count() == 2


def test_cancelled_round_is_gone_and_earns_nothing(evening: Evening) -> None:
    ann = evening.shaker()
    round_id = evening.start()
    evening.clock.advance(5)
    evening.report(ann, round_id, 20)
    for _ in range(2):
        evening.host.ok("POST", f"{evening.path}/rounds/{round_id}/cancel")
    assert (evening.shown(), evening.pulse()) == (None, None)
    evening.finish()
    assert (evening.results(), evening.entries()) == ([], [])
    assert evening.begin()["number"] == 2


def test_round_that_is_over_cannot_be_cancelled(evening: Evening) -> None:
    round_id = evening.start()
    evening.clock.advance(30)
    path = f"{evening.path}/rounds/{round_id}/cancel"
    refused(evening.host.post(path), 409, "round_over")
    evening.finish()
    refused(evening.host.post(path), 409, "round_over")
    evening.start()
    refused(evening.host.post(path), 409, "round_over")


def test_dismissed_result_is_not_shown_any_more(evening: Evening) -> None:
    ann = evening.shaker()
    round_id = evening.played([(ann, 50)])
    assert evening.phase() == "podium"
    for _ in range(2):
        evening.host.ok("POST", f"{evening.path}/rounds/{round_id}/dismiss")
    assert evening.shown() is None
    assert evening.play.own(evening.activity_id, ann.id, evening.clock.now()) is None
    assert evening.points(ann) == 30


def test_round_without_a_result_cannot_be_dismissed(evening: Evening) -> None:
    round_id = evening.start()
    path = f"{evening.path}/rounds/{round_id}/dismiss"
    refused(evening.host.post(path), 409, "round_not_scored")


@pytest.mark.parametrize("action", ["cancel", "dismiss", "flagged"])
def test_round_that_never_was_is_unknown(evening: Evening, action: str) -> None:
    method = "GET" if action == "flagged" else "POST"
    path = f"{evening.path}/rounds/999/{action}"
    refused(evening.host.call(method, path), 404, "unknown_round")
    evening.start()
    refused(evening.host.call(method, path), 404, "unknown_round")
    refused(evening.host.call(method, f"/shakes/999/rounds/1/{action}"), 404, "not_found")


def test_next_round_replaces_the_podium(evening: Evening) -> None:
    evening.played([(evening.shaker(), 50)])
    evening.begin()
    assert evening.phase() == "countdown"


def test_what_a_host_does_is_on_record(evening: Evening) -> None:
    first = evening.start("luck")
    evening.host.ok("POST", f"{evening.path}/rounds/{first}/cancel")
    second = evening.played([])
    evening.host.ok("POST", f"{evening.path}/rounds/{second}/dismiss")
    lines = AuditLine.select(AuditLine.action, AuditLine.subject).where(
        AuditLine.subject.startswith("shake_round:")
    )
    assert list(lines.order_by(AuditLine.id).tuples()) == [
        ("begin_shake_round", f"shake_round:{first}"),
        ("cancel_shake_round", f"shake_round:{first}"),
        ("begin_shake_round", f"shake_round:{second}"),
        ("dismiss_shake_round", f"shake_round:{second}"),
    ]


# --- refusals


def others(evening: Evening) -> list[Phone]:
    """Return phones of a player, a trainer, and a guest who has joined."""
    guest = evening.joined(evening.centre.guest()).phone
    return [evening.shaker().phone, evening.centre.staff(TRAINER), guest]


def test_only_the_host_of_the_event_handles_rounds(evening: Evening) -> None:
    phones = others(evening)
    round_id = evening.start()
    here = f"{evening.path}/rounds"
    for phone in phones:
        refused(phone.post(here, {"mode": "race"}), 403, "forbidden")
        refused(phone.post(f"{here}/{round_id}/cancel"), 403, "forbidden")
        refused(phone.post(f"{here}/{round_id}/dismiss"), 403, "forbidden")
        refused(phone.get(f"{here}/{round_id}/flagged"), 403, "forbidden")
    nobody = Phone(evening.centre.app, "nobody")
    refused(nobody.post(here, {"mode": "race"}), 401, "unauthenticated")
    assert ShakeRound.select().count() == 1
    assert evening.phase() == "running"


def test_only_players_and_hosts_look(evening: Evening) -> None:
    ann = evening.shaker()
    stranger = evening.centre.staff(TRAINER)
    round_id = evening.start()
    evening.clock.advance(5)
    evening.report(ann, round_id, 30)
    seen = ann.phone.ok("GET", evening.path)
    assert (seen["phase"], seen["own"]) == ("running", {"round_id": round_id, "count": 30})
    assert not {"flagged", "counts_lost"} & seen.keys()
    seen = evening.host.ok("GET", evening.path)
    assert (seen["flagged"], seen["counts_lost"], seen["own"]) == ([], False, None)
    refused(stranger.get(evening.path), 403, "not_a_player")
    evening.set_status(ann, "kicked")
    refused(ann.phone.get(evening.path), 403, "kicked")
    refused(evening.host.get("/shakes/999"), 404, "not_found")


def test_look_at_nothing_shows_nothing(evening: Evening) -> None:
    assert evening.shaker().phone.ok("GET", evening.path) == {
        "phase": None,
        "since": None,
        "round": None,
        "podium": None,
        "own": None,
    }


def test_whoever_looks_finds_the_round_scored(evening: Evening) -> None:
    ann = evening.shaker()
    round_id = evening.start()
    evening.clock.advance(20)
    evening.report(ann, round_id, 30)
    evening.clock.advance(20)
    seen = ann.phone.ok("GET", evening.path)
    assert seen["phase"] == "podium"
    assert seen["podium"]["rows"][0]["player_id"] == ann.id
    assert (seen["own"]["place"], seen["own"]["points"]) == (1, 30)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"mode": "chess"},
        {"mode": "race", "seconds": 4},
        {"mode": "race", "seconds": 301},
        {"mode": "draw", "winner_count": 0},
        {"mode": "draw", "at_least": 0},
        {"mode": "tug", "team_ids": [1]},
        {"mode": "tug", "team_ids": [1, 1]},
        {"mode": "race", "colour": "red"},
    ],
)
def test_round_that_cannot_be_played_is_refused(evening: Evening, body: Any) -> None:
    refused(evening.host.post(f"{evening.path}/rounds", body), 422, "invalid")


def test_tug_of_teams_that_are_not_here_is_refused(evening: Evening) -> None:
    evening.shaker()
    refused(evening.beginning("tug", team_ids=[998, 999]), 422, "unknown_team")


@pytest.mark.parametrize(("action", "slug"), [("pause", "event_paused"), ("close", "event_closed")])
def test_no_round_begins_while_nobody_plays(evening: Evening, action: str, slug: str) -> None:
    evening.host_does(action)
    refused(evening.beginning(), 409, slug)


def test_no_round_begins_before_the_opening(evening: Evening) -> None:
    event = evening.host.ok("POST", "/events", {"template": "shake"})
    path = f"/shakes/{event['activities'][0]['id']}/rounds"
    refused(evening.host.post(path, {"mode": "race"}), 409, "event_not_open")
