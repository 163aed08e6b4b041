"""An evening of shaking for tests: an open rehearsal, its host, and phones that are shaken."""

from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from backend.activities.shake.kind import Shake
from backend.activities.shake.models import ShakeResult, ShakeRound
from backend.activities.shake.play import ShakePlay
from backend.events.models import Activity, Player
from backend.events.play import Speaker, speaker_of
from backend.events.visibility import View
from backend.scoring.boards import Boards
from backend.scoring.models import ScoreEntry
from tests.support import Centre, FakeClock, Phone

# What makes arithmetic easy: ten points less for each place, none for taking part.
PLAIN = {"points_by_place": [30, 20, 10], "participation_points": 0, "cap_per_second": 10}


@dataclass
class Shaker:
    """Somebody who takes part, as sockets and as requests know them."""

    phone: Phone
    speaker: Speaker

    @property
    def id(self) -> int:
        """Their player."""
        return self.speaker.player_id


class Evening:
    """An open event with a shake, its host, and people who take part."""

    def __init__(self, centre: Centre, clock: FakeClock) -> None:
        self.centre = centre
        self.clock = clock
        self.host = centre.host()
        self.event = centre.open_event(self.host, "shake", rehearsal=True)
        self.activity_id: int = self.event["activities"][0]["id"]
        self.path = f"/shakes/{self.activity_id}"
        self._numbers = centre.numbers()
        self.settle(**PLAIN)

    @property
    def play(self) -> ShakePlay:
        """The play that takes reports."""
        return self.play_in(self.centre.app)

    def play_in(self, app: Flask) -> ShakePlay:
        """Return the play of another process."""
        play: ShakePlay = app.extensions["linka.plays"]["shake"]
        return play

    def settle(self, **changes: Any) -> None:
        """Change settings of the shake."""
        activity = Activity.get_by_id(self.activity_id)
        activity.settings = Shake().check({**activity.settings, **changes})
        activity.save()

    def shaker(self, team: str | None = None) -> Shaker:
        """Return one more member of staff who has joined, of a team if asked."""
        number = next(
            number
            for number in self._numbers
            if team is None or self.centre.roster[number]["班组"] == team
        )
        return self.joined(self.centre.staff(number))

    def shakers(self, count: int) -> list[Shaker]:
        """Return members of staff who have joined."""
        return [self.shaker() for _ in range(count)]

    def joined(self, phone: Phone) -> Shaker:
        """Let a phone join."""
        player_id = self.centre.join(self.event, phone)[0]["id"]
        return Shaker(phone, speaker_of(Player.get_by_id(player_id)))

    def people_of_teams(self, *sizes: int) -> list[list[Shaker]]:
        """Return so many members of different teams who have joined."""
        teams = list(dict.fromkeys(row["班组"] for row in self.centre.roster.values()))
        found = []
        for team, size in zip(teams, sizes, strict=False):
            numbers = [n for n in self.centre.numbers() if self.centre.roster[n]["班组"] == team]
            found.append([self.joined(self.centre.staff(number)) for number in numbers[:size]])
        assert [len(team) for team in found] == list(sizes)
        return found

    def beginning(self, mode: str = "race", **more: Any) -> TestResponse:
        """Try to begin a round."""
        return self.host.post(f"{self.path}/rounds", {"mode": mode, **more})

    def begin(self, mode: str = "race", **more: Any) -> dict[str, Any]:
        """Begin a round."""
        answer = self.beginning(mode, **more)
        assert answer.status_code == 201, answer.text
        return answer.json  # type: ignore[return-value]

    def start(self, mode: str = "race", **more: Any) -> int:
        """Begin a round and let its countdown pass; returns its id."""
        round_id: int = self.begin(mode, **more)["id"]
        self.clock.advance(4)
        return round_id

    def report(self, shaker: Shaker, round_id: int, count: int, how: str = "shake") -> int:
        """Report over the socket; returns what counts."""
        data = {"round_id": round_id, "count": count, "how": how}
        now = self.clock.now()
        accepted: int = self.play.hear_report(shaker.speaker, self.activity_id, data, now)[
            "accepted"
        ]
        return accepted

    def posting(self, phone: Phone, round_id: int, count: Any, **more: Any) -> TestResponse:
        """Try to report over HTTP."""
        return phone.post(f"{self.path}/rounds/{round_id}/reports", {"count": count, **more})

    def advance(self) -> None:
        """Let the worker look."""
        self.play.advance(self.activity_id, self.clock.now())

    def finish(self, seconds: float = 40) -> None:
        """Let the round end and be scored."""
        self.clock.advance(seconds)
        self.advance()

    def played(self, counts: dict[Shaker, int] | list[tuple[Shaker, int]], **more: Any) -> int:
        """Play a whole round in which these counts are reported after twenty seconds."""
        round_id = self.start(**more)
        self.clock.advance(20)
        for shaker, count in counts:  # type: ignore[misc]
            self.report(shaker, round_id, count)
        self.finish()
        return round_id

    def shown(self, view: View = View.PUBLIC) -> dict[str, Any] | None:
        """Return what all see."""
        return self.play.shown(self.activity_id, view, self.clock.now())

    def phase(self) -> str | None:
        """Return the phase that all see."""
        shown = self.shown()
        return shown["phase"] if shown else None

    def own(self, shaker: Shaker) -> dict[str, Any]:
        """Return what a player alone sees."""
        found = self.play.own(self.activity_id, shaker.id, self.clock.now())
        assert found is not None
        return found

    def pulse(self) -> dict[str, Any] | None:
        """Return what moves just now."""
        found = self.play.pulse(self.activity_id, self.clock.now())
        return found[1] if found else None

    def host_does(self, action: str) -> None:
        """Pause, resume, close, freeze."""
        path = f"/events/{self.event['id']}/transitions"
        self.host.ok("POST", path, {"action": action})

    def set_status(self, shaker: Shaker, status: str) -> None:
        """Kick or ban a player."""
        path = f"/events/{self.event['id']}/players/{shaker.id}"
        self.host.ok("PUT", path, {"status": status})

    def results(self) -> list[tuple[int, int, int | None, int]]:
        """Return (player, count, place, points) of all results."""
        return list(
            ShakeResult.select(
                ShakeResult.player, ShakeResult.count, ShakeResult.place, ShakeResult.points
            )
            .order_by(ShakeResult.player)
            .tuples()
        )

    def entries(self) -> list[tuple[int, str, int]]:
        """Return (player, source, points) of all score entries."""
        return list(
            ScoreEntry.select(ScoreEntry.player, ScoreEntry.source, ScoreEntry.points)
            .order_by(ScoreEntry.player)
            .tuples()
        )

    def round(self, round_id: int) -> ShakeRound:
        """Return a round as the database has it."""
        return ShakeRound.get_by_id(round_id)

    def points(self, shaker: Shaker) -> float:
        """Return a player's own points on the board."""
        found = shaker.phone.ok("GET", f"/events/{self.event['id']}/me")
        points: float = found["standing"]["points"]
        return points

    def differences(self) -> list[str]:
        """Return where ledger, standings and boards differ."""
        boards: Boards = self.centre.app.extensions["linka.boards"]
        return boards.verify(self.event["id"]).differences
