"""How many people take part in events."""

from collections.abc import Collection

from peewee import fn

from backend.events.models import Player

_EVENTS_KEPT = 1_000


def count_players(event_ids: Collection[int]) -> dict[int, int]:
    """Return {event: number of active players}; events without any are left out."""
    return dict(
        Player.select(Player.event, fn.COUNT(Player.id))
        .where(Player.event.in_(list(event_ids)), Player.status == "active")
        .group_by(Player.event)
        .tuples()
    )


class PlayerCounts:
    """The numbers of players as phones are shown them, up to a second old.

    Counting reads all players of an event, and everybody who joins is shown the number. Build one
    per process.
    """

    def __init__(self) -> None:
        self._known: dict[int, tuple[int, int]] = {}

    def of(self, event_ids: Collection[int], now: int) -> dict[int, int]:
        """Return {event: number of active players} of these events, counted in this second."""
        second = now // 1000
        kept = {one: self._known.get(one) for one in event_ids}
        found = {one: known[1] for one, known in kept.items() if known and known[0] == second}
        unknown = kept.keys() - found.keys()
        if unknown:
            counts = count_players(unknown)
            found |= {one: counts.get(one, 0) for one in unknown}
            if len(self._known) >= _EVENTS_KEPT:
                self._known.clear()
            self._known |= {one: (second, found[one]) for one in unknown}
        return found
