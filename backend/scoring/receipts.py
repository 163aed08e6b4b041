"""Receipts: every line of a player's score, with its reason."""

from typing import Any

from backend.events import visibility
from backend.events.models import Event
from backend.events.visibility import View
from backend.scoring.models import ScoreEntry


def of_player(event: Event, player_id: int, view: View) -> dict[str, Any]:
    """Return the entries that the view may see, oldest first, and their sum.

    During a freeze, a player's later entries wait for the reveal.
    """
    rows = list(
        ScoreEntry.select()
        .where(ScoreEntry.event == event, ScoreEntry.player == player_id)
        .order_by(ScoreEntry.id)
    )
    shown = [row for row in rows if visibility.shows_entry(event, view, row.created_at)]
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
        "frozen": visibility.reads_frozen_board(event, view),
    }
