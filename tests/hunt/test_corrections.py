"""A question is voided or gets another key: everybody is scored again, with entries in the
ledger."""

import random
from typing import Any

import pytest

from backend.activities.hunt.models import HuntAnswer
from backend.events.models import Event
from backend.identity.models import AuditLine
from backend.questions.models import Question
from backend.scoring.models import Correction, ScoreEntry, Standing
from tests.hunt.evening import RIGHT, Evening
from tests.support import Phone, refused


def lines(evening: Evening, phone: Phone) -> list[tuple[str, int, bool]]:
    """Return reason, points and whether it was taken back, of each line of a receipt."""
    items = evening.receipts(phone)["items"]
    return [(item["reason"], item["points"], item["reversed"]) for item in items]


def scores(evening: Evening, *phones: Phone) -> list[float]:
    """Return the points of some players, after checking that ledger and boards agree."""
    assert evening.differences() == []
    return [evening.points(phone) for phone in phones]


def test_void_takes_points_back_by_a_reversal(evening: Evening) -> None:
    question, player = evening.ask(), evening.digger()
    evening.play(player, "B")
    assert evening.correct(question) == 1
    assert lines(evening, player) == [("answer", RIGHT, True), ("reversal", -RIGHT, False)]
    assert evening.receipts(player)["total_points"] == 0
    assert scores(evening, player) == [0]


def test_void_leaves_other_questions_and_players_alone(evening: Evening) -> None:
    bad = evening.ask()
    player, other = evening.diggers(2)
    evening.play(player, "B"), evening.play(other, "A")
    evening.ask()
    evening.play(player, "B"), evening.play(other, "B")
    assert evening.correct(bad) == 1
    assert scores(evening, player, other) == [RIGHT, RIGHT]
    assert lines(evening, other) == [("answer", 0, False), ("answer", RIGHT, False)]


@pytest.mark.parametrize(("rehearsal", "drawn"), [(True, 2), (False, 1)])
def test_question_voided_in_a_real_event_is_not_drawn_in_another(
    evening: Evening, rehearsal: bool, drawn: int
) -> None:
    bad = evening.ask()
    Event.update(rehearsal=rehearsal).where(Event.id == evening.event["id"]).execute()
    evening.play(evening.digger(), "B")
    evening.correct(bad)
    evening.ask()
    other = evening.beside()
    player = other.digger()
    questions = set()
    for _ in range(4):
        dig = other.dig(player)
        questions.add(dig["question"]["id"])
        other.answer(player, dig, "B")
    assert len(questions) == drawn


@pytest.mark.parametrize("letters", ["A", "B", ""])
def test_void_gives_the_dig_back(evening: Evening, letters: str) -> None:
    evening.settle(digs_per_day=1)
    question, player = evening.ask(), evening.digger()
    dig = evening.dig(player)
    if letters:
        evening.answer(player, dig, letters)
    evening.correct(question)
    evening.ask()
    hunt = evening.hunt(player)
    assert (hunt["digs_left"], hunt["current_dig"]) == (1, None)
    assert evening.play(player, "B")["points"] == RIGHT
    assert player.ok("GET", f"{evening.path}/digs/{dig['id']}")["state"] == "voided"


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_voided_question_neither_feeds_nor_ends_a_streak(evening: Evening) -> None:
    evening.ask()
    player = evening.digger()
    evening.play(player, "B")
    bad = evening.ask()
    evening.play(player, "A")
    evening.correct(bad)
    assert evening.hunt(player)["streak"] == 1
    assert evening.play(player, "B")["streak"] == 2


def test_open_question_that_was_voided_cannot_be_answered(evening: Evening) -> None:
    question, player = evening.ask(), evening.digger()
    dig = evening.dig(player)
    evening.correct(question)
    before = evening.written()
    refused(evening.answering(player, dig, "B"), 409, "question_voided")
    assert evening.written() == before


def test_answer_to_a_voided_question_keeps_its_verdict(evening: Evening) -> None:
    question, player = evening.ask(), evening.digger()
    dig = evening.dig(player)
    first = evening.answer(player, dig, "B")
    evening.correct(question)
    again = evening.answer(player, dig, "B")
    assert (again["verdict"], again["points"], again["breakdown"]) == ("correct", 0, [])
    assert (first["corrected"], again["corrected"]) == (False, True)


