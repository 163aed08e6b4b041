"""Announced words as they are played live, see `backend.events.play.Play`."""

from collections.abc import Mapping
from typing import Any

from backend.activities.keywords import rules, view
from backend.activities.keywords.models import Keyword
from backend.activities.keywords.schemas import ReplyRequest
from backend.activities.keywords.service import KeywordReplies
from backend.activities.keywords.words import on_stage, state_of
from backend.events.models import Activity
from backend.events.play import PhoneMessage, Play, Speaker
from backend.events.visibility import View
from backend.live.feed import Feed
from backend.scoring.scorekeeper import Scorekeeper
from backend.web.limits import Limits

REPLY = "keywords.reply"


class KeywordsPlay(Play):
    """Takes replies and shows words. Build one per process."""

    def __init__(self, scores: Scorekeeper, feed: Feed, limits: Limits) -> None:
        self._feed = feed
        self._replies = KeywordReplies(scores, limits)
        self._states: dict[int, list[tuple[int, str]]] = {}
        self.messages = {
            REPLY: PhoneMessage(
                ReplyRequest(),
                self.hear_reply,
                "Reply a word that was announced. Acknowledged with"
                " `{outcome, word_id, place, points, message}`; a repeat gets the first answer.",
            )
        }

    def hear_reply(
        self, speaker: Speaker, activity_id: int, data: Mapping[str, Any], now: int
    ) -> dict[str, Any]:
        """Take a reply, see `service.KeywordReplies.reply`."""
        answer = self._replies.reply(speaker, activity_id, data["text"], now)
        if answer.outcome == rules.HIT and answer.at == now:
            self.changed(speaker.event_id, activity_id)
        return view.answered(answer)

    def changed(self, event_id: int, activity_id: int) -> None:
        """Tell phones and screens that there is something new to show."""
        self._feed.publish(event_id, "activity", activity_id=activity_id)

    def shown(self, activity_id: int, view_: View, now: int) -> dict[str, Any] | None:
        """Return the announced words; None before the first, and after all were dismissed."""
        activity = Activity.with_event(activity_id)
        return view.shown(activity, view_, now) if activity else None

    def was_played(self, activity_id: int) -> bool:
        """Return whether a word was announced."""
        announced = Keyword.select().where(
            Keyword.activity == activity_id, Keyword.opened_at.is_null(False)
        )
        return bool(announced.exists())

    def own(self, activity_id: int, player_id: int, now: int) -> dict[str, Any] | None:
        """Return what a player has hit."""
        activity = Activity.with_event(activity_id)
        return view.own(activity, player_id) if activity else None

    def advance(self, activity_id: int, now: int) -> None:
        """Publish that the time of a word has ended; replies are refused from that moment on
        anyway."""
        activity = Activity.with_event(activity_id)
        if activity is None:
            return
        event = activity.event
        states = [(word.id, state_of(event, facts, now)) for word, facts in on_stage(activity_id)]
        before = self._states.get(activity_id, states)
        self._states[activity_id] = states
        if before != states:
            self.changed(activity.event_id, activity_id)
