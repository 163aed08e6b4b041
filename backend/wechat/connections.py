"""Kept connections to WeChat's server. The standard library connects, httptools reads the answers."""

import select
import socket
import ssl
import weakref
from collections import deque
from collections.abc import Callable
from http.client import HTTPConnection, HTTPSConnection
from urllib.parse import urlsplit

from gevent.monkey import get_original
from httptools import HttpParserError, HttpResponseParser

CONNECT_SECONDS = 2.0
KEPT = 64
_RECEIVED_BYTES = 64 * 1024

# The system's own call does not wait here, because the timeout is zero, and costs a tenth of
# gevent's.
_poll = get_original("select", "poll")


class ConnectionFailed(Exception):
    """No complete answer came.

    The text is only the kind of failure, because the address holds the secret.
    """


class _Answer:
    """An answer as it comes in; its parser calls the methods that begin with `on_`."""

    def __init__(self) -> None:
        self.status = 0
        self.is_whole = False
        self.may_be_followed = False
        self._parser = HttpResponseParser(self)
        self._parts: list[bytes] = []
        self._says_its_length = False
        # An answer that does not say how long it is ends with the connection.
        self._is_open_ended = False

    @property
    def body(self) -> bytes:
        return b"".join(self._parts)

    def feed(self, data: bytes) -> None:
        """Read what came; no bytes mean that the other side has ended the connection."""
        if data:
            self._parser.feed_data(data)
        elif self._is_open_ended:
            self.is_whole = True
        else:
            raise EOFError

    def on_header(self, name: bytes, value: bytes) -> None:
        self._says_its_length |= name.lower() in (b"content-length", b"transfer-encoding")

    def on_headers_complete(self) -> None:
        self.status = self._parser.get_status_code()
        self._is_open_ended = not self._says_its_length

    def on_body(self, part: bytes) -> None:
        self._parts.append(part)

    def on_message_complete(self) -> None:
        self.may_be_followed = self._parser.should_keep_alive()
        # Those below 200 only announce another one.
        self.is_whole = self.status >= 200


class Connections:
    """Sends requests to one server on kept connections; safe to share between greenlets and
    threads.

    `url` names scheme, host, port and what all paths begin with. Connecting may take two seconds,
    each wait for bytes `timeout_seconds`. No request is repeated, because WeChat accepts a login
    code once.
    """

    def __init__(self, url: str, timeout_seconds: float) -> None:
        parts = urlsplit(url)
        self._prefix = parts.path.rstrip("/")
        self._host = parts.netloc
        self._timeout_seconds = timeout_seconds
        self._make = _maker(parts.scheme, parts.hostname or "", parts.port)
        self._idle: deque[socket.socket] = deque()
        weakref.finalize(self, _close_all, self._idle)

    def get(self, target: str) -> tuple[int, bytes]:
        """Request a path with its query, and return the status and the body of the answer.

        Raises `ConnectionFailed`.
        """
        return self._ask("GET", target, None)

    def post(self, target: str, sent: bytes) -> tuple[int, bytes]:
        """Send bytes to a path and return the status and the body of the answer.

        Raises `ConnectionFailed`.
        """
        return self._ask("POST", target, sent)

    def _ask(self, method: str, target: str, sent: bytes | None) -> tuple[int, bytes]:
        head = f"{method} {self._prefix}{target} HTTP/1.1\r\nHost: {self._host}\r\n"
        if sent is not None:
            head += f"Content-Length: {len(sent)}\r\n"
        try:
            connection = self._kept() or self._opened()
        except OSError as error:
            raise ConnectionFailed(type(error).__name__) from None
        answer = _Answer()
        try:
            connection.sendall(f"{head}\r\n".encode() + (sent or b""))
            while not answer.is_whole:
                answer.feed(connection.recv(_RECEIVED_BYTES))
        except (OSError, EOFError, HttpParserError) as error:
            connection.close()
            raise ConnectionFailed(type(error).__name__) from None
        except BaseException:
            connection.close()
            raise
        if answer.may_be_followed and len(self._idle) < KEPT:
            self._idle.append(connection)
        else:
            connection.close()
        return answer.status, answer.body

    def _kept(self) -> socket.socket | None:
        """Return a kept connection that the other side has not closed, the last used first."""
        while True:
            try:
                connection = self._idle.pop()
            except IndexError:
                return None
            if not _is_readable(connection):
                return connection
            connection.close()

    def _opened(self) -> socket.socket:
        made = self._make()
        made.connect()
        connection: socket.socket = made.sock
        connection.settimeout(self._timeout_seconds)
        return connection


def _is_readable(connection: socket.socket) -> bool:
    """Return whether an idle connection can be read from, which means that it was closed."""
    poll = _poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))


def _close_all(idle: deque[socket.socket]) -> None:
    while idle:
        idle.pop().close()


def _maker(scheme: str, host: str, port: int | None) -> Callable[[], HTTPConnection]:
    if scheme == "http":
        return lambda: HTTPConnection(host, port, timeout=CONNECT_SECONDS)
    context = ssl.create_default_context()
    return lambda: HTTPSConnection(host, port, timeout=CONNECT_SECONDS, context=context)