def test_new_key_scores_everybody_anew(evening: Evening) -> None:
    question = evening.ask("A")
    phones = evening.diggers(4)
    for phone, letters in zip(phones, "ABCB", strict=True):
        evening.play(phone, letters)
    assert evening.correct(question, "B") == 3
    assert scores(evening, *phones) == [0, RIGHT, 0, RIGHT]
    to_wrong, to_right, unchanged, _ = (lines(evening, phone) for phone in phones)
    assert to_wrong == [("answer", RIGHT, True), ("reversal", -RIGHT, False)]
    assert to_right == [
        ("answer", 0, True),
        ("reversal", 0, False),
        ("correction", RIGHT, False),
    ]
    assert unchanged == [("answer", 0, False)]


@pytest.mark.parametrize(
    ("kind", "key", "new", "letters", "points"),
    [
        ("single", "A", "B", "B", RIGHT),
        ("single", "A", "B", "A", 0),
        ("multiple", "AB", "ABC", "CAB", RIGHT),
        ("multiple", "AB", "ABC", "AB", 0),
        ("multiple", "ABC", "D", "D", RIGHT),
        ("truefalse", "T", "F", "F", RIGHT),
        ("truefalse", "T", "F", "T", 0),
    ],
)
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_new_key_holds_for_answers_given_and_to_come(
    evening: Evening, kind: str, key: str, new: str, letters: str, points: int
) -> None:
    question = evening.ask(key, kind=kind)
    before, after = evening.diggers(2)
    dig, open_dig = evening.dig(before), evening.dig(after)
    evening.answer(before, dig, letters)
    evening.correct(question, new)
    assert evening.answer(before, dig, letters)["points"] == points
    assert evening.answer(after, open_dig, letters)["points"] == points
    assert scores(evening, before, after) == [points, points]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_answer_shows_the_new_verdict_and_key(evening: Evening) -> None:
    question, player = evening.ask("A"), evening.digger()
    dig = evening.dig(player)
    first = evening.answer(player, dig, "B")
    evening.correct(question, "B")
    result = player.ok("GET", f"{evening.path}/digs/{dig['id']}")["result"]
    assert (first["verdict"], result["verdict"]) == ("wrong", "correct")
    assert result["key"] == result["choice"] == first["choice"]
    assert (first["streak"], result["streak"]) == (0, 1)
    assert (first["corrected"], result["corrected"]) == (False, True)


def test_doing_it_twice_changes_nothing(evening: Evening) -> None:
    question = evening.ask("A")
    phones = evening.diggers(2)
    for phone, letters in zip(phones, "AB", strict=True):
        evening.play(phone, letters)
    for key, points in (("B", [0, RIGHT]), ("", [0, 0])):
        evening.correct(question, key)
        entries = ScoreEntry.select().count()
        assert evening.correct(question, key) == 0
        assert ScoreEntry.select().count() == entries
        assert scores(evening, *phones) == points


def test_void_after_a_new_key_and_back(evening: Evening) -> None:
    evening.settle(scoring="speed")
    question = evening.ask("A")
    phones = evening.diggers(3)
    for phone, letters in zip(phones, "ABA", strict=True):
        dig = evening.dig(phone)
        evening.clock.advance(7)
        evening.answer(phone, dig, letters)
    first, board = scores(evening, *phones), evening.board(phones[0])
    for key in ("B", "", "C", "", "A"):
        evening.correct(question, key)
        assert evening.differences() == []
    assert scores(evening, *phones) == first
    assert evening.board(phones[0]) == board
    assert evening.hunt(phones[0])["digs_left"] == 11


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_any_chain_of_corrections_ends_where_its_last_says(evening: Evening) -> None:
    rng = random.Random(20261122)
    question = evening.ask("A")
    phones = evening.diggers(4)
    for phone, letters in zip(phones, "ABCD", strict=True):
        evening.clock.advance(1)
        evening.play(phone, letters)
    for _ in range(15):
        key = rng.choice(["A", "B", "C", "D", ""])
        evening.correct(question, key)
        expected = [RIGHT if letters == key else 0 for letters in "ABCD"]
        assert scores(evening, *phones) == expected
        assert [evening.receipts(phone)["total_points"] for phone in phones] == expected


