"""The kind `quickfire`: its settings, its table, its re-scoring."""

from typing import Any

import marshmallow as ma

from backend.errors import Sentence
from backend.events.kinds import CorrectionFacts, Kind, Tools
from backend.events.models import Activity
from backend.questions import marking, supply
from backend.scoring import ledger
from backend.scoring.scorekeeper import Scorekeeper
from backend.web.schema import Schema, Text
from tests.kinds.quickfire.play import QuickfirePlay
from tests.kinds.quickfire.replies import Reply, asked_of, award_of


class QuickfireSettings(Schema):
    """The settings in a template."""

    bank = Text(1, 60, required=True)
    points = ma.fields.Integer(load_default=10)


class Quickfire(Kind):
    """The kind `quickfire`."""

    name = "quickfire"
    title = Sentence("抢答", "Quickfire")
    settings = QuickfireSettings
    tables = (Reply,)
    command_names = ("quickfire",)
    screen_scripts = ("quickfire.js",)
    screen_styles = ("quickfire.css",)

    def play(self, tools: Tools) -> QuickfirePlay:
        """Return what hears replies."""
        return QuickfirePlay(tools.scores, tools.feed)

    def lacks(self, settings: dict[str, Any], day: str) -> list[Sentence]:
        """Say that the bank does not exist or has no question."""
        return supply.lacks([settings["bank"]], (), day)

    def rescore(
        self, scores: Scorekeeper, activity: Activity, correction: CorrectionFacts, now: int
    ) -> set[int] | None:
        """Judge the replies anew."""
        question = asked_of(activity)
        if question.id != correction.question_id:
            return None
        wanted = []
        for reply in Reply.select().where(Reply.activity == activity):
            right = correction.action == "rekey" and marking.verdict(correction.key, [reply.choice])
            points = activity.settings["points"] if right else 0
            wanted.append(award_of(activity, reply.player_id, points, reply.at))
        return ledger.correct(scores.database, correction, wanted, scores.calendar, now)
