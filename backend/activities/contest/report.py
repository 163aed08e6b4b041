"""What the report of an event shows of a contest."""

from backend.activities.contest.models import ContestAnswer, ContestRound
from backend.events.models import Activity
from backend.events.reporting import ActivityReport, Fact, GivenAnswer, Landmark
from backend.offload.steps import in_steps
from backend.scoring import corrections

ROWS_AT_ONCE = 1_000


def report(activity: Activity) -> ActivityReport:
    """Return the rounds that were shown, and the answers of those that were revealed."""
    shown = list(
        ContestRound.select()
        .where(ContestRound.activity == activity, ContestRound.shown_at.is_null(False))
        .order_by(ContestRound.shown_at)
    )
    answers = _answers(activity)
    landmarks = []
    if shown:
        landmarks = [Landmark(shown[0].shown_at, f"{activity.title}：第一题")]
    if len(shown) > 1:
        landmarks.append(Landmark(shown[-1].shown_at, f"{activity.title}：最后一题"))
    return ActivityReport(
        facts=[
            Fact("题目", len(shown)),
            Fact("作答", len(answers)),
            Fact("答题的人", len({answer.player_id for answer in answers})),
        ],
        answers=answers,
        landmarks=landmarks,
    )


def _answers(activity: Activity) -> list[GivenAnswer]:
    """Return the counted answers of revealed rounds whose questions are not void."""
    rows = (
        ContestAnswer.select(
            ContestRound.question, ContestAnswer.player, ContestAnswer.choice, ContestAnswer.correct
        )
        .join(ContestRound)
        .where(
            ContestRound.activity == activity,
            ContestAnswer.counted,
            ContestAnswer.correct.is_null(False),
            ContestRound.question.not_in(list(corrections.voided_questions(activity.event_id))),
        )
        .tuples()
    )
    return [GivenAnswer(*row) for row in in_steps(rows, ROWS_AT_ONCE)]
