"""What the report of an event shows of a game of drawing and guessing."""

from backend.activities.drawing import painting
from backend.activities.drawing.context import GameContext, context_of, prompt_of
from backend.activities.drawing.models import DrawingGuess, DrawingTurn
from backend.activities.drawing.view import in_gallery, votes_of
from backend.events.models import Activity
from backend.events.reporting import ActivityReport, Exhibit, Fact, Landmark
from backend.web import current


def report(activity: Activity) -> ActivityReport:
    """Return the drawings of the gallery, those with most votes first.

    Votes are left out until a host has ended the vote.
    """
    context = context_of(activity.id)
    if context is None:
        return ActivityReport()
    turns = list(in_gallery(activity.id))
    guesses = DrawingGuess.select().join(DrawingTurn).where(DrawingTurn.activity == activity)
    drawers = {turn.drawer_id for turn in turns}
    return ActivityReport(
        facts=[
            Fact("画作", len(turns)),
            Fact("画过的人", len(drawers)),
            Fact("猜中", guesses.count()),
        ],
        landmarks=[Landmark(context.game.began_at, f"{activity.title}：开始作画")],
        exhibits=_exhibits(context, turns),
    )


def _exhibits(context: GameContext, turns: list[DrawingTurn]) -> list[Exhibit]:
    votes = votes_of(context.activity.id)
    is_over = context.shows_votes
    ranked = sorted(turns, key=lambda turn: -votes.get(turn.id, 0)) if is_over else turns
    return [
        Exhibit(
            turn.id,
            prompt_of(turn)["text"],
            turn.drawer.name,
            turn.drawer.team_name,
            votes.get(turn.id, 0) if is_over else None,
        )
        for turn in ranked
    ]


def exhibit(activity: Activity, key: int) -> bytes | None:
    """Return a drawing of the gallery as a PNG, painted in a child process."""
    turn = in_gallery(activity.id).where(DrawingTurn.id == key).first()
    if turn is None:
        return None
    ((ink,),) = DrawingTurn.select(DrawingTurn.ink).where(DrawingTurn.id == turn.id).tuples()
    if ink is None:
        return None
    current.database().release()
    return current.offload().long.run(painting.paint, ink)
