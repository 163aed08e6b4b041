"""The live play of polls and suggestions, see `backend.events.play.Play`."""

from collections.abc import Mapping
from typing import Any

from redis import Redis

from backend.activities.polls.play import PollsPlay
from backend.activities.polls.suggestions.suggesting import proposers
from backend.events.models import Activity
from backend.keys import Secret
from backend.live.feed import Feed
from backend.scoring.scorekeeper import Scorekeeper

SUGGESTED = "polls.suggestion"


class SuggestionsPlay(PollsPlay):
    """Shows polls, and notifies proposers of suggestions. Build one per process."""

    moving = PollsPlay.moving | {SUGGESTED}

    def __init__(self, scores: Scorekeeper, feed: Feed, redis: Redis, secret: Secret) -> None:
        super().__init__(scores, feed, redis, secret)
        self.told = {
            **self.told,
            SUGGESTED: "Told to its proposers alone, those of merged ones too: something became of a"
            " suggestion, `decided`, `merged` or `poll`: `{activity_id, suggestion_id, change}`.",
        }

    def tell_proposers(self, activity: Activity, suggestion_ids: list[int], change: str) -> None:
        """Notify proposers that their suggestions have changed, and tell all viewers to read again."""
        for suggestion_id in suggestion_ids:
            facts = {"activity_id": activity.id, "suggestion_id": suggestion_id, "change": change}
            self._feed.publish(activity.event_id, SUGGESTED, **facts)
        self.tell(activity)

    def audience(
        self, activity_id: int, data: Mapping[str, Any], now: int
    ) -> frozenset[int] | None:
        """Return whose a suggestion is; of a poll, whom `PollsPlay` names."""
        if "suggestion_id" in data:
            return proposers(data["suggestion_id"])
        return super().audience(activity_id, data, now)
