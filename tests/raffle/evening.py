"""An evening with a raffle: an open rehearsal, its host, and people who may be drawn."""

from typing import Any

from werkzeug.test import TestResponse

from backend.activities.raffle.models import RafflePrize
from backend.activities.raffle.play import RafflePlay
from backend.activities.raffle.verifying import Verified, verify
from backend.events.models import Player
from backend.events.visibility import View
from backend.identity.models import Staff
from tests.support import Centre, FakeClock, Phone, bind_seats

Draw = dict[str, Any]


class Evening:
    """An open event with a raffle, its host, and people who have joined."""

    def __init__(self, centre: Centre, clock: FakeClock, *, rehearsal: bool = True) -> None:
        self.centre = centre
        self.clock = clock
        self.host = centre.host()
        self.event = centre.open_event(self.host, "anniversary", rehearsal=rehearsal)
        self.event_id: int = self.event["id"]
        self.activity_id: int = self._activity_of("raffle")
        self.path = f"/raffles/{self.activity_id}"
        self._numbers = centre.numbers()
        RafflePrize.delete().execute()

    def _activity_of(self, kind: str) -> int:
        return next(int(a["id"]) for a in self.event["activities"] if a["kind"] == kind)

    @property
    def play(self) -> RafflePlay:
        """The play that shows draws."""
        play: RafflePlay = self.centre.app.extensions["linka.plays"]["raffle"]
        return play

    def player(self) -> Phone:
        """Return the phone of one more member of staff who has joined."""
        phone = self.centre.staff(next(self._numbers))
        self.centre.join(self.event, phone)
        return phone

    def crowd(self, count: int) -> list[Player]:
        """Let staff join who need no phone."""
        people = list(Staff.select().order_by(Staff.id.desc()).limit(count))
        crowd = [
            Player.create(
                event=self.event_id,
                account_id=staff.account_id or 10**6 + staff.id,
                staff_id=staff.id,
                staff_number=staff.number,
                name=staff.name,
                team_id=staff.team_id,
                team_name=staff.team.name,
                joined_at=1,
                came_at=1,
            )
            for staff in people
        ]
        bind_seats(self.centre.app.extensions["linka.database"])
        return crowd

    def prize(self, title: str = "一等奖", stock: int = 3, **more: Any) -> int:
        """Add a prize; returns its id."""
        body = {"title": title, "stock": stock, **more}
        return int(self.host.ok("POST", f"{self.path}/prizes", body)["id"])

    def committing(self, prize_id: int, count: int = 1, **more: Any) -> TestResponse:
        """Try to commit to a draw; what is left over is the rule of the pool."""
        number = {"number": more.pop("number")} if "number" in more else {}
        body = {"prize_id": prize_id, "count": count, "pool": more, **number}
        return self.host.post(f"{self.path}/draws", body)

    def commit(self, prize_id: int, count: int = 1, **more: Any) -> Draw:
        """Commit to a draw."""
        answer = self.committing(prize_id, count, **more)
        assert answer.status_code == 201, answer.text
        return answer.json  # type: ignore[return-value]

    def doing(self, draw: Draw, what: str, **body: Any) -> TestResponse:
        """Try to do something with a draw: `draw`, `reveal`, `abandon`."""
        return self.host.post(f"{self.path}/draws/{draw['id']}/{what}", body or None)

    def drawing(self, draw: Draw, **body: Any) -> TestResponse:
        """Try to draw."""
        body = {"upto": draw["count"], **body}
        return self.host.post(f"{self.path}/draws/{draw['id']}/draw", body)

    def draw(self, draw: Draw, **body: Any) -> Draw:
        """Draw; returns the draw with all who were drawn."""
        answer = self.drawing(draw, **body)
        assert answer.status_code == 200, answer.text
        return answer.json  # type: ignore[return-value]

    def drawn(self, prize_id: int, count: int = 1, **more: Any) -> Draw:
        """Commit to a draw and draw all."""
        return self.draw(self.commit(prize_id, count, **more))

    def call(self, draw: Draw, pick: dict[str, Any]) -> TestResponse:
        """Try to call somebody who was drawn to the stage."""
        return self.host.post(f"{self.path}/draws/{draw['id']}/picks/{pick['id']}/call")

    def missed(self, draw: Draw, pick: dict[str, Any]) -> Draw:
        """Call somebody who was drawn, wait, and note that they are not here; returns the draw."""
        called = self.call(draw, pick)
        assert called.status_code == 200, called.text
        self.clock.advance(draw["waiting_seconds"])
        answer = self.absent(draw, pick)
        assert answer.status_code == 200, answer.text
        return answer.json  # type: ignore[return-value]

    def absent(self, draw: Draw, pick: dict[str, Any]) -> TestResponse:
        """Try to note that somebody who was drawn is not here."""
        return self.host.post(f"{self.path}/draws/{draw['id']}/picks/{pick['id']}/absent")

    def proof(self, draw: Draw, phone: Phone | None = None) -> dict[str, Any]:
        """Return what anybody can verify a draw with."""
        path = f"{self.path}/draws/{draw['id']}"
        found: dict[str, Any] = (phone or self.host).ok("GET", path)
        return found

    def verified(self, draw: Draw) -> Verified:
        """Reveal the seed and verify the draw."""
        self.host.ok("POST", f"{self.path}/draws/{draw['id']}/reveal")
        return verify(self.proof(draw))

    def shown(self) -> dict[str, Any] | None:
        """Return what all see."""
        return self.play.shown(self.activity_id, View.PUBLIC, self.clock.now())

    def left(self, prize_id: int) -> int:
        """Return how many of a prize are left."""
        prize = RafflePrize.get_by_id(prize_id)
        return int(prize.stock - prize.given)

    def host_does(self, action: str) -> None:
        """Pause, resume, close, freeze."""
        self.host.ok("POST", f"/events/{self.event_id}/transitions", {"action": action})
