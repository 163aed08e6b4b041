"""An evening of drawing and guessing for tests: an open rehearsal, its host, players by name."""

import json
from typing import Any

from werkzeug.test import TestResponse

from backend.activities.drawing.context import prompt_of
from backend.activities.drawing.kind import Drawing
from backend.activities.drawing.models import DrawingRoom, DrawingSeat, DrawingTurn
from backend.activities.drawing.play import DrawingPlay
from backend.db import Database
from backend.events.models import Activity, Player
from backend.events.play import Speaker, speaker_of
from backend.events.visibility import View
from backend.live.feed import Feed, Message
from backend.scoring.models import ScoreEntry
from tests.support import Centre, FakeClock, Phone


class Evening:
    """An open event with a game, its host, and the phones of those who joined."""

    def __init__(self, centre: Centre, clock: FakeClock, **settings: Any) -> None:
        self.centre = centre
        self.clock = clock
        extensions = centre.app.extensions
        self.database: Database = extensions["linka.database"]
        self.play: DrawingPlay = extensions["linka.plays"]["drawing"]
        self.feed = Feed(extensions["linka.redis"])
        self.host = centre.host()
        self.event = centre.open_event(self.host, "drawing", rehearsal=True)
        self.event_id = int(self.event["id"])
        self.activity_id = int(self.event["activities"][0]["id"])
        self.path = f"/drawings/{self.activity_id}"
        self.phones: dict[int, Phone] = {}
        self._numbers = centre.numbers()
        self.settle(**settings)

    def settle(self, **changes: Any) -> None:
        """Change settings of the game."""
        activity = Activity.get_by_id(self.activity_id)
        activity.settings = Drawing().check({**activity.settings, **changes})
        activity.save()

    def rooms(self) -> dict[int, list[int]]:
        """Return {room number: players}."""
        found: dict[int, list[int]] = {}
        for seat in (
            DrawingSeat.select(DrawingSeat, DrawingRoom)
            .join(DrawingRoom)
            .where(DrawingSeat.activity == self.activity_id)
        ):
            found.setdefault(seat.room.number, []).append(seat.player_id)
        return found

    def join(self, count: int) -> list[int]:
        """Let so many more members of staff join; returns their players."""
        joined = []
        for _ in range(count):
            phone = self.centre.staff(next(self._numbers))
            player_id = self.centre.join(self.event, phone)[0]["id"]
            self.phones[player_id] = phone
            joined.append(player_id)
        return joined

    def begin(self, count: int = 0, **settings: Any) -> DrawingTurn:
        """Let so many join and the game begin; returns the first turn of the first room."""
        if settings:
            self.settle(**settings)
        self.join(count)
        self.host.ok("POST", f"{self.path}/begin")
        return self.turn()

    def turn(self) -> DrawingTurn:
        """Return the newest turn of the first room."""
        found: DrawingTurn = (
            DrawingTurn.select()
            .where(DrawingTurn.activity == self.activity_id)
            .order_by(DrawingTurn.id.desc())
            .first()
        )
        return found

    def answer(self, turn: DrawingTurn) -> str:
        """Return the secret of a turn."""
        return str(prompt_of(DrawingTurn.get_by_id(turn.id))["text"])

    def guessers(self, turn: DrawingTurn) -> list[int]:
        """Return who guesses in a turn's room, in order of seats."""
        rows = DrawingSeat.select(DrawingSeat.player).where(
            DrawingSeat.room == turn.room_id, DrawingSeat.player != turn.drawer_id
        )
        return [player for (player,) in rows.order_by(DrawingSeat.position).tuples()]

    def drawing(self, count: int = 4, **settings: Any) -> DrawingTurn:
        """Begin, and let the first drawer choose their first prompt."""
        turn = self.begin(count, **settings)
        self.choose(turn)
        return DrawingTurn.get_by_id(turn.id)

    # --- what phones do

    def post(self, player_id: int, turn: DrawingTurn, what: str, body: Any = None) -> TestResponse:
        """Say something about a turn over HTTP."""
        return self.phones[player_id].post(f"{self.path}/turns/{turn.id}/{what}", body)

    def choose(self, turn: DrawingTurn, choice: int = 0) -> TestResponse:
        """Choose as the drawer."""
        return self.post(turn.drawer_id, turn, "choice", {"choice": choice})

    def draw(self, turn: DrawingTurn, at: int = 0, *points: int) -> TestResponse:
        """Draw one batch as the drawer."""
        batch = {"stroke": at, "colour": 1, "width": 2, "points": list(points) or [10, 10, 5, 5]}
        return self.post(turn.drawer_id, turn, "strokes", {"at": at, "batches": [batch]})

    def guess(self, player_id: int, turn: DrawingTurn, text: str | None = None) -> TestResponse:
        """Guess, rightly when no text is named."""
        said = {"text": self.answer(turn) if text is None else text}
        return self.post(player_id, turn, "guesses", said)

    def look(self, player_id: int) -> dict[str, Any]:
        """Return the game as a player sees it."""
        seen: dict[str, Any] = self.phones[player_id].ok("GET", self.path)
        return seen

    def speaker(self, player_id: int) -> Speaker:
        """Return a player as a speaker on a socket."""
        return speaker_of(Player.get_by_id(player_id))

    def say(self, player_id: int, word: str, **data: Any) -> dict[str, Any]:
        """Say a word on a socket; its schema reads the data."""
        said = self.play.messages[word]
        return said.hear(
            self.speaker(player_id), self.activity_id, said.schema.load(data), self.clock.now()
        )

    # --- time

    def all_here(self) -> None:
        """Let everybody give a sign of life."""
        for player_id in self.phones:
            self.play.service.ink.here(self.event_id, self.activity_id, player_id, self.clock.now())

    def advance(self) -> None:
        """Let the worker advance the game."""
        self.play.advance(self.activity_id, self.clock.now())

    def later(self, seconds: float, *, here: bool = True) -> None:
        """Let time pass, with or without signs of life of everybody, and let the worker advance the
        game."""
        self.clock.advance(seconds)
        if here:
            self.all_here()
        self.advance()

    # --- results

    def entries(self) -> dict[str, int]:
        """Return {source: points} of all entries."""
        return {entry.source: entry.points for entry in ScoreEntry.select()}

    def messages(self, kind: str = "") -> list[Message]:
        """Return what the feed has, of one type if asked."""
        found = self.feed.after(self.event_id, "0-0", 2000)
        return [message for message in found if not kind or message.type == kind]

    def told(self, kind: str) -> list[dict[str, Any]]:
        """Return what was told under a type."""
        return [json.loads(message.data) for message in self.messages(kind)]

    def shown(self) -> dict[str, Any]:
        """Return what all see."""
        shown = self.play.shown(self.activity_id, View.PUBLIC, self.clock.now())
        assert shown is not None
        return shown
