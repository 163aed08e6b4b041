"""A shake as a hall plays it in front of the screen: the host begins rounds, phones report."""

from typing import Any

from tests.browser.hall import Hall
from tests.phones import Phone, Refused

Round = dict[str, Any]


class ShakeHall:
    """An event with a shake on a real server."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self._path = f"/shakes/{hall.activity_id}"

    def begin(self, mode: str, **more: Any) -> Round:
        """Let the host begin a round; its countdown runs at once."""
        found: Round = self.hall.host.ok("POST", f"{self._path}/rounds", {"mode": mode, **more})
        return found

    def report(self, phone: Phone, round_: Round, count: int) -> int:
        """Let a phone report how often it was shaken, and return what counts of it."""
        path = f"{self._path}/rounds/{round_['id']}/reports"
        accepted: int = phone.ok("POST", path, {"count": count})["accepted"]
        return accepted

    def has_started(self, phone: Phone, round_: Round) -> bool:
        """Say whether the countdown is over."""
        try:
            self.report(phone, round_, 0)
        except Refused as refusal:
            assert str(refusal) == "round_not_started"
            return False
        return True

    def shake(self, phone: Phone, round_: Round, count: int) -> int:
        """Report until the server counts so much, as its cap allows by and by."""
        accepted = 0
        while accepted < count:
            accepted = self.report(phone, round_, count)
        return accepted

    def dismiss(self, round_: Round) -> None:
        """Let the host see the result off."""
        self.hall.host.ok("POST", f"{self._path}/rounds/{round_['id']}/dismiss")
