"""Ends the work of a server process without losing any: its sockets and streams move to another one."""

import random
from collections.abc import Callable

from backend.errors import Unavailable

# How long a socket or stream that was told to move waits before it connects again: each another time,
# so that a hall does not come back at once.
SOONEST_SECONDS = 0.2
LATEST_SECONDS = 1.2

Told = Callable[[float], None]


def pause_seconds() -> float:
    """Return after how many seconds one that has to move should connect again."""
    return random.uniform(SOONEST_SECONDS, LATEST_SECONDS)  # nosec B311 # no secret


class Draining:
    """Whether this process is about to end. It then opens no socket and no stream any more, and
    `/readyz` says so; all other requests are answered."""

    def __init__(self) -> None:
        self._told: list[Told] = []
        self._is_on = False

    @property
    def is_on(self) -> bool:
        """Whether it has begun."""
        return self._is_on

    def refuse(self) -> None:
        """Refuse a new socket or stream once it has begun; raises `Unavailable`."""
        if self._is_on:
            raise Unavailable(retry_after_seconds=1)

    def tell(self, told: Told) -> None:
        """Register what is called when it begins, with the seconds that there are; it must not
        wait."""
        self._told.append(told)

    def begin(self, seconds: float) -> None:
        """Begin; a second call changes nothing."""
        if not self._is_on:
            self._is_on = True
            for told in self._told:
                told(seconds)
