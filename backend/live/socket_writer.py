"""Writes to the WebSockets of phones without waiting for a slow reader.

Frames are encoded once for all readers, and those that are ready together are written to a socket at
once. A reader whose buffer is full is late: messages that it misses are dropped, and it gets a new
snapshot when it has read the rest.
"""

import socket
import threading
from collections.abc import Callable
from typing import Any

from peewee import DatabaseError
from redis import RedisError

from backend import metrics
from backend.encoding import encoded
from backend.live.batch import Batch
from backend.live.feed import Message
from backend.live.frames import CLOSE, frame, frame_of, rest_of_frame

# Answers to the requests of a late reader are kept up to this size; then it is disconnected.
MOST_KEPT_BYTES = 256 * 1024
LATE_SECONDS = 20


class SocketWriter:
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
        self._is_closing = False
        self._ended = False

    def give(self, batch: Batch) -> None:
        """Send messages of the feed that are for this player; a late reader does not get them."""
        if self._is_late or self._is_closing or self._ended:
            return
        data = batch.frames_for(self._player_id)
        if data:
            sent = self._send_now(data)
            if sent < len(data):
                self._fall_behind(rest_of_frame(data, sent))

    def say(self, kind: str, data: Any, **more: Any) -> None:
        """Send a message for this reader alone, `{"type", …, "data"}`; it is never dropped."""
        self.send(frame(encoded({"type": kind, **more, "data": data})))

    def send(self, data: bytes) -> int:
        """Send bytes after everything sent before; returns their number, as `socket.send` does.

        Nothing is sent after the frame that closes the socket: browsers take it for an error.
        """
        if self._is_closing or self._ended:
            return len(data)
        self._is_closing = data[0] == CLOSE
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
            if not self._is_closing:
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
