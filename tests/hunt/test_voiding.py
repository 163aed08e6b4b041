"""A whole activity is voided: its points are reversed, and nobody can play it any more."""

import threading
from typing import Any

import pytest

from backend.events import service
from backend.events.models import Activity
from backend.scoring.ledger import Award
from backend.scoring.models import ScoreEntry
from backend.scoring.scorekeeper import Scorekeeper
from tests.hunt.evening import RIGHT, Evening
from tests.installation import until
from tests.support import Phone, refused

REASON = "题库发错了"


def place(evening: Evening, hunt: str = "") -> str:
    """Return the address of the hunt in its event, or of another one."""
    number = (hunt or evening.path).rpartition("/")[2]
    return f"/events/{evening.event['id']}/activities/{number}"


def void(evening: Evening, hunt: str = "") -> int:
    """Void the hunt, or another one; returns how many players lost points."""
    answer = evening.host.ok("POST", f"{place(evening, hunt)}/void", {"reason": REASON})
    return int(answer["rescored"])


def play(evening: Evening, phone: Phone, hunt: str) -> None:
    """Answer a question of another hunt correctly."""
    dig = evening.dig(phone, hunt=hunt)
    choice = [one["key"] for one in dig["question"]["options"] if one["text"] == "选项B"]
    phone.ok("POST", f"{hunt}/digs/{dig['id']}/answer", {"choice": choice})


def test_points_go_with_a_reason_and_other_activities_stay(evening: Evening) -> None:
    evening.ask(), evening.ask()
    first, second = evening.diggers(2)
    other = evening.another_hunt()
    evening.play(first, "B"), evening.play(second, "A")
    evening.play(first, "B"), play(evening, second, other)
    assert void(evening) == 1
    assert evening.differences() == []
    assert [evening.points(first), evening.points(second)] == [0, RIGHT]
    items = evening.receipts(first)["items"]
    assert [(one["reason"], one["points"], one["note"]) for one in items[2:]] == [
        ("reversal", -RIGHT, REASON)
    ] * 2
    assert [one["reversed"] for one in items] == [True, True, False, False]
    # A player who earned nothing in it has no further lines in the receipt.
    assert len(evening.receipts(second)["items"]) == 2
    board = first.ok("GET", f"/events/{evening.event['id']}/leaderboards/activity-{other[-1]}")
    assert [row["points"] for row in board["rows"]] == [RIGHT]


def test_nobody_plays_a_voided_activity_or_earns_in_it(evening: Evening) -> None:
    question, player = evening.ask(), evening.digger()
    dig = evening.dig(player)
    void(evening)
    before = evening.written()
    refused(evening.answering(player, dig, "B"), 404, "activity_voided")
    refused(evening.digging(player), 404, "activity_voided")
    refused(player.get(evening.path), 404, "activity_voided")
    # A correction of a question does not affect it either.
    refused(evening.correcting(question, "A"), 404, "not_found")
    assert evening.written() == before
    [shown] = [
        one
        for one in player.ok("GET", f"/events/{evening.event['id']}")["activities"]
        if one["id"] == evening.activity_id
    ]
    assert shown["voided"]


def test_an_award_that_comes_too_late_is_not_written(evening: Evening) -> None:
    player = evening.player_id(evening.digger())
    void(evening)
    scores: Scorekeeper = evening.centre.app.extensions["linka.scores"]
    facts: dict[str, Any] = {
        "event_id": evening.event["id"],
        "player_id": player,
        "points": 5,
        "reason": "answer",
        "rule_version": "x",
        "earned_at": evening.clock.now(),
    }
    late = Award(**facts, activity_id=evening.activity_id, source="late")
    other = Award(**facts, activity_id=None, source="other")
    with scores.database.write():
        assert scores.award(late, evening.clock.now()) is None
        assert scores.award(other, evening.clock.now()) is not None
    written = {entry.source for entry in ScoreEntry.select()}
    assert "other" in written and "late" not in written


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_award_that_began_before_the_voiding_was_committed_is_taken_back(evening: Evening) -> None:
    phone = evening.digger()
    scores: Scorekeeper = evening.centre.app.extensions["linka.scores"]
    now = evening.clock.now()
    award = Award(
        event_id=evening.event["id"],
        player_id=evening.player_id(phone),
        activity_id=evening.activity_id,
        points=5,
        reason="answer",
        source="late",
        rule_version="x",
        earned_at=now,
    )

    def earn() -> None:
        with scores.database.write():
            scores.award(award, now)

    def waits() -> bool:
        rows = scores.database.sql("SELECT COUNT(*) FROM pg_locks WHERE NOT granted").fetchone()
        return rows[0] > 0

    writer = threading.Thread(target=earn)
    with scores.database.write():
        service.locked(evening.event["id"])
        Activity.update(voided_at=now, void_reason=REASON).where(
            Activity.id == evening.activity_id
        ).execute()
        writer.start()
        until(waits, 10, "the award waits for the event")
    writer.join()
    assert [entry.points for entry in ScoreEntry.select()] == [5]
    assert void(evening) == 1
    assert evening.points(phone) == 0
    assert evening.differences() == []


def test_preview_shows_what_voiding_does_and_writes_nothing(evening: Evening) -> None:
    evening.ask()
    first, second = evening.diggers(2)
    evening.play(first, "A"), evening.play(second, "B")
    before = evening.written()
    players = evening.host.ok("GET", f"{place(evening)}/void/preview")["players"]
    assert evening.written() == before
    assert Activity.get_by_id(evening.activity_id).voided_at is None
    [change] = [one for one in players if one["player_id"] == evening.player_id(second)]
    assert (change["before"]["points"], change["after"]["points"]) == (RIGHT, 0)
    void(evening)
    assert evening.points(second) == 0


def test_voiding_again_changes_nothing_and_the_audit_has_one_line(evening: Evening) -> None:
    evening.ask()
    evening.play(evening.digger(), "B")
    assert void(evening) == 1
    before = evening.written()
    assert void(evening) == 0
    assert evening.written() == before
    lines = evening.host.ok("GET", f"/events/{evening.event['id']}/audit")["items"]
    [line] = [one for one in lines if one["action"] == "activity_void"]
    assert line["detail"]["reason"] == REASON
    assert line["detail"]["rescored"] == 1
    assert line["detail"]["after"] == {"voided": True}


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_frozen_board_keeps_the_points_until_the_reveal(evening: Evening) -> None:
    evening.ask()
    player = evening.digger()
    evening.play(player, "B")
    evening.host_does("freeze")
    void(evening)
    assert [points for *_, points in evening.board(player)] == [RIGHT]
    evening.host_does("reveal", step=60)
    assert [points for *_, points in evening.board(player)] == [0]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_wiped_rehearsal_is_played_again(evening: Evening) -> None:
    evening.ask()
    void(evening)
    evening.host.ok("DELETE", f"/events/{evening.event['id']}/data")
    evening.host_does("open")
    assert evening.play(evening.digger(), "B")["points"] == RIGHT


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_an_activity_without_points_cannot_be_voided(evening: Evening) -> None:
    poll = Activity.create(
        event=evening.event["id"], kind="polls", title="投票", position=9, settings={}
    )
    answer = evening.host.post(f"{place(evening, f'/{poll.id}')}/void", {"reason": REASON})
    refused(answer, 409, "nothing_to_void")
