"""The speed at which people play, and the signal that ends an evening early."""

import threading
from dataclasses import dataclass

from miniprogram_stub.players import StubPlayer

# Phones arrive during the first tenth of an evening.
ARRIVING = 0.1
THINKING = 0.6


class EveningStopped(Exception):
    """The stop signal was sent; a phone that gets it does nothing more."""


class StopSignal:
    """Lets phones wait, and ends all waits at once when it is sent."""

    def __init__(self) -> None:
        self._sent = threading.Event()

    def send(self) -> None:
        """End the evening for everybody."""
        self._sent.set()

    def reset(self) -> None:
        """Let phones wait again, once all of them have stopped."""
        self._sent.clear()

    def wait(self, seconds: float) -> None:
        """Wait so many seconds; raises `EveningStopped` when the signal is sent before or meanwhile."""
        if self._sent.wait(max(seconds, 0)):
            raise EveningStopped


@dataclass(frozen=True)
class Pace:
    """About how many seconds the evening takes, and how long a phone waits for a countdown."""

    evening_seconds: float
    longest_wait_seconds: float

    def arrival_seconds(self, player: StubPlayer) -> float:
        """Return when a player joins."""
        return player.spread(self.evening_seconds * ARRIVING) - self.evening_seconds * ARRIVING / 2

    def think_seconds(self, player: StubPlayer, digs: int) -> float:
        """Return how long a player takes over one of so many questions."""
        return min(player.think_seconds(), THINKING * self._share(digs))

    def gap_seconds(self, player: StubPlayer, digs: int, thought_seconds: float) -> float:
        """Return how long a player rests after a question."""
        return max(player.spread(self._share(digs)) - thought_seconds, 0)

    def _share(self, digs: int) -> float:
        return self.evening_seconds * (1 - ARRIVING) / max(digs, 1)


FAST = Pace(evening_seconds=3.0, longest_wait_seconds=5.0)


def human(minutes: float) -> Pace:
    """Return a pace at which people can watch; countdowns are waited for where there is time."""
    seconds = minutes * 60
    return Pace(evening_seconds=seconds, longest_wait_seconds=min(seconds / 6, 60.0))
