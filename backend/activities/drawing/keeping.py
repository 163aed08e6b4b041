"""Stores drawings in the database: those of running turns in batches, finished ones as a whole.

An operation is acknowledged to the drawer when Redis has it. `linka worker` copies it into the
database about once a second. What Redis loses before that is lost, unless the drawer's phone still
has it.
"""

import peewee
import structlog
from redis import RedisError

from backend.activities.drawing.context import GameContext
from backend.activities.drawing.ink import Ink
from backend.activities.drawing.models import DrawingInk, DrawingTurn
from backend.activities.drawing.strokes import Op
from backend.db import Database

log = structlog.get_logger(__name__)

KEEP_EVERY_MS = 1000


class InkKeeper:
    """Copies drawings from Redis into the database, and back after Redis lost them."""

    def __init__(self, database: Database, ink: Ink) -> None:
        self._database = database
        self._ink = ink
        self._kept_at: dict[int, int] = {}

    def keep(self, context: GameContext, now: int) -> None:
        """Copy the operations that are new since the last call; does so once a second at most.

        Several processes may call it at once. Does nothing while Redis is away.
        """
        activity_id = context.activity.id
        if 0 <= now - self._kept_at.get(activity_id, 0) < KEEP_EVERY_MS:
            return
        self._kept_at[activity_id] = now
        kept = _lengths(activity_id)
        try:
            new = self._ink.since(context.event.id, kept)
        except RedisError as error:
            log.warning("ink_away", activity_id=activity_id, error=str(error))
            return
        batches = {turn_id: ops for turn_id, ops in new.items() if ops}
        if not batches:
            return
        with self._database.write():
            # A turn that has ended in the meantime is moved as a whole.
            self._database.claim(activity_id)
            rows = [
                {
                    "turn": turn_id,
                    "first": kept[turn_id],
                    "after": kept[turn_id] + len(batches[turn_id]),
                    "ops": batches[turn_id],
                }
                for turn_id in _lengths(activity_id)
                if turn_id in batches
            ]
            if rows:
                DrawingInk.insert_many(rows).on_conflict_ignore().execute()

    def restore(self, event_id: int, turn_id: int) -> bool:
        """Put back into Redis what the database has of a running turn; returns whether Redis lacked
        any of it.

        Raises `RedisError`.
        """
        ops = kept_ops(turn_id)
        return bool(ops) and self._ink.restore(event_id, turn_id, ops)

    def move(self, context: GameContext) -> None:
        """Move drawings of turns that are over from Redis into the rows of their turns."""
        over = DrawingTurn.select(DrawingTurn.id).where(
            DrawingTurn.activity == context.activity.id,
            DrawingTurn.ended_at.is_null(False),
            DrawingTurn.ink.is_null(),
        )
        for (turn_id,) in list(over.tuples()):
            try:
                ops = max(self._ink.ops(context.event.id, turn_id), kept_ops(turn_id), key=len)
                with self._database.write():
                    DrawingTurn.update(ink=ops).where(
                        DrawingTurn.id == turn_id, DrawingTurn.ink.is_null()
                    ).execute()
                    DrawingInk.delete().where(DrawingInk.turn == turn_id).execute()
                self._ink.drop(context.event.id, turn_id)
            except RedisError as error:
                log.warning("ink_away", turn_id=turn_id, error=str(error))
                return


def kept_ops(turn_id: int) -> list[Op]:
    """Return the operations in the batches of a turn, in order; empty once they were moved."""
    rows = DrawingInk.select(DrawingInk.ops).where(DrawingInk.turn == turn_id)
    return [op for (ops,) in rows.order_by(DrawingInk.first).tuples() for op in ops]


def _lengths(activity_id: int) -> dict[int, int]:
    """Return {running turn: how many of its operations the database has}."""
    rows = (
        DrawingTurn.select(DrawingTurn.id, peewee.fn.COALESCE(peewee.fn.MAX(DrawingInk.after), 0))
        .join(DrawingInk, peewee.JOIN.LEFT_OUTER)
        .where(DrawingTurn.activity == activity_id, DrawingTurn.ended_at.is_null())
        .group_by(DrawingTurn.id)
    )
    return dict(rows.tuples())
