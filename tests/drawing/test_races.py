"""Concurrent actions, and two processes that advance one game: unique effects happen once, on both
databases."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from flask import Flask

from backend.activities.drawing.models import (
    DrawingGame,
    DrawingGuess,
    DrawingInk,
    DrawingReport,
    DrawingRoom,
    DrawingSeat,
    DrawingTurn,
    DrawingVote,
)
from backend.activities.drawing.play import DrawingPlay
from backend.scoring.models import ScoreEntry, Standing
from tests.drawing.evening import Evening
from tests.support import at_once


@pytest.fixture
def workers(evening: Evening, app: Flask) -> list[Callable[[], None]]:
    """Return what several processes call, each with collaborators of its own."""

    def worker() -> Callable[[], None]:
        play = DrawingPlay(
            app.extensions["linka.scores"], evening.feed, app.extensions["linka.redis"]
        )

        def advance() -> None:
            try:
                play.advance(evening.activity_id, evening.clock.now())
            finally:
                evening.database.release()

        return advance

    return [worker() for _ in range(6)]


def differences(evening: Evening) -> list[tuple[int, int]]:
    """Return (standing, entries) of players for whom they differ."""
    earned: Counter[int] = Counter()
    for entry in ScoreEntry.select():
        earned[entry.player_id] += entry.points
    rows = Standing.select().where(Standing.board == "event")
    return [
        (row.points, earned[row.player_id]) for row in rows if row.points != earned[row.player_id]
    ]


def test_turn_is_scored_once_by_many_workers(evening: Evening, workers: list[Any]) -> None:
    turn = evening.drawing(4)
    guessers = evening.guessers(turn)
    for player_id in guessers:
        evening.guess(player_id, turn)
    evening.all_here()
    at_once(workers)
    assert set(evening.entries()) == {
        f"drawing:{turn.id}:{player_id}" for player_id in (turn.drawer_id, *guessers)
    }
    assert DrawingTurn.get_by_id(turn.id).ending == "all_guessed"
    assert differences(evening) == []
    assert len(evening.told("gain")) == 4


def test_next_turn_begins_once(evening: Evening, workers: list[Any]) -> None:
    evening.drawing(4, room_size=2)
    evening.later(90, here=False)
    evening.clock.advance(6)
    evening.all_here()
    at_once(workers)
    numbers = Counter(turn.room_id for turn in DrawingTurn.select())
    assert sorted(numbers.values()) == [2, 2]
    offered = [offer["text"] for turn in DrawingTurn.select() for offer in turn.offers]
    assert len(set(offered)) == 12


def test_whole_game_by_many_workers(evening: Evening, workers: list[Any]) -> None:
    evening.begin(3)
    for _ in range(3):
        turn = evening.turn()
        evening.all_here()
        evening.choose(turn)
        calls = [partial(evening.guess, player, turn) for player in evening.guessers(turn)]
        at_once([*calls, *workers])
        at_once(workers)
        evening.clock.advance(6)
        evening.all_here()
        at_once(workers)
    assert DrawingTurn.select().count() == 3
    assert DrawingGame.get().ended_at is not None
    assert len(evening.entries()) == 9
    assert differences(evening) == []


def test_guesses_at_once_get_places_in_order(evening: Evening) -> None:
    turn = evening.drawing(8)
    calls = [partial(evening.guess, player, turn) for player in evening.guessers(turn)]
    answers = [answer.json or {} for answer in at_once(calls * 3)]
    assert Counter(answer["place"] for answer in answers) == dict.fromkeys(range(1, 8), 3)
    assert DrawingGuess.select().count() == 7
    assert len(evening.told("drawing.guessed")) == 7
    evening.later(0.1)
    told = {
        (guess.place, guess.points)
        for guess in map(_Told, evening.look(turn.drawer_id)["turn"]["guessed"])
    }
    assert told == {(answer["place"], answer["points"]) for answer in answers}


class _Told:
    """A line of who guessed."""

    def __init__(self, line: dict[str, Any]) -> None:
        self.place, self.points = line["place"], line["points"]


def test_guess_that_races_the_end_counts_wholly_or_not(
    evening: Evening, workers: list[Any]
) -> None:
    turn = evening.drawing(4)
    guessers = evening.guessers(turn)
    evening.later(7), evening.later(7)
    for _ in range(9):
        evening.later(7)
    evening.clock.advance(2.999)
    evening.all_here()
    late = evening.clock.now() + 1

    def ends() -> None:
        try:
            evening.play.advance(evening.activity_id, late)
        finally:
            evening.database.release()

    answers = at_once([*(partial(evening.guess, player, turn) for player in guessers), ends, ends])
    guessed = {
        player
        for player, answer in zip(guessers, answers, strict=False)
        if answer.status_code == 200
    }
    assert {answer.status_code for answer in answers[:3]} <= {200, 409}
    scored = {int(source.rpartition(":")[2]) for source in evening.entries()}
    assert scored - {turn.drawer_id} == guessed
    assert {guess.player_id for guess in DrawingGuess.select()} == guessed
    assert differences(evening) == []


def test_beginning_at_once_deals_once(evening: Evening) -> None:
    evening.join(6)
    at_once([partial(evening.host.post, f"{evening.path}/begin")] * 5)
    assert (DrawingGame.select().count(), DrawingRoom.select().count()) == (1, 1)
    assert DrawingSeat.select().count() == 6
    assert DrawingTurn.select().count() == 1


def test_late_joiners_are_seated_once(evening: Evening, workers: list[Any]) -> None:
    evening.begin(2)
    evening.join(3)
    at_once(workers)
    assert DrawingSeat.select().count() == 5
    assert sorted(seat.position for seat in DrawingSeat.select()) == [0, 1, 2, 3, 4]


def test_choice_and_the_servers_pick_race(evening: Evening, workers: list[Any]) -> None:
    turn = evening.begin(3)
    evening.clock.advance(9.999)
    evening.all_here()
    now = evening.clock.now()
    choices = [partial(evening.choose, turn, choice) for choice in range(3)]

    def picks() -> None:
        try:
            evening.play.advance(evening.activity_id, now + 1)
        finally:
            evening.database.release()

    answers = at_once([*choices, picks, picks])
    chosen = [answer.json["prompt"] for answer in answers[:3] if answer.status_code == 200]
    assert len(chosen) <= 1 and DrawingTurn.get_by_id(turn.id).choice is not None
    if chosen:
        assert evening.answer(turn) == chosen[0]["text"]


def test_strokes_at_once_are_added_once(evening: Evening) -> None:
    turn = evening.drawing(3)
    answers = at_once([partial(evening.draw, turn, 0)] * 10)
    assert {answer.json["count"] for answer in answers} == {1}
    assert len(evening.look(turn.drawer_id)["turn"]["ops"]) == 1
    assert len(evening.told("drawing.strokes")) == 1


def test_strokes_are_kept_once_by_many_workers(evening: Evening, workers: list[Any]) -> None:
    turn = evening.drawing(3)
    evening.draw(turn, 0), evening.draw(turn, 1)
    at_once(workers)
    evening.draw(turn, 2)
    evening.clock.advance(1)
    at_once(workers)
    rows = DrawingInk.select().order_by(DrawingInk.first)
    assert [(row.first, row.after, len(row.ops)) for row in rows] == [(0, 2, 2), (2, 3, 1)]


def test_reports_at_once_void_once(evening: Evening) -> None:
    turn = evening.drawing(5)
    guessers = evening.guessers(turn)
    evening.guess(guessers[0], turn)
    answers = at_once([partial(evening.post, player, turn, "reports") for player in guessers])
    ended = DrawingTurn.get_by_id(turn.id)
    assert ended.ending == "voided"
    assert evening.entries() == {}
    assert any(answer.status_code == 200 and answer.json["voided"] for answer in answers)
    assert DrawingReport.select().count() >= 3


def test_votes_at_once_count_once(evening: Evening) -> None:
    evening.begin(3)
    turns = []
    for _ in range(3):
        turns.append(evening.turn())
        evening.all_here()
        evening.choose(turns[-1])
        for player_id in evening.guessers(turns[-1]):
            evening.guess(player_id, turns[-1])
        evening.later(0.1)
        evening.later(6)
    voter = turns[0].drawer_id
    calls = [partial(evening.post, voter, turn, "votes") for turn in turns[1:]] * 4
    answers = at_once(calls)
    assert Counter(answer.status_code for answer in answers) == {200: 4, 409: 4}
    assert DrawingVote.select().count() == 1