def test_tie_goes_to_who_answered_first_not_to_who_was_corrected_first(evening: Evening) -> None:
    question = evening.ask("A")
    phones = evening.diggers(3)
    digs = [evening.dig(phone) for phone in phones]
    order = (2, 0, 1)
    for place in order:
        evening.clock.advance(1)
        evening.answer(phones[place], digs[place], "B")
    evening.clock.advance(600)
    evening.correct(question, "B")
    ids = [evening.player_id(phones[place]) for place in order]
    rows = evening.host.ok("GET", f"/events/{evening.event['id']}/leaderboards/event")["rows"]
    assert [(row["rank"], row["id"]) for row in rows] == list(enumerate(ids, start=1))
    moments = {answer.player_id: answer.answered_at for answer in HuntAnswer.select()}
    reached = Standing.select().where(Standing.board == "event")
    assert {standing.player_id: standing.reached_at for standing in reached} == moments
    assert evening.differences() == []


def test_correction_gives_the_streak_that_was_due(evening: Evening) -> None:
    evening.ask("B")
    player = evening.digger()
    evening.play(player, "B"), evening.play(player, "B")
    bad = evening.ask("A")
    dig = evening.dig(player)
    evening.answer(player, dig, "B")
    evening.correct(bad, "B")
    result = player.ok("GET", f"{evening.path}/digs/{dig['id']}")["result"]
    assert result["breakdown"] == [
        {"rule": "correct", "points": RIGHT},
        {"rule": "streak", "points": 5},
    ]
    assert (result["streak"], evening.hunt(player)["streak"]) == (3, 3)
    assert scores(evening, player) == [3 * RIGHT + 5]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_correction_ends_the_streak_of_an_answer_that_was_wrong(evening: Evening) -> None:
    question, player = evening.ask("B"), evening.digger()
    evening.play(player, "B")
    evening.correct(question, "A")
    assert evening.hunt(player)["streak"] == 0
    assert evening.play(player, "A")["streak"] == 1


def test_public_still_sees_the_old_board_during_a_freeze(evening: Evening) -> None:
    question = evening.ask("A")
    first, second = evening.diggers(2)
    evening.play(first, "A"), evening.play(second, "B")
    frozen_board, receipts = evening.board(first), evening.receipts(first)
    evening.host_does("freeze")
    evening.clock.advance(1)
    evening.correct(question, "B")
    assert evening.board(first) == evening.board(second) == frozen_board
    assert [evening.points(phone) for phone in (first, second)] == [RIGHT, 0]
    assert evening.receipts(first) == {**receipts, "frozen": True}
    assert [points for _, _, points in evening.board(evening.host)] == [RIGHT, 0]
    assert evening.board(evening.host) != frozen_board
    assert evening.differences() == []


def test_reveal_shows_what_was_corrected_during_the_freeze(evening: Evening) -> None:
    question = evening.ask("A")
    first, second = evening.diggers(2)
    evening.play(first, "A"), evening.play(second, "B")
    evening.host_does("freeze")
    evening.clock.advance(1)
    evening.correct(question, "B")
    evening.host_does("reveal", step=11)
    assert scores(evening, first, second) == [0, RIGHT]
    assert evening.board(first) == evening.board(evening.host)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_correction_after_the_end_still_counts(evening: Evening) -> None:
    question, player = evening.ask("A"), evening.digger()
    evening.play(player, "B")
    evening.host_does("close")
    assert evening.correct(question, "B") == 1
    assert scores(evening, player) == [RIGHT]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_correction_holds_in_its_own_event_alone(evening: Evening) -> None:
    question, player = evening.ask("A"), evening.digger()
    evening.play(player, "A")
    other = evening.beside()
    other.centre.join(other.event, player)
    other.correct(question, "B")
    assert other.play(player, "B")["points"] == RIGHT
    assert [evening.points(player), other.points(player)] == [RIGHT, RIGHT]


