"""Writes to the WebSockets of phones without waiting for a slow reader.

A frame is encoded once for all readers and written to the socket at once. A reader whose buffer is
full is late: messages that it misses are dropped, and it gets a new snapshot when it has read the
rest.
"""

import json
import socket
import threading
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from peewee import DatabaseError
from redis import RedisError

from backend import metrics
from backend.live.feed import Message

# Answers to the requests of a late reader are kept up to this size; then it is disconnected.
MOST_KEPT_BYTES = 256 * 1024
LATE_SECONDS = 20
_TEXT = 0x81
_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@lru_cache(256)
def frame_of(message: Message) -> bytes:
    """Return a message of the feed as a frame: `{"type", "seq", "data"}`."""
    head = f'{{"type":{json.dumps(message.type)},"seq":{json.dumps(message.seq)},"data":'
    return frame(f"{head}{message.data}}}".encode())


def frame(text: bytes) -> bytes:
    """Return UTF-8 text as an unmasked, unfragmented text frame (RFC 6455, section 5.2)."""
    length = len(text)
    if length < 126:
        return bytes((_TEXT, length)) + text
    if length < 65536:
        return bytes((_TEXT, 126)) + length.to_bytes(2, "big") + text
    return bytes((_TEXT, 127)) + length.to_bytes(8, "big") + text


class Line:
    """The socket of a phone as a watcher of the hub, see `backend.live.hub.Watching`.

    It is used by greenlets of one thread: no method yields between reading its state and writing.
    `snapshot` returns the newest state for a reader that was late.
    """

    def __init__(self, sock: Any, player_id: int, snapshot: Callable[[], Message]) -> None:
        self._socket = sock
        self._player_id = player_id
        # Under gevent this is the plain socket, which can be written to without waiting.
        self._raw = getattr(sock, "_sock", sock)
        self._snapshot = snapshot
        self._unsent = b""
        self._is_late = False
        self._ended = False

    def give(self, message: Message) -> None:
        """Send a message of the feed, if it is for this player; a late reader does not get it."""
        if message.only is not None and self._player_id not in message.only:
            return
        if not self._is_late and not self._ended:
            data = frame_of(message)
            sent = self._send_now(data)
            if sent < len(data):
                self._fall_behind(data[sent:] if sent else b"")

    def say(self, kind: str, data: Any, **more: Any) -> None:
        """Send a message for this reader alone, `{"type", …, "data"}`; it is never dropped."""
        self.send(frame(_json({"type": kind, **more, "data": data}).encode()))

    def send(self, data: bytes) -> int:
        """Send bytes after everything sent before; returns their number, as `socket.send` does."""
        if self._ended:
            return len(data)
        if self._is_late:
            self._unsent += data
            if len(self._unsent) > MOST_KEPT_BYTES:
                self.end()
            return len(data)
        sent = self._send_now(data)
        if sent < len(data):
            self._fall_behind(data[sent:])
        return len(data)

    def end(self) -> None:
        """Shut the connection down: its reader notices, and the phone connects again."""
        self._ended = True
        try:
            self._raw.shutdown(socket.SHUT_RDWR)
        except OSError:
            return

    def _send_now(self, data: bytes) -> int:
        try:
            return int(self._raw.send(data, socket.MSG_DONTWAIT))
        except BlockingIOError:
            return 0
        except OSError:
            self._ended = True
            return len(data)

    def _fall_behind(self, unsent: bytes) -> None:
        self._is_late = True
        self._unsent = unsent
        metrics.DROPPED.labels("phone").inc()
        threading.Thread(target=self._catch_up, name="late phone", daemon=True).start()

    def _catch_up(self) -> None:
        """Send the rest as fast as it is read, then the newest state."""
        try:
            self._socket.settimeout(LATE_SECONDS)
            self._send_rest()
            self._socket.sendall(frame_of(self._snapshot()))
            self._send_rest()
            self._socket.settimeout(None)
        except (OSError, RedisError, DatabaseError):
            self.end()
            return
        self._is_late = False

    def _send_rest(self) -> None:
        while self._unsent:
            unsent, self._unsent = self._unsent, b""
            self._socket.sendall(unsent)


class LineSocket:
    """The socket for `simple_websocket`, whose own frames (pongs, closes) go through the line too."""

    def __init__(self, sock: Any, line: Line) -> None:
        self._socket = sock
        self._line = line

    def send(self, data: bytes) -> int:
        """Send a control frame."""
        return self._line.send(data)

    def recv(self, size: int) -> bytes:
        """Return received bytes."""
        received: bytes = self._socket.recv(size)
        return received

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()
