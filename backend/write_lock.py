"""Locks that admit one writer at a time to a SQLite file, over all processes.

With SQLite's own lock, a second writer would sleep in C code, up to a tenth of a second at a time,
and block all greenlets of its process. Here a waiting writer lets other greenlets run. A process
with many writers lets a waiting process go first now and then, however late that one looks.
"""

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOOK_SECONDS = 0.0005
LONGEST_SECONDS = 60.0
# How long the writers of one process may write one after another while another process waits.
STREAK_SECONDS = 0.005


class WriteLock:
    """The write lock of one SQLite file. The kernel releases the locks of a killed process.

    Two lock files lie beside the database: `-turn` is held by the process that writes, `-next` by
    the one that writes after it.
    """

    def __init__(self, path: Path) -> None:
        self._in_process = threading.Lock()
        self._turn = _open(path.with_name(path.name + "-turn"))
        self._next = _open(path.with_name(path.name + "-next"))
        self._streak_ends = 0.0

    @contextmanager
    def hold(self, seconds: float = LONGEST_SECONDS) -> Iterator[None]:
        """Hold the write lock during the block; raises `TimeoutError` if it is not free in time."""
        deadline = time.monotonic() + seconds
        # A caller whose time has run out asks for none or less, which `acquire` does not take.
        if seconds <= 0 or not self._in_process.acquire(timeout=seconds):
            raise TimeoutError
        try:
            self._take(deadline)
            try:
                yield
            finally:
                _release(self._turn)
        finally:
            self._in_process.release()

    def _take(self, deadline: float) -> None:
        """Take the lock: at once within a streak if it is free, otherwise after the process that
        waits already."""
        if time.monotonic() < self._streak_ends and _grab(self._turn):
            return
        _wait_for(self._next, deadline)
        try:
            _wait_for(self._turn, deadline)
        finally:
            _release(self._next)
        self._streak_ends = time.monotonic() + STREAK_SECONDS

    def close(self) -> None:
        """Close the lock files."""
        os.close(self._turn)
        os.close(self._next)


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _wait_for(descriptor: int, deadline: float) -> None:
    """Take a lock as soon as it is free; raises `TimeoutError` after the deadline."""
    while not _grab(descriptor):
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(LOOK_SECONDS)


def _grab(descriptor: int) -> bool:
    """Take a lock if it is free; returns whether it was."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _release(descriptor: int) -> None:
    fcntl.flock(descriptor, fcntl.LOCK_UN)
