"""The operations of draw and guess: who may call each, and what they need to have happened before.

`tests/callers.py` says how the tests of all kinds use this.
"""

from typing import Any

from backend.activities.drawing.models import DrawingTurn
from backend.activities.drawing.settings import DrawingSettings
from tests.callers import (
    ADMIN_,
    HOST,
    HOST_ELSEWHERE,
    HOSTS,
    PLAYERS,
    SCREEN,
    STAFF_PLAYER,
    TRAINER_,
    Game,
    Operation,
)

# The part of addresses below `/api/v1`.
PREFIX = "drawings"
# Schemas whose fields are documented with event templates.
SETTINGS = (DrawingSettings,)

# Nobody reports their own drawing or votes for it.
NOT_FOR_ONES_OWN = ("reports", "votes")

# The people who may change word packs, which serve all events.
EDITORS = {HOST, TRAINER_, ADMIN_}

OPERATIONS = {
    "GET /api/v1/word-packs": Operation(HOSTS | {HOST_ELSEWHERE, TRAINER_}),
    "GET /api/v1/word-packs/template.xlsx": Operation(EDITORS),
    "GET /api/v1/word-packs/{pack}/words.xlsx": Operation(EDITORS),
    "POST /api/v1/word-packs/{pack}/imports/preview": Operation(EDITORS, takes_a_file=True),
    "POST /api/v1/word-packs/{pack}/imports": Operation(EDITORS, takes_a_file=True),
    "GET /api/v1/events/{event_id}/gallery/{activity_id}/{number}": Operation(HOSTS | {SCREEN}),
    "GET /api/v1/drawings/{activity_id}": Operation(PLAYERS | HOSTS),
    "GET /api/v1/drawings/{activity_id}/gallery": Operation(PLAYERS | HOSTS),
    "GET /api/v1/drawings/{activity_id}/gallery/{turn_id}": Operation(PLAYERS | HOSTS),
    "PUT /api/v1/drawings/{activity_id}/gallery/{turn_id}": Operation(HOSTS, {"hidden": False}),
    "PUT /api/v1/drawings/{activity_id}/pin": Operation(HOSTS, {"turn_id": None}),
    "GET /api/v1/drawings/{activity_id}/turns/{turn_id}": Operation(HOSTS),
    "POST /api/v1/drawings/{activity_id}/begin": Operation(HOSTS),
    "POST /api/v1/drawings/{activity_id}/here": Operation({STAFF_PLAYER}),
    **{
        f"POST /api/v1/drawings/{{activity_id}}/turns/{{turn_id}}/{verb}": Operation(
            {STAFF_PLAYER}, body, own_refusal="own_drawing" if verb in NOT_FOR_ONES_OWN else ""
        )
        for verb, body in {
            "choice": {"choice": 0},
            "strokes": {
                "at": 0,
                "batches": [{"stroke": 1, "colour": 1, "width": 1, "points": [1, 1]}],
            },
            "undo": {"at": 0},
            "clear": {"at": 0},
            "fill": {"at": 0, "colour": 1, "x": 1, "y": 1},
            "guesses": {"text": "山"},
            "reports": {},
            "votes": {},
        }.items()
    },
    "POST /api/v1/drawings/{activity_id}/turns/{turn_id}/void": Operation(HOSTS),
    "POST /api/v1/drawings/{activity_id}/end-voting": Operation(HOSTS),
    "POST /api/v1/drawings/{activity_id}/finish": Operation(HOSTS),
}


def begin(game: Game) -> dict[str, Any]:
    """Let the game begin; returns the ids of what there is then."""
    game.host.ok("POST", f"/drawings/{game.activity_id}/begin")
    turn_id = game.player.ok("GET", f"/drawings/{game.activity_id}")["turn_id"]
    if game.player_acts:
        player = game.player.ok("GET", f"/events/{game.event_id}/me")["player"]
        DrawingTurn.update(drawer=player["id"]).where(DrawingTurn.id == turn_id).execute()
    return {"turn_id": turn_id}
