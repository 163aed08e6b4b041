"""The transport of a phone: one request, then one reply or a failure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import urllib3
from urllib3.exceptions import HTTPError, NewConnectionError, ProtocolError, TimeoutError

from miniprogram_stub.protocol import PROTOCOL

# A mini program may have ten requests under way.
CONNECTIONS: int = PROTOCOL["requests_in_flight"]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request as it is sent."""

    method: str
    url: str
    header: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class HttpReply:
    """A reply of any status."""

    status: int
    header: Mapping[str, str]
    body: bytes


class NetworkFailure(Exception):
    """No reply came; the text is the reason in the words of `wx`, such as `timeout`.

    Whether the server saw the request is not known.
    """


class Transport(Protocol):
    """Sends the requests of a phone; may be used by several threads at once."""

    def send(self, request: Outgoing, timeout_seconds: float) -> HttpReply:
        """Send once and wait for the reply; raises `NetworkFailure`."""

    def close(self) -> None:
        """Close the connections; the next request opens new ones."""


class Network:
    """A network without faults: connections stay open between requests, and nothing is retried."""

    def __init__(self) -> None:
        self._pools = urllib3.PoolManager(maxsize=CONNECTIONS, retries=False)

    def send(self, request: Outgoing, timeout_seconds: float) -> HttpReply:
        """Send once and wait for the reply; raises `NetworkFailure`."""
        try:
            answer = self._pools.urlopen(
                request.method,
                request.url,
                headers=dict(request.header),
                body=request.body,
                timeout=timeout_seconds,
                redirect=False,
            )
        except HTTPError as error:
            raise NetworkFailure(_in_words(error)) from None
        return HttpReply(answer.status, answer.headers, answer.data)

    def close(self) -> None:
        """Close the connections now, and not when the garbage is collected."""
        for key in list(self._pools.pools.keys()):
            self._pools.pools[key].close()
        self._pools.clear()


def _in_words(error: HTTPError) -> str:
    if isinstance(error, NewConnectionError):
        return "cannot connect"
    if isinstance(error, TimeoutError):
        return "timeout"
    return "connection closed" if isinstance(error, ProtocolError) else str(error)
