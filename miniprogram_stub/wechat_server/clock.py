"""The emulator's clock: the machine's time plus an offset that testers can set."""

import time
from collections.abc import Callable


def machine_now() -> int:
    """The machine's time in milliseconds since the epoch."""
    return time.time_ns() // 1_000_000


class EmulatorClock:
    """A clock that can be advanced but never turned back; milliseconds since the epoch."""

    def __init__(self, base: Callable[[], int] = machine_now) -> None:
        self._base = base
        self.offset_ms = 0

    def now(self) -> int:
        return self._base() + self.offset_ms

    def advance(self, milliseconds: int) -> None:
        if milliseconds < 0:
            raise ValueError("time does not go back")
        self.offset_ms += milliseconds

    def reset(self) -> None:
        self.offset_ms = 0
