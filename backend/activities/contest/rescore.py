"""Re-scoring a round after a correction: by reversal entries and new awards."""

from backend.activities.contest.models import ContestAnswer, ContestRound
from backend.activities.contest.pacing import (
    ANSWERS_AT_ONCE,
    award_of,
    contest_of,
    judge,
    keep,
    right_key,
)
from backend.errors import Invalid
from backend.events.kinds import CorrectionFacts
from backend.events.models import Activity
from backend.offload.steps import chunks, in_steps
from backend.questions import marking
from backend.questions.models import Question
from backend.scoring import ledger
from backend.scoring.corrections import VOID
from backend.scoring.scorekeeper import Scorekeeper


def rescore(
    scores: Scorekeeper, activity: Activity, correction: CorrectionFacts, now: int
) -> set[int] | None:
    """Judge every answer to the question anew; returns the players whose points changed.

    Streaks that ran through it stay. None when the contest never showed the question. Raises
    `Invalid` for a key that the question cannot have. A round that is still on is judged by the
    correction when it is revealed.
    """
    current = (
        ContestRound.select(ContestRound, Question)
        .join(Question)
        .where(
            ContestRound.activity == activity,
            ContestRound.question == correction.question_id,
            ContestRound.shown_at.is_null(False),
        )
        .first()
    )
    if current is None:
        return None
    question = current.question
    if correction.action != VOID and not marking.key_fits(
        question.kind, len(question.options), correction.key
    ):
        raise Invalid(fields={"key": [marking.KEY_NOT_OFFERED]})
    if current.revealed_at is None:
        return set()
    playoff_from = contest_of(activity).playoff_from
    counts = correction.action != VOID and (playoff_from is None or current.position < playoff_from)
    key = correction.key or right_key(activity.event, question)
    answers = ContestAnswer.select().where(ContestAnswer.round == current)
    judged = [
        judge(
            activity,
            current,
            answer,
            key,
            (answer.streak or 1) - 1,
            counts=counts and answer.counted,
        )
        for answer in in_steps(answers)
    ]
    for some in in_steps(chunks(judged, ANSWERS_AT_ONCE), 1):
        keep(scores, some)
    wanted = [
        award_of(activity, current, one)._replace(reason="correction", note=correction.reason)
        for one in judged
    ]
    return ledger.correct(scores.database, correction, wanted, scores.calendar, now)
