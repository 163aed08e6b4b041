"""The end of a turn: one row decides that it ended, and the points are awarded with it, once."""

from dataclasses import dataclass
from typing import Any

from backend.activities.drawing import rules
from backend.activities.drawing.context import COLUMNS, GameContext, facts_of
from backend.activities.drawing.models import DrawingGame, DrawingGuess, DrawingTurn
from backend.events.models import Player
from backend.offload.steps import chunks
from backend.scoring.ledger import Award, Total
from backend.scoring.scorekeeper import Scorekeeper, Scorer, gain_message, scorer_of

# How many awards go into one statement.
_AT_ONCE = 400
# The feed keeps 2,000 messages: a full hall's gains must not push everything else out.
MOST_GAINS = 12


@dataclass(frozen=True)
class Gain:
    """What a player gained, to be shown after the commit."""

    scorer: Scorer
    totals: list[Total]
    told: dict[str, Any] | None


def end_turn(
    scores: Scorekeeper, context: GameContext, turn_id: int, ending: str, ended_at: int, now: int
) -> list[Gain] | None:
    """End a turn and award what it earned, in the caller's transaction.

    Only the first call that ends a turn gets a result; others get None. Players who were kicked or
    banned earn nothing.
    """
    ended = (
        DrawingTurn.update(ended_at=ended_at, ending=ending)
        .where(DrawingTurn.id == turn_id, DrawingTurn.ended_at.is_null())
        .execute()
    )
    if not ended:
        return None
    turn = DrawingTurn.select(*COLUMNS).where(DrawingTurn.id == turn_id).get()
    _keep_pick(context, turn, ended_at)
    guesses = list(
        DrawingGuess.select().where(DrawingGuess.turn == turn_id).order_by(DrawingGuess.id)
    )
    if ending == rules.VOIDED:
        DrawingGuess.update(points=0).where(DrawingGuess.turn == turn_id).execute()
    points = rules.earned(
        turn.drawer_id,
        [(guess.player_id, guess.used_ms) for guess in guesses],
        turn.draw_seconds * 1000,
        ending,
    )
    guessed_at = {guess.player_id: guess.at for guess in guesses}
    awards = [
        Award(
            event_id=context.event.id,
            player_id=player_id,
            activity_id=context.activity.id,
            points=earned,
            reason="drawing",
            source=f"drawing:{turn_id}:{player_id}",
            rule_version=rules.VERSION,
            earned_at=guessed_at.get(player_id, ended_at),
            note=f"第 {turn.number} 轮 · {'画手' if player_id == turn.drawer_id else '猜中'}",
        )
        for player_id, earned in points.items()
    ]
    return _award(scores, context, awards, now)


def _keep_pick(context: GameContext, turn: DrawingTurn, ended_at: int) -> None:
    """Store the server's choice if the drawer did not choose and the drawing had begun."""
    drawn_from = rules.drawing_from(facts_of(turn, {}), context.event.pauses)
    if turn.choice is None and ended_at >= drawn_from:
        DrawingTurn.update(choice=DrawingTurn.fallback, chosen_at=drawn_from).where(
            DrawingTurn.id == turn.id
        ).execute()


def end_game(scores: Scorekeeper, context: GameContext, now: int) -> list[Gain]:
    """End the turns that run, with what was earned, and the game, in the caller's transaction."""
    gains: list[Gain] = []
    running = DrawingTurn.select(DrawingTurn.id).where(
        DrawingTurn.activity == context.activity.id, DrawingTurn.ended_at.is_null()
    )
    for (turn_id,) in list(running.tuples()):
        gains += end_turn(scores, context, turn_id, rules.CLOSED, now, now) or []
    DrawingGame.update(ended_at=now).where(
        DrawingGame.activity == context.activity.id, DrawingGame.ended_at.is_null()
    ).execute()
    return gains


def _award(scores: Scorekeeper, context: GameContext, awards: list[Award], now: int) -> list[Gain]:
    gains: list[Gain] = []
    for some in chunks(awards, _AT_ONCE):
        people = {
            player.id: player
            for player in Player.select().where(
                Player.id.in_([award.player_id for award in some]), Player.status == "active"
            )
        }
        some = [award for award in some if award.player_id in people]
        for award, totals in zip(some, scores.award_all(some, now), strict=True):
            scorer = scorer_of(people[award.player_id], context.event.began_at)
            told = gain_message(scorer, award.points, award.reason, award.earned_at)
            is_told = len(gains) < MOST_GAINS
            gains.append(Gain(scorer, totals or [], told if is_told else None))
    return gains


def show(scores: Scorekeeper, gains: list[Gain]) -> None:
    """Show what was gained, after the commit."""
    for gain in gains:
        scores.show(gain.scorer, gain.totals, gain.told)
