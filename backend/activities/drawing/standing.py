"""Where a player stands: in front of a turn of their room, at a moment when they may act."""

from collections.abc import Callable
from dataclasses import dataclass

from backend.activities.drawing import errors, rules
from backend.activities.drawing.models import Game, Turn
from backend.activities.drawing.scene import Scene, Signs, scene_of, state_of
from backend.db import Database
from backend.events import lifecycle, players
from backend.events.models import Activity, Event
from backend.events.play import Speaker


@dataclass(frozen=True)
class Standpoint:
    """A player in front of a turn of their room, at a moment when they may act."""

    scene: Scene
    turn: Turn
    room: int
    state: rules.TurnState
    speaker: Speaker

    @property
    def draws(self) -> bool:
        """Whether it is the player's own turn."""
        return bool(self.turn.drawer_id == self.speaker.player_id)


# Everything that a word about a turn follows from, in one statement: strokes come by the dozen.
_STANDING_SQL = (
    f"SELECT s.room_id, r.number, p.status, {players.HOLDER}, {Game.columns('g')}, {Activity.columns('a')},"
    f" {Event.columns('e')}, {Turn.columns('t')}"
    " FROM drawing_game g JOIN activity a ON a.id = g.activity_id JOIN event e ON e.id = a.event_id"
    " LEFT JOIN drawing_seat s ON s.activity_id = a.id AND s.player_id = ?"
    " LEFT JOIN drawing_room r ON r.id = s.room_id LEFT JOIN player p ON p.id = s.player_id"
    " LEFT JOIN drawing_turn t ON t.id = ? AND t.activity_id = a.id WHERE g.activity_id = ?"
)


def stand(
    database: Database,
    speaker: Speaker,
    activity_id: int,
    turn_id: int,
    sign_of: Callable[[Scene, Turn], Signs],
    now: int,
) -> Standpoint:
    """Return where a player stands; raises unless they sit in the turn's room and it runs.

    `sign_of` returns the drawer's last sign of life. Raises `NotBegun`, `UnknownTurn`, `StaffOnly`,
    `NotInThisRoom`, `Kicked`, `Banned`, `TurnOver`, or what `lifecycle.require_playing` raises.
    """
    rows = database.read(_STANDING_SQL, (speaker.player_id, turn_id, activity_id))
    if not rows:
        raise errors.NotBegun
    (room_id, number, status, holder), rest = rows[0][:4], rows[0][4:]
    game, rest = Game.from_row(rest[: Game.width()]), rest[Game.width() :]
    activity, rest = Activity.from_row(rest[: Activity.width()]), rest[Activity.width() :]
    event, rest = Event.from_row(rest[: Event.width()]), rest[Event.width() :]
    lifecycle.require_playing(event, now)
    _require_seated(speaker, room_id, status, holder)
    if rest[0] is None:
        raise errors.UnknownTurn
    turn, scene = Turn.from_row(rest), Scene(activity, event, game)
    if turn.room_id != room_id:
        raise errors.NotInThisRoom
    state = state_of(scene, turn, sign_of(scene, turn), now)
    if state.phase == rules.OVER:
        raise errors.TurnOver
    return Standpoint(scene, turn, number, state, speaker)


def begun(activity_id: int) -> Scene:
    """Return a game; raises `NotBegun`."""
    scene = scene_of(activity_id)
    if scene is None:
        raise errors.NotBegun
    return scene


_SEAT_SQL = (
    f"SELECT s.room_id, p.status, {players.HOLDER} FROM drawing_seat s"
    " JOIN player p ON p.id = s.player_id WHERE s.activity_id = ? AND s.player_id = ?"
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
