"""The stub's drawings, its rules of 你画我猜, and its recount."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniprogram_stub.live.drawing import count_all, turns_in, watch
from miniprogram_stub.live.guesser import by_hand, misspelt
from miniprogram_stub.live.journal import LiveJournal
from miniprogram_stub.live.parts import subject
from miniprogram_stub.live.sketches import (
    BATCHES_PER_MESSAGE,
    COLOURS,
    HEIGHT,
    WIDTH,
    WIDTHS,
    encoded,
    portion,
    sketch,
)
from miniprogram_stub.live.turns import RightGuess, SeenTurn, count, drawer_points, guess_points
from miniprogram_stub.recount import FinalBoard, ReceiptLine, Statement, recount

SINCE = 1_700_000_000_000
DRAWER, ANNE, BELA = 1, 2, 3


# --- drawing


def decoded(flat: list[int]) -> list[tuple[int, int]]:
    points, x, y = [], 0, 0
    for dx, dy in zip(flat[::2], flat[1::2], strict=True):
        x, y = x + dx, y + dy
        points.append((x, y))
    return points


@given(st.integers())
def test_every_operation_of_a_sketch_may_be_drawn(seed: int) -> None:
    ops = sketch(Random(seed))
    assert any(op["op"] == "draw" for op in ops)
    for op in ops:
        match op["op"]:
            case "draw":
                assert op["colour"] in range(COLOURS) and op["width"] in range(WIDTHS)
                points = decoded(op["points"])
                assert points and all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in points)
            case "fill":
                assert 0 <= op["x"] <= WIDTH and 0 <= op["y"] <= HEIGHT
            case kind:
                assert kind in ("undo", "clear") and len(op) == 1


@given(st.integers())
def test_batches_of_a_stroke_go_on_where_the_last_one_ended(seed: int) -> None:
    ops = [op for op in sketch(Random(seed)) if op["op"] == "draw"]
    for before, after in zip(ops, ops[1:], strict=False):
        if before["stroke"] == after["stroke"]:
            assert decoded(before["points"])[-1] == decoded(after["points"])[0]


@given(st.integers())
def test_portions_carry_a_whole_sketch_in_its_order(seed: int) -> None:
    ops, sent = sketch(Random(seed)), []
    while len(sent) < len(ops):
        some = portion(ops, len(sent))
        assert len(some) == 1 or {op["op"] for op in some} == {"draw"}
        assert 1 <= len(some) <= BATCHES_PER_MESSAGE
        sent += some
    assert sent == ops


def test_points_travel_as_differences() -> None:
    assert encoded([(10, 20), (13, 18), (13, 19)]) == [10, 20, 3, -2, 0, 1]


def test_a_word_is_typed_in_several_ways() -> None:
    assert [by_hand("5G流量", style) for style in range(4)] == [
        "5G流量",
        " 5G流量！",
        "5 G 流 量",
        "５Ｇ流量",
    ]
    assert misspelt("兔子") == "兔子儿"


# --- points


def test_points_fall_from_a_hundred_to_twenty() -> None:
    assert [guess_points(0, 20_000, place) for place in (1, 2, 3, 4)] == [100, 90, 85, 80]
    assert guess_points(10_000, 20_000, 4) == 50
    assert guess_points(20_000, 20_000, 4) == guess_points(99_000, 20_000, 9) == 20
    assert guess_points(1, 20_000, 4) == 79


@given(st.lists(st.integers(20, 100), min_size=1))
def test_the_drawer_earns_between_the_least_and_the_most(guessers: list[int]) -> None:
    assert min(guessers) <= drawer_points(guessers) <= max(guessers)


def test_the_mean_is_rounded_half_up() -> None:
    assert [drawer_points(some) for some in ([], [50], [50, 51], [50, 50, 51])] == [0, 50, 51, 50]


# --- a turn

FIRST = RightGuess(ANNE, 1, guess_points(5_000, 20_000, 1), SINCE + 5_000)
SECOND = RightGuess(BELA, 2, guess_points(8_000, 20_000, 2), SINCE + 8_000)
TURN = SeenTurn(DRAWER, SINCE, 20_000, False, (FIRST, SECOND))


def test_a_turn_brings_guessers_theirs_and_the_drawer_the_mean() -> None:
    found = count(TURN)
    assert found.points == {ANNE: 85, BELA: 66, DRAWER: 76}
    assert not found.wrong


def test_a_void_turn_and_one_without_a_guess_bring_nothing() -> None:
    void = replace(TURN, is_void=True, hits=tuple(replace(hit, at=None) for hit in TURN.hits))
    assert count(void).points == count(replace(TURN, hits=())).points == {}
    assert not count(void).wrong


def test_a_guess_that_was_never_heard_of_counts_as_the_ledger_has_it() -> None:
    found = count(replace(TURN, hits=(FIRST, replace(SECOND, place=None))))
    assert found.points == {ANNE: 85, BELA: 66, DRAWER: 76} and not found.wrong


@pytest.mark.parametrize(
    ("hits", "who"),
    [
        ((replace(FIRST, points=84), SECOND), ANNE),
        ((replace(FIRST, place=3), replace(SECOND, place=None, points=1)), BELA),
        ((replace(FIRST, at=SINCE - 1),), ANNE),
        ((replace(FIRST, at=SINCE + 20_001),), ANNE),
        ((FIRST, replace(FIRST, player_id=BELA)), DRAWER),
        ((SECOND,), DRAWER),
        ((replace(FIRST, player_id=DRAWER),), DRAWER),
    ],
)
def test_what_cannot_be_is_found(hits: tuple[RightGuess, ...], who: int) -> None:
    assert who in dict(count(replace(TURN, hits=hits)).wrong)


# --- an evening, made up


def iso(moment: int) -> str:
    return datetime.fromtimestamp(moment / 1000, UTC).isoformat(timespec="milliseconds")


def game(phase: str = "drawing", ending: str | None = None) -> dict[str, Any]:
    turn = {"turn_id": 7, "drawer": {"id": DRAWER}, "phase": phase, "ending": ending}
    line = {"room": 1, "turn": {**turn, "since": iso(SINCE)}}
    return {"draw_seconds": 20, "rooms": [line, {"room": 2, "turn": None}]}


@pytest.fixture
def evening() -> "MadeUp":
    return MadeUp()


class MadeUp:
    """Three phones, what they heard, and a ledger to compare it with."""

    def __init__(self) -> None:
        self.journal = LiveJournal()
        self.ledger: dict[int, dict[str, tuple[int, int]]] = {DRAWER: {}, ANNE: {}, BELA: {}}
        self.votes: dict[int, int] = {}
        watch(self.journal, "anne", game())

    def guesses(self, hit: RightGuess, *, heard: bool = True) -> None:
        name, source = str(hit.player_id), f"drawing:7:{hit.player_id}"
        self.journal.sent(name, source)
        if heard:
            told = {"place": hit.place, "points": hit.points}
            self.journal.acknowledged(name, source, told)

    def awards(self, player_id: int, points: int, at: int = SINCE) -> None:
        self.ledger[player_id][f"drawing:7:{player_id}"] = (points, at)

    def kinds(self) -> list[tuple[str, str]]:
        count_all([self._phone(player_id) for player_id in self.ledger], {})
        statements = [self._statement(player_id) for player_id in self.ledger]
        board = FinalBoard([], 0)
        found = [item for item in recount(self.journal, statements, board) if not item.may_settle]
        return sorted((item.kind, item.phone) for item in found)

    def _phone(self, player_id: int) -> Any:
        seat = SimpleNamespace(event_id=5, player_id=player_id)
        return SimpleNamespace(
            name=str(player_id),
            seat=seat,
            player_id=player_id,
            parts={7: None},
            journal=self.journal,
            path="/drawings/6",
            program=SimpleNamespace(get=self._answers(player_id)),
            voter=SimpleNamespace(source=f"drawing-vote:6:{player_id}"),
        )

    def _answers(self, player_id: int) -> Callable[[str], Any]:
        receipts = [
            {"source": source, "points": points, "earned_at": iso(at)}
            for source, (points, at) in self.ledger[player_id].items()
        ]
        gallery = [{"turn_id": turn_id, "votes": votes} for turn_id, votes in self.votes.items()]
        pages = {"/events/5/receipts": receipts, "/drawings/6/gallery": gallery}
        return lambda path: {"items": pages[path]}

    def _statement(self, player_id: int) -> Statement:
        entries = [
            ReceiptLine(source, points) for source, (points, _) in self.ledger[player_id].items()
        ]
        total = sum(entry.points for entry in entries)
        return Statement(str(player_id), player_id, tuple(entries), total, total)


def test_an_evening_in_order_has_no_differences(evening: MadeUp) -> None:
    for hit in (FIRST, SECOND):
        evening.guesses(hit)
        evening.awards(hit.player_id, hit.points, hit.at or 0)
    evening.awards(DRAWER, 76)
    assert evening.kinds() == []


def test_an_acknowledged_guess_must_be_in_the_ledger(evening: MadeUp) -> None:
    evening.guesses(FIRST)
    evening.awards(DRAWER, 85)
    assert evening.kinds() == [("missing", str(ANNE))]


def test_the_drawer_must_have_the_mean_and_nobody_anything_else(evening: MadeUp) -> None:
    evening.guesses(FIRST)
    evening.awards(ANNE, FIRST.points, FIRST.at or 0)
    evening.awards(BELA, 20)
    evening.awards(DRAWER, 84)
    assert evening.kinds() == [("unexpected", str(BELA)), ("wrong_points", str(DRAWER))]


def test_a_guess_without_an_answer_counts_or_not(evening: MadeUp) -> None:
    evening.guesses(FIRST)
    evening.awards(ANNE, FIRST.points, FIRST.at or 0)
    evening.guesses(SECOND, heard=False)
    evening.awards(DRAWER, 85)
    assert evening.kinds() == []
    evening.awards(BELA, SECOND.points, SECOND.at or 0)
    evening.awards(DRAWER, 76)
    assert evening.kinds() == []


def test_nobody_has_anything_of_a_void_turn(evening: MadeUp) -> None:
    evening.guesses(FIRST)
    evening.guesses(SECOND, heard=False)
    watch(evening.journal, "host", game("over", "voided"))
    assert evening.kinds() == []
    evening.awards(BELA, SECOND.points, SECOND.at or 0)
    assert evening.kinds() == [("unexpected", str(BELA))]


def test_votes_that_were_acknowledged_are_counted(evening: MadeUp) -> None:
    evening.votes = {7: 1}
    evening.journal.acknowledged(str(ANNE), f"drawing-vote:6:{ANNE}", 7)
    evening.journal.sent(str(BELA), f"drawing-vote:6:{BELA}")
    assert evening.kinds() == []
    evening.votes = {7: 3}
    assert evening.kinds() == [("contradiction", "")]


def test_what_is_seen_of_a_turn_is_noted_and_does_not_change(evening: MadeUp) -> None:
    assert evening.journal.known(subject(7, "since")) == SINCE
    assert evening.journal.known(subject(7, "draw_ms")) == 20_000
    watch(evening.journal, "bela", game())
    assert not evening.journal.contradicted()
    evening.journal.learns("bela", subject(7, "drawer"), ANNE)
    assert [phone for phone, _ in evening.journal.contradicted()] == ["bela"]


def test_a_hall_is_one_room() -> None:
    turn = game()["rooms"][0]["turn"]
    assert list(turns_in({"turn": turn})) == [(1, turn)]
    assert list(turns_in({"turn": None})) == []
