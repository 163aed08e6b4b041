"""The operations of the raffle: who may call each, and what they need to have happened before.

`tests/callers.py` says how the tests of all kinds use this.
"""

from typing import Any

from backend.activities.raffle.settings import PrizeSchema, RaffleSettings
from tests.callers import HOSTS, PLAYERS, Game, Operation

# The part of addresses below `/api/v1`.
PREFIX = "raffles"
# Schemas whose fields are documented with event templates.
SETTINGS = (RaffleSettings, PrizeSchema)
# Those of them whose defaults the document does not list.
PARTS = (PrizeSchema,)

# The number of somebody who joins in no test of all operations.
LIST = "工号\n200050".encode()

OPERATIONS = {
    "GET /api/v1/raffles/{activity_id}": Operation(PLAYERS | HOSTS),
    "GET /api/v1/raffles/{activity_id}/draws/{draw_id}": Operation(PLAYERS | HOSTS),
    "POST /api/v1/raffles/{activity_id}/prizes": Operation(HOSTS, {"title": "奖", "stock": 1}),
    "PUT /api/v1/raffles/{activity_id}/prizes/{prize_id}": Operation(
        HOSTS, {"title": "奖", "stock": 1}
    ),
    "DELETE /api/v1/raffles/{activity_id}/prizes/{prize_id}": Operation(HOSTS),
    "DELETE /api/v1/raffles/{activity_id}/lists/{list_id}": Operation(HOSTS),
    "GET /api/v1/raffles/{activity_id}/prizes/template.xlsx": Operation(HOSTS),
    "POST /api/v1/raffles/{activity_id}/prizes/imports/preview": Operation(
        HOSTS, takes_a_file=True
    ),
    "POST /api/v1/raffles/{activity_id}/prizes/imports": Operation(HOSTS, takes_a_file=True),
    "GET /api/v1/raffles/{activity_id}/lists/template.xlsx": Operation(HOSTS),
    "POST /api/v1/raffles/{activity_id}/lists/preview": Operation(HOSTS, takes_a_file=True),
    "POST /api/v1/raffles/{activity_id}/lists": Operation(HOSTS, takes_a_file=True),
    "POST /api/v1/raffles/{activity_id}/draws": Operation(HOSTS, {"prize_id": 1, "count": 1}),
    "POST /api/v1/raffles/{activity_id}/draws/{draw_id}/abandon": Operation(HOSTS),
    "POST /api/v1/raffles/{activity_id}/draws/{draw_id}/draw": Operation(HOSTS, {"upto": 1}),
    "POST /api/v1/raffles/{activity_id}/draws/{draw_id}/picks/{pick_id}/absent": Operation(HOSTS),
    "POST /api/v1/raffles/{activity_id}/draws/{draw_id}/picks/{pick_id}/call": Operation(HOSTS),
    "POST /api/v1/raffles/{activity_id}/draws/{draw_id}/reveal": Operation(HOSTS),
    "GET /api/v1/raffles/{activity_id}/draws/{draw_id}/pool.xlsx": Operation(HOSTS),
    "GET /api/v1/raffles/{activity_id}/winners": Operation(HOSTS),
    "GET /api/v1/raffles/{activity_id}/winners.xlsx": Operation(HOSTS),
    "POST /api/v1/raffles/{activity_id}/handovers": Operation(HOSTS, {"code": "NOSUCH"}),
    "POST /api/v1/raffles/{activity_id}/stage": Operation(HOSTS, {"showing": "winners"}),
}


def begin(game: Game) -> dict[str, Any]:
    """Let the game begin; returns the ids of what there is then."""
    path = f"/raffles/{game.activity_id}"
    prize = game.host.ok("GET", path)["prizes"][0]
    listed = game.host.upload(f"{path}/lists", LIST, "list.csv")
    draw = game.host.ok("POST", f"{path}/draws", {"prize_id": prize["id"], "count": 1})
    picks = game.host.ok("POST", f"{path}/draws/{draw['id']}/draw", {"upto": 1})["picks"]
    return {
        "prize_id": prize["id"],
        "draw_id": draw["id"],
        "pick_id": picks[0]["id"],
        "list_id": listed["id"],
    }
