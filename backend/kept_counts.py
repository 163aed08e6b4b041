"""What is counted over many rows, for many who ask at the same moment: one of them counts."""

import time
from collections.abc import Callable, Collection, Hashable, Mapping
from typing import Any, TypeVar

Key = TypeVar("Key", bound=Hashable)
Counted = TypeVar("Counted")

KEPT_MS = 1000


class KeptCounts:
    """A cache of at most `most` counts, each up to a second old.

    With `pauses`, a count is kept for at least so many times as long as it took: a process then
    spends a bounded part of its time on it, however many rows there are. Build one per process.
    """

    def __init__(self, most: int, *, pauses: int = 0) -> None:
        self._most = most
        self._pauses = pauses
        # {key: (until, what was counted)}, replaced and never changed.
        self._known: dict[Any, tuple[int, Any]] = {}

    def of(self, key: Hashable, now: int, count: Callable[[], Counted]) -> Counted:
        """Return what is counted under a key."""
        return self.of_all([key], now, lambda _: {key: count()})[key]

    def left_ms(self, key: Hashable, now: int) -> int:
        """Return how long what is known under a key is kept; 0 if nothing is."""
        until, _ = self._known.get(key, (now, None))
        return max(0, until - now)

    def of_all(
        self,
        keys: Collection[Key],
        now: int,
        count: Callable[[Collection[Key]], Mapping[Key, Counted]],
    ) -> dict[Key, Counted]:
        """Return {key: what is counted}; `count` counts for those keys that are not known."""
        known = {key: self._known[key] for key in keys if key in self._known}
        found = {key: value for key, (until, value) in known.items() if now < until}
        missing = [key for key in keys if key not in found]
        if missing:
            began = time.perf_counter()
            counted = count(missing)
            took_ms = (time.perf_counter() - began) * 1000
            until = now + max(KEPT_MS, int(self._pauses * took_ms))
            self._known = self._valid(now) | {key: (until, counted[key]) for key in missing}
            found |= {key: counted[key] for key in missing}
        return found

    def _valid(self, now: int) -> dict[Any, tuple[int, Any]]:
        """Return what is not too old; nothing, if it is too much."""
        valid = {key: one for key, one in self._known.items() if now < one[0]}
        return valid if len(valid) < self._most else {}
