"""The live play of the raffle, see `backend.events.play.Play`. It has no messages of phones."""

from collections.abc import Mapping
from typing import Any

from redis import Redis

from backend.activities.raffle import view
from backend.activities.raffle.models import RaffleEntry, RafflePick
from backend.events.models import Activity, Player
from backend.events.play import Play
from backend.events.visibility import View
from backend.live.feed import Feed
from backend.live.presence import Presence

HANDED = "raffle.handed"


class RafflePlay(Play):
    """Shows draws. Build one per process."""

    told: Mapping[str, str] = {
        HANDED: "Told to the winner alone whose prize was handed over: `{activity_id, pick_id}`.",
    }
    moving = frozenset({HANDED})

    def __init__(self, feed: Feed, redis: Redis) -> None:
        self._feed = feed
        self._presence = Presence(redis)

    def here(self, event_id: int, now: int) -> set[int]:
        """Return the players who are present; raises `RedisError`."""
        return self._presence.players(event_id, now)

    def changed(self, activity: Activity) -> None:
        """Tell phones and screens that there is something new to show."""
        self._feed.publish(activity.event_id, "activity", activity_id=activity.id)

    def handed(self, activity: Activity, pick: RafflePick) -> None:
        """Tell the winner's phone that the prize was handed over."""
        facts = {"activity_id": activity.id, "pick_id": pick.id}
        self._feed.publish(activity.event_id, HANDED, **facts)

    def audience(
        self, activity_id: int, data: Mapping[str, Any], now: int
    ) -> frozenset[int] | None:
        """Return the winner whose prize was handed over; nobody if they have not joined."""
        rows = (
            RaffleEntry.select(RaffleEntry.player_id)
            .join(RafflePick, on=(RafflePick.entry == RaffleEntry.id))
            .where(RafflePick.id == data["pick_id"], RaffleEntry.player_id.is_null(False))
        )
        return frozenset(player_id for (player_id,) in rows.tuples())

    def shown(self, activity_id: int, view_: View, now: int) -> dict[str, Any] | None:
        """Return the newest draw or all winners, as everybody sees them; None after they were
        dismissed."""
        activity = Activity.with_event(activity_id)
        return view.shown(activity, now) if activity else None

    def was_played(self, activity_id: int) -> bool:
        """Return whether somebody was drawn."""
        return bool(RafflePick.select().where(RafflePick.activity == activity_id).exists())

    def own(self, activity_id: int, player_id: int, now: int) -> dict[str, Any] | None:
        """Return a player's entry in the newest pool, and what they have won."""
        activity = Activity.with_event(activity_id)
        player = Player.get_or_none(Player.id == player_id)
        return view.own(activity, player, now) if activity and player else None
