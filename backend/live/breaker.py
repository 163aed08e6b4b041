"""Circuit breakers for Redis: one timeout delays requests, not every call.

After a timeout every call to that server is refused at once. A thread asks the server once a second
whether it answers again, so that no request waits for that. A server that refuses connections costs
no time and is asked each time.
"""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from redis.connection import (
    AbstractConnection,
    Connection,
    SSLConnection,
    UnixDomainSocketConnection,
)
from redis.exceptions import ConnectionError as NoConnection
from redis.exceptions import ResponseError
from redis.exceptions import TimeoutError as TimedOut
from redis.sentinel import SentinelManagedConnection, SentinelManagedSSLConnection
from redis.utils import SENTINEL

from backend import metrics

log = structlog.get_logger(__name__)

# How long a reply may take. A request makes several calls, of which at most one times out.
REPLY_SECONDS = 0.3
ASK_AGAIN_SECONDS = 1.0

Probe = Callable[[], bool]


class LeftAlone(NoConnection):
    """The server has not answered lately, so it was not asked."""


class NoReplicas(NoConnection):
    """The server refuses writes because too few replicas follow it (`min-replicas-to-write`).

    It may be a primary whose place another server has taken, so the connection is closed, and the
    next one asks Sentinel.
    """


class Breaker:
    """Says whether a server is asked; one for each server, shared by all threads of this process."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._lock = threading.Lock()
        self._is_silent = False

    def admit(self) -> None:
        """Permit a call; raises `LeftAlone` while the server does not answer."""
        if self._is_silent:
            raise LeftAlone(f"{self._address} did not answer lately")

    def timed_out(self, probe: Probe) -> None:
        """Record a timeout; `probe` returns whether the server answers again."""
        with self._lock:
            if self._is_silent:
                return
            self._is_silent = True
        metrics.REDIS_SILENT.labels(self._address).set(1)
        log.warning("redis_silent", address=self._address)
        threading.Thread(target=self._wait, args=(probe,), name="redis probe", daemon=True).start()

    def _wait(self, probe: Probe) -> None:
        while not probe():
            threading.Event().wait(ASK_AGAIN_SECONDS)
        self._is_silent = False
        metrics.REDIS_SILENT.labels(self._address).set(0)
        log.info("redis_answers", address=self._address)


_breakers: dict[str, Breaker] = {}
_patience = threading.local()


def breaker_of(address: str) -> Breaker:
    """Return the breaker of a server, shared by all connections of this process to it."""
    return _breakers.setdefault(address, Breaker(address))


@contextmanager
def patient(seconds: float) -> Iterator[None]:
    """Wait longer for replies in this thread during the block: for commands that take Redis long."""
    before = getattr(_patience, "seconds", None)
    _patience.seconds = seconds
    try:
        yield
    finally:
        _patience.seconds = before


class _Guarded(AbstractConnection):
    """A connection that asks the breaker of its server, and reports the outcome of each call to it."""

    @property
    def _address(self) -> str:
        return getattr(self, "path", None) or f"{self.host}:{self.port}"  # type: ignore[attr-defined]

    def _admit(self) -> None:
        breaker_of(self._address).admit()

    def _timed_out(self) -> None:
        address, is_tls = self._address, isinstance(self, SSLConnection)
        breaker_of(address).timed_out(lambda: _answers(address, is_tls=is_tls))

    def connect_check_health(self, *args: Any, **kwargs: Any) -> None:
        """Connect; raises `LeftAlone` too."""
        if self._sock:
            return
        self._admit()
        try:
            super().connect_check_health(*args, **kwargs)
        except TimedOut:
            self._timed_out()
            raise

    def send_packed_command(self, *args: Any, **kwargs: Any) -> None:
        """Send; raises `LeftAlone` too."""
        if self._sock:
            self._admit()
        else:
            # With Sentinel this finds out where the primary is now; the inherited method does not.
            self.connect()
        super().send_packed_command(*args, **kwargs)

    def read_response(
        self,
        disable_decoding: bool = False,
        *,
        timeout: Any = SENTINEL,
        disconnect_on_error: bool = True,
        push_request: bool = False,
    ) -> Any:
        """Read a reply."""
        more = {"disconnect_on_error": False, "push_request": push_request}
        seconds = getattr(_patience, "seconds", None)
        if timeout is SENTINEL and seconds is not None:
            timeout = seconds
        try:
            return self._read(disable_decoding, timeout, more)
        except ResponseError as error:
            # Redis 6.2 quotes the error of a command in a script.
            if "NOREPLICAS" not in str(error):
                raise
            self.disconnect()
            raise NoReplicas(str(error)) from None
        except BaseException as error:
            if isinstance(error, TimedOut):
                self._timed_out()
            if disconnect_on_error:
                self.disconnect()
            raise

    def _read(self, disable_decoding: bool, timeout: Any, more: dict[str, Any]) -> Any:
        try:
            return super().read_response(disable_decoding, timeout=timeout, **more)
        except TimedOut:
            # If this process was delayed, the reply has arrived in time and waits to be read.
            if not self.can_read(0):
                raise
            return super().read_response(disable_decoding, timeout=timeout, **more)


def _answers(address: str, *, is_tls: bool) -> bool:
    """Return whether a server answers, even if only with a refusal."""
    try:
        with _socket_to(address) as plain:
            if is_tls:
                # The handshake is enough of an answer. Nothing is sent, so no certificate is
                # needed.
                with _UNVERIFIED.wrap_socket(plain):
                    return True
            plain.sendall(b"PING\r\n")
            return bool(plain.recv(1))
    except TimeoutError:
        return False
    except OSError:
        # The server refuses connections, which costs callers no time.
        return True


def _socket_to(address: str) -> socket.socket:
    host, _, port = address.rpartition(":")
    if port.isdigit():
        return socket.create_connection((host, int(port)), REPLY_SECONDS)
    plain = socket.socket(socket.AF_UNIX)
    plain.settimeout(REPLY_SECONDS)
    try:
        plain.connect(address)
    except OSError:
        plain.close()
        raise
    return plain


# Not `create_default_context`, which reads all certificates of the system: 50 ms, for nothing here.
_UNVERIFIED = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
_UNVERIFIED.check_hostname = False
_UNVERIFIED.verify_mode = ssl.CERT_NONE


class GuardedTcp(_Guarded, Connection):
    """Over TCP."""


class GuardedTls(_Guarded, SSLConnection):
    """Over TLS."""


class GuardedUnix(_Guarded, UnixDomainSocketConnection):
    """Over a Unix socket."""


class GuardedMaster(_Guarded, SentinelManagedConnection):  # type: ignore[misc]
    """To the server that Sentinel calls the primary."""


class GuardedMasterTls(_Guarded, SentinelManagedSSLConnection):  # type: ignore[misc]
    """The same over TLS."""
