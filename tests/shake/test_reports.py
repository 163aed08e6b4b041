"""Shake reports: what counts, and what is refused with a slug of its own and changes nothing."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from backend.activities.shake import errors
from backend.activities.shake.models import ShakeRound
from backend.activities.shake.schemas import ShakeReportMessage
from backend.errors import LinkaError
from backend.events import lifecycle, players
from backend.events.visibility import View
from tests.shake.evening import Evening
from tests.support import refused

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def test_lower_and_repeated_counts_change_nothing(evening: Evening) -> None:
    ann = evening.shaker()
    round_id = evening.start()
    evening.clock.advance(10)
    reported = (40, 40, 7, 55, 40, 0)
    accepted = [evening.report(ann, round_id, count) for count in reported]
    assert accepted == [40, 40, 40, 55, 55, 55]
    assert evening.own(ann)["count"] == 55


def test_cap_follows_the_moment_of_arrival(evening: Evening) -> None:
    ann = evening.shaker()
    round_id = evening.start()
    accepted = []
    for _ in range(3):
        evening.clock.advance(1.5)
        accepted.append(evening.report(ann, round_id, 1000))
    assert accepted == [15, 30, 45]


def test_taps_and_presses_count_as_the_settings_say(evening: Evening) -> None:
    ann = evening.shaker()
    evening.settle(tap_percent=150, press_percent=400)
    round_id = evening.start()
    evening.clock.advance(10)
    accepted = [evening.report(ann, round_id, 20, how) for how in ("shake", "tap", "press")]
    assert accepted == [20, 30, 80]


def test_reports_over_http_and_socket_are_one(evening: Evening) -> None:
    ann = evening.shaker()
    round_id = evening.start()
    evening.clock.advance(10)
    evening.report(ann, round_id, 30)
    answer = evening.posting(ann.phone, round_id, 20)
    assert (answer.status_code, answer.json) == (200, {"round_id": round_id, "accepted": 30})
    answer = evening.posting(ann.phone, round_id, 24, how="tap")
    assert answer.json == {"round_id": round_id, "accepted": 30}
    answer = evening.posting(ann.phone, round_id, 26, how="press")
    assert answer.json == {"round_id": round_id, "accepted": 78}


def test_late_reports_count_for_a_moment(evening: Evening) -> None:
    ann = evening.shaker()
    round_id = evening.start(seconds=10)
    evening.clock.advance(11.5)
    assert evening.report(ann, round_id, 1000) == 100
    evening.clock.advance(0.001)
    with pytest.raises(errors.ShakeRoundOver):
        evening.report(ann, round_id, 1001)


def test_implausible_phone_is_flagged_for_the_host_and_ranks_behind_all_others(
    evening: Evening,
) -> None:
    ann, bob = evening.shakers(2)
    round_id = evening.start()
    evening.clock.advance(10)
    evening.report(ann, round_id, 500)
    evening.report(ann, round_id, 300)
    evening.report(bob, round_id, 90)
    flagged = [
        {
            "player_id": ann.id,
            "name": ann.speaker.name,
            "team": ann.speaker.team_name,
            "rate": 50.0,
            "reason": "手机报每秒 50 次，人手做不到，名次排在所有人之后",
        }
    ]
    pulse = evening.pulse()
    assert pulse and [lane["player_id"] for lane in pulse["lanes"]] == [bob.id, ann.id]
    shown = evening.shown(View.HOST)
    assert shown and shown["flagged"] == flagged
    assert "flagged" not in (evening.shown() or {})
    evening.finish()
    shown = evening.shown(View.HOST)
    assert shown and shown["flagged"] == flagged
    assert evening.results() == [(ann.id, 100, 2, 20), (bob.id, 90, 1, 30)]
    path = f"{evening.path}/rounds/{round_id}/flagged"
    assert evening.host.ok("GET", path) == {"flagged": flagged}


def test_phone_flagged_at_once_has_no_result_without_a_count(evening: Evening) -> None:
    ann = evening.shaker()
    round_id = evening.start()
    assert evening.report(ann, round_id, 500) == 0
    evening.finish()
    assert evening.results() == []


# --- refusals


def before_the_start(evening: Evening, round_id: int) -> None:
    evening.clock.moment -= 1


def after_the_end(evening: Evening, round_id: int) -> None:
    evening.clock.advance(31.501)


def after_scoring(evening: Evening, round_id: int) -> None:
    evening.finish()


def cancelled(evening: Evening, round_id: int) -> None:
    evening.host.ok("POST", f"{evening.path}/rounds/{round_id}/cancel")


def followed(evening: Evening, round_id: int) -> None:
    evening.finish()
    evening.start()


def paused(evening: Evening, round_id: int) -> None:
    evening.host_does("pause")
    evening.clock.advance(1)


def closed(evening: Evening, round_id: int) -> None:
    evening.host_does("close")
    evening.clock.advance(1)


Happening = Callable[[Evening, int], None]


@pytest.mark.parametrize(
    ("happening", "refusal"),
    [
        (before_the_start, errors.RoundNotStarted),
        (after_the_end, errors.ShakeRoundOver),
        (after_scoring, errors.ShakeRoundOver),
        (followed, errors.ShakeRoundOver),
        (cancelled, errors.RoundCancelled),
        (paused, lifecycle.EventPaused),
        (closed, lifecycle.EventClosed),
    ],
)
def test_report_at_the_wrong_time_is_refused(
    evening: Evening, happening: Happening, refusal: type[LinkaError]
) -> None:
    ann = evening.shaker()
    round_id = evening.start()
    happening(evening, round_id)
    before = evening.pulse()
    with pytest.raises(refusal):
        evening.report(ann, round_id, 5)
    refused(evening.posting(ann.phone, round_id, 5), refusal.status, refusal.slug)
    assert evening.pulse() == before
    assert evening.entries() == []


@pytest.mark.parametrize("status", ["kicked", "banned"])
def test_report_of_somebody_sent_away_is_refused(evening: Evening, status: str) -> None:
    ann = evening.shaker()
    round_id = evening.start()
    evening.set_status(ann, status)
    evening.clock.advance(1)
    with pytest.raises(players.Kicked if status == "kicked" else players.Banned):
        evening.report(ann, round_id, 5)
    refused(evening.posting(ann.phone, round_id, 5), 403, status)


def test_guest_is_told_to_bind(evening: Evening) -> None:
    guest = evening.joined(evening.centre.guest())
    round_id = evening.start()
    with pytest.raises(players.StaffOnly):
        evening.report(guest, round_id, 5)
    refused(evening.posting(guest.phone, round_id, 5), 403, "staff_only")


def test_who_has_not_joined_cannot_report(evening: Evening) -> None:
    phone = evening.centre.people(1)[0]
    round_id = evening.start()
    refused(evening.posting(phone, round_id, 5), 403, "not_a_player")
    phone.token = ""
    refused(evening.posting(phone, round_id, 5), 401, "unauthenticated")


def test_round_of_another_event_is_unknown(evening: Evening) -> None:
    ann = evening.shaker()
    round_id = evening.start()
    stranger = replace(ann, speaker=replace(ann.speaker, event_id=ann.speaker.event_id + 1))
    with pytest.raises(errors.UnknownRound):
        evening.report(stranger, round_id, 5)
    other = evening.centre.open_event(evening.host, "shake")
    evening.centre.join(other, ann.phone)
    path = f"/shakes/{other['activities'][0]['id']}/rounds/{round_id}/reports"
    refused(ann.phone.post(path, {"count": 5}), 404, "unknown_round")


@pytest.mark.parametrize("round_id", [999, 2**53 - 1])
def test_round_that_never_was_is_unknown(evening: Evening, round_id: int) -> None:
    ann = evening.shaker()
    with pytest.raises(errors.UnknownRound):
        evening.report(ann, round_id, 5)
    evening.start()
    with pytest.raises(errors.UnknownRound):
        evening.report(ann, round_id, 5)
    refused(evening.posting(ann.phone, round_id, 5), 404, "unknown_round")


def test_shake_that_never_was_is_not_found(evening: Evening) -> None:
    ann = evening.shaker()
    refused(ann.phone.post("/shakes/999/rounds/1/reports", {"count": 5}), 404, "not_found")


def test_team_that_does_not_take_part_is_refused(evening: Evening) -> None:
    first, second, third = evening.people_of_teams(1, 1, 1)
    teams = [one.speaker.team_id for one in first + second]
    round_id = evening.start("tug", team_ids=teams)
    evening.clock.advance(5)
    assert evening.report(first[0], round_id, 10) == 10
    with pytest.raises(errors.NotInRound):
        evening.report(third[0], round_id, 10)
    refused(evening.posting(third[0].phone, round_id, 5), 403, "not_in_round")


@pytest.mark.parametrize(
    "body", [{}, {"count": -1}, {"count": 1.5}, {"count": "7"}, {"count": 1, "how": "kick"}]
)
def test_malformed_report_is_refused(evening: Evening, body: dict[str, object]) -> None:
    ann = evening.shaker()
    round_id = evening.start()
    path = f"{evening.path}/rounds/{round_id}/reports"
    refused(ann.phone.post(path, body), 422, "invalid")


def test_refusal_leaves_later_reports_alone(evening: Evening) -> None:
    ann = evening.shaker()
    round_id = evening.begin()["id"]
    with pytest.raises(errors.RoundNotStarted):
        evening.report(ann, round_id, 50)
    evening.clock.advance(9)
    assert evening.report(ann, round_id, 45) == 45
    assert ShakeRound.get_by_id(round_id).scored_at is None


def test_reports_are_read_the_same_whether_looked_at_or_parsed(evening: Evening) -> None:
    schema = ShakeReportMessage()
    report = {"round_id": 7, "count": 5, "how": "tap"}
    assert schema.load(report) == schema.load(dict(reversed(report.items())), partial=False)
    assert schema.load({"round_id": 7, "count": 5}) == {"round_id": 7, "count": 5, "how": "shake"}
    for bad in ({"count": True}, {"count": -1}, {"round_id": 0}, {"how": ["tap"]}, {"more": 1}):
        assert schema.validate({**report, **bad})
