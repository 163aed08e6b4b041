"""Where a player stands: in front of a turn of their room, at a moment when they may act."""

from dataclasses import dataclass

from backend.activities.drawing import errors, rules
from backend.activities.drawing.models import Room, Seat, Turn
from backend.activities.drawing.scene import Scene, scene_of
from backend.events import players
from backend.events.models import Player
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


def begun(activity_id: int) -> Scene:
    """Return a game; raises `NotBegun`."""
    scene = scene_of(activity_id)
    if scene is None:
        raise errors.NotBegun
    return scene


def require_seat(speaker: Speaker, activity_id: int) -> Seat:
    """Return a player's seat with its room; raises unless they have one and may act."""
    if not speaker.is_staff:
        raise players.StaffOnly
    seat = (
        Seat.select(Seat, Player, Room)
        .join(Player)
        .switch(Seat)
        .join(Room)
        .where(Seat.activity == activity_id, Seat.player == speaker.player_id)
        .first()
    )
    if seat is None:
        raise errors.NotInThisRoom
    players.require_active(seat.player.status)
    return seat
