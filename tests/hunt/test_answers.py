"""Answers: the verdict, the points, and that each counts exactly once."""

import pytest

from backend.activities.hunt.models import HuntAnswer
from backend.events.models import Activity
from backend.scoring.models import ScoreEntry
from tests.hunt.evening import RIGHT, Evening, shown
from tests.support import refused

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@pytest.mark.parametrize(
    ("kind", "key", "letters", "verdict"),
    [
        ("single", "B", "B", "correct"),
        ("single", "B", "C", "wrong"),
        ("multiple", "ACD", "DAC", "correct"),
        ("multiple", "ACD", "AC", "wrong"),
        ("multiple", "ACD", "ABCD", "wrong"),
        ("truefalse", "F", "F", "correct"),
        ("truefalse", "F", "T", "wrong"),
    ],
)
def test_verdict(evening: Evening, kind: str, key: str, letters: str, verdict: str) -> None:
    evening.ask(key, kind=kind)
    answer = evening.play(evening.digger(), letters)
    assert answer["verdict"] == verdict
    assert answer["points"] == (RIGHT if verdict == "correct" else 0)


def test_right_answer_is_one_entry_and_is_on_the_board(evening: Evening) -> None:
    evening.ask()
    player = evening.digger()
    answer = evening.play(player, "B")
    entry = ScoreEntry.get()
    assert (entry.points, entry.reason, entry.source) == (RIGHT, "answer", "dig:1")
    assert entry.rule_version == "hunt-1"
    assert answer["score"] == {"points": RIGHT, "rank": 1, "frozen": False}
    assert evening.points(player) == RIGHT
    assert evening.differences() == []


def test_wrong_answer_is_an_entry_of_nothing(evening: Evening) -> None:
    evening.ask()
    player = evening.digger()
    answer = evening.play(player, "A")
    assert (answer["points"], answer["breakdown"], answer["streak"]) == (0, [], 0)
    assert [entry.points for entry in ScoreEntry.select()] == [0]
    assert evening.points(player) == 0
    assert evening.differences() == []


def test_receipts_match_the_answers_and_the_board(evening: Evening) -> None:
    for difficulty in (1, 3, 5):
        evening.ask(difficulty=difficulty)
    player = evening.digger()
    answers = [evening.play(player, letters) for letters in "BAB"]
    receipts = evening.receipts(player)
    assert [(item["source"], item["points"]) for item in receipts["items"]] == [
        (f"dig:{answer['dig_id']}", answer["points"]) for answer in answers
    ]
    assert [item["earned_at"] for item in receipts["items"]] == [a["answered_at"] for a in answers]
    assert receipts["total_points"] == evening.points(player) == answers[-1]["score"]["points"]


@pytest.mark.parametrize(
    ("scoring", "parts"),
    [
        ("accuracy", [("correct", 80)]),
        ("light_speed", [("correct", 80), ("speed", 12)]),
        ("speed", [("correct", 80), ("speed", 60)]),
    ],
)
def test_mode_of_the_event_says_what_speed_is_worth(
    evening: Evening, scoring: str, parts: list[tuple[str, int]]
) -> None:
    evening.settle(scoring=scoring)
    evening.ask(difficulty=4)
    player = evening.digger()
    dig = evening.dig(player)
    evening.clock.advance(10)
    answer = evening.answer(player, dig, "B")
    assert [(part["rule"], part["points"]) for part in answer["breakdown"]] == parts
    assert answer["points"] == sum(points for _, points in parts)
    assert evening.hunt(player)["scoring"] == scoring


def test_third_right_answer_in_a_row_earns_a_streak(evening: Evening) -> None:
    evening.ask()
    player = evening.digger()
    answers = [evening.play(player, letters) for letters in "BBBBABBB"]
    assert [answer["streak"] for answer in answers] == [1, 2, 3, 4, 0, 1, 2, 3]
    assert [answer["points"] - RIGHT for answer in answers] == [0, 0, 5, 10, -RIGHT, 0, 0, 5]
    assert answers[2]["breakdown"][-1] == {"rule": "streak", "points": 5}
    assert evening.hunt(player)["streak"] == 3


