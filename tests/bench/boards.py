"""Reading boards: the top 100 of 1,000 players, and the rows around one's own among 100,000."""

import random
from typing import Any

import urllib3

from tests.bench import crowd
from tests.bench.installation import Installation
from tests.bench.scenarios import Scenario, require

_http = urllib3.PoolManager(retries=False)


class _Reads(Scenario):
    """Many callers read one board."""

    once = False
    query: str
    copies = 1

    @property
    def players(self) -> int:
        """How many players are on the board."""
        return crowd.CALLERS * self.copies

    def prepare(self, place: Installation, repeats: int, seconds: float) -> None:
        """Seat the players and give them points."""
        self._people = crowd.callers(place)
        self._event = crowd.new_event(place)
        crowd.seat(place, self._event, self._people, self.copies)
        crowd.give_points(place, self._event)

    def requests(self, repeat: int) -> list[bytes]:
        """Return one read of each caller, in random order."""
        found = [caller.request("GET", self._path()) for caller in self._people]
        random.Random(repeat).shuffle(found)
        return found

    def _path(self) -> str:
        return f"/events/{self._event.id}/leaderboards/event?{self.query}"


class BoardTop100(_Reads):
    """The top 100 of 1,000 players."""

    name = "board_top100"
    target = 0.85
    query = "top=100"
    rows = 100

    def check(self, body: Any) -> None:
        """The number of rows that was asked for, in order, and the caller's own row."""
        points = [row["points"] for row in body["rows"]]
        require(len(points) == self.rows, f"{len(points)} rows")
        require(points == sorted(points, reverse=True), "rows out of order")
        require(body["total"] == self.players and body["me"] is not None, "no own row")


class Board304(BoardTop100):
    """The same, asked for by callers who have the answer already."""

    name = "board_304"
    target = 0.95
    status = "304"

    def prepare(self, place: Installation, repeats: int, seconds: float) -> None:
        """Let each caller read the board once."""
        super().prepare(place, repeats, seconds)
        self._tags = [self._tag(place, caller) for caller in self._people]

    def _tag(self, place: Installation, caller: crowd.Caller) -> str:
        answer = _http.request(
            "GET",
            f"http://127.0.0.1:{place.settings.port}/api/v1{self._path()}",
            headers={"Authorization": f"Bearer {caller.token}"},
        )
        self.check(answer.json())
        return answer.headers["ETag"]

    def requests(self, repeat: int) -> list[bytes]:
        """Return one read of each caller, with the tag of what they have."""
        return [
            caller.request("GET", self._path(), more=f"If-None-Match: {tag}\r\n")
            for caller, tag in zip(self._people, self._tags, strict=True)
        ]

    def check_samples(self, samples: list[str]) -> None:
        """No answer has a body."""
        require(not any(samples), f"a body: {samples[:1]}")


class BoardTop10Postgresql(BoardTop100):
    """The top 10 of 10,000 players, over PostgreSQL."""

    name = "board_top10_postgresql"
    target = 0.7
    postgresql = True
    query = "top=10"
    rows = 10
    copies = 10


class AroundMe(_Reads):
    """±5 of 100,000 players."""

    name = "around_me"
    target = 0.65
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
    target = 0.5
    postgresql = True
    copies = 10
