"""Phones that went silent: one watch per process, so that a message sets no timer of its own."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

SILENCE_SECONDS = 75
LOOK_SECONDS = 5


class Heard(Protocol):
    """What is heard of a phone."""

    @property
    def heard_at(self) -> float:
        """When the last message came, in seconds of `time.monotonic`."""


class SilenceWatch:
    """Tells who was not heard of for longer than a phone with a heartbeat can be silent."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._watched: dict[int, tuple[Heard, Callable[[], None]]] = {}
        self._is_looking = False

    @contextmanager
    def watching(self, heard: Heard, tell: Callable[[], None]) -> Iterator[None]:
        """Call `tell` every few seconds of the block in which nothing was heard for too long."""
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
        """Tell of those who are silent at a moment of `time.monotonic`; `tell` must not raise."""
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
