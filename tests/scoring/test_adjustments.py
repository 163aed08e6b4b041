"""A host adds or takes points: with a reason, counted once, shown at once."""

import json
import threading
from functools import partial
from typing import Any

import pytest

from backend.clock import to_iso
from backend.events import players
from backend.identity.models import AuditLine
from backend.scoring.models import ScoreEntry
from tests.installation import until
from tests.scoring.board_evening import BoardEvening
from tests.support import Centre, FakeClock, at_once, refused

ONE_DATABASE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@pytest.fixture
def evening(centre: Centre) -> BoardEvening:
    """Return an evening with two players who have 10 and 20 points."""
    return BoardEvening(centre, 2)


def adjust(evening: BoardEvening, points: Any = 5, key: str | None = "key", **more: Any) -> Any:
    """Ask for an adjustment of the first player's points."""
    body = {"player_id": evening.players[0], "points": points, "reason": "帮忙布置会场", **more}
    headers = {"Idempotency-Key": key} if key is not None else {}
    return evening.host.call("POST", f"{evening.path}/adjustments", body, headers)


def test_entry_tells_what_was_given_and_why(evening: BoardEvening, clock: FakeClock) -> None:
    answer = adjust(evening, 5)
    assert answer.status_code == 201
    entry = answer.json
    assert (entry["points"], entry["reason"], entry["note"]) == (5, "adjustment", "帮忙布置会场")
    assert (entry["activity_id"], entry["reverses_id"]) == (None, None)
    assert entry["earned_at"] == entry["created_at"] == to_iso(clock.now())


def test_board_and_receipt_follow_at_once(evening: BoardEvening) -> None:
    adjust(evening, 15)
    assert evening.points(evening.phones[1]) == [25, 20]
    receipt = evening.phones[0].ok("GET", f"{evening.path}/receipts")
    assert [item["note"] for item in receipt["items"]] == ["布置会场", "帮忙布置会场"]
    assert receipt["total_points"] == 25
    assert evening.is_clean()


def test_points_can_be_taken_below_nothing(evening: BoardEvening) -> None:
    adjust(evening, -30)
    assert evening.points(evening.host) == [20, -20]
    assert evening.standing(0) == {"points": -20, "rank": 2, "frozen": False}
    assert evening.is_clean()


def test_same_key_counts_once(evening: BoardEvening, clock: FakeClock) -> None:
    first = adjust(evening, 5).json
    clock.advance(60)
    assert adjust(evening, 5).json == first
    assert evening.standing(0)["points"] == 15


@ONE_DATABASE
def test_same_key_with_another_body_is_refused(evening: BoardEvening) -> None:
    first = adjust(evening, 5).json
    for more in ({"points": 6}, {"reason": "另一个理由"}, {"player_id": evening.players[1]}):
        refused(adjust(evening, **more), 409, "idempotency_key_reused")
    assert adjust(evening, 5).json == first
    assert [evening.standing(0)["points"], evening.standing(1)["points"]] == [15, 20]


def test_same_key_with_two_bodies_at_once_is_one_entry(evening: BoardEvening) -> None:
    calls = [lambda points=points: adjust(evening, points).status_code for points in (5, 7) * 5]
    answers = at_once(calls)
    assert sorted(answers) == [201] * 5 + [409] * 5
    assert evening.standing(0)["points"] in (15, 17)
    assert evening.is_clean()


def test_same_key_20_times_at_once_is_one_entry(evening: BoardEvening) -> None:
    before = ScoreEntry.select().count()
    answers = at_once([lambda: adjust(evening, 5)] * 20)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json["id"] for answer in answers}) == 1
    assert ScoreEntry.select().count() == before + 1
    assert AuditLine.select().where(AuditLine.action == "adjust").count() == before + 1
    assert evening.standing(0)["points"] == 15
    assert evening.is_clean()


def test_20_keys_at_once_are_20_entries(evening: BoardEvening) -> None:
    answers = at_once([lambda n=n: adjust(evening, 5, f"key-{n}").status_code for n in range(20)])
    assert set(answers) == {201}
    assert evening.standing(0)["points"] == 110
    assert evening.is_clean()


@ONE_DATABASE
def test_same_key_in_another_event_is_another_entry(evening: BoardEvening, centre: Centre) -> None:
    other = BoardEvening(centre, 2)
    first, second = adjust(evening).json, adjust(other).json
    assert first["id"] != second["id"]
    assert other.standing(0)["points"] == 15


@ONE_DATABASE
def test_adjustment_leaves_a_line(evening: BoardEvening, clock: FakeClock) -> None:
    adjust(evening, -3, reason="重复签到")
    line = AuditLine.select().order_by(AuditLine.id.desc()).get()
    assert (line.action, line.subject) == ("adjust", f"player:{evening.players[0]}")
    assert line.actor_id == evening.host.ok("GET", "/me")["account"]["id"]
    assert line.detail == {
        "reason": "重复签到",
        "before": {"points": 10},
        "after": {"points": 7},
    }


