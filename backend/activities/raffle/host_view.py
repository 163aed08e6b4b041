"""Who was drawn as hosts need it: full names, pick-up codes, what was handed over."""

from collections.abc import Sequence
from typing import Any

import peewee

from backend.activities.raffle.models import (
    RaffleDraw,
    RaffleEntry,
    RaffleHandover,
    RafflePick,
    RafflePrize,
)
from backend.activities.raffle.rules import WON
from backend.activities.raffle.view import handed_at
from backend.events.models import Activity


def host_picks(activity: Activity, *, unclaimed: bool, draw_id: int | None = None) -> list[Any]:
    """Return who was drawn as hosts need it: full names, codes, what was handed over."""
    query = (
        RafflePick.select(RafflePick, RafflePrize, RaffleEntry, RaffleDraw, RaffleHandover)
        .join(RafflePrize)
        .switch(RafflePick)
        .join(RaffleEntry)
        .switch(RafflePick)
        .join(RaffleDraw)
        .switch(RafflePick)
        .join(RaffleHandover, peewee.JOIN.LEFT_OUTER, attr="handed")
        .where(RafflePick.activity == activity)
        .order_by(RafflePrize.position, RaffleDraw.number, RafflePick.turn)
    )
    if draw_id is not None:
        query = query.where(RafflePick.draw == draw_id)
    found = [_host_pick(pick) for pick in query]
    if unclaimed:
        found = [one for one in found if one["status"] == WON and one["handed_at"] is None]
    return found


def host_pick(activity: Activity, pick: RafflePick) -> dict[str, Any]:
    """Return one of them."""
    picks: Sequence[dict[str, Any]] = host_picks(activity, unclaimed=False, draw_id=pick.draw_id)
    return next(one for one in picks if one["id"] == pick.id)


def _host_pick(pick: RafflePick) -> dict[str, Any]:
    return {
        "id": pick.id,
        "draw_id": pick.draw_id,
        "draw": pick.draw.number,
        "prize": pick.prize.title,
        "turn": pick.turn,
        "number": pick.entry.number,
        "status": pick.status,
        "player_id": pick.entry.player_id,
        "name": pick.entry.name,
        "staff_number": pick.entry.staff_number,
        "team": pick.entry.team_name,
        "code": pick.code if pick.status == WON else None,
        "drawn_at": pick.drawn_at,
        "handed_at": handed_at(pick),
    }
