"""Batches concurrent calls into one transaction or one round trip.

A transaction or a round trip costs far more than one more call in it. While one is under way, the
calls of other greenlets (or threads) are collected; the next one serves all of them. Without load no
call waits. A call is only ever served by work that began after it was made.
"""

import threading
import time
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from typing import Any, Generic, TypeVar

from backend.errors import Unavailable

Item = TypeVar("Item")
Result = TypeVar("Result")

MOST = 64


class BatchInterrupted(Unavailable):
    """The caller that did the work of the batch was interrupted; its outcome is unknown."""

    def __init__(self) -> None:
        super().__init__(retry_after_seconds=1)


class _NotOpened(Exception):
    """The block in which the work runs could not be entered; nothing was done."""

    def __init__(self, reason: Exception) -> None:
        super().__init__(reason)
        self.reason = reason


class _Caller(Generic[Item, Result]):
    """A call of `do`: its item, and its outcome once it was served."""

    def __init__(self, item: Item) -> None:
        self.item = item
        self._outcome: list[Result | Exception] = []
        self._wakes: threading.Lock | None = None

    @property
    def is_served(self) -> bool:
        """Whether there is a result, or an error."""
        return bool(self._outcome)

    @property
    def has_result(self) -> bool:
        """Whether there is a result."""
        return self.is_served and not isinstance(self._outcome[0], Exception)

    def serve(self, outcome: Result | Exception) -> None:
        """Keep the outcome."""
        self._outcome = [outcome]

    def result(self) -> Result:
        """Return the result or raise the error."""
        [outcome] = self._outcome
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def prepare_to_wait(self) -> None:
        """Let the next `wait` last until `wake`."""
        self._wakes = threading.Lock()
        self._wakes.acquire()

    def wait(self) -> None:
        """Wait until `wake` is called; return at once unless the caller was prepared to wait."""
        if self._wakes is not None:
            self._wakes.acquire()

    def wake(self) -> None:
        """End the wait."""
        if self._wakes is not None:
            self._wakes.release()


class Gathering(Generic[Item, Result]):
    """Does work for a batch of concurrent calls at once.

    The first caller leads a batch: it enters `opened` (a transaction, for instance), takes all
    items that wait by then, does the work and leaves the block. Then it wakes the callers whose
    items were in the batch, and the oldest caller that still waits, which leads the next batch.

    `work` takes items and returns a result or an exception for each. Its results count only if the
    block was left without an error. An error of `work`, or at leaving the block, goes to the whole
    batch; but if `tries_alone` is true for the error, each item of the batch is first tried in a
    block of its own. An error at entering the block goes to all callers that wait.

    `finish` gets the results of the batch after the block and after the next batch has its leader;
    what it returns is what the callers get. It does what each caller would have to do with its
    result, once for all of them.
    """

    def __init__(
        self,
        work: Callable[[Sequence[Item]], Sequence[Result | Exception]],
        *,
        opened: Callable[[], AbstractContextManager[Any]] = nullcontext,
        tries_alone: Callable[[Exception], bool] = lambda _error: False,
        finish: Callable[[Sequence[Result]], Sequence[Result]] | None = None,
    ) -> None:
        self._work = work
        self._finish = finish
        self._opened = opened
        self._tries_alone = tries_alone
        self._lock = threading.Lock()
        self._waiting: list[_Caller[Item, Result]] = []
        self._is_led = False

    def do(self, item: Item) -> Result:
        """Have the work done for an item and return its result, or raise its error."""
        caller: _Caller[Item, Result] = _Caller(item)
        with self._lock:
            self._waiting.append(caller)
            if self._is_led:
                caller.prepare_to_wait()
            self._is_led = True
        caller.wait()
        if not caller.is_served:
            self._lead(caller)
        return caller.result()

    def _lead(self, leader: _Caller[Item, Result]) -> None:
        """Serve a batch, of which the leader is the oldest caller, and wake the leader of the next
        one."""
        # Lets other greenlets run, whose calls then join the batch.
        time.sleep(0)
        batch: list[_Caller[Item, Result]] = []
        try:
            try:
                self._serve_next(batch)
            finally:
                # An interruption, such as KeyboardInterrupt, comes here as well.
                self._pass_on(leader)
            self._finish_all(batch)
        finally:
            _wake(leader, batch)

    def _serve_next(self, batch: list[_Caller[Item, Result]]) -> None:
        """Fill the batch with callers that wait, and serve all of them."""
        try:
            with self._block():
                batch += self._take()
                outcomes = self._work([caller.item for caller in batch])
        except _NotOpened as error:
            batch += self._take()
            _fail(batch, error.reason)
        except Exception as error:  # noqa: BLE001 - the callers raise it
            if len(batch) > 1 and self._tries_alone(error):
                self._serve_each(batch)
            else:
                _fail(batch, error)
        else:
            for caller, outcome in zip(batch, outcomes, strict=True):
                caller.serve(outcome)

    def _serve_each(self, batch: Sequence[_Caller[Item, Result]]) -> None:
        """Serve each caller in a block of its own, until one cannot be entered."""
        for place, caller in enumerate(batch):
            try:
                with self._block():
                    [outcome] = self._work([caller.item])
            except _NotOpened as error:
                _fail(batch[place:], error.reason)
                return
            except Exception as error:  # noqa: BLE001 - the caller raises it
                caller.serve(error)
            else:
                caller.serve(outcome)

    @contextmanager
    def _block(self) -> Iterator[None]:
        """Run the block inside `opened`; raises `_NotOpened` if that cannot be entered."""
        with ExitStack() as stack:
            try:
                stack.enter_context(self._opened())
            except Exception as error:
                raise _NotOpened(error) from error
            yield

    def _take(self) -> list[_Caller[Item, Result]]:
        """Take the callers that wait, the oldest first."""
        with self._lock:
            taken = self._waiting[:MOST]
            del self._waiting[:MOST]
        return taken

    def _finish_all(self, batch: Sequence[_Caller[Item, Result]]) -> None:
        """Let `finish` have the results of a batch."""
        done = [caller for caller in batch if caller.has_result]
        if self._finish is None or not done:
            return
        try:
            results = self._finish([caller.result() for caller in done])
        except Exception as error:  # noqa: BLE001 - the callers raise it
            _fail(done, error)
        else:
            for caller, result in zip(done, results, strict=True):
                caller.serve(result)

    def _pass_on(self, leader: _Caller[Item, Result]) -> None:
        """Wake the oldest caller that waits, which leads the next batch."""
        with self._lock:
            # Interrupted before it took a batch, the leader still waits itself.
            if leader in self._waiting:
                self._waiting.remove(leader)
            following = self._waiting[0] if self._waiting else None
            self._is_led = following is not None
        if following is not None:
            following.wake()


def _wake(leader: _Caller[Any, Any], batch: Sequence[_Caller[Any, Any]]) -> None:
    """Wake the callers of a batch, of which the leader is one."""
    for caller in batch:
        if not caller.is_served:
            caller.serve(BatchInterrupted())
        if caller is not leader:
            caller.wake()


def _fail(batch: Sequence[_Caller[Any, Any]], error: Exception) -> None:
    for caller in batch:
        caller.serve(error)


def rounds(items: Sequence[Item], key: Callable[[Item], Hashable]) -> list[list[int]]:
    """Return the places of items in as few rounds as it takes that no key comes twice in one."""
    result: list[list[int]] = []
    met: dict[Hashable, int] = {}
    for place, item in enumerate(items):
        name = key(item)
        number = met.get(name, 0)
        met[name] = number + 1
        if number == len(result):
            result.append([])
        result[number].append(place)
    return result
