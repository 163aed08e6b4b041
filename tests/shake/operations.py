"""The operations of the shake: who may call each, and what they need to have happened before.

`tests/callers.py` says how the tests of all kinds use this.
"""

from typing import Any

from backend.activities.shake.settings import ShakeSettings
from tests.callers import HOSTS, PLAYERS, STAFF_PLAYER, Game, Operation

# The part of addresses below `/api/v1`.
PREFIX = "shakes"
# Schemas whose fields are documented with event templates.
SETTINGS = (ShakeSettings,)

OPERATIONS = {
    "GET /api/v1/shakes/{activity_id}": Operation(PLAYERS | HOSTS),
    "POST /api/v1/shakes/{activity_id}/rounds/{round_id}/reports": Operation(
        {STAFF_PLAYER}, {"count": 1}
    ),
    "POST /api/v1/shakes/{activity_id}/rounds": Operation(HOSTS, {"mode": "race"}),
    "GET /api/v1/shakes/{activity_id}/rounds/{round_id}/flagged": Operation(HOSTS),
    "POST /api/v1/shakes/{activity_id}/rounds/{round_id}/dismiss": Operation(HOSTS),
    "POST /api/v1/shakes/{activity_id}/rounds/{round_id}/cancel": Operation(HOSTS),
}


def begin(game: Game) -> dict[str, Any]:
    """Let the game begin; returns the ids of what there is then."""
    begun = game.host.ok("POST", f"/shakes/{game.activity_id}/rounds", {"mode": "race"})
    return {"round_id": begun["id"]}
