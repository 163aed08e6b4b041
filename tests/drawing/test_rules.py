"""Points, phases, drawers, prompts: tables and properties."""

import csv
import random
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.activities.drawing import guessing, rules
from backend.activities.drawing.rules import (
    CHOOSE_MS,
    CHOOSING,
    DRAWING,
    GRACE_MS,
    NEVER,
    OVER,
    TIME,
    VANISHED,
    VOIDED,
    DrawerSeat,
    Prompt,
    TurnFacts,
    TurnState,
    deal,
    drawer_points,
    earned,
    guess_points,
    is_majority,
    moment_after,
    next_drawer,
    prompts,
    turn_state,
)
from backend.events.lifecycle import played_ms

DRAW_MS = 80_000
PACK = Path(__file__).parents[2] / "fixtures" / "words" / "everyday.csv"
WORDS = [Prompt(f"词{number}", "类", number % 3 + 1) for number in range(12)]
PAUSES = st.lists(st.integers(0, 200_000), max_size=6).map(
    lambda moments: [list(pair) for pair in zip(*[iter(sorted(set(moments)))] * 2, strict=False)]
)


def turn(**facts: int | None) -> TurnFacts:
    """Return a turn that began at 0."""
    return TurnFacts(
        **{
            "began_at": 0,
            "chosen_at": None,
            "ended_at": None,
            "ending": None,
            "draw_ms": DRAW_MS,
            **facts,
        }
    )  # type: ignore[arg-type]


# --- points


@pytest.mark.parametrize(
    ("used_ms", "place", "points"),
    [(0, 1, 100), (0, 4, 80), (40_000, 1, 70), (40_000, 2, 60), (40_000, 3, 55), (80_000, 9, 20)],
)
def test_guess_earns_by_time_and_place(used_ms: int, place: int, points: int) -> None:
    assert guess_points(used_ms, DRAW_MS, place) == points


@given(st.integers(-1000, 200_000), st.integers(1, 1000), st.integers(0, 50_000), st.integers(0, 5))
def test_earlier_guess_never_earns_less(used: int, place: int, later: int, behind: int) -> None:
    points = guess_points(used, DRAW_MS, place)
    assert 0 < guess_points(used + later, DRAW_MS, place + behind) <= points


@pytest.mark.parametrize(
    ("guessers", "points"), [([], 0), ([100], 100), ([100, 55], 78), ([20, 20, 21], 20)]
)
def test_drawer_earns_the_mean(guessers: list[int], points: int) -> None:
    assert drawer_points(guessers) == points


def test_turn_earns_for_guessers_and_drawer() -> None:
    assert earned(9, [(1, 0), (2, 40_000)], DRAW_MS, TIME) == {1: 100, 2: 60, 9: 80}


def test_vanished_drawer_harms_nobody() -> None:
    assert earned(9, [(1, 0)], DRAW_MS, VANISHED) == {1: 100, 9: 100}


@pytest.mark.parametrize("ending", [TIME, VANISHED, VOIDED])
def test_nobody_guessed_and_nobody_earns(ending: str) -> None:
    assert earned(9, [], DRAW_MS, ending) == {}


def test_void_turn_earns_nothing() -> None:
    assert earned(9, [(1, 0), (2, 10)], DRAW_MS, VOIDED) == {}


@given(st.dictionaries(st.integers(1, 50), st.integers(0, 90_000), max_size=12))
def test_points_are_never_negative_and_the_drawer_lies_between(used: dict[int, int]) -> None:
    points = earned(99, sorted(used.items(), key=lambda item: item[1]), DRAW_MS, TIME)
    guessers = [points[player] for player in used]
    assert all(value > 0 for value in points.values())
    assert not guessers or min(guessers) <= points[99] <= max(guessers)


@pytest.mark.parametrize(
    ("reports", "present", "void"),
    [(0, 1, False), (1, 2, False), (2, 3, True), (1, 1, True), (2, 4, False)],
)
def test_majority(reports: int, present: int, void: bool) -> None:
    assert is_majority(reports, present) is void


# --- phases


