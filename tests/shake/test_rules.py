"""The rules of the shake: accepted counts, places, winners, points."""

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.activities.shake import rules
from backend.activities.shake.rules import PlayedRound, RoundPoints, Shaker
from backend.scoring import ranking

TERMS = RoundPoints(
    points_by_place=[50, 40, 30],
    team_points_by_place=[30, 20],
    draw_points=25,
    participation_points=5,
    team_minimum=1,
)
SEED = "00ff"

counts = st.integers(0, 1_000_000)
moments = st.integers(-10_000, 400_000)
reports = st.lists(st.tuples(counts, st.sampled_from(rules.HOW), moments), max_size=20)
shakers = st.lists(
    st.builds(
        Shaker,
        st.integers(1, 200),
        st.none() | st.integers(1, 5),
        st.integers(1, 40),
        st.booleans(),
    ),
    max_size=30,
    unique_by=lambda one: one.player_id,
)
games = st.builds(
    PlayedRound,
    st.sampled_from(rules.MODES),
    st.text("0123456789abcdef", min_size=1),
    st.integers(1, 5),
    st.integers(1, 20),
)
tables = st.lists(st.integers(0, 100), max_size=6).map(lambda table: sorted(table, reverse=True))
terms = st.builds(
    RoundPoints, tables, tables, st.integers(0, 100), st.integers(0, 20), st.integers(1, 4)
)


def value(report: tuple[int, str, int]) -> int:
    """Return what a report is worth in a round of thirty seconds."""
    count, how, played_ms = report
    return rules.accepted(count, rules.PERCENT[how], 8, played_ms, 30)


def folded(received: list[tuple[int, str, int]]) -> int:
    """Return a player's count after these reports."""
    return max((value(report) for report in received), default=0)


@pytest.mark.parametrize(
    ("count", "percent", "played_ms", "expected"),
    [
        (0, 100, 10_000, 0),
        (30, 100, 10_000, 30),
        (80, 100, 10_000, 80),
        (81, 100, 10_000, 80),
        (500, 100, 10_125, 81),
        (500, 100, 10_124, 80),
        (5, 100, 0, 0),
        (5, 100, -1, 0),
        (1000, 100, 30_000, 240),
        (1000, 100, 31_500, 240),
        (40, 125, 10_000, 50),
        (3, 125, 10_000, 3),
        (20, 300, 10_000, 60),
        (100, 300, 10_000, 80),
    ],
)
def test_report_is_worth_no_more_than_the_cap(
    count: int, percent: int, played_ms: int, expected: int
) -> None:
    assert rules.accepted(count, percent, 8, played_ms, 30) == expected


@given(counts, st.integers(100, 1000), st.integers(1, 20), moments, st.integers(5, 300))
def test_cap_holds_always(count: int, percent: int, cap: int, played: int, seconds: int) -> None:
    accepted = rules.accepted(count, percent, cap, played, seconds)
    assert 0 <= accepted <= cap * seconds
    assert accepted * 1000 <= max(cap * played, 0)


@given(reports, st.randoms(use_true_random=False))
def test_order_and_repeats_change_nothing(
    received: list[tuple[int, str, int]], rng: object
) -> None:
    again = received + received
    rng.shuffle(again)  # type: ignore[attr-defined]
    assert folded(again) == folded(received)


@given(reports, st.tuples(counts, st.sampled_from(rules.HOW), moments))
def test_another_report_never_costs_anything(
    received: list[tuple[int, str, int]], more: tuple[int, str, int]
) -> None:
    assert folded([*received, more]) >= folded(received)


@pytest.mark.parametrize(
    ("count", "how", "played_ms", "rate"),
    [
        (24, "shake", 100, None),
        (25, "shake", 100, 125),
        (25, "shake", 2000, 125),
        (120, "shake", 10_000, None),
        (130, "shake", 10_000, 130),
        (130, "tap", 10_000, None),
        (41, "press", 10_000, 41),
        (0, "shake", 0, None),
    ],
)
def test_rate_that_no_hand_reaches_is_noticed(
    count: int, how: str, played_ms: int, rate: int | None
) -> None:
    assert rules.claimed_rate(count, how, played_ms) == rate


def test_equal_values_share_a_place() -> None:
    assert ranking.places({"a": 9, "b": 7, "c": 7, "d": 1}) == {"a": 1, "b": 2, "c": 2, "d": 4}


def test_places_of_nobody() -> None:
    assert ranking.places({}) == {}


@given(st.integers(0, 10_000), st.integers(0, 50), st.integers(1, 10))
def test_team_mean_is_over_the_minimum_at_least(total: int, people: int, minimum: int) -> None:
    assert rules.team_mean(total, people, minimum) == Fraction(total, max(people, minimum))


