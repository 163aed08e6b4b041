"""What the contest offers to events: its settings, its rounds, re-scoring, wiping."""

from typing import Any

import marshmallow as ma
from marshmallow import validate

from backend.activities.contest.models import Contest, ContestAnswer, ContestRound
from backend.activities.contest.rescore import rescore
from backend.errors import Sentence
from backend.events.kinds import CorrectionFacts, Kind
from backend.events.models import Activity
from backend.questions import marking, supply
from backend.scoring.scorekeeper import Scorekeeper
from backend.web.schema import Schema, Text


class ContestSettings(Schema):
    """The settings of a contest in a template."""

    banks = ma.fields.List(Text(1, 60), required=True, validate=validate.Length(1))
    questions = ma.fields.Integer(load_default=10, validate=validate.Range(1, 100))
    question_seconds = ma.fields.Integer(load_default=20, validate=validate.Range(3, 600))
    scoring = ma.fields.String(
        load_default=marking.LIGHT_SPEED, validate=validate.OneOf(list(marking.SPEED_PERCENT))
    )
    streak = ma.fields.Boolean(load_default=True)
    auto = ma.fields.Boolean(load_default=False)
    lobby_seconds = ma.fields.Integer(load_default=10, validate=validate.Range(1, 3600))
    reveal_seconds = ma.fields.Integer(load_default=6, validate=validate.Range(1, 600))
    board_seconds = ma.fields.Integer(load_default=6, validate=validate.Range(1, 600))


class ContestKind(Kind):
    """The kind `contest`."""

    name = "contest"
    settings = ContestSettings
    screen_scripts = ("contest.js", "ladder.js", "lobby.js", "marks.js", "question.js")
    screen_styles = ("contest.css", "phone.css")

    def lacks(self, settings: dict[str, Any], day: str) -> list[Sentence]:
        """Say which banks do not exist, or that they have no question on that day."""
        return supply.lacks(settings["banks"], (), day)

    def prepare(self, activity: Activity) -> None:
        """Let the contest stand at its beginning."""
        Contest.create(activity=activity)

    def rescore(
        self, scores: Scorekeeper, activity: Activity, correction: CorrectionFacts, now: int
    ) -> set[int] | None:
        """Judge the answers to a corrected question anew."""
        return rescore(scores, activity, correction, now)

    def wipe(self, activity: Activity) -> None:
        """Remove rounds and answers, and begin anew."""
        rounds = ContestRound.select(ContestRound.id).where(ContestRound.activity == activity)
        ContestAnswer.delete().where(ContestAnswer.round.in_(rounds)).execute()
        ContestRound.delete().where(ContestRound.activity == activity).execute()
        Contest.update(
            phase="idle", phase_at=0, position=0, auto=False, playoff=None, playoff_from=None
        ).where(Contest.activity == activity).execute()
