"""What is counted over all players of a contest is counted once, and not kept for ever."""

import gc
import weakref

from backend.activities.contest.models import Contest
from backend.activities.contest.rules import BOARD
from backend.activities.contest.view import ContestCounts


class Ranks(dict[int, int]):
    """Something that was counted."""


def contest(number: int) -> Contest:
    return Contest(activity=number, phase=BOARD, position=1, phase_at=0)


def test_counts_of_one_second_are_counted_once() -> None:
    counts = ContestCounts()
    first = counts.of(contest(1), "ranks", 1000, Ranks)
    assert counts.of(contest(1), "ranks", 1999, Ranks) is first
    assert counts.of(contest(1), "ranks", 2000, Ranks) is not first
    assert counts.of(contest(1), "answered", 1999, Ranks) is not first


def test_counts_of_earlier_contests_are_let_go() -> None:
    counts = ContestCounts()
    kept = [weakref.ref(counts.of(contest(number), "ranks", 1000, Ranks)) for number in range(1000)]
    gc.collect()
    assert 0 < sum(one() is not None for one in kept) < 100
