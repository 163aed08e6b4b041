"""Locks that admit one writer at a time to a SQLite file, over all processes.

With SQLite's own lock, a second writer would sleep in C code, up to a tenth of a second at a time,
and block all greenlets of its process. Here a waiting writer lets other greenlets run. A process
with many writers pauses now and then, so that writers of other processes get their turn.
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
STEP_BACK_SECONDS = 0.002


class Turns:
    """The write lock of one SQLite file. The kernel releases the locks of a killed process.

    Two lock files lie beside the database: `-turn` is held by the writer, `-waiting` is shared by
    the processes that wait.
    """

    def __init__(self, path: Path) -> None:
        self._in_process = threading.Lock()
        self._turn = _open(path.with_name(path.name + "-turn"))
        self._waiting = _open(path.with_name(path.name + "-waiting"))
        self._streak_began = 0.0

    @contextmanager
    def mine(self, seconds: float = LONGEST_SECONDS) -> Iterator[None]:
        """Hold the write lock during the block; raises `TimeoutError` if it is not free in time."""
        deadline = time.monotonic() + seconds
        if not self._in_process.acquire(timeout=seconds):
            raise TimeoutError
        try:
            self._take(deadline)
            try:
                yield
            finally:
                fcntl.flock(self._turn, fcntl.LOCK_UN)
                self._step_back()
        finally:
            self._in_process.release()

    def _take(self, deadline: float) -> None:
        if _grab(self._turn):
            return
        fcntl.flock(self._waiting, fcntl.LOCK_SH)
        try:
            while not _grab(self._turn):
                if time.monotonic() > deadline:
                    raise TimeoutError
                time.sleep(LOOK_SECONDS)
        finally:
            fcntl.flock(self._waiting, fcntl.LOCK_UN)
        self._streak_began = time.monotonic()

    def _step_back(self) -> None:
        """Pause if this process has written for a while and other processes wait."""
        if time.monotonic() - self._streak_began < STREAK_SECONDS:
            return
        if _grab(self._waiting):
            fcntl.flock(self._waiting, fcntl.LOCK_UN)
        else:
            time.sleep(STEP_BACK_SECONDS)
        self._streak_began = time.monotonic()

    def close(self) -> None:
        """Close the lock files."""
        os.close(self._turn)
        os.close(self._waiting)


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _grab(descriptor: int) -> bool:
    """Take a lock if it is free; returns whether it was."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
