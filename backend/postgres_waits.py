"""Waits of greenlets for PostgreSQL.

psycopg would wait with gevent's `poll`, which costs a quarter of a short statement. `preloaded` puts
this wait in its place, where gevent has patched the standard library.
"""

from time import monotonic
from typing import TypeVar

from gevent.socket import wait_read, wait_readwrite, wait_write
from psycopg import OperationalError, waiting
from psycopg.abc import PQGen
from psycopg.errors import _WaitTimeout
from psycopg.waiting import Ready, Wait

Returned = TypeVar("Returned")

WAITS = {
    Wait.R: (wait_read, Ready.R),
    Wait.W: (wait_write, Ready.W),
    Wait.RW: (wait_readwrite, Ready.RW),
}


def install() -> None:
    """Let all connections of this process wait in this way."""
    waiting.wait = wait


def wait(
    gen: PQGen[Returned], fileno: int, interval: float = 0.0, timeout: float | None = None
) -> Returned:
    """Run a generator of psycopg's to its end and return its result, as `psycopg.waiting.wait` does.

    The generator yields what it waits for on the socket. `interval`, in seconds, is how late it is
    noticed at most that another greenlet has closed the connection. Raises
    `psycopg.OperationalError` after that, and after the timeout.
    """
    deadline = None if timeout is None else monotonic() + timeout
    try:
        wanted = next(gen)
        while True:
            until_ready, ready = WAITS[wanted]
            seconds = interval if deadline is None else min(interval, deadline - monotonic())
            try:
                until_ready(fileno, max(seconds, 0.0))
            except TimeoutError:
                ready = Ready.NONE
            except OSError as error:
                raise OperationalError("the connection was closed") from error
            wanted = gen.send(ready)
            if deadline is not None and monotonic() >= deadline:
                raise _WaitTimeout("wait timeout expired")
    except StopIteration as end:
        result: Returned = end.value
        return result
