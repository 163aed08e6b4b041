"""Server-sent events: a watcher's messages as bytes, until the client goes away."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from functools import lru_cache

from flask import Response

from backend.live.draining import pause_seconds
from backend.live.feed import Message
from backend.live.hub import Watcher

# Tells the browser how long to wait before it connects again.
_OPENING = b"retry: 1000\n\n"


class EventStream:
    """The body of a streamed response.

    `close` ends the watching, also if nothing was read. When the server ends the stream, its last
    line says after how long the client should connect again.
    """

    def __init__(self, watching: AbstractContextManager[Watcher]) -> None:
        self._watching = watching
        self._batches = watching.__enter__().batches()
        self._opened = False
        self._ended = False

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if not self._opened:
            self._opened = True
            return _OPENING
        for messages in self._batches:
            return b"".join(map(encode, messages))
        if self._ended:
            raise StopIteration
        self._ended = True
        return f"retry: {pause_seconds() * 1000:.0f}\n\n".encode()

    def close(self) -> None:
        """Stop watching; called by the server when the client is gone."""
        self._watching.__exit__(None, None, None)


@lru_cache(64)
def encode(message: Message) -> bytes:
    """Return a message in the form of an event stream."""
    return f"id: {message.seq}\nevent: {message.type}\ndata: {message.data}\n\n".encode()


def respond(watching: AbstractContextManager[Watcher]) -> Response:
    """Return a response that streams what a watcher gets."""
    response = Response(EventStream(watching), mimetype="text/event-stream")
    response.headers["Cache-Control"] = "no-cache"
    response.headers["X-Accel-Buffering"] = "no"
    return response
