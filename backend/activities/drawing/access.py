"""Checks whether a player may act in the current turn of their room."""

from dataclasses import dataclass

from backend.activities.drawing import errors, rules
from backend.activities.drawing.context import GameContext, context_of, state_of
from backend.activities.drawing.ink import Ink
from backend.activities.drawing.models import DrawingGame, DrawingTurn
from backend.db import Database
from backend.events import lifecycle, players
from backend.events.models import Activity, Event
from backend.events.play import Speaker
from backend.selection import AllColumns, Selection


@dataclass(frozen=True)
class TurnAccess:
    """A player who may act in a turn of their room, with all that the action needs."""

    context: GameContext
    turn: DrawingTurn
    room: int
    state: rules.TurnState
    speaker: Speaker

    @property
    def draws(self) -> bool:
        """Whether it is the player's own turn."""
        return bool(self.turn.drawer_id == self.speaker.player_id)


@dataclass(frozen=True)
class _AccessRow:
    room_id: int | None
    room: int
    status: str | None
    holder: int | None
    game: DrawingGame
    activity: Activity
    event: Event
    turn: DrawingTurn | None


# One statement reads all that decides about a message, because strokes come many times a second.
_ACCESS = Selection(
    _AccessRow,
    room_id="s.room_id",
    room="r.number",
    status="p.status",
    holder=players.HOLDER,
    game=AllColumns(DrawingGame, "g"),
    activity=AllColumns(Activity, "a"),
    event=AllColumns(Event, "e"),
    turn=AllColumns(DrawingTurn, "t"),
)
_ACCESS_SQL = (
    f"SELECT {_ACCESS}"
    " FROM drawing_game g JOIN activity a ON a.id = g.activity_id JOIN event e ON e.id = a.event_id"
    " LEFT JOIN drawing_seat s ON s.activity_id = a.id AND s.player_id = ?"
    " LEFT JOIN drawing_room r ON r.id = s.room_id LEFT JOIN player p ON p.id = s.player_id"
    " LEFT JOIN drawing_turn t ON t.id = ? AND t.activity_id = a.id WHERE g.activity_id = ?"  # nosec B608 # our own names
)


def require_access(
    database: Database, ink: Ink, speaker: Speaker, activity_id: int, turn_id: int, now: int
) -> TurnAccess:
    """Return the access of a player to a turn.

    Raises `NotBegun`, `UnknownTurn`, `StaffOnly`, `NotInThisRoom` (the player does not sit in the
    turn's room), `Kicked`, `Banned`, `TurnOver`, or what `lifecycle.require_playing` raises.
    """
    rows = _ACCESS.read(database.read(_ACCESS_SQL, (speaker.player_id, turn_id, activity_id)))
    if not rows:
        raise errors.NotBegun
    row = rows[0]
    lifecycle.require_playing(row.event, now)
    _require_seated(speaker, row.room_id, row.status, row.holder)
    if row.turn is None:
        raise errors.UnknownTurn
    if row.turn.room_id != row.room_id:
        raise errors.NotInThisRoom
    context = GameContext(row.activity, row.event, row.game)
    signs = ink.sign_of(row.event.id, activity_id, row.turn.drawer_id)
    state = state_of(context, row.turn, signs, now)
    if state.phase == rules.OVER:
        raise errors.TurnOver
    return TurnAccess(context, row.turn, row.room, state, speaker)


def require_drawer(
    database: Database, ink: Ink, speaker: Speaker, activity_id: int, turn_id: int, now: int
) -> TurnAccess:
    """Return the access of a turn's drawer; raises what `require_access` raises, and `NotYourTurn`."""
    at = require_access(database, ink, speaker, activity_id, turn_id, now)
    if not at.draws:
        raise errors.NotYourTurn
    return at


def begun(activity_id: int) -> GameContext:
    """Return a game; raises `NotBegun`."""
    context = context_of(activity_id)
    if context is None:
        raise errors.NotBegun
    return context


_SEAT_SQL = (
    f"SELECT s.room_id, p.status, {players.HOLDER} FROM drawing_seat s"
    " JOIN player p ON p.id = s.player_id WHERE s.activity_id = ? AND s.player_id = ?"  # nosec B608 # our own names
)


def require_seat(database: Database, speaker: Speaker, activity_id: int) -> None:
    """Raise unless a player has a seat in a game and may act."""
    rows = database.read(_SEAT_SQL, (activity_id, speaker.player_id))
    _require_seated(speaker, *(rows[0] if rows else (None, None, None)))


def _require_seated(
    speaker: Speaker, room_id: int | None, status: str | None, holder: int | None
) -> None:
    if not speaker.is_staff:
        raise players.StaffOnly
    if room_id is None or status is None:
        raise errors.NotInThisRoom
    players.require_active(status)
    players.require_holder(holder, speaker.account_id)
