"""The open sockets of this process by connection, so that other greenlets can close one."""

import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from backend.live.draining import pause_seconds
from backend.phones.conversation import CloseReason, moving


class OpenSockets:
    """The open sockets, and the function that closes each."""

    def __init__(self) -> None:
        self._closers: dict[str, Callable[[CloseReason], None]] = {}
        self._is_moving = False

    def __len__(self) -> int:
        return len(self._closers)

    @contextmanager
    def holding(self, connection: str, close: Callable[[CloseReason], None]) -> Iterator[None]:
        """Register the function that closes a socket during the block; it must not wait."""
        self._closers[connection] = close
        if self._is_moving:
            close(moving(pause_seconds()))
        try:
            yield
        finally:
            del self._closers[connection]

    def close(self, connections: Iterable[str], why: CloseReason) -> None:
        """Close those of the connections that are open here."""
        for connection in connections:
            close = self._closers.get(connection)
            if close:
                close(why)

    def move(self, seconds: float) -> None:
        """Tell all phones to connect to another process, spread over so many seconds.

        From then on it also tells each phone that still connects.
        """
        self._is_moving = True
        threading.Thread(
            target=self._move, args=(seconds,), name="moving phones", daemon=True
        ).start()

    def _move(self, seconds: float) -> None:
        connections = list(self._closers)
        random.shuffle(connections)
        for connection in connections:
            self.close([connection], moving(pause_seconds()))
            time.sleep(seconds / len(connections))
