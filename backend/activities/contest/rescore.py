"""Re-scoring a round after a correction: by reversal entries and new awards."""

from backend.activities.contest import rules
from backend.activities.contest.models import ContestAnswer, ContestRound
from backend.activities.contest.pacing import contest_of, judge, right_key
from backend.errors import Invalid
from backend.events.kinds import CorrectionFacts
from backend.events.models import Activity
from backend.questions import marking
from backend.questions.models import Question
from backend.scoring import ledger
from backend.scoring.corrections import VOID
from backend.scoring.ledger import Award
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
    return {
        answer.player_id
        for answer in list(ContestAnswer.select().where(ContestAnswer.round == current))
        if _judge_anew(scores, activity, current, answer, key, correction, now, counts=counts)
    }


def _judge_anew(
    scores: Scorekeeper,
    activity: Activity,
    current: ContestRound,
    answer: ContestAnswer,
    key: list[str],
    correction: CorrectionFacts,
    now: int,
    *,
    counts: bool,
) -> bool:
    """Bring one answer's points to what they must be; says whether that took an entry."""
    before = (answer.streak or 1) - 1
    judged = judge(activity, current, answer, key, before, counts=counts and answer.counted)
    ContestAnswer.update(correct=judged.correct, points=judged.points, streak=judged.streak).where(
        ContestAnswer.id == answer.id
    ).execute()
    source = f"contest:{current.id}:{answer.player_id}"
    entry = ledger.entry_in_force(activity.event_id, source)
    if entry is not None and entry.points == judged.points:
        return False
    if entry is not None:
        ledger.reverse(scores.database, entry.id, correction.reason, now)
    if judged.points:
        award = Award(
            event_id=activity.event_id,
            player_id=answer.player_id,
            activity_id=activity.id,
            points=judged.points,
            reason="correction",
            source=f"{source}:correction:{correction.id}",
            rule_version=rules.VERSION,
            earned_at=answer.answered_at,
            note=correction.reason,
        )
        ledger.add_entry(scores.database, award, scores.calendar, now)
    return entry is not None or judged.points != 0