@ONE_DATABASE
def test_screen_is_told_of_the_gain(evening: BoardEvening) -> None:
    adjust(evening, 5)
    gain = evening.gains()[-1].data
    assert json.loads(gain)["points"] == 5
    assert "20000" not in gain


@ONE_DATABASE
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("points", 0),
        ("points", 10_001),
        ("points", -10_001),
        ("points", 1.5),
        ("points", "5"),
        ("points", None),
        ("reason", ""),
        ("reason", " "),
        ("reason", "长" * 201),
        ("player_id", 0),
        ("player_id", 2**53),
        ("player_id", "1"),
        ("note", "x"),
    ],
)
def test_bad_field_is_named(evening: BoardEvening, field: str, value: object) -> None:
    answer = adjust(evening, **{field: value})
    refused(answer, 422, "invalid")
    assert answer.json["errors"].keys() == {field}


@ONE_DATABASE
@pytest.mark.parametrize("key", [None, "", "two words", "键", "k" * 129])
def test_key_is_required_and_plain(evening: BoardEvening, key: str | None) -> None:
    if key == "键":
        key = "键".encode().decode("latin-1")
    answer = adjust(evening, key=key)
    refused(answer, 422, "invalid")
    assert answer.json["errors"].keys() == {"Idempotency-Key"}


@ONE_DATABASE
def test_player_of_another_event_is_not_found(evening: BoardEvening, centre: Centre) -> None:
    other = BoardEvening(centre, 2)
    refused(adjust(evening, player_id=other.players[0]), 404, "not_found")


@ONE_DATABASE
def test_guest_gets_no_points(evening: BoardEvening, centre: Centre) -> None:
    guest = centre.join(evening.event, centre.guest())[0]
    refused(adjust(evening, player_id=guest["id"]), 404, "not_found")
    assert evening.is_clean()


@ONE_DATABASE
def test_points_can_be_corrected_after_the_end(evening: BoardEvening) -> None:
    evening.does("close")
    assert adjust(evening, 5).status_code == 201
    assert evening.points(evening.host) == [20, 15]


def taking_back(evening: BoardEvening, entry_id: int) -> Any:
    """Ask for an adjustment to be taken back."""
    return evening.host.delete(f"{evening.path}/adjustments/{entry_id}")


def test_adjustment_is_taken_back_by_a_reversal(evening: BoardEvening) -> None:
    entry = adjust(evening, 15).json
    answer = taking_back(evening, entry["id"])
    assert answer.status_code == 200
    assert (answer.json["points"], answer.json["reverses_id"]) == (-15, entry["id"])
    assert evening.points(evening.host) == [20, 10]
    receipt = evening.phones[0].ok("GET", f"{evening.path}/receipts")
    assert [item["reversed"] for item in receipt["items"]] == [False, True, False]
    assert evening.is_clean()


def test_adjustment_is_taken_back_once(evening: BoardEvening) -> None:
    entry = adjust(evening, 15).json
    answers = at_once([lambda: taking_back(evening, entry["id"])] * 10)
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json["id"] for answer in answers}) == 1
    assert AuditLine.select().where(AuditLine.action == "adjust_undone").count() == 1
    assert evening.standing(0)["points"] == 10
    assert evening.is_clean()


@ONE_DATABASE
def test_line_of_what_was_taken_back_has_both_totals(evening: BoardEvening) -> None:
    taking_back(evening, adjust(evening, -3).json["id"])
    line = AuditLine.select().order_by(AuditLine.id.desc()).get()
    assert line.detail == {
        "reason": "帮忙布置会场",
        "before": {"points": 7},
        "after": {"points": 10},
    }


@ONE_DATABASE
def test_only_adjustments_of_the_event_are_taken_back(
    evening: BoardEvening, centre: Centre
) -> None:
    entry = adjust(evening, 15).json
    reversal = taking_back(evening, entry["id"]).json
    other = BoardEvening(centre, 2)
    elsewhere = adjust(other).json
    for entry_id in (reversal["id"], elsewhere["id"], 999_999):
        refused(taking_back(evening, entry_id), 404, "not_found")
    assert other.standing(0)["points"] == 15


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_player_who_is_removed_meanwhile_is_on_no_board(
    evening: BoardEvening, clock: FakeClock
) -> None:
    parts = evening.app.extensions
    database, scores = parts["linka.database"], parts["linka.scores"]
    adjusting = threading.Thread(target=partial(adjust, evening))
    kick = players.StatusChange("kicked")

    def waits() -> bool:
        rows = database.sql("SELECT COUNT(*) FROM pg_locks WHERE NOT granted").fetchone()
        return bool(rows[0])

    with database.write():
        event_id, player_id = evening.event["id"], evening.players[0]
        players.set_status(database, scores, event_id, player_id, kick, clock.now(), None)
        adjusting.start()
        until(waits, 10, "the adjustment to wait")
    adjusting.join(10)
    assert evening.points(evening.host) == [20]
    assert evening.is_clean()
