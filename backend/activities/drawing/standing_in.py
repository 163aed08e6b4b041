"""What a test player of a rehearsal does in drawing and guessing."""

from typing import Any

from backend.activities.drawing import rules, strokes
from backend.activities.drawing.context import (
    GameContext,
    context_of,
    newest_turn,
    prompt_of,
    state_of,
)
from backend.activities.drawing.models import DrawingGuess, DrawingSeat, DrawingTurn
from backend.events.kinds import StandIn

# The share of guesses that are right; the others name another word.
_RIGHT = 0.3
_WRONG_WORDS = ("苹果", "太阳", "耳机", "帐篷", "牦牛", "电话", "雪山", "酥油茶")


def stand_in(seat: StandIn) -> bool:
    """Draw in one's own turn, guess in the others'.

    Raises the refusals that a player gets.
    """
    context = context_of(seat.activity.id)
    if context is not None and context.game.ended_at is not None:
        return False
    _say(seat, "here")
    own = DrawingSeat.get_or_none(
        DrawingSeat.activity == seat.activity, DrawingSeat.player == seat.player
    )
    turn = newest_turn(own.room_id) if own is not None and context is not None else None
    if turn is None or context is None or turn.ended_at is not None:
        return False
    if turn.drawer_id == seat.player.id:
        return _draw(seat, context, turn)
    return _guess(seat, context, turn)


def _draw(seat: StandIn, context: GameContext, turn: DrawingTurn) -> bool:
    if state_of(context, turn, {}, seat.now).phase == rules.CHOOSING:
        _say(seat, "choose", turn_id=turn.id, choice=seat.random.randrange(len(turn.offers)))
        return True
    drawn = len(seat.play.views.ops(context, turn))
    if drawn >= strokes.OPS_PER_TURN // 2:
        return False
    points = [
        seat.random.randrange(most)
        for _ in range(6)
        for most in (strokes.CANVAS_WIDTH, strokes.CANVAS_HEIGHT)
    ]
    line = {"stroke": drawn, "colour": 0, "width": 1, "points": points}
    _say(seat, "strokes", turn_id=turn.id, at=drawn, batches=[line])
    return True


def _guess(seat: StandIn, context: GameContext, turn: DrawingTurn) -> bool:
    known = DrawingGuess.turn == turn, DrawingGuess.player == seat.player
    is_drawn = state_of(context, turn, {}, seat.now).phase == rules.DRAWING
    if not is_drawn or DrawingGuess.select().where(*known).exists():
        return False
    is_right = seat.random.random() < _RIGHT
    text = prompt_of(turn)["text"] if is_right else seat.random.choice(_WRONG_WORDS)
    _say(seat, "guess", turn_id=turn.id, text=text)
    return True


def _say(seat: StandIn, what: str, **said: Any) -> None:
    message = seat.play.messages[f"drawing.{what}"]
    message.hear(seat.speaker, seat.activity.id, said, seat.now)
