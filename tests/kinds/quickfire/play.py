"""The kind `quickfire` as it is played live."""

from typing import Any

import marshmallow as ma

from backend.events.models import Activity, Event, Player
from backend.events.play import PhoneMessage, Play, Speaker
from backend.events.visibility import View
from backend.live.feed import Feed
from backend.questions import marking
from backend.scoring.scorekeeper import Scorekeeper, scorer_of
from backend.web.schema import Schema
from tests.kinds.quickfire.replies import Reply, answers, asked_of, award_of

REPLY, BUZZ = "quickfire.reply", "quickfire.buzz"


class QuickfireReply(Schema):
    """A letter."""

    choice = ma.fields.String(required=True)


class QuickfirePlay(Play):
    """Hears replies and shows who has answered."""

    moving = frozenset({BUZZ})

    def __init__(self, scores: Scorekeeper, feed: Feed) -> None:
        self._scores, self._feed = scores, feed
        self.messages = {
            REPLY: PhoneMessage(QuickfireReply(), self.hear_reply, "Answer the question, once.")
        }
        self.told = {BUZZ: "Somebody answered: `{activity_id, name}`."}

    def hear_reply(
        self, speaker: Speaker, activity_id: int, data: dict[str, Any], now: int
    ) -> dict[str, Any]:
        """Keep and judge a reply; the first one counts."""
        activity = _activity(activity_id)
        right = marking.verdict(asked_of(activity).key, [data["choice"]])
        award = award_of(
            activity, speaker.player_id, activity.settings["points"] if right else 0, now
        )
        with self._scores.database.write():
            Reply.insert(
                activity=activity, player=speaker.player_id, choice=data["choice"], at=now
            ).on_conflict_ignore().execute()
            totals = self._scores.award(award, now)
        if totals:
            player = Player.get_by_id(speaker.player_id)
            self._scores.show(scorer_of(player, activity.event.began_at), totals)
        for kind in (BUZZ, "activity"):
            self._feed.publish(activity.event_id, kind, activity_id=activity_id, name=speaker.name)
        return {"right": right}

    def shown(self, activity_id: int, view: View, now: int) -> dict[str, Any] | None:
        """Return the question and who has answered."""
        activity = _activity(activity_id)
        return {
            "phase": "asking",
            "since": activity.event.began_at,
            "stem": asked_of(activity).stem,
            "answers": answers(activity),
        }

    def own(self, activity_id: int, player_id: int, now: int) -> dict[str, Any] | None:
        """Return a player's own reply."""
        reply = Reply.get_or_none(Reply.activity == activity_id, Reply.player == player_id)
        return {"choice": reply.choice} if reply else None


def _activity(activity_id: int) -> Activity:
    found: Activity = (
        Activity.select(Activity, Event).join(Event).where(Activity.id == activity_id).get()
    )
    return found
