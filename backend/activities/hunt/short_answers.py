"""The short way of an answer over HTTP, past Flask."""

import json
import re

from backend.activities.hunt import view
from backend.activities.hunt.schemas import AnswerRequest
from backend.activities.hunt.service import HuntAnswers, SentHuntAnswer
from backend.events.visibility import View
from backend.web.short import ShortAnswer, ShortRequest, json_answer

_SCHEMA = AnswerRequest()


class ShortHuntAnswers:
    """Takes answers that are accepted. A refused one has written nothing, and is left to Flask, which
    refuses it again; a stored one whose response fails is a repeat there."""

    method = "POST"
    takes_token = True
    path = re.compile(r"/api/v1/hunts/([0-9]{1,15})/digs/([0-9]{1,15})/answer")

    def __init__(self, answers: HuntAnswers) -> None:
        self._answers = answers

    def answer(self, request: ShortRequest) -> ShortAnswer | None:
        """Take an answer and return its outcome."""
        choice = _SCHEMA.load(json.loads(request.body.decode()))["choice"]
        activity_id, dig_id = map(int, request.path)
        sent = SentHuntAnswer(
            activity_id, dig_id, request.account_id, request.version, choice, request.at
        )
        try:
            outcome = self._answers.submit_answer(sent)
        finally:
            self._answers.database.release()
        return json_answer(view.shown_outcome(outcome, View.OWN))
