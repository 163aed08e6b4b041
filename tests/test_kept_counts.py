"""What is counted over many rows is counted once a second, and not kept for ever."""

import gc
import time
import weakref
from collections.abc import Collection

from backend.kept_counts import KeptCounts


class Ranks(dict[int, int]):
    """Something that was counted."""


def test_counts_of_one_second_are_counted_once() -> None:
    counts = KeptCounts(64)
    first = counts.of((1, "ranks"), 1000, Ranks)
    assert counts.of((1, "ranks"), 1999, Ranks) is first
    assert counts.of((1, "ranks"), 2000, Ranks) is not first
    assert counts.of((1, "answered"), 1999, Ranks) is not first


def test_it_tells_how_long_a_count_is_kept() -> None:
    counts = KeptCounts(64)
    assert counts.left_ms("ranks", 1000) == 0
    counts.of("ranks", 1000, Ranks)
    assert [counts.left_ms("ranks", now) for now in (1000, 1400, 2000, 9000)] == [1000, 600, 0, 0]


def test_earlier_counts_are_let_go() -> None:
    counts = KeptCounts(64)
    kept = [weakref.ref(counts.of(number, 1000, Ranks)) for number in range(1000)]
    gc.collect()
    assert 0 < sum(one() is not None for one in kept) < 100
    counts.of("later", 2000, Ranks)
    gc.collect()
    assert not any(one() for one in kept)


def test_only_what_is_not_known_is_counted() -> None:
    asked: list[list[int]] = []

    def count(numbers: Collection[int]) -> dict[int, int]:
        asked.append(list(numbers))
        return {number: 10 * number for number in numbers}

    counts = KeptCounts(64)
    assert counts.of_all([1, 2], 1000, count) == {1: 10, 2: 20}
    assert counts.of_all([1, 2, 3], 1999, count) == {1: 10, 2: 20, 3: 30}
    assert counts.of_all([], 1999, count) == {}
    assert asked == [[1, 2], [3]]


def test_what_takes_long_to_count_is_kept_longer() -> None:
    def slow() -> Ranks:
        until = time.perf_counter() + 0.06
        while time.perf_counter() < until:
            pass
        return Ranks()

    counts = KeptCounts(64, pauses=20)
    first = counts.of("slow", 1000, slow)
    assert counts.of("slow", 2199, slow) is first
    assert counts.of("slow", 1000 + 3_600_000, slow) is not first