@pytest.mark.parametrize(
    ("facts", "now", "expected"),
    [
        ({}, 0, TurnState(CHOOSING, 0, CHOOSE_MS)),
        ({}, 9_999, TurnState(CHOOSING, 0, 1)),
        ({}, 10_000, TurnState(DRAWING, 10_000, DRAW_MS)),
        ({}, 90_000, TurnState(OVER, 90_000, 0, DRAW_MS, TIME)),
        ({"chosen_at": 4_000}, 5_000, TurnState(DRAWING, 4_000, 79_000, 1_000)),
        ({"chosen_at": 4_000}, 84_000, TurnState(OVER, 84_000, 0, DRAW_MS, TIME)),
        ({"seen_at": 1_000}, 8_999, TurnState(CHOOSING, 0, 1_001)),
        ({"seen_at": 1_000}, 9_000, TurnState(OVER, 9_000, 0, 0, VANISHED)),
        ({"seen_at": -60_000}, 7_999, TurnState(CHOOSING, 0, 2_001)),
        ({"seen_at": -60_000}, 8_000, TurnState(OVER, 8_000, 0, 0, VANISHED)),
        (
            {"chosen_at": 4_000, "seen_at": 20_000},
            30_000,
            TurnState(OVER, 28_000, 0, 24_000, VANISHED),
        ),
        (
            {"chosen_at": 4_000, "ended_at": 10_000, "ending": VOIDED},
            99_000,
            TurnState(OVER, 10_000, 0, 6_000, VOIDED),
        ),
    ],
)
def test_state_of_a_turn(facts: dict[str, int], now: int, expected: TurnState) -> None:
    assert turn_state(turn(**facts), [], now) == expected


@pytest.mark.parametrize("now", [5_000, 1_000_000])
def test_pause_stops_every_clock(now: int) -> None:
    paused = [[5_000, None]]
    assert turn_state(turn(seen_at=1_000), paused, now) == TurnState(CHOOSING, 0, 5_000)
    assert turn_state(turn(chosen_at=1_000), paused, now).left_ms == DRAW_MS - 4_000


def test_time_goes_on_after_a_pause() -> None:
    pauses = [[5_000, 65_000]]
    assert turn_state(turn(), pauses, 69_999).phase == CHOOSING
    assert turn_state(turn(), pauses, 70_000) == TurnState(DRAWING, 70_000, DRAW_MS)
    assert turn_state(turn(seen_at=4_000), pauses, 71_999).phase != OVER
    assert turn_state(turn(seen_at=4_000), pauses, 72_000).ending == VANISHED


@given(PAUSES, st.integers(0, 100_000), st.integers(0, 100_000))
def test_moment_after_is_when_so_much_was_played(
    pauses: list[list[int]], since: int, ms: int
) -> None:
    moment = moment_after(pauses, since, ms)
    assert played_ms(pauses, since, moment) == ms
    assert ms == 0 or played_ms(pauses, since, moment - 1) < ms


def test_moment_after_a_pause_without_end_is_never() -> None:
    assert moment_after([[5, None]], 0, 10) == NEVER
    assert moment_after([[5, None]], 0, 5) == 5


@given(
    PAUSES,
    st.none() | st.integers(0, 9_999),
    st.none() | st.integers(-9_000, 50_000),
    st.lists(st.integers(0, 400_000), min_size=2, max_size=8),
)
def test_phases_only_go_forward(
    pauses: list[list[int]], chosen: int | None, seen: int | None, moments: list[int]
) -> None:
    facts = turn(chosen_at=chosen, seen_at=seen)
    since = max(chosen or 0, 0)
    states = [turn_state(facts, pauses, now) for now in sorted(moments) if now >= since]
    order = [(CHOOSING, DRAWING, OVER).index(state.phase) for state in states]
    assert order == sorted(order)
    assert all(state.left_ms >= 0 and 0 <= state.used_ms <= DRAW_MS for state in states)
    assert len({(s.since, s.ending) for s in states if s.phase == OVER}) <= 1


# --- rooms and drawers


@given(st.sets(st.integers(1, 5000), max_size=60), st.integers(2, 12), st.integers())
def test_everybody_gets_one_room_of_nearly_the_same_size(
    players: set[int], most: int, seed: int
) -> None:
    rooms = deal(list(players), most, random.Random(seed))
    assert Counter(player for room in rooms for player in room) == Counter(players)
    sizes = [len(room) for room in rooms]
    assert max(sizes) <= most and max(sizes) - min(sizes) <= 1
    assert len(players) < 3 or min(sizes) >= 2 or most == 2


