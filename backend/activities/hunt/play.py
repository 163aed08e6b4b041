"""The hunt on sockets, see `backend.events.play.Play`. Answers over HTTP take the same path."""

from typing import Any

from backend.activities.hunt import view
from backend.activities.hunt.schemas import HuntAnswerMessage
from backend.activities.hunt.service import HuntAnswers, SentHuntAnswer
from backend.activities.hunt.short_answers import ShortHuntAnswers
from backend.events.play import PhoneMessage, Play, Speaker
from backend.events.visibility import View
from backend.kept_counts import KeptCounts
from backend.scoring.scorekeeper import Scorekeeper

PANELS_KEPT = 64
# Counting for the panels of hosts, of which each is read once a second, takes a twentieth of the
# time of a process at most.
PANEL_PAUSES = 20


class HuntPlay(Play):
    """Takes answers from sockets and from requests, several in one transaction.

    Build one per process.
    """

    is_for_a_hall = False

    def __init__(self, scores: Scorekeeper, key: bytes) -> None:
        self.answers = HuntAnswers(scores, key)
        self.panel_counts = KeptCounts(PANELS_KEPT, pauses=PANEL_PAUSES)
        self.short = (ShortHuntAnswers(self.answers),)
        self.messages = {
            "hunt.answer": PhoneMessage(
                HuntAnswerMessage(),
                self._answer,
                "Answer an own question. Acknowledged with the body of the HTTP answer, once it is"
                " stored; a repeat gets the same verdict.",
            )
        }

    def _answer(
        self, speaker: Speaker, activity_id: int, data: dict[str, Any], now: int
    ) -> dict[str, Any]:
        # Signing out closes the socket, so the version of the token need not be compared.
        answer = SentHuntAnswer(
            activity_id, data["dig_id"], speaker.account_id, None, data["choice"], now
        )
        return view.shown_outcome(self.answers.submit_answer(answer), View.OWN)
