"""A shake as a hall plays it in front of the screen: the host begins rounds, phones report."""

import time
from typing import Any

from tests.browser.hall import Hall
from tests.phones import Phone, Refused

Round = dict[str, Any]


class ShakeHall:
    """An event with a shake on a real server."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self.activity_id = hall.activity("shake")
        self._path = f"/shakes/{self.activity_id}"

    def begin(self, mode: str, **more: Any) -> Round:
        """Let the host begin a round; its countdown runs at once."""
        found: Round = self.hall.host.ok("POST", f"{self._path}/rounds", {"mode": mode, **more})
        return found

    def report(self, phone: Phone, round_: Round, count: int) -> int:
        """Let a phone report how often it was shaken, and return what counts of it."""
        path = f"{self._path}/rounds/{round_['id']}/reports"
        accepted: int = phone.ok("POST", path, {"count": count})["accepted"]
        return accepted

    def start(self, mode: str, **more: Any) -> Round:
        """Let the host begin a round whose countdown is over; each process learns it in a moment."""
        found = self.begin(mode, **more)
        self.skip_countdown(found)
        return found

    def skip_countdown(self, round_: Round) -> None:
        """Let the countdown of a round end at once."""
        self._change("starts_at = begun_at", round_)

    def finish(self, round_: Round) -> None:
        """Let a round be over within a second; its late reports have their time as ever."""
        now = int(time.time() * 1000)
        self._change(f"seconds = ({now} - starts_at) / 1000 + 1", round_)

    def _change(self, what: str, round_: Round) -> None:
        self.hall.installation.change(f"UPDATE shake_round SET {what} WHERE id = ?", round_["id"])

    def shake(self, phone: Phone, round_: Round, count: int) -> int:
        """Report until the server counts so much, as its cap allows by and by."""
        accepted = 0
        while accepted < count:
            try:
                accepted = self.report(phone, round_, count)
            except Refused as refusal:
                # A process learns of a round, and of its changed beginning, a moment later.
                if str(refusal) not in ("unknown_round", "round_not_started"):
                    raise
        return accepted

    def dismiss(self, round_: Round) -> None:
        """Let the host dismiss the result."""
        self.hall.host.ok("POST", f"{self._path}/rounds/{round_['id']}/dismiss")
