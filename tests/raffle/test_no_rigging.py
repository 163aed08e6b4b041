"""Nobody can choose a winner: no field of the API names one, and nothing changes a committed
draw."""

from typing import Any

import pytest
from flask import Flask

from backend.activities.raffle import rules
from backend.activities.raffle.models import RaffleDraw, RaffleEntry
from tests.raffle.evening import Evening
from tests.support import as_json
from tests.web.operations import operations

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

# Every field that an operation of a raffle takes; a new field has to be added here.
FIELDS = {
    "POST prizes": {"title", "stock", "again", "picture_id"},
    "PUT {prize_id}": {"title", "stock", "again", "picture_id"},
    "DELETE {prize_id}": set(),
    "DELETE {list_id}": set(),
    "POST draws": {"prize_id", "count", "pool", "number"},
    "POST draw": {"upto", "word"},
    "POST call": set(),
    "POST absent": set(),
    "POST reveal": set(),
    "POST abandon": set(),
    "POST handovers": {"code"},
    "POST stage": {"showing"},
    "POST lists": set(),
    "POST preview": set(),
    "POST imports": set(),
}
POOL_FIELDS = {"present", "on_wall", "least_points", "team_ids", "list_id", "guests"}


def test_no_field_of_any_operation_names_a_winner_a_weight_or_a_seed(app: Flask) -> None:
    mine = [one for one in operations(app) if one.path.startswith("/api/v1/raffles")]
    writes = {
        f"{one.method} {one.path.rpartition('/')[2]}": set(one.fields)
        for one in mine
        if one.method != "GET"
    }
    assert writes == FIELDS
    document: Any = app.test_client().get("/api/openapi.json").json
    assert set(document["components"]["schemas"]["PoolRule"]["properties"]) == POOL_FIELDS


def test_pool_and_order_stand_from_the_commitment_on(evening: Evening) -> None:
    people = evening.crowd(10)
    draw = evening.commit(evening.prize(), 3)
    row = RaffleDraw.get_by_id(draw["id"])
    order = list(rules.order(row.seed, row.commitment, "", 10))
    # Whatever a host may do to people in the meantime.
    evening.player()
    path = f"/events/{evening.event_id}"
    for one in people[:4]:
        evening.host.ok("PUT", f"{path}/players/{one.id}", {"status": "kicked"})
    body = {"player_id": people[5].id, "points": 999, "reason": "帮忙"}
    evening.host.ok("POST", f"{path}/adjustments", body, Idempotency_Key="k")
    picks = evening.draw(draw)["picks"]
    assert [pick["number"] for pick in picks] == order[: len(picks)]
    # Who was removed is passed over, in the open: it stands in the proof, and many are warned of.
    removed = {one.id for one in people[:4]}
    passed = [pick["player_id"] for pick in picks if pick["status"] == "passed"]
    assert passed == [pick["player_id"] for pick in picks if pick["player_id"] in removed]
    assert evening.verified(draw).passed == len(passed)
    assert RaffleEntry.select().where(RaffleEntry.draw == draw["id"]).count() == 10


def test_nobody_learns_the_seed_before_it_is_revealed(evening: Evening) -> None:
    evening.crowd(6)
    player = evening.player()
    draw = evening.commit(evening.prize(), 2)
    row = RaffleDraw.get_by_id(draw["id"])
    evening.draw(draw, upto=1)
    told = as_json(
        [
            *(phone.ok("GET", evening.path) for phone in (evening.host, player)),
            *(evening.proof(draw, phone) for phone in (evening.host, player)),
            evening.host.ok("GET", f"{evening.path}/winners"),
            evening.draw(draw),
            evening.shown(),
        ]
    )
    assert row.seed not in told
    evening.verified(draw)
    told = as_json([player.ok("GET", evening.path), evening.proof(draw, player)])
    assert row.seed in told
    assert row.salt not in told


def test_every_draw_has_a_seed_of_its_own(evening: Evening) -> None:
    evening.crowd(2)
    prize = evening.prize(stock=9)
    for _ in range(3):
        evening.doing(evening.commit(prize), "abandon")
    rows = list(RaffleDraw.select())
    assert len({row.seed for row in rows}) == len({row.commitment for row in rows}) == 3
    assert {len(row.seed) for row in rows} == {64}
