"""Whose turn it is to write into a SQLite file: one writer at a time over all processes.

SQLite itself would let the second one wait asleep inside C, up to a tenth of a second at a time and
with everything else of its process. Here waiting lets other greenlets work, and a process whose
writers follow closely steps back now and then, so that those of another one get their turn.
"""

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOOK_SECONDS = 0.0005
# How long the writers of one process may follow each other while another process waits.
STREAK_SECONDS = 0.005
STEP_BACK_SECONDS = 0.002


class Turns:
    """The turns of one SQLite file. The kernel gives back what a killed process held.

    Two lock files stand beside the database: `-turn` is held by the writer, `-waiting` is shared
    by the processes that wait.
    """

    def __init__(self, path: Path) -> None:
        self._in_process = threading.Lock()
        self._turn = _open(path.with_name(path.name + "-turn"))
        self._waiting = _open(path.with_name(path.name + "-waiting"))
        self._streak_began = 0.0

    @contextmanager
    def mine(self) -> Iterator[None]:
        """Wait for one's turn and keep it during the block."""
        with self._in_process:
            self._take()
            try:
                yield
            finally:
                fcntl.flock(self._turn, fcntl.LOCK_UN)
                self._step_back()

    def _take(self) -> None:
        if _grab(self._turn):
            return
        fcntl.flock(self._waiting, fcntl.LOCK_SH)
        try:
            while not _grab(self._turn):
                time.sleep(LOOK_SECONDS)
        finally:
            fcntl.flock(self._waiting, fcntl.LOCK_UN)
        self._streak_began = time.monotonic()

    def _step_back(self) -> None:
        """After a while, leave a gap to the processes that wait, if there are any."""
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
    """Take a lock if nobody else holds it; says whether that worked."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
