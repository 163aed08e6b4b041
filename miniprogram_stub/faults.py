"""A bad network, put between a phone and the real one.

What goes wrong is drawn from a random generator that the caller seeds, one draw of a kind per
request, so that the same requests meet the same faults again.

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
    """How often, of a request, each fault happens, and how long the slow ones last."""

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
    """A transport round another one; `injected` counts the faults by kind."""

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
        """Let every request pass from now on."""
        self._fault_rates = FINE

    def send(self, request: Outgoing, timeout_seconds: float) -> HttpReply:
        """Send with whatever the draw brings; raises `NetworkFailure`."""
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
        """Give up the connections."""
        self._inner.close()

    def _send_from_here(self, request: Outgoing, timeout_seconds: float) -> HttpReply:
        """Send, and lose the reply when the user left the app meanwhile."""
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
        """The request is out, then nobody listens: neither to its reply nor to any other."""
        self._absences += 1
        self._inner.send(request, timeout_seconds)
        self._sleep(_between(self._fault_rates.background_seconds, size))
        raise NetworkFailure("interrupted")


def _between(limits: tuple[float, float], size: float) -> float:
    low, high = limits
    return low + (high - low) * size
