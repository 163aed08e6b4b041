"""Gives players seats in rooms, at the beginning and when they come late, and tells who is present."""

import random
from collections.abc import Collection, Sequence

import peewee

from backend.activities.drawing import rules
from backend.activities.drawing.context import Signs, last_sign
from backend.activities.drawing.models import DrawingRoom, DrawingSeat
from backend.activities.drawing.settings import HALL
from backend.events import players
from backend.events.models import Activity, Player
from backend.offload.steps import chunks

# Who gave a sign of life within this counts as present.
PRESENT_MS = 60_000
_AT_ONCE = 400


def seat_everybody(activity: Activity, present: Collection[int], now: int) -> None:
    """Seat the staff who are present in rooms, in random order, in the caller's transaction."""
    people = among(waiting(activity), present)
    rng = random.SystemRandom()
    if activity.settings["mode"] == HALL:
        rng.shuffle(people)
        rooms = [people]
    else:
        rooms = rules.deal(people, activity.settings["room_size"], rng)
    for number, seated in enumerate(rooms, start=1):
        room = DrawingRoom.create(activity=activity, number=number)
        _seat(activity, room.id, seated, 0, now)


def waiting(activity: Activity) -> list[int]:
    """Return the event's staff who have no seat and were not removed."""
    seat = peewee.Select([DrawingSeat], [DrawingSeat.player]).where(
        DrawingSeat.activity == activity
    )
    rows = (
        Player.select(Player.id)
        .where(
            Player.event == activity.event_id,
            Player.status == "active",
            Player.staff_id.is_null(False),
            players.is_held(),
            Player.id.not_in(seat),
        )
        .order_by(Player.id)
        .tuples()
    )
    return [player_id for (player_id,) in rows]


def among(people: Sequence[int], present: Collection[int]) -> list[int]:
    """Return the players who are present; all of them while presence is unknown (Redis is away)."""
    return [one for one in people if one in present] if present else list(people)


def seat_late(activity: Activity, people: Sequence[int], now: int) -> None:
    """Give seats to those who came late, in the caller's transaction, which holds the game's lock.

    They draw last. In rooms they go where there are fewest; when all are full another is opened.
    """
    sizes = dict(
        DrawingRoom.select(DrawingRoom.id, peewee.fn.COUNT(DrawingSeat.id))
        .join(DrawingSeat, peewee.JOIN.LEFT_OUTER)
        .where(DrawingRoom.activity == activity, DrawingRoom.ended_at.is_null())
        .group_by(DrawingRoom.id)
        .tuples()
    )
    is_hall = activity.settings["mode"] == HALL
    for player_id in people:
        room_id = next(iter(sizes), None) if is_hall else rules.room_for(sizes)
        if room_id is None:
            if is_hall:
                return
            room_id = _open_room(activity)
            sizes[room_id] = 0
        _seat(activity, room_id, [player_id], sizes[room_id], now)
        sizes[room_id] += 1


def _open_room(activity: Activity) -> int:
    last = (
        DrawingRoom.select(peewee.fn.MAX(DrawingRoom.number))
        .where(DrawingRoom.activity == activity)
        .scalar()
        or 0
    )
    room_id: int = DrawingRoom.create(activity=activity, number=last + 1).id
    return room_id


def _seat(activity: Activity, room_id: int, people: Sequence[int], first: int, now: int) -> None:
    rows = [
        {
            "activity": activity.id,
            "room": room_id,
            "player": player_id,
            "position": first + place,
            "seated_at": now,
        }
        for place, player_id in enumerate(people)
    ]
    for some in chunks(rows, _AT_ONCE):
        DrawingSeat.insert_many(some).on_conflict_ignore().execute()


def is_present(player_id: int, signs: Signs, now: int) -> bool:
    """Return whether a player gave a sign of life lately.

    All count as present while no sign is known, and for a while after the first one.
    """
    return not signs or last_sign(signs, player_id) > now - PRESENT_MS


def present_in(room_id: int, signs: Signs, now: int) -> set[int]:
    """Return the present players of a room, the drawer included; getting a seat counts as a
    sign."""
    rows = (
        DrawingSeat.select(DrawingSeat.player, DrawingSeat.seated_at)
        .join(Player)
        .where(DrawingSeat.room == room_id, Player.status == "active")
        .tuples()
    )
    return {
        player_id
        for player_id, seated_at in rows
        if seated_at > now - PRESENT_MS or is_present(player_id, signs, now)
    }
