"""The operations of announced words: who may call each, and what they need to have happened before.

`tests/callers.py` says how the tests of all kinds use this.
"""

from typing import Any

from backend.activities.keywords.settings import KeywordsSettings
from tests.callers import HOSTS, PLAYERS, STAFF_PLAYER, Game, Operation

# The part of addresses below `/api/v1`.
PREFIX = "keywords"
# Schemas whose fields are documented with event templates.
SETTINGS = (KeywordsSettings,)

OPERATIONS = {
    "GET /api/v1/keywords/{activity_id}": Operation(PLAYERS | HOSTS),
    "POST /api/v1/keywords/{activity_id}/replies": Operation({STAFF_PLAYER}, {"text": "周年"}),
    "GET /api/v1/keywords/{activity_id}/words": Operation(HOSTS),
    "POST /api/v1/keywords/{activity_id}/words": Operation(HOSTS, {"text": "美多"}),
    "GET /api/v1/keywords/{activity_id}/words/template.xlsx": Operation(HOSTS),
    "POST /api/v1/keywords/{activity_id}/words/imports/preview": Operation(
        HOSTS, takes_a_file=True
    ),
    "POST /api/v1/keywords/{activity_id}/words/imports": Operation(HOSTS, takes_a_file=True),
    "POST /api/v1/keywords/{activity_id}/open": Operation(HOSTS, {"word_ids": [1]}),
    "POST /api/v1/keywords/{activity_id}/close": Operation(HOSTS, {"word_ids": [1]}),
    "GET /api/v1/keywords/{activity_id}/hits.xlsx": Operation(HOSTS),
    "POST /api/v1/keywords/{activity_id}/dismiss": Operation(HOSTS),
    "POST /api/v1/keywords/{activity_id}/word-lists": Operation(HOSTS, {"lines": ["林卡"]}),
    "PUT /api/v1/keywords/{activity_id}/words/{word_id}": Operation(HOSTS, {"text": "金子"}),
    "DELETE /api/v1/keywords/{activity_id}/words/{word_id}": Operation(HOSTS),
}


def begin(game: Game) -> dict[str, Any]:
    """Let the game begin; returns the ids of what there is then."""
    word = game.host.ok("GET", f"/keywords/{game.activity_id}/words")[0]
    game.host.ok("POST", f"/keywords/{game.activity_id}/open", {"word_ids": [word["id"]]})
    return {"word_id": word["id"]}
