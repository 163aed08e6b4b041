"""Drawing and guessing as it is played live, see `backend.events.play.Play`."""

from collections.abc import Mapping
from typing import Any

from redis import Redis

from backend.activities.drawing import schemas
from backend.activities.drawing.context import context_of
from backend.activities.drawing.models import DrawingRoom, DrawingSeat
from backend.activities.drawing.running import GameRunner
from backend.activities.drawing.service import GUESSED, SAID, STROKES, DrawingService
from backend.activities.drawing.settings import HALL
from backend.activities.drawing.strokes import batches_of, fill_of
from backend.activities.drawing.view import DrawingViews
from backend.events.models import Activity
from backend.events.play import PhoneMessage, Play
from backend.events.visibility import View
from backend.live.feed import Feed
from backend.live.presence import Presence
from backend.scoring.scorekeeper import Scorekeeper

CHOOSE, UNDO, CLEAR, FILL = "drawing.choose", "drawing.undo", "drawing.clear", "drawing.fill"
GUESS, REPORT, VOTE, HERE = "drawing.guess", "drawing.report", "drawing.vote", "drawing.here"

ROOM_MS = 1000
_ROOMS_KEPT = 4096


class DrawingPlay(Play):
    """Takes messages of drawers and guessers, shows games and advances them. Build one per
    process."""

    moving = frozenset({STROKES, SAID})

    def __init__(self, scores: Scorekeeper, feed: Feed, redis: Redis) -> None:
        self.service = DrawingService(scores, feed, redis)
        self.runner = GameRunner(self.service, Presence(redis))
        self.views = DrawingViews(self.service.ink)
        self._rooms: dict[tuple[int, int], tuple[int, frozenset[int] | None]] = {}
        self.messages = _messages(self.service)
        self.told = {
            STROKES: "Operations added to a drawing; `first` is the place of the first among all of"
            " the turn: `{activity_id, room, turn_id, first, ops}`.",
            GUESSED: "Somebody guessed: `{activity_id, room, turn_id, player_id, name, place}`.",
            SAID: "A guess that was not right, or what somebody said who knows the answer:"
            " `{activity_id, room, turn_id, player_id, name, text}`.",
        }

    def shown(self, activity_id: int, view: View, now: int) -> dict[str, Any] | None:
        """Return what all see of a game; None before it is begun and after it is finished."""
        context = context_of(activity_id)
        if context is None or context.game.finished_at is not None:
            return None
        return self.views.shown(context, view, now)

    def was_played(self, activity_id: int) -> bool:
        """Return whether a game was begun; it can be begun once."""
        return context_of(activity_id) is not None

    def own(self, activity_id: int, player_id: int, now: int) -> dict[str, Any] | None:
        """Return what one player alone sees. Looking is a sign of life."""
        context = context_of(activity_id)
        if context is None or context.game.finished_at is not None:
            return None
        if (
            not DrawingSeat.select()
            .where(DrawingSeat.activity == activity_id, DrawingSeat.player == player_id)
            .exists()
        ):
            # A player who looks at the game is present, and gets a seat.
            self.service.note_sign(context, player_id, now)
            return None
        self.service.note_sign(context, player_id, now)
        return self.views.own(context, player_id, now)

    def audience(
        self, activity_id: int, data: Mapping[str, Any], now: int
    ) -> frozenset[int] | None:
        """Return the players in the room of a message; None means everybody, for a hall. Cached for
        a second: a player who comes to a room meanwhile notices a gap in the drawing and requests
        it.
        """
        place = (activity_id, int(data["room"]))
        known_at, players = self._rooms.get(place, (0, None))
        if now - known_at >= ROOM_MS:
            players = _seated(*place)
            if len(self._rooms) >= _ROOMS_KEPT:
                self._rooms.clear()
            self._rooms[place] = (now, players)
        return players

    def advance(self, activity_id: int, now: int) -> None:
        """Do what is due in a game; a repeat changes nothing."""
        self.runner.advance(activity_id, now)


def _seated(activity_id: int, room: int) -> frozenset[int] | None:
    """Return the players in a room; None for the hall."""
    activity = Activity.get_or_none(Activity.id == activity_id)
    if activity is not None and activity.settings["mode"] == HALL:
        return None
    seats = DrawingSeat.select(DrawingSeat.player).join(DrawingRoom)
    rows = seats.where(DrawingRoom.activity == activity_id, DrawingRoom.number == room).tuples()
    return frozenset(player_id for (player_id,) in rows)


def _messages(service: DrawingService) -> dict[str, PhoneMessage]:
    """Return the messages that phones may send."""
    return {
        CHOOSE: PhoneMessage(
            schemas.ChoiceMessage(),
            lambda who, activity, data, now: service.choose(
                who, activity, data["turn_id"], data["choice"], now
            ),
            "The drawer chooses a prompt by its place: acknowledged with `{prompt}`.",
        ),
        STROKES: PhoneMessage(
            schemas.StrokesMessage(),
            lambda who, activity, data, now: service.draw(
                who, activity, data["turn_id"], data["at"], batches_of(data), now
            ),
            "The drawer's batches; `at` is how many operations came before them. A repeat changes"
            " nothing: acknowledged with `{count}`.",
        ),
        UNDO: PhoneMessage(
            schemas.PositionMessage(),
            lambda who, activity, data, now: service.draw(
                who, activity, data["turn_id"], data["at"], [{"op": "undo"}], now
            ),
            "The drawer takes the last stroke or fill back: acknowledged with `{count}`.",
        ),
        CLEAR: PhoneMessage(
            schemas.PositionMessage(),
            lambda who, activity, data, now: service.draw(
                who, activity, data["turn_id"], data["at"], [{"op": "clear"}], now
            ),
            "The drawer clears the canvas: acknowledged with `{count}`.",
        ),
        FILL: PhoneMessage(
            schemas.FillMessage(),
            lambda who, activity, data, now: service.draw(
                who, activity, data["turn_id"], data["at"], fill_of(data), now
            ),
            "The drawer pours out a colour: acknowledged with `{count}`.",
        ),
        GUESS: PhoneMessage(
            schemas.GuessMessage(),
            lambda who, activity, data, now: service.guess(
                who, activity, data["turn_id"], data["text"], now
            ),
            "A guess: acknowledged with `{verdict}`, and `place` and `points` when it is exact.",
        ),
        REPORT: PhoneMessage(
            schemas.TurnMessage(),
            lambda who, activity, data, now: service.report(who, activity, data["turn_id"], now),
            "Characters are drawn, or worse: acknowledged with `{voided}`.",
        ),
        VOTE: PhoneMessage(
            schemas.TurnMessage(),
            lambda who, activity, data, now: service.vote(who, activity, data["turn_id"], now),
            "A vote for the best drawing: acknowledged with `{turn_id}`.",
        ),
        HERE: PhoneMessage(
            schemas.EmptyMessage(),
            lambda who, activity, data, now: service.here(who, activity, now),
            "A sign of life: every 3 s from the drawer, every 20 s from others.",
        ),
    }
