"""Re-scoring after a correction: by reversal entries and new awards, never by editing the ledger."""

from dataclasses import asdict

from backend.activities.hunt import rules
from backend.activities.hunt.models import Dig, HuntAnswer
from backend.errors import Invalid
from backend.events.kinds import CorrectionFacts
from backend.events.models import Activity
from backend.questions import marking
from backend.questions.models import Question, QuestionBank
from backend.scoring import ledger
from backend.scoring.corrections import VOID
from backend.scoring.ledger import Award
from backend.scoring.scorekeeper import Scorekeeper


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
    return {
        answer.player_id
        for answer in answers
        if _judge_anew(scores, activity, question, answer, correction, now)
    }


def _judge_anew(
    scores: Scorekeeper,
    activity: Activity,
    question: Question,
    answer: HuntAnswer,
    correction: CorrectionFacts,
    now: int,
) -> bool:
    """Bring one answer's points to what they must be; says whether that took an entry."""
    correct = marking.verdict(correction.key, answer.choice.split(","))
    streak = answer.streak_before + 1 if correct else 0
    parts: tuple[marking.Part, ...] = ()
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
    entry = ledger.entry_in_force(activity.event_id, f"dig:{answer.dig_id}")
    HuntAnswer.update(
        correct=correct, streak=streak, points=points, breakdown=[asdict(part) for part in parts]
    ).where(HuntAnswer.id == answer.id).execute()
    if entry is not None and entry.points == points:
        return False
    if entry is not None:
        ledger.reverse(scores.database, entry.id, correction.reason, now)
    if points:
        award = Award(
            event_id=activity.event_id,
            player_id=answer.player_id,
            activity_id=activity.id,
            points=points,
            reason="correction",
            source=f"dig:{answer.dig_id}:correction:{correction.id}",
            rule_version=rules.VERSION,
            earned_at=answer.answered_at,
            note=correction.reason,
        )
        ledger.add_entry(scores.database, award, scores.calendar, now)
    return entry is not None or points != 0
