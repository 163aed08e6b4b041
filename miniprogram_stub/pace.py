"""How an evening passes: how long people take, and the whistle that ends it early."""

import threading
from dataclasses import dataclass

from miniprogram_stub.players import Player

# The first tenth of an evening is for arriving.
ARRIVING = 0.1
THINKING = 0.6


class Stopped(Exception):
    """The whistle was blown; whoever hears it leaves everything as it is."""


class Whistle:
    """Lets everybody wait, and ends all waiting at once when it is blown."""

    def __init__(self) -> None:
        self._blown = threading.Event()

    def blow(self) -> None:
        """End the evening for everybody."""
        self._blown.set()

    def reset(self) -> None:
        """Let people wait again, once everybody has heard the whistle."""
        self._blown.clear()

    def wait(self, seconds: float) -> None:
        """Wait so many seconds; raises `Stopped` when the whistle is heard before or meanwhile."""
        if self._blown.wait(max(seconds, 0)):
            raise Stopped


@dataclass(frozen=True)
class Pace:
    """How many seconds the evening takes, about, and how long a phone waits for a countdown."""

    evening_seconds: float
    longest_wait_seconds: float

    def arrival_seconds(self, player: Player) -> float:
        """Return when a player comes in."""
        return player.spread(self.evening_seconds * ARRIVING) - self.evening_seconds * ARRIVING / 2

    def think_seconds(self, player: Player, digs: int) -> float:
        """Return how long a player takes over one of so many questions."""
        return min(player.think_seconds(), THINKING * self._share(digs))

    def gap_seconds(self, player: Player, digs: int, thought_seconds: float) -> float:
        """Return how long a player rests after a question."""
        return max(player.spread(self._share(digs)) - thought_seconds, 0)

    def _share(self, digs: int) -> float:
        return self.evening_seconds * (1 - ARRIVING) / max(digs, 1)


FAST = Pace(evening_seconds=3.0, longest_wait_seconds=5.0)


def human(minutes: float) -> Pace:
    """Return a pace at which people can watch; countdowns are waited for where there is time."""
    seconds = minutes * 60
    return Pace(evening_seconds=seconds, longest_wait_seconds=min(seconds / 6, 60.0))
