"""Reads what a phone sends on its socket, without waiting."""

import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from wsproto.connection import Connection, ConnectionType
from wsproto.events import CloseConnection, Message, Ping

from backend.live.frames import texts_in
from backend.phones.conversation import (
    FLOODING,
    MAX_MESSAGE_BYTES,
    CloseReason,
    MessageAllowance,
)

RECEIVED_BYTES = 16 * 1024
TOO_BIG = CloseConnection(1009, "Message is too big")
# What was sent before a close frame reached the phone is read and dropped: the kernel resets a
# connection that is closed with unread bytes, and the phone might lose the reason.
DROPPED_AT_ONCE = 64

Send = Callable[[bytes], object]


class SocketReader:
    """The messages of a phone. `is_over` says that no more will come.

    Frames that are no whole texts (pings, closes, parts of messages, what is no UTF-8), and all
    that follows the first of them, are read by `wsproto`. `send` sends the frames that answer them.
    """

    def __init__(self, sock: Any, send: Send) -> None:
        self.socket = sock
        self._send = send
        # Under gevent this is the plain socket.
        self._raw: Any = getattr(sock, "_sock", sock)
        self._rest = b""
        self._any_frames: _AnyFrames | None = None
        self.is_over = False
        self.why: CloseReason | None = None

    def wake(self, why: CloseReason) -> None:
        """End the messages, because the socket has to be closed."""
        self.why = self.why or why
        # gevent's own `shutdown` would raise an error where somebody waits.
        with suppress(OSError):
            self._raw.shutdown(socket.SHUT_RD)

    def messages(self) -> list[str | bytes]:
        """Return the messages that have come; call it when the socket is readable."""
        if self.why:
            # A phone that goes on sending would keep its socket, and be shown what it may not see.
            self.is_over = True
            return []
        try:
            data = self._raw.recv(RECEIVED_BYTES, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return []
        except OSError:
            data = b""
        if not data:
            self.is_over = True
            return []
        if self._any_frames:
            return self._read_by_library(self._any_frames, data)
        texts, self._rest, is_plain = texts_in(self._rest + data, MAX_MESSAGE_BYTES)
        if is_plain:
            return [*texts]
        data, self._rest = self._rest, b""
        self._any_frames = _AnyFrames(self._send)
        return [*texts, *self._read_by_library(self._any_frames, data)]

    def _read_by_library(self, any_frames: "_AnyFrames", data: bytes) -> list[str | bytes]:
        found = any_frames.messages(data)
        self.is_over = any_frames.is_over
        if any_frames.is_flooding:
            self.wake(FLOODING)
        return found

    def drop_the_rest(self) -> None:
        """Read and drop what the phone has sent until now."""
        with suppress(OSError):
            for _ in range(DROPPED_AT_ONCE):
                if not self._raw.recv(RECEIVED_BYTES, socket.MSG_DONTWAIT):
                    return


class _AnyFrames:
    """Reads frames of all sorts, and answers those of the protocol itself.

    A phone may send as many frames as messages: `is_flooding` says that these were more.
    """

    def __init__(self, send: Send) -> None:
        self._connection = Connection(ConnectionType.SERVER)
        self._send = send
        self._begun: Any = None
        self._allowance = MessageAllowance()
        self.is_over = False
        self.is_flooding = False

    def messages(self, data: bytes) -> list[str | bytes]:
        """Return the messages that are whole; a broken frame, or one that closes, is the last one."""
        found: list[str | bytes] = []
        self._connection.receive_data(data)
        for event in self._connection.events():
            self.is_flooding = not self._allowance.spend()
            if self.is_flooding:
                break
            if isinstance(event, Message):
                found += self._whole(event)
            elif isinstance(event, (Ping, CloseConnection)):
                self._answer(event.response(), is_last=isinstance(event, CloseConnection))
            if self.is_over:
                break
        return found

    def _whole(self, part: Message) -> list[str | bytes]:
        """Return the message that ends with a part, if it does."""
        self._begun = part.data if self._begun is None else self._begun + part.data
        if len(self._begun) > MAX_MESSAGE_BYTES:
            self._answer(TOO_BIG, is_last=True)
            return []
        if not part.message_finished:
            return []
        whole, self._begun = self._begun, None
        return [whole]

    def _answer(self, event: Any, *, is_last: bool) -> None:
        self._send(self._connection.send(event))
        self.is_over = is_last
