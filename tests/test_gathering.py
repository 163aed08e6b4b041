"""Concurrent calls share one transaction or round trip."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.gathering import MOST, BatchInterrupted, Gathering, rounds
from tests.installation import until


class Work:
    """Doubles numbers; every call waits until `gate` is open, which it is at first."""

    def __init__(self, **options: Any) -> None:
        self.calls: list[list[int]] = []
        self.gate = threading.Event()
        self.gate.set()
        self.error: BaseException | None = None
        self.gathering: Gathering[int, int] = Gathering(self._double, **options)
        self.results: dict[int, Any] = {}
        self._asking: list[threading.Thread] = []

    def _double(self, numbers: Sequence[int]) -> list[int | Exception]:
        self.calls.append(list(numbers))
        assert self.gate.wait(30)
        if self.error and (-1 in numbers or len(self.calls) == 1):
            raise self.error
        return [ValueError("zero") if number == 0 else 2 * number for number in numbers]

    def ask(self, *numbers: int) -> None:
        """Make calls in threads of their own, each after the one before is under way."""
        for number in numbers:
            thread = threading.Thread(target=self._keep_result, args=(number,))
            self._asking.append(thread)
            thread.start()
            until(partial(self._has_asked, number), 10, f"{number} to be asked")

    def _keep_result(self, number: int) -> None:
        try:
            self.results[number] = self.gathering.do(number)
        except BaseException as error:  # noqa: BLE001 - it is what the test is about
            self.results[number] = error

    def _has_asked(self, number: int) -> bool:
        """Return whether a number is being doubled, or waits for the batch that is under way."""
        waiting = [asker.item for asker in self.gathering._waiting] if self.calls else []
        return number in waiting or any(number in call for call in self.calls)

    def end(self) -> dict[int, Any]:
        """Open the gate, wait for all calls, and return their results."""
        self.gate.set()
        for thread in self._asking:
            thread.join(30)
            assert not thread.is_alive()
        return self.results


def test_who_asks_alone_is_served_alone() -> None:
    work = Work()
    assert [work.gathering.do(1), work.gathering.do(2)] == [2, 4]
    assert work.calls == [[1], [2]]


def test_those_who_ask_meanwhile_go_together() -> None:
    work = Work()
    work.gate.clear()
    work.ask(1, 2, 3, 4)
    assert work.end() == {1: 2, 2: 4, 3: 6, 4: 8}
    assert work.calls == [[1], [2, 3, 4]]


def test_no_more_than_the_most_go_together() -> None:
    work = Work()
    work.gate.clear()
    numbers = range(1, 2 * MOST + 4)
    work.ask(*numbers)
    assert work.end() == {number: 2 * number for number in numbers}
    assert [len(call) for call in work.calls] == [1, MOST, MOST, 2]


def test_own_error_is_ones_own() -> None:
    work = Work()
    work.gate.clear()
    work.ask(1, 0, 2)
    results = work.end()
    assert isinstance(results.pop(0), ValueError)
    assert results == {1: 2, 2: 4}


def test_error_of_the_work_is_everybodys() -> None:
    work = Work()
    work.gate.clear()
    work.error = OSError("away")
    work.ask(5, 1, -1, 2)
    assert work.end() == dict.fromkeys((5, 1, -1, 2), work.error)
    assert work.gathering.do(7) == 14


def test_after_an_error_each_tries_alone() -> None:
    work = Work(tries_alone=lambda _error: True)
    work.gate.clear()
    work.ask(5)
    work.error = OSError("away")
    work.ask(1, -1, 2)
    assert work.end() == {5: work.error, 1: 2, -1: work.error, 2: 4}
    assert work.calls == [[5], [1, -1, 2], [1], [-1], [2]]


def test_who_stops_on_the_way_stops_nobody_else() -> None:
    work = Work()
    work.gate.clear()
    work.ask(5, 1, -1, 2)
    work.error = KeyboardInterrupt()
    results = work.end()
    assert results[5] is work.error
    assert results[1] is work.error
    assert isinstance(results[-1], BatchInterrupted) and isinstance(results[2], BatchInterrupted)
    assert work.gathering.do(7) == 14


def test_results_are_finished_together_and_errors_are_not() -> None:
    finished: list[list[int]] = []

    def finish(results: Sequence[int]) -> list[int]:
        finished.append(list(results))
        return [result + 1 for result in results]

    work = Work(finish=finish)
    work.gate.clear()
    work.ask(1, 2, 0, 3)
    found = work.end()
    assert (found[1], found[2], found[3]) == (3, 5, 7)
    assert isinstance(found[0], ValueError)
    assert finished == [[2], [4, 6]]


def test_the_next_batch_does_not_wait_for_the_finish_of_the_one_before() -> None:
    begun, may_end = threading.Event(), threading.Event()

    def finish(results: Sequence[int]) -> Sequence[int]:
        begun.set()
        assert 4 in results or may_end.wait(30)
        return results

    work = Work(finish=finish)
    work.gate.clear()
    work.ask(1, 2)
    work.gate.set()
    assert begun.wait(30)
    until(lambda: 2 in work.results, 10, "2 to be served while 1 is being finished")
    assert 1 not in work.results
    may_end.set()
    assert work.end() == {1: 2, 2: 4}


def test_an_error_of_the_finish_is_for_those_who_had_a_result() -> None:
    def finish(_results: Sequence[int]) -> Sequence[int]:
        raise RuntimeError("away")

    work = Work(finish=finish)
    work.ask(1)
    assert isinstance(work.end()[1], RuntimeError)


def test_nothing_counts_that_could_not_be_closed() -> None:
    opened: list[str] = []

    @contextmanager
    def transaction() -> Iterator[None]:
        opened.append("begin")
        yield
        opened.append("commit")
        if len(opened) == 2:
            raise OSError("the disk is full")

    work = Work(opened=transaction)
    with pytest.raises(OSError, match="full"):
        work.gathering.do(1)
    assert work.gathering.do(1) == 2
    assert opened == ["begin", "commit"] * 2


def test_error_at_the_opening_is_for_those_who_waited() -> None:
    @contextmanager
    def transaction() -> Iterator[None]:
        raise OSError("away")
        yield

    work = Work(opened=transaction, tries_alone=lambda _error: True)
    with pytest.raises(OSError, match="away"):
        work.gathering.do(1)
    assert work.calls == []


def test_nobody_tries_alone_what_cannot_be_opened() -> None:
    tries: list[str] = []
    opens = threading.Event()

    @contextmanager
    def transaction() -> Iterator[None]:
        tries.append("open")
        assert opens.wait(30)
        raise OSError("away")
        yield

    work = Work(opened=transaction, tries_alone=lambda _error: True)
    threads = [threading.Thread(target=work._keep_result, args=(n,)) for n in (1, 2, 3)]
    for thread in threads:
        thread.start()
    until(lambda: len(work.gathering._waiting) == 3, 10, "three who ask")
    opens.set()
    for thread in threads:
        thread.join(30)
    assert {str(error) for error in work.results.values()} == {"away"}
    assert len(work.results) == 3 and len(tries) == 1


@given(st.lists(st.integers(0, 5)))
def test_rounds_hold_everybody_once_and_no_key_twice(keys: list[int]) -> None:
    found = rounds(keys, lambda key: key)
    assert sorted(place for places in found for place in places) == list(range(len(keys)))
    for places in found:
        assert len({keys[place] for place in places}) == len(places)
        assert places == sorted(places)
    assert len(found) == max((keys.count(key) for key in keys), default=0)
    for key in set(keys):
        turns = [place for places in found for place in places if keys[place] == key]
        assert turns == sorted(turns)
