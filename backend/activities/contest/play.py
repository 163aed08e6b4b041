"""The contest on sockets and screens, see `backend.events.play.Play`."""

from typing import Any

from backend.activities.contest import view
from backend.activities.contest.answers import ContestAnswers, SentAnswer
from backend.activities.contest.pacing import Pacing, was_played
from backend.activities.contest.schemas import ContestAnswerMessage
from backend.events.models import Activity
from backend.events.play import PhoneMessage, Play, Speaker
from backend.events.visibility import View
from backend.kept_counts import KeptCounts
from backend.live.feed import Feed
from backend.scoring.scorekeeper import Scorekeeper


class ContestPlay(Play):
    """The kind `contest`, played live."""

    def __init__(self, scores: Scorekeeper, feed: Feed) -> None:
        self.answers = ContestAnswers(scores.database, feed)
        self.pacing = Pacing(scores, feed)
        self._counts = KeptCounts(view.COUNTS_KEPT)
        self.panel_counts = KeptCounts(view.COUNTS_KEPT)
        self.messages = {
            "contest.answer": PhoneMessage(
                ContestAnswerMessage(), self._answer, "answer the round that is on, once"
            )
        }

    def _answer(
        self, speaker: Speaker, activity_id: int, data: dict[str, Any], now: int
    ) -> dict[str, Any]:
        taken = self.answers.submit(
            SentAnswer(
                activity_id,
                data["round_id"],
                speaker.player_id,
                speaker.account_id,
                data["choice"],
                now,
            )
        )
        return vars(taken)

    def shown(self, activity_id: int, view_: View, now: int) -> dict[str, Any] | None:
        """Return what everybody with this view sees."""
        activity = Activity.with_event(activity_id)
        return view.shown(activity, view_, now) if activity else None

    def shown_to_phone(self, activity_id: int, now: int) -> dict[str, Any] | None:
        """Return what a phone that asks over HTTP sees: counts may be a second old."""
        activity = Activity.with_event(activity_id)
        return view.shown(activity, View.PUBLIC, now, self._counts) if activity else None

    def was_played(self, activity_id: int) -> bool:
        """Return whether a question was shown."""
        return was_played(activity_id)

    def own(self, activity_id: int, player_id: int, now: int) -> dict[str, Any] | None:
        """Return what one player alone sees."""
        activity = Activity.with_event(activity_id)
        return view.own(activity, player_id, self._counts, now) if activity else None

    def advance(self, activity_id: int, now: int) -> None:
        """Apply the action that is due, if the contest runs by itself."""
        activity = Activity.with_event(activity_id)
        if activity is not None:
            self.pacing.advance(activity, now)
