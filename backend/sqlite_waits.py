"""Waits of greenlets for the disk under SQLite.

A commit waits some milliseconds until the disk has what was written. In the thread of all greenlets it
would keep all of them waiting, also those that only read. `preloaded` lets commits run in another
thread, where gevent has patched the standard library.
"""

from collections.abc import Callable
from typing import NamedTuple, TypeVar

from gevent import get_hub

from backend import db

Returned = TypeVar("Returned")


def install() -> None:
    """Let all commits of this process wait in this way."""
    db.waiting_for_disk = in_a_thread


def in_a_thread(call: Callable[[], Returned]) -> Returned:
    """Run a call in a native thread while other greenlets run; return its result or raise its error.

    It does not return before the call has ended, even if the greenlet is interrupted: a commit that is
    under way cannot be taken back. The interruption is raised then.
    """
    running = get_hub().threadpool.spawn(_outcome, call)
    interruption: BaseException | None = None
    while not running.ready():
        try:
            running.wait()
        except BaseException as error:  # noqa: BLE001 - raised again below
            interruption = error
    if interruption is not None:
        raise interruption
    outcome: Returned | _Failed = running.get()
    if isinstance(outcome, _Failed):
        raise outcome.error
    return outcome


class _Failed(NamedTuple):
    """What a call returns for its error, of which gevent would write a traceback to the log."""

    error: Exception


def _outcome(call: Callable[[], Returned]) -> Returned | _Failed:
    try:
        return call()
    except Exception as error:  # noqa: BLE001 - raised by the greenlet that waits
        return _Failed(error)
