"""The operations of the hunt: who may call each, and what they need to have happened before.

`tests/callers.py` says how the tests of all kinds use this.
"""

from typing import Any

from backend.activities.hunt.settings import HuntSettings, SiteSchema, TreasureSchema
from tests.callers import HOSTS, PLAYERS, STAFF_PLAYER, TRAINER_, Game, Operation

# The part of addresses below `/api/v1`.
PREFIX = "hunts"
# Schemas whose fields are documented with event templates.
SETTINGS = (HuntSettings, SiteSchema, TreasureSchema)

OPERATIONS = {
    "GET /api/v1/hunts/{activity_id}": Operation(PLAYERS),
    "POST /api/v1/hunts/{activity_id}/digs": Operation({STAFF_PLAYER}, {"site": "lake"}),
    "GET /api/v1/hunts/{activity_id}/digs/{dig_id}": Operation(PLAYERS),
    "POST /api/v1/hunts/{activity_id}/digs/{dig_id}/answer": Operation(
        {STAFF_PLAYER}, {"choice": ["A"]}, refused_as=(404, "not_your_question")
    ),
    "POST /api/v1/hunts/{activity_id}/digs/{dig_id}/snooze": Operation(PLAYERS),
    "GET /api/v1/hunts/{activity_id}/wrong-questions": Operation(PLAYERS),
    "GET /api/v1/hunts/{activity_id}/statistics": Operation(HOSTS | {TRAINER_}),
}


def begin(game: Game) -> dict[str, Any]:
    """Let the game begin; returns the ids of what there is then."""
    dig = game.player.ok("POST", f"/hunts/{game.activity_id}/digs", {"site": "lake"})
    return {"dig_id": dig["id"], "question_id": dig["question"]["id"]}
