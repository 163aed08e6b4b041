"""The operations of polls and suggestions: who may call each, and what they need to have happened before.

`tests/callers.py` says how the tests of all kinds use this.
"""

from typing import Any

from backend.activities.polls.settings import PollsSettings
from tests.callers import HOSTS, PLAYERS, STAFF_PLAYER, Game, Operation

# The part of addresses below `/api/v1`.
PREFIX = "polls"
# Schemas whose fields are documented with event templates.
SETTINGS = (PollsSettings,)

OPERATIONS = {
    "GET /api/v1/polls/{activity_id}": Operation(PLAYERS | HOSTS),
    "POST /api/v1/polls/{activity_id}/polls": Operation(HOSTS, {"title": "去哪里过林卡"}),
    "POST /api/v1/polls/{activity_id}/finals": Operation(
        HOSTS, {"title": "决赛", "heats": [1], "first": 2}
    ),
    "GET /api/v1/polls/{activity_id}/polls/{poll_id}": Operation(PLAYERS | HOSTS),
    "PUT /api/v1/polls/{activity_id}/polls/{poll_id}": Operation(HOSTS, {"title": "新的题目"}),
    "DELETE /api/v1/polls/{activity_id}/polls/{poll_id}": Operation(HOSTS),
    "PUT /api/v1/polls/{activity_id}/polls/{poll_id}/wording": Operation(
        HOSTS, {"title": "去哪里过林卡？"}
    ),
    "GET /api/v1/polls/{activity_id}/polls/{poll_id}/entries": Operation(PLAYERS | HOSTS),
    "POST /api/v1/polls/{activity_id}/polls/{poll_id}/ballots": Operation(
        PLAYERS, {"choice": [1], "receipt": "a-receipt-of-a-phone-1"}
    ),
    "GET /api/v1/polls/{activity_id}/polls/{poll_id}/ballots/own": Operation(PLAYERS),
    "POST /api/v1/polls/{activity_id}/polls/{poll_id}/actions": Operation(
        HOSTS, {"action": "stage"}
    ),
    "POST /api/v1/polls/{activity_id}/polls/{poll_id}/runoff": Operation(HOSTS),
    "POST /api/v1/polls/{activity_id}/polls/{poll_id}/reminders": Operation(HOSTS),
    "GET /api/v1/polls/{activity_id}/polls/{poll_id}/flags": Operation(HOSTS),
    "GET /api/v1/polls/{activity_id}/polls/{poll_id}/results.xlsx": Operation(HOSTS),
    "GET /api/v1/polls/{activity_id}/suggestions": Operation(PLAYERS | HOSTS),
    "POST /api/v1/polls/{activity_id}/suggestions": Operation({STAFF_PLAYER}, {"text": "种树"}),
    "GET /api/v1/polls/{activity_id}/suggestions/similar": Operation(PLAYERS | HOSTS),
    "GET /api/v1/polls/{activity_id}/suggestions/{suggestion_id}": Operation(PLAYERS | HOSTS),
    "PUT /api/v1/polls/{activity_id}/suggestions/{suggestion_id}/support": Operation(
        {STAFF_PLAYER}
    ),
    "PUT /api/v1/polls/{activity_id}/suggestions/{suggestion_id}": Operation(
        HOSTS, {"status": "adopted"}
    ),
    "POST /api/v1/polls/{activity_id}/suggestions/{suggestion_id}/merge": Operation(
        HOSTS, {"into": 999}
    ),
    "POST /api/v1/polls/{activity_id}/suggestions/polls": Operation(
        HOSTS, {"title": "做什么", "number": 1, "best": 2}
    ),
    "GET /api/v1/polls/{activity_id}/suggestions.xlsx": Operation(HOSTS),
    "GET /api/v1/polls/{activity_id}/polls/{poll_id}/ballots.xlsx": Operation(HOSTS),
}


def begin(game: Game) -> dict[str, Any]:
    """Let the game begin; returns the ids of what there is then."""
    path = f"/polls/{game.activity_id}"
    poll = game.host.ok("GET", path)["items"][0]
    game.host.ok("POST", f"{path}/polls/{poll['id']}/actions", {"action": "open"})
    suggestion = game.player.ok("POST", f"{path}/suggestions", {"text": "夜宵窗口"})
    return {"poll_id": poll["id"], "suggestion_id": suggestion["id"]}
