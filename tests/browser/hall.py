"""An event with its host and its phones, whose actions the big screen shows."""

from typing import Any

from tests.installation import Installation
from tests.phones import Phone
from tests.support import Keys

# Any topic, and nothing hidden there: points come from answers alone.
SITE = "tent"

Row = dict[str, Any]


class Hall:
    """An event that is under way on a real server."""

    def __init__(self, installation: Installation, host: Phone, event: dict[str, Any]) -> None:
        self.installation = installation
        self.host = host
        self.id: int = event["id"]
        self.title: str = event["title"]
        self.code: str = event["join_code"]
        self.screen_path: str = event["screen_path"]
        self.activity_id: int = event["activities"][0]["id"]
        self._hunt = f"/hunts/{self.activity_id}"
        self._keys = Keys()

    def activity(self, kind: str) -> int:
        """Return the only activity of a kind."""
        shown = self.host.ok("GET", f"/events/{self.id}")
        (found,) = [one["id"] for one in shown["activities"] if one["kind"] == kind]
        return int(found)

    def join(self, *phones: Phone) -> list[dict[str, Any]]:
        """Let phones join, and return their players."""
        return [phone.ok("POST", "/events/join", {"code": self.code})["player"] for phone in phones]

    def score(self, *phones: Phone) -> None:
        """Let each phone dig and answer right; it has joined before."""
        for phone in phones:
            dig = phone.ok("POST", f"{self._hunt}/digs", {"site": SITE})
            said = phone.answer(self._hunt, dig, self._keys.right(dig))
            assert said["verdict"] == "correct"

    def play(self, *phones: Phone) -> None:
        """Let phones join and score."""
        self.join(*phones)
        self.score(*phones)

    def upload(self, phone: Phone, picture: bytes) -> None:
        """Let a phone upload a picture, which then waits for a host."""
        phone.upload(f"/events/{self.id}/pictures", picture)

    def overtake(self, phone: Phone) -> None:
        """Let a phone score until it leads."""
        own = self.seat(phone)
        while self.rows()[0]["id"] != own:
            self.score(phone)

    def seat(self, phone: Phone) -> int:
        """Return the id of a phone's player."""
        return int(phone.ok("GET", f"/events/{self.id}/me")["player"]["id"])

    def host_does(self, action: str, **more: int) -> dict[str, Any]:
        """Let the host apply an action to the event."""
        moved: dict[str, Any] = self.host.ok(
            "POST", f"/events/{self.id}/transitions", {"action": action, **more}
        )
        return moved

    def rows(self, scope: str = "players") -> list[Row]:
        """Return the live board as the API gives it to the host."""
        path = f"/events/{self.id}/leaderboards/event?scope={scope}"
        found: list[Row] = self.host.ok("GET", path)["rows"]
        return found
