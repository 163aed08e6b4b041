"""Finds phones that have gone silent, with one timer per process instead of one for each message."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

SILENCE_SECONDS = 75
LOOK_SECONDS = 5


class HeardPhone(Protocol):
    """A phone with the time of its last message."""

    @property
    def heard_at(self) -> float:
        """When the last message came, in seconds of `time.monotonic`."""


class SilenceWatch:
    """Reports phones that have been silent for longer than the heartbeat allows."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._watched: dict[int, tuple[HeardPhone, Callable[[], None]]] = {}
        self._is_looking = False

    @contextmanager
    def watching(self, heard: HeardPhone, tell: Callable[[], None]) -> Iterator[None]:
        """During the block, call `tell` every few seconds while the phone is silent for too long."""
        with self._lock:
            self._watched[id(heard)] = (heard, tell)
            begins, self._is_looking = not self._is_looking, True
        if begins:
            threading.Thread(target=self._look_on, name="silent phones", daemon=True).start()
        try:
            yield
        finally:
            with self._lock:
                del self._watched[id(heard)]

    def look(self, now: float) -> None:
        """Report phones that are silent at a moment of `time.monotonic`; `tell` must not raise."""
        with self._lock:
            watched = list(self._watched.values())
        for heard, tell in watched:
            if now - heard.heard_at > SILENCE_SECONDS:
                tell()

    def _look_on(self) -> None:
        pause = threading.Event()
        while self._is_anybody_watched():
            pause.wait(LOOK_SECONDS)
            self.look(time.monotonic())

    def _is_anybody_watched(self) -> bool:
        with self._lock:
            self._is_looking = bool(self._watched)
            return self._is_looking
