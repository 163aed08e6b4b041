"""An evening over HTTP: players with points, a host who freezes and reveals, and what is shown."""

import json
from typing import Any

from backend.events.visibility import View
from backend.live.feed import Message
from backend.screen.show import EventShow
from tests.support import Centre, Phone


class BoardEvening:
    """An open event whose players have 10, 20, 30 … points, the first to join the fewest."""

    def __init__(self, centre: Centre, count: int = 3, template: str = "hunt") -> None:
        self.app = centre.app
        self.host = centre.host()
        self.event = centre.open_event(self.host, template)
        self.path = f"/events/{self.event['id']}"
        self.phones = centre.people(count)
        self.players = [player["id"] for player in centre.join(self.event, *self.phones)]
        self._given = 0
        for place in range(count):
            self.give(place, (place + 1) * 10)

    def give(self, place: int, points: int) -> None:
        """Give a player points."""
        self._given += 1
        body = {"player_id": self.players[place], "points": points, "reason": "布置会场"}
        key = f"given-{self._given}"
        self.host.ok("POST", f"{self.path}/adjustments", body, Idempotency_Key=key)

    def does(self, action: str, **more: Any) -> dict[str, Any]:
        """Do a transition."""
        asked = {"action": action, **more}
        shown: dict[str, Any] = self.host.ok("POST", f"{self.path}/transitions", asked)
        return shown

    def board(self, phone: Phone, board: str = "event", **query: Any) -> dict[str, Any]:
        """Return a board as somebody sees it."""
        asked = "&".join(f"{name}={value}" for name, value in query.items())
        shown: dict[str, Any] = phone.ok("GET", f"{self.path}/leaderboards/{board}?{asked}")
        return shown

    def points(self, phone: Phone, board: str = "event", **query: Any) -> list[float | None]:
        """Return the points on a board, best first."""
        return [row["points"] for row in self.board(phone, board, **query)["rows"]]

    def standing(self, place: int) -> dict[str, Any]:
        """Return a player's own standing."""
        shown: dict[str, Any] = self.phones[place].ok("GET", f"{self.path}/me")["standing"]
        return shown

    def show(self, view: View) -> EventShow:
        """Return the show of the screen (or of a host's own)."""
        parts = self.app.extensions
        return EventShow(
            self.event["id"],
            view,
            parts["linka.reader"],
            parts["linka.plays"],
            parts["linka.presence"],
            parts["linka.database"],
            parts["linka.clock"],
        )

    def snapshot(self, view: View = View.PUBLIC) -> dict[str, Any]:
        """Return what a screen is shown."""
        shown: dict[str, Any] = json.loads(self.show(view).snapshot())
        return shown

    def gains(self, view: View = View.PUBLIC) -> list[Message]:
        """Return which of all messages of the feed a screen is handed."""
        feed = self.app.extensions["linka.hub"]._feed
        return self.show(view).forwarded(feed.after(self.event["id"], "0-0"))

    def is_clean(self) -> bool:
        """Say whether ledger, standings and boards agree."""
        return not self.app.extensions["linka.boards"].verify(self.event["id"]).differences
