"""Reads a game: its event, rooms, turns and seats."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import peewee

from backend.activities.drawing import rules
from backend.activities.drawing.ink import KNOWN_SINCE
from backend.activities.drawing.models import DrawingGame, DrawingRoom, DrawingSeat, DrawingTurn
from backend.activities.drawing.rules import TurnFacts, TurnState
from backend.activities.drawing.settings import HALL
from backend.events.models import Activity, Event, Player

# The columns of a turn without the drawing, which is large and only needed when it is over.
COLUMNS = [field for field in DrawingTurn._meta.sorted_fields if field.name != "ink"]

# {player: moment of their last sign of life}, and that of `KNOWN_SINCE`; empty when none is known.
Signs = dict[int, int]


@dataclass(frozen=True)
class GameContext:
    """A game that has begun, with its activity and event."""

    activity: Activity
    event: Event
    game: DrawingGame

    @property
    def settings(self) -> dict[str, Any]:
        """The settings, checked when the activity was made."""
        return self.activity.settings

    @property
    def shows_votes(self) -> bool:
        """Whether the vote for the best drawing is over, so that everybody sees the votes."""
        return self.game.voting_ended_at is not None or self.game.finished_at is not None

    @property
    def is_hall(self) -> bool:
        """Whether all play in one room."""
        return bool(self.settings["mode"] == HALL)


def context_of(activity_id: int) -> GameContext | None:
    """Return a game; None before it has begun."""
    game = (
        DrawingGame.select(DrawingGame, Activity, Event)
        .join(Activity)
        .join(Event)
        .where(DrawingGame.activity == activity_id)
        .first()
    )
    return GameContext(game.activity, game.activity.event, game) if game else None


def rooms_of(activity_id: int) -> list[DrawingRoom]:
    """Return the rooms in their order."""
    return list(
        DrawingRoom.select().where(DrawingRoom.activity == activity_id).order_by(DrawingRoom.number)
    )


def newest_turns(activity_id: int) -> dict[int, DrawingTurn]:
    """Return {room: its newest turn, with its drawer}, without the drawings."""
    newest = (
        DrawingTurn.select(peewee.fn.MAX(DrawingTurn.id))
        .where(DrawingTurn.activity == activity_id)
        .group_by(DrawingTurn.room)
    )
    rows = DrawingTurn.select(*COLUMNS, Player).join(Player).where(DrawingTurn.id.in_(newest))
    return {turn.room_id: turn for turn in rows}


def newest_turn(room_id: int) -> DrawingTurn | None:
    """Return a room's newest turn with its drawer, without the drawing."""
    rows = DrawingTurn.select(*COLUMNS, Player).join(Player).where(DrawingTurn.room == room_id)
    return rows.order_by(DrawingTurn.number.desc()).first()


def turn_in(activity_id: int, turn_id: int) -> DrawingTurn | None:
    """Return a turn of a game with its drawer, without the drawing."""
    return (
        DrawingTurn.select(*COLUMNS, Player)
        .join(Player)
        .where(DrawingTurn.id == turn_id, DrawingTurn.activity == activity_id)
        .first()
    )


def facts_of(turn: DrawingTurn, signs: Signs) -> TurnFacts:
    """Return the facts of a turn for the rules.

    While no sign of life is known at all, the drawer counts as present. A drawer without one counts
    as last seen when the first sign of life of anybody came.
    """
    return TurnFacts(
        began_at=turn.began_at,
        chosen_at=turn.chosen_at,
        ended_at=turn.ended_at,
        ending=turn.ending,
        draw_ms=turn.draw_seconds * 1000,
        seen_at=last_sign(signs, turn.drawer_id) if signs else None,
    )


def last_sign(signs: Signs, player_id: int) -> int:
    """Return when a player was last seen; without a sign of theirs, since when signs are known."""
    return signs.get(player_id, signs.get(KNOWN_SINCE, 0))


def state_of(context: GameContext, turn: DrawingTurn, signs: Signs, now: int) -> TurnState:
    """Return the present phase of a turn."""
    return rules.turn_state(facts_of(turn, signs), context.event.pauses, now)


def prompt_of(turn: DrawingTurn) -> dict[str, Any]:
    """Return the prompt of a turn: the drawer's choice, else the server's. It is secret."""
    prompt: dict[str, Any] = turn.offers[turn.fallback if turn.choice is None else turn.choice]
    return prompt


def seats_in(room_ids: Sequence[int]) -> dict[int, list[rules.DrawerSeat]]:
    """Return {room: the seats of those who were not kicked or banned}, in the order of drawing.

    The caller sets `present` from the signs of life.
    """
    drawn = dict(
        DrawingTurn.select(DrawingTurn.drawer, peewee.fn.COUNT(DrawingTurn.id))
        .where(DrawingTurn.room.in_(list(room_ids)))
        .group_by(DrawingTurn.drawer)
        .tuples()
    )
    rows = (
        DrawingSeat.select(DrawingSeat.room, DrawingSeat.player, DrawingSeat.position)
        .join(Player)
        .where(DrawingSeat.room.in_(list(room_ids)), Player.status == "active")
        .order_by(DrawingSeat.position, DrawingSeat.id)
        .tuples()
    )
    found: dict[int, list[rules.DrawerSeat]] = {room_id: [] for room_id in room_ids}
    for room_id, player_id, position in rows:
        found[room_id].append(
            rules.DrawerSeat(player_id, position, drawn.get(player_id, 0), present=False)
        )
    return found