@pytest.mark.parametrize(
    ("seats", "rounds", "drawer"),
    [
        ([], 1, None),
        ([DrawerSeat(1, 0, 0, True), DrawerSeat(2, 1, 0, True)], 1, 1),
        ([DrawerSeat(1, 0, 1, True), DrawerSeat(2, 1, 0, True)], 1, 2),
        ([DrawerSeat(1, 0, 0, False), DrawerSeat(2, 1, 0, True)], 1, 2),
        ([DrawerSeat(1, 0, 0, False), DrawerSeat(2, 1, 1, True)], 1, 1),
        ([DrawerSeat(1, 0, 1, True), DrawerSeat(2, 1, 1, True)], 1, None),
        ([DrawerSeat(1, 0, 1, True), DrawerSeat(2, 1, 1, True)], None, 1),
        ([DrawerSeat(2, 1, 1, True), DrawerSeat(1, 0, 1, True)], 2, 1),
    ],
)
def test_next_drawer(seats: list[DrawerSeat], rounds: int | None, drawer: int | None) -> None:
    assert next_drawer(seats, rounds) == drawer


# --- prompts


@given(st.integers(), st.sets(st.sampled_from([word.text for word in WORDS]), max_size=3))
def test_three_prompts_of_different_difficulty_not_drawn_before(seed: int, used: set[str]) -> None:
    chosen = prompts(WORDS, used, {}, random.Random(seed))
    assert [word.difficulty for word in chosen] == [1, 2, 3]
    assert not {word.text for word in chosen} & used


@given(st.integers(), st.sets(st.sampled_from([word.text for word in WORDS]), max_size=9))
def test_words_drawn_before_do_not_come_again_while_others_are_left(
    seed: int, used: set[str]
) -> None:
    chosen = prompts(WORDS, used, {}, random.Random(seed))
    assert len({word.text for word in chosen}) == 3
    assert not {word.text for word in chosen} & used


def test_words_come_again_when_none_is_left() -> None:
    assert len(prompts(WORDS, {word.text for word in WORDS}, {}, random.Random(1))) == 3


def test_words_offered_least_come_first() -> None:
    offered = {word.text: 1 for word in WORDS[3:]}
    assert {word.text for word in prompts(WORDS, set(), offered, random.Random(1))} == {
        word.text for word in WORDS[:3]
    }


def test_few_words_are_better_than_none() -> None:
    assert prompts(WORDS[:1], set(), {}, random.Random(1)) == WORDS[:1]
    assert prompts([], set(), {}, random.Random(1)) == []


def test_grace_is_shorter_than_the_choice() -> None:
    assert GRACE_MS < CHOOSE_MS
    assert rules.reveal_ms(had_prompt=True) > rules.reveal_ms(had_prompt=False)


# --- programs that try a list of words


@pytest.mark.parametrize(
    ("wrong", "wait_ms"), [(0, 0), (4, 0), (5, 500), (6, 1000), (10, 3000), (20, 8000), (99, 8000)]
)
def test_wait_grows_with_wrong_guesses(wrong: int, wait_ms: int) -> None:
    assert rules.guess_wait_ms(wrong) == wait_ms


def test_program_with_the_list_of_words_needs_half_of_the_time_in_the_median() -> None:
    words = [
        (row["词语"], row["类别"])
        for row in csv.DictReader(PACK.read_text(encoding="utf-8-sig").splitlines())
    ]
    needed = sorted(seconds_to_find(words, *word) for word in words)
    assert needed[len(needed) // 2] >= 40


def seconds_to_find(words: list[tuple[str, str]], answer: str, category: str) -> float:
    """Return how long a program takes that tries, as fast as it may, all words that fit the hints."""
    now, wrong, tried = 0, 0, set[str]()
    while now < DRAW_MS:
        told = guessing.hints(answer, category, now / DRAW_MS, 0)
        fit = [
            word
            for word, of in words
            if word not in tried and guessing.hints(word, of, now / DRAW_MS, 0) == told
        ]
        if fit[0] == answer:
            return now / 1000
        tried.add(fit[0])
        wrong += 1
        now += max(rules.guess_wait_ms(wrong), 334)
    return DRAW_MS / 1000
