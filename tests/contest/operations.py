"""The operations of the contest: who may call each, and what they need to have happened before.

`tests/callers.py` says how the tests of all kinds use this.
"""

from typing import Any

from backend.activities.contest.settings import ContestSettings
from tests.callers import HOSTS, PLAYERS, STAFF_PLAYER, Game, Operation

# The part of addresses below `/api/v1`.
PREFIX = "contests"
# Schemas whose fields are documented with event templates.
SETTINGS = (ContestSettings,)

OPERATIONS = {
    "GET /api/v1/contests/{activity_id}": Operation(PLAYERS | HOSTS),
    "POST /api/v1/contests/{activity_id}/rounds/{round_id}/answer": Operation(
        {STAFF_PLAYER}, {"choice": ["A"]}
    ),
    "POST /api/v1/contests/{activity_id}/actions": Operation(HOSTS, {"action": "begin"}),
}


def begin(game: Game) -> dict[str, Any]:
    """Let the game begin; returns the ids of what there is then."""
    path = f"/contests/{game.activity_id}/actions"
    game.host.ok("POST", path, {"action": "begin"})
    shown = game.host.ok("POST", path, {"action": "next", "position": 1})
    return {"round_id": shown["state"]["round"]["id"]}
