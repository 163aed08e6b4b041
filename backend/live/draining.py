"""Drains a server process before it ends: its sockets and streams move to another process."""

import random
import socket
from collections.abc import Callable, Sized
from contextlib import suppress

from backend.errors import Unavailable

# How long a client that was told to move waits before it connects again: a random time, so that a
# hall does not come back at once.
SOONEST_SECONDS = 0.2
LATEST_SECONDS = 1.2

Told = Callable[[float], None]


def pause_seconds() -> float:
    """Return after how many seconds a client that has to move should connect again."""
    return random.uniform(SOONEST_SECONDS, LATEST_SECONDS)  # nosec B311 # no secret


def refuse_connections(listener: socket.socket) -> None:
    """Let a listening socket refuse connections until it listens again; it stays bound.

    So a proxy asks another server while this one starts. Linux alone can do so; elsewhere connections
    wait.
    """
    with suppress(OSError):
        listener.shutdown(socket.SHUT_RD)


class Draining:
    """Whether this process is about to end.

    It then opens no new sockets and streams, and `/readyz` says so; all other requests are
    answered.
    """

    def __init__(self) -> None:
        self._told: list[Told] = []
        self._open: list[Sized] = []
        self._is_on = False

    @property
    def is_on(self) -> bool:
        """Whether draining has begun."""
        return self._is_on

    def refuse(self) -> None:
        """Refuse a new socket or stream once draining has begun; raises `Unavailable`."""
        if self._is_on:
            raise Unavailable(retry_after_seconds=1)

    def tell(self, told: Told) -> None:
        """Register a function to call at the beginning, with the number of seconds left.

        It must not wait.
        """
        self._told.append(told)

    def wait_for(self, connections: Sized) -> None:
        """Register connections that should have ended before the process ends."""
        self._open.append(connections)

    @property
    def is_done(self) -> bool:
        """Whether all connections that were registered have ended."""
        return not any(map(len, self._open))

    def begin(self, seconds: float) -> None:
        """Begin draining; a second call changes nothing."""
        if not self._is_on:
            self._is_on = True
            for told in self._told:
                told(seconds)
