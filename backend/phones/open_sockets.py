"""The open sockets of this process by connection, so that other greenlets can close one."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from backend.phones.conversation import Close


class OpenSockets:
    """The open sockets, and the function that closes each."""

    def __init__(self) -> None:
        self._closers: dict[str, Callable[[Close], None]] = {}

    @contextmanager
    def holding(self, connection: str, close: Callable[[Close], None]) -> Iterator[None]:
        """Register the function that closes a socket during the block; it must not wait."""
        self._closers[connection] = close
        try:
            yield
        finally:
            del self._closers[connection]

    def close(self, connections: Iterable[str], why: Close) -> None:
        """Close those of the connections that are open here."""
        for connection in connections:
            close = self._closers.get(connection)
            if close:
                close(why)