@pytest.mark.parametrize(
    ("kind", "key"),
    [("single", "E"), ("single", "AB"), ("single", "T"), ("multiple", "AF"), ("truefalse", "A")],
)
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_key_that_the_question_does_not_offer_is_refused(
    evening: Evening, kind: str, key: str
) -> None:
    question = evening.ask({"single": "A", "multiple": "AB", "truefalse": "T"}[kind], kind=kind)
    player = evening.digger()
    evening.play(player, "F" if kind == "truefalse" else "C")
    before = evening.written()
    refused(evening.correcting(question, key), 422, "invalid")
    assert evening.written() == before


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_question_that_the_event_never_asks_cannot_be_corrected(evening: Evening) -> None:
    question = evening.ask()
    evening.settle(banks=["business"])
    refused(evening.correcting(question), 404, "not_found")
    assert Correction.select().count() == 0


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_only_hosts_correct(evening: Evening) -> None:
    question, player = evening.ask(), evening.digger()
    body = {"question_id": question.id, "action": "void", "reason": "我觉得不对"}
    refused(player.post(f"/events/{evening.event['id']}/corrections", body), 403, "forbidden")
    empty = {**body, "action": "rekey"}
    path = f"/events/{evening.event['id']}/corrections"
    refused(evening.host.post(path, empty), 422, "invalid")
    assert Correction.select().count() == 0


def test_player_reads_why_points_were_taken_back_and_given(evening: Evening) -> None:
    question = evening.ask()
    right, wrong = evening.diggers(2)
    evening.play(right, "B")
    evening.play(wrong, "A")
    evening.correct(question, "A")
    lines = [evening.receipts(phone)["items"][-1] for phone in (right, wrong)]
    assert [(line["reason"], line["note"]) for line in lines] == [
        ("reversal", "题目有误"),
        ("correction", "题目有误"),
    ]


def previewed(evening: Evening, question: Question, key: str = "") -> list[dict[str, Any]]:
    """Return whom a correction would change."""
    path = f"/events/{evening.event['id']}/corrections/preview"
    body: dict[str, Any] = {"question_id": question.id, "action": "void", "reason": "题目有误"}
    if key:
        body |= {"action": "rekey", "key": list(key)}
    players: list[dict[str, Any]] = evening.host.ok("POST", path, body)["players"]
    return players


def test_preview_names_points_and_ranks_before_and_after(evening: Evening) -> None:
    question = evening.ask()
    right, wrong, idle = evening.diggers(3)
    evening.play(right, "B"), evening.play(wrong, "A")
    changes = {change["player_id"]: change for change in previewed(evening, question, "A")}
    assert changes.keys() == {evening.player_id(right), evening.player_id(wrong)}
    loser = changes[evening.player_id(right)]
    assert (loser["before"], loser["after"]["points"]) == ({"points": RIGHT, "rank": 1}, 0)
    winner = changes[evening.player_id(wrong)]
    assert winner["after"] == {"points": RIGHT, "rank": 1}
    assert winner["before"]["points"] == 0
    assert idle is not None


def test_preview_writes_nothing(evening: Evening) -> None:
    question, player = evening.ask(), evening.digger()
    evening.play(player, "B")
    tables = (Correction, ScoreEntry, Standing, HuntAnswer, AuditLine)
    before = [list(table.select().dicts()) for table in tables]
    assert len(previewed(evening, question)) == 1
    assert [list(table.select().dicts()) for table in tables] == before
    assert scores(evening, player) == [RIGHT]


def test_correction_does_what_its_preview_said(evening: Evening) -> None:
    question = evening.ask()
    players = evening.diggers(3)
    for player, letters in zip(players, "BAC", strict=True):
        evening.play(player, letters)
    said = {
        change["player_id"]: change["after"]["points"]
        for change in previewed(evening, question, "C")
    }
    evening.correct(question, "C")
    assert scores(evening, *players) == [said.get(evening.player_id(p), 0) for p in players]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_preview_refuses_what_the_correction_refuses(evening: Evening) -> None:
    question = evening.ask(options=3)
    path = f"/events/{evening.event['id']}/corrections/preview"
    body = {"question_id": question.id, "action": "rekey", "key": ["D"], "reason": "x"}
    refused(evening.host.post(path, body), 422, "invalid")
    refused(evening.host.post(path, {**body, "question_id": 999_999}), 404, "not_found")


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_lines_of_corrections_say_what_held_before(evening: Evening) -> None:
    question = evening.ask()
    evening.correct(question, "A")
    evening.correct(question)
    line = AuditLine.select().order_by(AuditLine.id.desc()).get()
    assert line.detail["before"] == {"action": "rekey", "key": ["A"]}
    assert line.detail["after"] == {"action": "void", "key": []}
