"""What every scenario has: a name, a target, what it needs, what it sends, what must be true after."""

import json
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from tests.bench.installation import Installation

# More than any server here answers in a second: how many requests to prepare that are sent once.
MOST_PER_SECOND = 4000


class Wrong(Exception):
    """An answer, or what it left behind, is not what it must be."""


class Scenario(ABC):
    """One row of the table. With `once`, each request is sent once at most; every answer has the
    `status`."""

    name: str
    target: float
    once: bool
    status = "200"
    postgresql = False

    @abstractmethod
    def prepare(self, place: Installation, repeats: int, seconds: float) -> None:
        """Make the data; `seconds` is how long one repeat sends."""

    @abstractmethod
    def requests(self, repeat: int) -> list[bytes]:
        """Return what a repeat sends."""

    @abstractmethod
    def check(self, body: Any) -> None:
        """Raise `Wrong` unless an answer's JSON is right."""

    def check_all(self, acknowledged: Sequence[int]) -> None:
        """Raise `Wrong` unless what the repeats left behind is right; reads leave nothing."""
        return

    def check_samples(self, samples: list[str]) -> None:
        """Check some answers; raises `Wrong`."""
        for sample in samples:
            self.check(json.loads(sample))


def require(holds: bool, sentence: str) -> None:
    """Raise `Wrong` unless something holds."""
    if not holds:
        raise Wrong(sentence)
