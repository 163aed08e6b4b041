"""A bad network: a transport that injects faults.

Faults are drawn from a seeded random generator, once for each request, so that the same requests
have the same faults again.

    dropped_before  the request is lost before the server sees it
    dropped_after   the server handles the request, the reply is lost
    doubled         the request arrives twice at once; the phone sees one reply
    delayed         the request waits before it goes out
    backgrounded    the user leaves the app for some seconds: whatever is in flight fails
"""

import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from random import Random

from miniprogram_stub.transport import HttpReply, NetworkFailure, Outgoing, Transport

KINDS = ("dropped_before", "dropped_after", "doubled", "delayed", "backgrounded")


@dataclass(frozen=True)
class FaultRates:
    """The probability of each fault for a request, and the length of delays."""

    dropped_before: float = 0.0
    dropped_after: float = 0.0
    doubled: float = 0.0
    delayed: float = 0.0
    backgrounded: float = 0.0
    delay_seconds: tuple[float, float] = (0.05, 0.8)
    background_seconds: tuple[float, float] = (1.0, 5.0)

    def fault(self, draw: float) -> str | None:
        """Return the fault that a number from 0 to 1 stands for."""
        for kind in KINDS:
            draw -= getattr(self, kind)
            if draw < 0:
                return kind
        return None


FINE = FaultRates()
STORM = FaultRates(
    dropped_before=0.05, dropped_after=0.05, doubled=0.06, delayed=0.08, backgrounded=0.01
)


class BadNetwork:
    """A transport that wraps another one; `injected` counts the faults by kind."""

    def __init__(
        self,
        inner: Transport,
        fault_rates: FaultRates,
        random: Random,
        sleep: Callable[[float], object],
    ) -> None:
        self.injected: Counter[str] = Counter()
        self._inner = inner
        self._fault_rates = fault_rates
        self._random = random
        self._sleep = sleep
        self._absences = 0

    def calm(self) -> None:
        """Inject no faults from now on."""
        self._fault_rates = FINE

    def send(self, request: Outgoing, timeout_seconds: float) -> HttpReply:
        """Send, perhaps with a fault; raises `NetworkFailure`."""
        draw, size = self._random.random(), self._random.random()
        fault = self._fault_rates.fault(draw)
        if fault is None:
            return self._send_from_here(request, timeout_seconds)
        self.injected[fault] += 1
        if fault == "dropped_before":
            raise NetworkFailure("dropped before the server")
        if fault == "dropped_after":
            self._inner.send(request, timeout_seconds)
            raise NetworkFailure("dropped after the server")
        if fault == "doubled":
            return self._send_twice(request, timeout_seconds)
        if fault == "delayed":
            self._sleep(_between(self._fault_rates.delay_seconds, size))
            return self._send_from_here(request, timeout_seconds)
        return self._leave_the_app(request, timeout_seconds, size)

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()

    def _send_from_here(self, request: Outgoing, timeout_seconds: float) -> HttpReply:
        """Send, and lose the reply if the user left the app meanwhile."""
        absences = self._absences
        reply = self._inner.send(request, timeout_seconds)
        if absences != self._absences:
            raise NetworkFailure("interrupted")
        return reply

    def _send_twice(self, request: Outgoing, timeout_seconds: float) -> HttpReply:
        twin = threading.Thread(target=self._send_unheard, args=(request, timeout_seconds))
        twin.start()
        try:
            return self._send_from_here(request, timeout_seconds)
        finally:
            twin.join()

    def _send_unheard(self, request: Outgoing, timeout_seconds: float) -> None:
        with suppress(NetworkFailure):
            self._inner.send(request, timeout_seconds)

    def _leave_the_app(self, request: Outgoing, timeout_seconds: float, size: float) -> HttpReply:
        """Put the app into the background after the request was sent, so that all replies are lost."""
        self._absences += 1
        self._inner.send(request, timeout_seconds)
        self._sleep(_between(self._fault_rates.background_seconds, size))
        raise NetworkFailure("interrupted")


def _between(limits: tuple[float, float], size: float) -> float:
    low, high = limits
    return low + (high - low) * size
