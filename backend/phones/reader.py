"""Reads what a phone sends on its socket, in the greenlet that answers it."""

import socket
import threading
from contextlib import suppress
from typing import Any

from simple_websocket import ConnectionClosed, Server
from wsproto.utilities import LocalProtocolError

from backend.live.frames import texts_in
from backend.phones.conversation import MAX_MESSAGE_BYTES, CloseReason

RECEIVED_BYTES = 16 * 1024
# What was sent before a close frame reached the phone is read and dropped: the kernel resets a
# connection that is closed with unread bytes, and the phone might lose the reason.
DROPPED_AT_ONCE = 64


class NoThread(threading.Thread):
    """In place of the thread of `simple_websocket` that reads: `SocketReader` does so."""

    def start(self) -> None:
        """Do nothing."""


class SocketReader:
    """The messages of a phone.

    Frames that are no whole texts (pings, closes, parts of messages, what is no UTF-8), and all
    that follows the first of them, are read by `simple_websocket`.
    """

    def __init__(self, ws: Server) -> None:
        self._ws = ws
        self._socket = ws.sock
        # Under gevent this is the plain socket.
        self._raw: Any = getattr(ws.sock, "_sock", ws.sock)
        self._rest = b""
        self._is_plain = True
        self.why: CloseReason | None = None

    def wake(self, why: CloseReason) -> None:
        """End the wait for messages, because the socket has to be closed."""
        self.why = self.why or why
        # gevent's own `shutdown` would raise an error in the reader instead.
        with suppress(OSError):
            self._raw.shutdown(socket.SHUT_RD)

    def messages(self) -> list[str | bytes]:
        """Wait for messages and return those that have come; none once there is a reason to close.

        Raises `ConnectionClosed` when the phone has closed the socket.
        """
        found: list[str | bytes] = []
        while not found and not self.why:
            if not self._ws.connected:
                raise ConnectionClosed(self._ws.close_reason, self._ws.close_message)
            found = self._read()
        return found

    def _read(self) -> list[str | bytes]:
        try:
            data = self._socket.recv(RECEIVED_BYTES)
        except OSError:
            data = b""
        if not data:
            self._ws.connected = self.why is not None
            return []
        if self._is_plain:
            texts, self._rest, self._is_plain = texts_in(self._rest + data, MAX_MESSAGE_BYTES)
            if self._is_plain:
                return [*texts]
            data, self._rest = self._rest, b""
            return [*texts, *self._read_by_library(data)]
        return self._read_by_library(data)

    def _read_by_library(self, data: bytes) -> list[str | bytes]:
        try:
            self._ws.ws.receive_data(data)
            self._ws.connected = self._ws._handle_events()
        except (OSError, LocalProtocolError):
            self._ws.connected = False
        found, self._ws.input_buffer = self._ws.input_buffer, []
        return found

    def drop_the_rest(self) -> None:
        """Read and drop what the phone has sent until now."""
        with suppress(OSError):
            for _ in range(DROPPED_AT_ONCE):
                if not self._raw.recv(RECEIVED_BYTES, socket.MSG_DONTWAIT):
                    return
