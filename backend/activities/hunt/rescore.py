"""Re-scoring after a correction: by reversal entries and new awards, never by editing the ledger."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from backend.activities.hunt import rules
from backend.activities.hunt.models import Dig, HuntAnswer
from backend.db import Database
from backend.errors import Invalid
from backend.events.kinds import CorrectionFacts
from backend.events.models import Activity
from backend.offload.steps import chunks, in_steps
from backend.questions import marking
from backend.questions.models import Question, QuestionBank
from backend.scoring import ledger
from backend.scoring.corrections import VOID
from backend.scoring.ledger import Award
from backend.scoring.scorekeeper import Scorekeeper

_ANSWERS_AT_ONCE = 200

_VERDICT_ROW = (
    "(CAST(? AS BIGINT), CAST(? AS INT), CAST(? AS INT), CAST(? AS INT), CAST(? AS TEXT))"
)
_VERDICT_SQL = """
UPDATE answer SET correct = (v.column2 = 1), points = v.column3, streak = v.column4,
                  breakdown = {breakdown}
FROM (VALUES {rows}) AS v WHERE answer.id = v.column1
"""


def rescore(
    scores: Scorekeeper, activity: Activity, correction: CorrectionFacts, now: int
) -> set[int] | None:
    """Judge every answer to the question anew; returns the players whose points changed.

    A voided question is as if never asked: its points go and the dig is given back. A streak that
    ran through it stays; answers to other questions keep the streak that they had. None when the
    question is in none of the hunt's banks. Raises `Invalid` for a key that the question cannot have.
    """
    question = (
        Question.select()
        .join(QuestionBank)
        .where(
            Question.id == correction.question_id,
            QuestionBank.name.in_(activity.settings["banks"]),
        )
        .first()
    )
    if question is None:
        return None
    voided = correction.action == VOID
    if not voided and not marking.key_fits(question.kind, len(question.options), correction.key):
        raise Invalid(fields={"key": [marking.KEY_NOT_OFFERED]})
    Dig.update(voided=voided).where(Dig.activity == activity, Dig.question == question).execute()
    answers = (
        HuntAnswer.select(HuntAnswer, Dig)
        .join(Dig)
        .where(HuntAnswer.activity_id == activity.id, HuntAnswer.question_id == question.id)
    )
    wanted = []
    for some in in_steps(chunks(list(in_steps(answers)), _ANSWERS_AT_ONCE), 1):
        wanted += [_judged_anew(activity, question, answer, correction) for answer in some]
        _keep(scores.database, some)
    return ledger.correct(scores.database, correction, wanted, scores.calendar, now)


def _judged_anew(
    activity: Activity, question: Question, answer: HuntAnswer, correction: CorrectionFacts
) -> Award:
    """Give an answer its new verdict, and return the award that belongs to it now."""
    correct = marking.verdict(correction.key, answer.choice.split(","))
    streak = answer.streak_before + 1 if correct else 0
    parts: tuple[marking.PointsPart, ...] = ()
    if correction.action == VOID:
        correct, streak = answer.correct, answer.streak
    elif correct and answer.counted:
        parts = marking.points(
            activity.settings["scoring"],
            question.difficulty,
            answer.elapsed_ms,
            answer.dig.limit_seconds * 1000,
            streak,
        )
    points = sum(part.points for part in parts)
    answer.correct, answer.streak, answer.points = correct, streak, points
    answer.breakdown = [asdict(part) for part in parts]
    return Award(
        event_id=activity.event_id,
        player_id=answer.player_id,
        activity_id=activity.id,
        points=points,
        reason="correction",
        source=f"dig:{answer.dig_id}",
        rule_version=rules.VERSION,
        earned_at=answer.answered_at,
        note=correction.reason,
    )


def _keep(database: Database, answers: Sequence[HuntAnswer]) -> None:
    """Store the verdicts on answers with one statement, in the caller's transaction."""
    parameters: list[Any] = []
    for one in answers:
        breakdown = json.dumps(one.breakdown)
        parameters += (one.id, int(one.correct), one.points, one.streak, breakdown)
    # SQLite keeps JSON as text and has no such type to cast to.
    breakdown = "v.column5" if database.is_sqlite else "CAST(v.column5 AS JSON)"
    rows = ", ".join([_VERDICT_ROW] * len(answers))
    database.sql(_VERDICT_SQL.format(rows=rows, breakdown=breakdown), tuple(parameters))
