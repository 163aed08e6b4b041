"""Reading boards: the top 100 of 1,000 players, and one's own surroundings among 100,000."""

import random
from typing import Any

from tests.bench import crowd
from tests.bench.installation import Installation
from tests.bench.scenarios import Scenario, require


class _Reads(Scenario):
    """Many callers read one board."""

    once = False
    query: str
    copies = 1

    @property
    def players(self) -> int:
        """How many are on the board."""
        return crowd.CALLERS * self.copies

    def prepare(self, place: Installation, repeats: int, seconds: float) -> None:
        """Seat the players and give them points."""
        self._people = crowd.callers(place)
        self._event = crowd.new_event(place)
        crowd.seat(place, self._event, self._people, self.copies)
        crowd.give_points(place, self._event)

    def requests(self, repeat: int) -> list[bytes]:
        """Return one read of each caller, in a chance order."""
        path = f"/events/{self._event.id}/leaderboards/event?{self.query}"
        found = [caller.request("GET", path) for caller in self._people]
        random.Random(repeat).shuffle(found)
        return found


class BoardTop100(_Reads):
    """The top 100 of 1,000 players."""

    name = "board_top100"
    target = 0.4
    query = "top=100"
    rows = 100

    def check(self, body: Any) -> None:
        """As many rows as were asked for, in order, and the caller's own."""
        points = [row["points"] for row in body["rows"]]
        require(len(points) == self.rows, f"{len(points)} rows")
        require(points == sorted(points, reverse=True), "rows out of order")
        require(body["total"] == self.players and body["me"] is not None, "no own row")


class BoardTop10Postgresql(BoardTop100):
    """The top 10 of 10,000 players, over PostgreSQL."""

    name = "board_top10_postgresql"
    postgresql = True
    query = "top=10"
    rows = 10
    copies = 10


class AroundMe(_Reads):
    """±5 of 100,000 players."""

    name = "around_me"
    target = 0.3
    query = "around=me"
    copies = 100

    def check(self, body: Any) -> None:
        """Up to eleven rows, the caller's own among them."""
        require(body["total"] == self.players, f"{body['total']} players")
        require(6 <= len(body["rows"]) <= 11, f"{len(body['rows'])} rows")
        require(body["me"] in body["rows"], "the caller is not among the rows")


class AroundMePostgresql(AroundMe):
    """±5 of 10,000 players, over PostgreSQL."""

    name = "around_me_postgresql"
    postgresql = True
    copies = 10
