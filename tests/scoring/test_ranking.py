"""The order of scores: pure arithmetic, exact in a double."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.scoring.ranking import (
    CENTI,
    KINDS,
    LAST_TICK,
    MAX_POINTS,
    TEAM_LAST_SECOND,
    TICK_MS,
    Formula,
    pack,
    ranks,
    team_packed,
    unpack,
    unpack_team,
)
from tests.support import START

POINTS = st.integers(-MAX_POINTS, MAX_POINTS)
TICKS = st.integers(0, LAST_TICK)


def packed(points: int, tick: int = 0) -> int:
    """Return a packed score of an event that began at START."""
    return pack(points, START + tick * TICK_MS, START)


# --- players


@given(POINTS, TICKS)
def test_what_is_packed_can_be_unpacked(points: int, tick: int) -> None:
    assert unpack(packed(points, tick)) == (points, tick)


@given(POINTS, TICKS)
def test_a_double_holds_it_exactly(points: int, tick: int) -> None:
    value = packed(points, tick)
    assert int(float(value)) == value
    assert float(repr(float(value))) == value
    assert unpack(float(value)) == (points, tick)


@given(POINTS, TICKS, POINTS, TICKS)
def test_more_points_rank_first_then_the_earlier(
    points: int, tick: int, others: int, other_tick: int
) -> None:
    by_rule = (points, -tick) > (others, -other_tick)
    assert (packed(points, tick) > packed(others, other_tick)) == by_rule


@given(POINTS, st.integers(0, TICK_MS - 1))
def test_moments_within_a_tick_tie(points: int, more: int) -> None:
    assert pack(points, START + more, START) == packed(points)


@given(POINTS, st.integers(0, 10**9))
def test_time_before_the_event_counts_as_its_beginning(points: int, early: int) -> None:
    assert pack(points, START - early, START) == packed(points)


@given(POINTS, st.integers(0, 10**12))
def test_time_beyond_the_last_tick_counts_as_the_last(points: int, late: int) -> None:
    assert packed(points, LAST_TICK + late) == packed(points, LAST_TICK)


def test_ticks_last_for_years() -> None:
    assert LAST_TICK * TICK_MS > 2.5 * 365 * 24 * 3600 * 1000


# --- ties


@pytest.mark.parametrize(
    ("scores", "shared"),
    [
        ([], []),
        ([5], [1]),
        ([9, 7, 7, 3], [1, 2, 2, 4]),
        ([7, 7, 7], [1, 1, 1]),
        ([9, 9, 4, 4, 1], [1, 1, 3, 3, 5]),
        ([3, 2, 1], [1, 2, 3]),
    ],
)
def test_equals_share_a_rank_and_the_next_is_skipped(scores: list[int], shared: list[int]) -> None:
    assert ranks(scores) == shared


@given(st.lists(st.integers(0, 5)))
def test_rank_is_one_more_than_those_ahead(scores: list[int]) -> None:
    board = sorted(scores, reverse=True)
    assert ranks(board) == [1 + sum(other > score for other in board) for score in board]


# --- teams


def team(formula: Formula, points: list[int], joined: int = 0, headcount: int = 0) -> float:
    """Return a team's points when its members have these."""
    members = sorted((packed(each) for each in points), reverse=True)
    return unpack_team(team_packed(formula, members, joined or len(points), headcount))


@pytest.mark.parametrize(
    ("kind", "points", "joined", "headcount", "score"),
    [
        ("mean", [30, 20, 10, 0, 0], 5, 60, 12.0),
        ("mean", [30], 1, 60, 6.0),
        ("mean", [30, 20], 10, 60, 5.0),
        ("best_mean", [50, 40, 30, 20, 10, 5, 5], 7, 60, 30.0),
        ("best_mean", [50], 1, 60, 10.0),
        ("best_mean", [10, 10, 10], 3, 60, 6.0),
        ("participation", [30, 30], 2, 60, 1.0),
        ("participation", [30, 30], 2, 3, 12.0),
        ("sum", [30, 20, 10], 3, 60, 60.0),
        ("sum", [7], 1, 1, 7.0),
        ("mean", [1, 1, 0], 3, 3, 0.4),
        ("participation", [1], 1, 3, 0.2),
        ("participation", [2], 1, 7, 0.29),
        ("mean", [-10], 1, 1, -2.0),
        ("sum", [], 0, 10, 0.0),
    ],
)
def test_team_s_score_follows_its_formula(
    kind: str, points: list[int], joined: int, headcount: int, score: float
) -> None:
    assert team(Formula(kind, best=5, minimum=5), points, joined, headcount) == score


@given(st.lists(st.integers(0, 5000), min_size=1, max_size=4), st.sampled_from(KINDS[:3]))
def test_small_team_cannot_win_by_being_small(points: list[int], kind: str) -> None:
    formula = Formula(kind, best=5, minimum=5)
    assert team(formula, points, headcount=1) <= max(points) * len(points) / 5 + 1 / CENTI


@given(
    st.lists(st.integers(0, 5000), min_size=1, max_size=60),
    st.sampled_from(KINDS),
    st.integers(0, 59),
    st.integers(1, 500),
)
def test_points_of_a_member_never_harm_the_team(
    points: list[int], kind: str, who: int, more: int
) -> None:
    gained = list(points)
    gained[who % len(points)] += more
    formula = Formula(kind)
    assert team(formula, gained, headcount=30) >= team(formula, points, headcount=30)


def test_earlier_team_ranks_first_among_equals() -> None:
    early = team_packed(Formula(), [packed(10, 100), packed(10, 200)], 2, 10)
    late = team_packed(Formula(), [packed(10, 100), packed(10, 300)], 2, 10)
    assert early > late
    assert unpack_team(early) == unpack_team(late)


def test_only_counted_members_with_points_decide_the_moment() -> None:
    formula = Formula("best_mean", best=2, minimum=1)
    two = [packed(10, 100), packed(10, 200)]
    assert team_packed(formula, two, 2, 10) == team_packed(formula, [*two, packed(5, 900)], 3, 10)
    whole = Formula("sum")
    assert team_packed(whole, two, 2, 10) == team_packed(whole, [*two, packed(0, 900)], 3, 10)


@given(st.lists(st.tuples(POINTS.filter(lambda p: abs(p) < 20_000), TICKS), max_size=60))
def test_a_double_holds_a_team_s_score_exactly(members: list[tuple[int, int]]) -> None:
    scores = sorted((packed(*member) for member in members), reverse=True)
    value = team_packed(Formula("sum"), scores, len(scores), 60)
    assert int(float(value)) == value
    assert unpack_team(float(value)) == sum(points for points, _ in members)


def test_seconds_of_a_team_last_for_years() -> None:
    assert TEAM_LAST_SECOND > 2 * 365 * 24 * 3600


# --- the sentence on the board


@pytest.mark.parametrize("kind", KINDS)
def test_formula_is_printed_in_two_languages(kind: str) -> None:
    formula = Formula(kind, best=3, minimum=4)
    assert formula.sentence().startswith("班组得分 = ")
    assert formula.sentence("en").startswith("Team score = ")
    assert "{" not in formula.sentence() + formula.sentence("en")


def test_sentence_names_the_numbers() -> None:
    formula = Formula("best_mean", best=3, minimum=4)
    assert formula.sentence() == "班组得分 = 前3名组员的平均分（不足4人按4人计）"
