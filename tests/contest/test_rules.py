"""The rules of the contest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.activities.contest import rules
from backend.activities.contest.rules import ContestPosition, Timing

ROUNDS = 3
TIMING = Timing(lobby_seconds=10, reveal_seconds=6, board_seconds=5)
ACTIONS = ("begin", "next", "reveal", "board", "podium", "dismiss")
places = st.builds(
    ContestPosition,
    st.sampled_from(["idle", "lobby", "question", "reveal", "board", "podium", "done"]),
    st.integers(0, ROUNDS),
)


def test_evening_goes_its_way() -> None:
    where = ContestPosition(rules.IDLE, 0)
    actions = ["begin", *["next", "reveal", "board"] * ROUNDS, "podium", "dismiss"]
    for action in actions:
        found = rules.follows(where, action, ROUNDS)
        assert found is not None, (where, action)
        where = found
    assert where == ContestPosition(rules.DONE, ROUNDS)


@given(places, st.sampled_from(ACTIONS))
def test_position_never_goes_back_within_a_contest(where: ContestPosition, action: str) -> None:
    found = rules.follows(where, action, ROUNDS)
    if found and action != "begin":
        assert where.position <= found.position <= min(where.position + 1, ROUNDS)


@given(places, st.sampled_from(("next", "reveal", "board")))
def test_what_was_done_is_known_as_done(where: ContestPosition, action: str) -> None:
    found = rules.follows(where, action, ROUNDS)
    if found:
        assert not rules.is_there(where, action, found.position)
        assert rules.is_there(found, action, found.position)


@pytest.mark.parametrize(
    ("phase", "position", "seconds", "action"),
    [
        ("lobby", 0, 10, "next"),
        ("question", 1, 20.5, "reveal"),
        ("reveal", 1, 6, "board"),
        ("board", 1, 5, "next"),
        ("board", ROUNDS, 5, "podium"),
    ],
)
def test_contest_goes_on_by_itself(phase: str, position: int, seconds: float, action: str) -> None:
    where, since = ContestPosition(phase, position), int(seconds * 1000)
    assert rules.due(where, since, 20, ROUNDS, TIMING) == action
    assert rules.due(where, since - 1, 20, ROUNDS, TIMING) is None


@pytest.mark.parametrize("phase", ["idle", "podium", "done"])
def test_nothing_is_due_before_and_after(phase: str) -> None:
    assert rules.due(ContestPosition(phase, 0), 10**9, 20, ROUNDS, TIMING) is None


@given(st.integers(0, 10**7), st.integers(1, 600))
def test_late_is_late(used_ms: int, seconds: int) -> None:
    assert rules.in_time(used_ms, seconds) is (used_ms < seconds * 1000 + 500)


def test_streak_breaks_with_a_wrong_answer_or_none() -> None:
    assert [rules.streak_after(before, True) for before in (None, 0, 4)] == [1, 1, 5]
    assert rules.streak_after(4, False) == 0


scores = st.dictionaries(st.integers(1, 20), st.integers(0, 5))
playoffs = st.lists(st.dictionaries(st.integers(1, 20), st.integers(0, 3)), max_size=2)


@given(scores, playoffs)
def test_ranking_is_whole_and_in_order(points: dict[int, int], tries: list[dict[int, int]]) -> None:
    found = rules.ranked(points, tries)
    assert sorted(player for _, player in found) == sorted(points)
    assert [points[player] for _, player in found] == sorted(points.values(), reverse=True)
    for number, (place, player) in enumerate(found, start=1):
        assert place <= number
        better = sum(points[other] > points[player] for other in points)
        assert place > better
    if found:
        assert found[0][0] == 1


@given(scores)
def test_tied_share_a_first_place_and_have_points(points: dict[int, int]) -> None:
    same = rules.tied_after(points)
    assert len(same) != 1
    assert len({points[player] for player in same}) <= 1
    if same:
        assert points[same[0]] > 0
        assert sum(value > points[same[0]] for value in points.values()) < 3
    else:
        best = sorted((value for value in points.values() if value), reverse=True)[:4]
        assert len(set(best[:3])) == len(best[:3])
        assert len(best) < 4 or best[2] != best[3]


def test_playoff_decides_by_right_then_by_time() -> None:
    points = {1: 50, 2: 50, 3: 50, 4: 90}
    assert rules.tied_after(points) == [1, 2, 3]
    assert rules.ranked(points, [{2: 900, 3: 400}]) == [(1, 4), (2, 3), (3, 2), (4, 1)]
    assert rules.tied_after(points, [{2: 400, 3: 400}]) == [2, 3]
    assert rules.ranked(points, [{2: 400, 3: 400}, {2: 10}]) == [(1, 4), (2, 2), (3, 3), (4, 1)]


def test_distribution_counts_each_letter() -> None:
    assert rules.distribution("ABCD", ["A", "B,C", "B"]) == {"A": 1, "B": 2, "C": 1, "D": 0}
