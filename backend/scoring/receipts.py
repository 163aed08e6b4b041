"""Receipts: every line of a player's score, with its reason."""

from itertools import accumulate
from typing import Any

from backend.events import visibility
from backend.events.models import Event
from backend.events.visibility import View
from backend.scoring.ledger import EVENT_BOARD
from backend.scoring.models import FrozenStanding, ScoreEntry


def of_player(event: Event, player_id: int, view: View) -> dict[str, Any]:
    """Return the entries that the view may see, oldest first, and their sum.

    During a freeze, a player's later entries wait for the reveal.
    """
    # Without the event: PostgreSQL without statistics would look through all of its entries.
    entries = ScoreEntry.select().where(ScoreEntry.player == player_id)
    rows = list(entries.order_by(ScoreEntry.id))
    frozen = visibility.reads_frozen_board(event, view)
    shown = _until_freeze(event, player_id, rows) if frozen else rows
    reversed_ids = {row.reverses_id for row in shown if row.reverses_id is not None}
    return {
        "items": [
            {
                "id": row.id,
                "points": row.points,
                "reason": row.reason,
                "note": row.note,
                "source": row.source,
                "activity_id": row.activity_id,
                "rule_version": row.rule_version,
                "earned_at": row.earned_at,
                "created_at": row.created_at,
                "reversed": row.id in reversed_ids,
                "reverses_id": row.reverses_id,
            }
            for row in shown
        ],
        "total_points": sum(row.points for row in shown),
        "frozen": frozen,
    }


def _until_freeze(event: Event, player_id: int, rows: list[ScoreEntry]) -> list[ScoreEntry]:
    """Return those of a player's entries that make up the frozen standing.

    Moments alone do not decide this: an entry that was being written during the freeze may be
    earlier than the freeze and not on the frozen board, or later and on it.
    """
    by_time = sum(visibility.shows_entry(event, View.OWN, row.created_at) for row in rows)
    frozen = FrozenStanding.get_or_none(
        FrozenStanding.event == event,
        FrozenStanding.player == player_id,
        FrozenStanding.board == EVENT_BOARD,
    )
    sums = accumulate((row.points for row in rows), initial=0)
    whole = [count for count, points in enumerate(sums) if frozen and points == frozen.points]
    return rows[: min(whole, key=lambda count: abs(count - by_time), default=0)]