def test_unanswered_question_ends_the_streak(evening: Evening) -> None:
    evening.ask()
    player = evening.digger()
    evening.play(player, "B"), evening.play(player, "B")
    evening.dig(player)
    evening.clock.advance(40)
    assert evening.play(player, "B")["streak"] == 1


def test_streak_is_the_players_own(evening: Evening) -> None:
    evening.ask()
    player, other = evening.diggers(2)
    evening.play(player, "B"), evening.play(player, "B")
    assert evening.play(other, "B")["streak"] == 1
    assert evening.play(player, "B")["streak"] == 3


def test_last_moment_before_the_deadline_counts(evening: Evening) -> None:
    evening.ask()
    player = evening.digger()
    dig = evening.dig(player)
    evening.clock.advance(39.999)
    assert evening.answer(player, dig, "B")["points"] == RIGHT


def test_same_letter_twice_is_one_letter(evening: Evening) -> None:
    evening.ask("B")
    player = evening.digger()
    dig = evening.dig(player)
    right = evening.answer(player, dig, "B")["choice"]
    assert evening.sending(player, dig, right * 2).json["verdict"] == "correct"


def test_another_choice_after_the_first_is_refused(evening: Evening) -> None:
    evening.ask()
    player = evening.digger()
    dig = evening.dig(player)
    evening.answer(player, dig, "A")
    before = evening.written()
    refused(evening.answering(player, dig, "B"), 409, "already_answered")
    assert evening.written() == before


@pytest.mark.parametrize("letters", ["A", "B"])
@pytest.mark.parametrize("since", ["at once", "deadline", "pause", "close", "archive"])
def test_repeat_gets_the_first_verdict_again(evening: Evening, letters: str, since: str) -> None:
    evening.ask()
    player = evening.digger()
    dig = evening.dig(player)
    first = evening.answer(player, dig, letters)
    if since == "deadline":
        evening.clock.advance(3000)
    elif since != "at once":
        evening.host_does("pause" if since == "pause" else "close")
    if since == "archive":
        evening.host_does("archive")
    before = evening.written()
    assert evening.answer(player, dig, letters) == first
    assert evening.written() == before


def test_multiple_choice_repeated_in_another_order_is_the_same_answer(evening: Evening) -> None:
    evening.ask("ACD", kind="multiple")
    player = evening.digger()
    dig = evening.dig(player)
    first = evening.answer(player, dig, "ACD")
    assert evening.sending(player, dig, first["choice"][::-1]).json == first


def test_answered_question_shows_its_result(evening: Evening) -> None:
    evening.ask("C")
    player = evening.digger()
    dig = evening.dig(player)
    evening.answer(player, dig, "C")
    seen = player.ok("GET", f"{evening.path}/digs/{dig['id']}")
    assert (seen["state"], seen["seconds_left"]) == ("answered", 0)
    assert seen["result"]["verdict"] == "correct"
    assert evening.hunt(player)["current_dig"] is None


def test_answers_of_two_hunts_add_up_on_the_events_board(evening: Evening) -> None:
    evening.ask()
    player = evening.digger()
    second = evening.another_hunt()
    evening.play(player, "B")
    dig = evening.dig(player, hunt=second)
    path = f"{second}/digs/{dig['id']}/answer"
    evening.clock.advance(1)
    choice = shown(dig, "B")
    assert player.ok("POST", path, {"choice": choice})["score"]["points"] == 2 * RIGHT
    boards = [f"activity-{activity.id}" for activity in Activity.select().order_by(Activity.id)]
    for board in boards:
        rows = player.ok("GET", f"/events/{evening.event['id']}/leaderboards/{board}")["rows"]
        assert [row["points"] for row in rows] == [RIGHT]
    assert HuntAnswer.select().count() == 2
