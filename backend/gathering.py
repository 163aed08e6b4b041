"""Many ask at once, one goes for all.

A transaction or a round trip costs far more than what one request adds to it. While one is under
way, the requests of other greenlets (or threads) gather, and the next one takes all of them: under
load dozens share the price of one, and without load nobody waits. Nobody gets an answer that is
older than the question, since only those are taken along who asked before.
"""

import threading
import time
from collections.abc import Callable, Hashable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Generic, TypeVar

from backend.errors import Unavailable

Item = TypeVar("Item")
Result = TypeVar("Result")

MOST = 64


class BrokenOff(Unavailable):
    """Whoever went for all was stopped on the way; what came of it is not known."""

    def __init__(self) -> None:
        super().__init__(retry_after_seconds=1)


class _Asker(Generic[Item, Result]):
    """Somebody who asks: waits to be served, or to be called up to go for all."""

    def __init__(self, item: Item) -> None:
        self.item = item
        self._turn: threading.Lock | None = None
        self._outcomes: list[Result | Exception] = []

    @property
    def is_served(self) -> bool:
        """Whether there is a result, or an error."""
        return bool(self._outcomes)

    def serve(self, outcome: Result | Exception) -> None:
        """Keep what came of it."""
        self._outcomes.append(outcome)

    def result(self) -> Result:
        """Return the result or raise the error."""
        outcome = self._outcomes[0]
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def queue(self) -> None:
        """Get ready to wait."""
        self._turn = threading.Lock()
        self._turn.acquire()

    def wait(self) -> None:
        """Wait to be called up."""
        if self._turn is not None:
            self._turn.acquire()

    def call_up(self) -> None:
        """Let the one who waits go on."""
        if self._turn is not None:
            self._turn.release()


class Gathering(Generic[Item, Result]):
    """Work that is done for many at once.

    `work` takes items and returns a result or an exception for each. It runs inside `opened`, a
    transaction for instance, and counts only when that was left without an error. An error that it
    raises is everybody's, unless each `tries_alone` then; one at the opening always is.
    """

    def __init__(
        self,
        work: Callable[[Sequence[Item]], Sequence[Result | Exception]],
        *,
        opened: Callable[[], AbstractContextManager[Any]] = nullcontext,
        tries_alone: bool = False,
    ) -> None:
        self._work = work
        self._opened = opened
        self._tries_alone = tries_alone
        self._lock = threading.Lock()
        self._waiting: list[_Asker[Item, Result]] = []
        self._under_way = False

    def do(self, item: Item) -> Result:
        """Have the work done for an item and return its result, or raise its error."""
        asker: _Asker[Item, Result] = _Asker(item)
        with self._lock:
            self._waiting.append(asker)
            goes = not self._under_way
            self._under_way = True
            if not goes:
                asker.queue()
        asker.wait()
        if not asker.is_served:
            self._go(asker)
        return asker.result()

    def _go(self, first: _Asker[Item, Result]) -> None:
        """Go for all who wait, and call up who goes next."""
        # Whoever is about to ask does so now.
        time.sleep(0)
        taken: list[_Asker[Item, Result]] = []
        try:
            self._serve(taken)
        except Exception as error:  # noqa: BLE001 - those who asked raise it
            is_open = bool(taken)
            self._take(taken)
            self._fail(taken, error, tries_alone=is_open and self._tries_alone)
        finally:
            self._take(taken)
            self._hand_over([asker for asker in taken if asker is not first])

    def _take(self, taken: list[_Asker[Item, Result]]) -> None:
        """Take along those who ask, the oldest first, unless somebody was taken before."""
        with self._lock:
            if not taken:
                taken += self._waiting[:MOST]
                del self._waiting[:MOST]

    def _serve(
        self, taken: list[_Asker[Item, Result]], only: _Asker[Item, Result] | None = None
    ) -> None:
        """Serve those who ask, or only one; `taken` is empty as long as nothing was opened."""
        with self._opened():
            if only:
                taken.append(only)
            self._take(taken)
            outcomes = self._work([asker.item for asker in taken])
        for asker, outcome in zip(taken, outcomes, strict=True):
            asker.serve(outcome)

    def _fail(
        self, taken: Sequence[_Asker[Item, Result]], error: Exception, *, tries_alone: bool
    ) -> None:
        """Serve the error, or try each alone as long as there is something to open."""
        if not tries_alone or len(taken) == 1:
            for asker in taken:
                asker.serve(error)
            return
        for place, asker in enumerate(taken):
            alone: list[_Asker[Item, Result]] = []
            try:
                self._serve(alone, asker)
            except Exception as own_error:  # noqa: BLE001 - whoever asked raises it
                if not alone:
                    self._fail(taken[place:], own_error, tries_alone=False)
                    return
                asker.serve(own_error)

    def _hand_over(self, served: Iterable[_Asker[Item, Result]]) -> None:
        with self._lock:
            following = self._waiting[0] if self._waiting else None
            self._under_way = following is not None
        for asker in served:
            if not asker.is_served:
                asker.serve(BrokenOff())
            asker.call_up()
        if following is not None:
            following.call_up()


def rounds(items: Sequence[Item], key: Callable[[Item], Hashable]) -> list[list[int]]:
    """Return the places of items in as few rounds as it takes that no key comes twice in one."""
    result: list[list[int]] = []
    met: dict[Hashable, int] = {}
    for place, item in enumerate(items):
        number = met.get(key(item), 0)
        met[key(item)] = number + 1
        if number == len(result):
            result.append([])
        result[number].append(place)
    return result
