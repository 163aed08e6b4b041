"""The event of the journey: the host, the phones, and the journal with which results are compared."""

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Protocol

from miniprogram_stub.anniversary.phone import AnniversaryPhone, NoAnniversary
from miniprogram_stub.live.journal import LiveJournal
from miniprogram_stub.program import MiniProgram
from miniprogram_stub.protocol import activity_path


class StepDisplay(Protocol):
    """Shows which step of the journey is under way."""

    def begins(self, name: str, phones: int) -> None:
        """Show a new step, which so many phones take."""

    def goes_on(self) -> None:
        """Show that one more phone has taken it."""


@dataclass
class Hall:
    """An event that is under way. `wait` waits so many seconds; `checked` counts comparisons."""

    host: MiniProgram
    event_id: int
    activities: Mapping[str, int]
    phones: Sequence[AnniversaryPhone]
    journal: LiveJournal
    steps: StepDisplay
    wait: Callable[[float], object]
    checked: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def path(self, kind: str) -> str:
        """Return the path of the activity of a kind; raises `NoAnniversary`."""
        if kind not in self.activities:
            raise NoAnniversary(kind)
        return activity_path(kind, self.activities[kind])

    def everybody(self, name: str, step: Callable[[AnniversaryPhone], object]) -> None:
        """Let all phones take a step at once, and wait for the last; raises what one raises."""
        self.steps.begins(name, len(self.phones))

        def take(phone: AnniversaryPhone) -> None:
            phone.does(step)
            self.steps.goes_on()

        with ThreadPoolExecutor(len(self.phones)) as hands:
            list(hands.map(take, self.phones))

    def expect(self, source: str, what: str, due: Any, found: Any) -> None:
        """Note a contradiction unless the server's answer is the expected one."""
        with self._lock:
            self.checked += 1
        if due != found:
            self.journal.contradicts("", source, f"{what}应为 {due}，服务器说 {found}")
