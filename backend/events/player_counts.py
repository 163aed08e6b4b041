"""How many people take part in events."""

from collections.abc import Collection

from peewee import fn

from backend.events.models import Player

# Counting reads all players of an event, and everybody who joins is shown the number.
EVENTS_KEPT = 1_000


def count_players(event_ids: Collection[int]) -> dict[int, int]:
    """Return {event: number of active players}; events without any are left out."""
    return dict(
        Player.select(Player.event, fn.COUNT(Player.id))
        .where(Player.event.in_(list(event_ids)), Player.status == "active")
        .group_by(Player.event)
        .tuples()
    )


def count_each(event_ids: Collection[int]) -> dict[int, int]:
    """Return {event: number of active players} of all these events."""
    return dict.fromkeys(event_ids, 0) | count_players(event_ids)
