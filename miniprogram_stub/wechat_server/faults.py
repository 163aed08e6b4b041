"""Faults on the side of WeChat, and the calls that they affect.

A fault waits for calls of one path (`*`: of any). With `count` it hits the next so many of them,
with `every` each so-many-th, with both until `count` hits are used up. One call meets one fault at
most: the oldest that is due. `seconds` of delay go with any kind, before the call is looked at.

    errcode     this errcode instead of an answer
    http_500    status 500 and a text
    latency     the right answer, late
    text_plain  the right answer under the wrong Content-Type
    malformed   the right answer, cut in half
    drop        the connection closes without an answer

A fault that is `handled` happens after the call took effect: the code is used up and only the
answer is lost. By default the first two happen before, the others after.
"""

from dataclasses import dataclass

ANY_PATH = "*"
KINDS = ("errcode", "http_500", "latency", "text_plain", "malformed", "drop")
KINDS_THAT_STRIKE_BEFORE = ("errcode", "http_500")


def handled_by_default(kind: str) -> bool:
    """Whether a call takes effect before a fault of this kind."""
    return kind not in KINDS_THAT_STRIKE_BEFORE


@dataclass(slots=True)
class Fault:
    """One rule; `left` is how many more calls it may hit, None for any number."""

    path: str
    kind: str
    handled: bool
    errcode: int = 0
    seconds: float = 0
    every: int = 1
    left: int | None = 1
    seen: int = 0
    hits: int = 0

    def sees(self, path: str) -> bool:
        """Count a call; whether the fault is due at it."""
        if self.path not in (path, ANY_PATH) or self.left == 0:
            return False
        self.seen += 1
        return self.seen % self.every == 0

    def strike(self) -> None:
        self.hits += 1
        if self.left is not None:
            self.left -= 1


class Faults:
    """The faults that are set, oldest first."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self._faults.append(fault)

    def clear(self) -> None:
        self._faults = []

    def all(self) -> list[Fault]:
        return list(self._faults)

    def due(self, path: str) -> Fault | None:
        """The fault that this call of `path` meets; uses it up. Every fault counts the call."""
        due = [fault for fault in self._faults if fault.sees(path)]
        if not due:
            return None
        due[0].strike()
        return due[0]
