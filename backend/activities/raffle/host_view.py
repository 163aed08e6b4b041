"""Shows hosts who was drawn, with full names, pick-up codes and handovers."""

from collections.abc import Mapping, Sequence
from typing import Any

import peewee

from backend.activities.raffle import calling
from backend.activities.raffle.models import (
    RaffleDraw,
    RaffleEntry,
    RaffleHandover,
    RafflePick,
    RafflePrize,
)
from backend.activities.raffle.rules import WON
from backend.activities.raffle.view import handed_at
from backend.events.models import Activity, Event
from backend.offload.steps import in_steps


def host_picks(
    activity: Activity, now: int, *, unclaimed: bool, draw_id: int | None = None
) -> list[Any]:
    """Return the people who were drawn, for hosts: full names, codes, calls, handovers."""
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
    picks = list(in_steps(query))
    hosts = calling.host_names({one for p in picks for one in (p.called_by, p.absent_by)})
    found = [_host_pick(pick, activity.event, hosts, now) for pick in in_steps(picks)]
    if unclaimed:
        found = [one for one in found if one["status"] == WON and one["handed_at"] is None]
    return found


def host_pick(activity: Activity, pick: RafflePick, now: int) -> dict[str, Any]:
    """Return one of them."""
    picks: Sequence[dict[str, Any]] = host_picks(
        activity, now, unclaimed=False, draw_id=pick.draw_id
    )
    return next(one for one in picks if one["id"] == pick.id)


def _host_pick(
    pick: RafflePick, event: Event, hosts: Mapping[int | None, str], now: int
) -> dict[str, Any]:
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
        "called_at": pick.called_at,
        "called_by": hosts.get(pick.called_by),
        "wait_ends_at": calling.wait_ends_at(pick.draw, pick.called_at, event, now),
        "absent_at": pick.absent_at,
        "absent_by": hosts.get(pick.absent_by),
        "handed_at": handed_at(pick),
    }
