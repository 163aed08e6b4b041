"""Kept connections to WeChat's server, over the standard library's HTTP client."""

import select
import ssl
import weakref
from collections import deque
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from gevent.monkey import get_original

CONNECT_SECONDS = 2.0
KEPT = 64

# Asked for what is there already, the system's own call does not wait and costs a tenth of gevent's.
_poll = get_original("select", "poll")


class ConnectionFailed(Exception):
    """No whole answer came; the text is the kind of failure and no more, since an address carries
    the secret."""


class Connections:
    """Asks one server, on connections that are kept; safe to share between greenlets and threads.

    `url` names scheme, host, port and what all paths begin with. Connecting may take two seconds,
    each wait for bytes `timeout_seconds`. Nothing is ever asked twice: a login code is burnt by
    the first time.
    """

    def __init__(self, url: str, timeout_seconds: float) -> None:
        parts = urlsplit(url)
        self._prefix = parts.path.rstrip("/")
        self._timeout_seconds = timeout_seconds
        self._make = _maker(parts.scheme, parts.hostname or "", parts.port)
        self._idle: deque[HTTPConnection] = deque()
        weakref.finalize(self, _close_all, self._idle)

    def get(self, target: str) -> tuple[int, bytes]:
        """Return the status and the body of what lies at a path with its query.

        Raises `ConnectionFailed`.
        """
        return self._ask("GET", target, None)

    def post(self, target: str, sent: bytes) -> tuple[int, bytes]:
        """Send bytes to a path and return the status and the body of the answer.

        Raises `ConnectionFailed`.
        """
        return self._ask("POST", target, sent)

    def _ask(self, method: str, target: str, sent: bytes | None) -> tuple[int, bytes]:
        try:
            connection = self._kept() or self._opened()
        except OSError as error:
            raise ConnectionFailed(type(error).__name__) from None
        try:
            connection.request(method, self._prefix + target, sent)
            response = connection.getresponse()
            body = response.read()
        except (OSError, HTTPException) as error:
            connection.close()
            raise ConnectionFailed(type(error).__name__) from None
        except BaseException:
            connection.close()
            raise
        self._keep(connection)
        return response.status, body

    def _kept(self) -> HTTPConnection | None:
        """Return a kept connection that the other side has not closed, the warmest first."""
        while True:
            try:
                connection = self._idle.pop()
            except IndexError:
                return None
            if not _has_something_to_say(connection):
                return connection
            connection.close()

    def _opened(self) -> HTTPConnection:
        connection = self._make()
        connection.connect()
        connection.sock.settimeout(self._timeout_seconds)
        return connection

    def _keep(self, connection: HTTPConnection) -> None:
        if connection.sock is None:
            return
        if len(self._idle) < KEPT:
            self._idle.append(connection)
        else:
            connection.close()


def _has_something_to_say(connection: HTTPConnection) -> bool:
    """Return whether an idle connection can be read from, which means that its end is there."""
    poll = _poll()
    poll.register(connection.sock.fileno(), select.POLLIN)
    return bool(poll.poll(0))


def _close_all(idle: deque[HTTPConnection]) -> None:
    while idle:
        idle.pop().close()


def _maker(scheme: str, host: str, port: int | None) -> Callable[[], HTTPConnection]:
    if scheme == "http":
        return lambda: HTTPConnection(host, port, timeout=CONNECT_SECONDS)
    context = ssl.create_default_context()
    return lambda: HTTPSConnection(host, port, timeout=CONNECT_SECONDS, context=context)
