"""A raffle as a hall plays it: the host commits, draws, calls and reveals."""

from typing import Any

from tests.browser.hall import Hall

Draw = dict[str, Any]


class RaffleHall:
    """An event with a raffle on a real server."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self.activity_id = hall.activity("raffle")
        self._path = f"/raffles/{self.activity_id}"

    def _post(self, path: str, body: Any = None) -> Any:
        return self.hall.host.ok("POST", f"{self._path}{path}", body)

    def commit(self, title: str, count: int) -> Draw:
        """Let the host add a prize and commit to a draw."""
        prize = self._post("/prizes", {"title": title, "stock": count})
        found: Draw = self._post("/draws", {"prize_id": prize["id"], "count": count})
        return found

    def draw(self, draw: Draw, upto: int, **more: str) -> Draw:
        """Let the host draw."""
        found: Draw = self._post(f"/draws/{draw['id']}/draw", {"upto": upto, **more})
        return found

    def call(self, draw: Draw, pick: dict[str, Any]) -> Draw:
        """Let the host call a winner to the stage."""
        found: Draw = self._post(f"/draws/{draw['id']}/picks/{pick['id']}/call")
        return found

    def absent(self, draw: Draw, pick: dict[str, Any]) -> Draw:
        """Let the host note that a winner who was called a minute ago is not here."""
        self.hall.installation.change(
            "UPDATE raffle_pick SET called_at = called_at - 60000 WHERE id = ?", pick["id"]
        )
        found: Draw = self._post(f"/draws/{draw['id']}/picks/{pick['id']}/absent")
        return found

    def come(self, pick: dict[str, Any]) -> None:
        """Let a winner come to the stage, and the host hand the prize over."""
        self._post("/handovers", {"code": pick["code"]})

    def reveal(self, draw: Draw) -> Draw:
        """Let the host show the seed."""
        found: Draw = self._post(f"/draws/{draw['id']}/reveal")
        return found

    def show(self, what: str | None) -> None:
        """Let the host choose what the screen shows."""
        self._post("/stage", {"showing": what})