@given(games, shakers, terms, st.randoms(use_true_random=False))
def test_results_are_sound(
    played: PlayedRound, there: list[Shaker], earning: RoundPoints, rng: object
) -> None:
    results = rules.ranked(played, there, earning)
    assert all(result.points >= 0 and result.value >= 0 for result in results)
    assert {result.shaker for result in results} <= set(there)
    assert len({result.shaker.player_id for result in results}) == len(results)
    mixed = list(there)
    rng.shuffle(mixed)  # type: ignore[attr-defined]
    assert rules.ranked(played, mixed, earning) == results


@given(games, shakers, terms)
def test_better_place_never_earns_less(
    played: PlayedRound, there: list[Shaker], earning: RoundPoints
) -> None:
    placed = [r for r in rules.ranked(played, there, earning) if r.place is not None]
    placed.sort(key=lambda result: result.place or 0)
    points = [result.points for result in placed]
    assert points == sorted(points, reverse=True)


@given(st.sampled_from([rules.RACE, rules.LUCK]), shakers, terms)
def test_shaking_that_no_hand_makes_ranks_behind_all_other(
    mode: str, there: list[Shaker], earning: RoundPoints
) -> None:
    results = rules.ranked(PlayedRound(mode, SEED), there, earning)
    plausible = [result.place or 0 for result in results if result.shaker.plausible]
    behind = [result.place or 0 for result in results if not result.shaker.plausible]
    assert max(plausible, default=0) < min(behind, default=10**6)


@given(shakers, st.integers(1, 20))
def test_shaking_that_no_hand_makes_wins_no_draw(there: list[Shaker], count: int) -> None:
    won = rules.winners(PlayedRound(rules.DRAW, SEED, winner_count=count), there)
    assert not {one.player_id for one in there if not one.plausible} & set(won)


def test_shaking_that_no_hand_makes_adds_nothing_to_the_team() -> None:
    there = [Shaker(1, 7, 240, False), Shaker(2, 7, 10), Shaker(3, 8, 25), Shaker(4, 9, 99, False)]
    assert rules.team_places(there, 1) == {8: 1, 7: 2, 9: 3}


def test_race_earns_by_place_and_for_taking_part() -> None:
    there = [Shaker(1, None, 10), Shaker(2, None, 30), Shaker(3, None, 30), Shaker(4, None, 1)]
    results = rules.ranked(PlayedRound(rules.RACE, SEED), there, TERMS)
    assert [(r.shaker.player_id, r.place, r.points) for r in results] == [
        (1, 3, 35),
        (2, 1, 55),
        (3, 1, 55),
        (4, 4, 5),
    ]


def test_tug_is_won_by_the_mean_of_those_who_shook() -> None:
    there = [Shaker(1, 7, 30), Shaker(2, 7, 10), Shaker(3, 8, 25), Shaker(4, None, 99)]
    results = rules.ranked(PlayedRound(rules.TUG, SEED), there, TERMS)
    assert [(r.shaker.player_id, r.place, r.points) for r in results] == [
        (1, 2, 25),
        (2, 2, 25),
        (3, 1, 35),
    ]


@given(st.text("0123456789abcdef", min_size=1), st.integers(1, 10**9))
def test_luck_stays_in_its_bounds(seed: str, player_id: int) -> None:
    percent = rules.luck_percent(seed, player_id)
    assert rules.LUCK_LOW <= percent <= rules.LUCK_HIGH
    assert percent == rules.luck_percent(seed, player_id)


def test_luck_is_uniform_enough() -> None:
    rolls = Counter(rules.luck_percent(SEED, player_id) for player_id in range(20_200))
    assert len(rolls) == 101
    # 200 are expected of each; seven standard deviations to either side.
    assert all(100 <= times <= 300 for times in rolls.values())


@given(
    st.text("0123456789abcdef", min_size=1),
    st.sets(st.integers(1, 1000), max_size=40),
    st.integers(1, 50),
)
def test_draw_invents_nobody_and_never_exceeds_its_number(
    seed: str, pool: set[int], count: int
) -> None:
    won = rules.drawn(seed, pool, count)
    assert len(won) == len(set(won)) == min(count, len(pool))
    assert set(won) <= pool
    assert won == rules.drawn(seed, sorted(pool, reverse=True), count)


def test_everybody_is_as_likely_to_be_drawn() -> None:
    won = Counter(
        player_id for seed in range(2000) for player_id in rules.drawn(str(seed), range(10), 3)
    )
    # 600 are expected of each; six standard deviations to either side.
    assert all(470 <= won[player_id] <= 730 for player_id in range(10))


def test_draw_passes_over_those_who_shook_too_little() -> None:
    there = [Shaker(player_id, None, player_id) for player_id in range(1, 11)]
    played = PlayedRound(rules.DRAW, SEED, winner_count=3, at_least=9)
    results = rules.ranked(played, there, TERMS)
    assert set(rules.winners(played, there)) == {9, 10}
    assert [r.points for r in results] == [5] * 8 + [30, 30]
    assert [r.place for r in results] == [None] * 8 + [1, 1]


def test_only_draws_have_winners() -> None:
    assert rules.winners(PlayedRound(rules.RACE, SEED, 3, 1), [Shaker(1, None, 5)]) == []
