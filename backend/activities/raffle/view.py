"""What screens, phones and hosts see of a raffle. Every moment is in ms; names are masked but for
hosts. The seed goes through `service.seed_is_told` on every path."""

from typing import Any

import peewee

from backend.activities.raffle import rules, service
from backend.activities.raffle.models import (
    RaffleDraw,
    RaffleEntry,
    RaffleHandover,
    RaffleList,
    RafflePick,
    RafflePrize,
    RaffleStage,
)
from backend.activities.raffle.rules import PASSED, WON
from backend.activities.raffle.stage import WINNERS
from backend.clock import to_iso
from backend.events.models import Activity, Event, Player

COMMITTED, DRAWING, DRAWN, REVEALED, ABANDONED = (
    "committed",
    "drawing",
    "drawn",
    "revealed",
    "abandoned",
)
# How many names of a pool roll over a screen, and how many winners a page has room for.
ROLLING = 60
WINNERS_SHOWN = 200


def state(draw: RaffleDraw, event: Event, now: int) -> str:
    """Return how far a draw has come."""
    if draw.abandoned_at is not None:
        return ABANDONED
    if service.seed_is_told(draw, event, now):
        return REVEALED if draw.begun_at is not None else ABANDONED
    if draw.done_at is not None:
        return DRAWN
    return COMMITTED if draw.begun_at is None else DRAWING


def shown(activity: Activity, now: int) -> dict[str, Any] | None:
    """Return what the screen shows: the newest draw, or all winners; None when seen off."""
    stage = RaffleStage.get_or_none(RaffleStage.activity == activity)
    if stage is None or stage.showing is None:
        return None
    if stage.showing == WINNERS:
        return {
            "phase": WINNERS,
            "since": stage.since,
            "draw": None,
            "prizes": _prizes_won(activity),
        }
    draw = _newest(activity)
    if draw is None:
        return None
    told = shown_draw(draw, activity.event, now)
    rolling = {"rolling": _rolling(draw), "winners": _winners(draw)}
    since = stage.since
    return {"phase": told["state"], "since": since, "draw": {**told, **rolling}, "prizes": []}


def _newest(activity: Activity) -> RaffleDraw | None:
    return (
        RaffleDraw.select(RaffleDraw, RafflePrize)
        .join(RafflePrize)
        .where(RaffleDraw.activity == activity)
        .order_by(RaffleDraw.number.desc())
        .first()
    )


def shown_draw(draw: RaffleDraw, event: Event, now: int) -> dict[str, Any]:
    """Return a draw as everybody may see it; the seed only once it is told."""
    return {
        "id": draw.id,
        "number": draw.number,
        "prize": draw.prize.title,
        "prize_id": draw.prize_id,
        "count": draw.count,
        "who": draw.who,
        "pool_size": draw.pool_size,
        "state": state(draw, event, now),
        "commitment": draw.commitment,
        "committed_at": draw.committed_at,
        "word": draw.word or None,
        "seed": draw.seed if service.seed_is_told(draw, event, now) else None,
    }


def _rolling(draw: RaffleDraw) -> list[str]:
    """Return masked names from all over the pool, for the screen to roll through."""
    step = -(-draw.pool_size // ROLLING)
    numbers = list(range(1, draw.pool_size + 1, step))
    rows = (
        RaffleEntry.select(RaffleEntry.name)
        .where(RaffleEntry.draw == draw, RaffleEntry.number.in_(numbers))
        .order_by(RaffleEntry.number)
        .tuples()
    )
    return [rules.masked(name) for (name,) in rows]


def _winners(draw: RaffleDraw) -> list[dict[str, Any]]:
    """Return those who won and those who were absent, in the order in which they were drawn."""
    rows = (
        RafflePick.select(
            RafflePick.turn,
            RafflePick.status,
            RafflePick.drawn_at,
            RaffleEntry.number,
            RaffleEntry.name,
            RaffleEntry.team_name,
        )
        .join(RaffleEntry)
        .where(RafflePick.draw == draw, RafflePick.status != PASSED)
        .order_by(RafflePick.turn)
        .tuples()
    )
    return [
        {
            "turn": turn,
            "status": status,
            "drawn_at": drawn_at,
            "number": number,
            "name": rules.masked(name),
            "team": team,
        }
        for turn, status, drawn_at, number, name, team in rows
    ]


def _prizes_won(activity: Activity) -> list[dict[str, Any]]:
    """Return the winners by prize, to be photographed: masked names under the prize's title."""
    rows = (
        RafflePick.select(RafflePrize.title, RaffleEntry.name, RaffleEntry.team_name)
        .join(RafflePrize)
        .switch(RafflePick)
        .join(RaffleEntry)
        .where(RafflePick.activity == activity, RafflePick.status == WON)
        .order_by(RafflePrize.position, RafflePick.draw, RafflePick.turn)
        .limit(WINNERS_SHOWN)
        .tuples()
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for title, name, team in rows:
        found.setdefault(title, []).append({"name": rules.masked(name), "team": team})
    return [{"title": title, "winners": winners} for title, winners in found.items()]


def shown_prizes(activity: Activity) -> list[dict[str, Any]]:
    """Return the prizes in their order, with how many of each are left."""
    query = RafflePrize.select().where(RafflePrize.activity == activity)
    return [shown_prize(prize) for prize in query.order_by(RafflePrize.position)]


def shown_prize(prize: RafflePrize) -> dict[str, Any]:
    """Return a prize."""
    return {
        "id": prize.id,
        "title": prize.title,
        "stock": prize.stock,
        "left": prize.stock - prize.given,
        "again": prize.again,
    }


def shown_draws(activity: Activity, now: int) -> list[dict[str, Any]]:
    """Return every draw that was ever committed to, the abandoned ones too, by number."""
    query = (
        RaffleDraw.select(RaffleDraw, RafflePrize)
        .join(RafflePrize)
        .where(RaffleDraw.activity == activity)
        .order_by(RaffleDraw.number)
    )
    return [shown_draw(draw, activity.event, now) for draw in query]


def shown_list(found: RaffleList) -> dict[str, Any]:
    """Return an imported list, for hosts."""
    return {
        "id": found.id,
        "title": found.title,
        "people": len(found.people),
        "imported_at": found.imported_at,
    }


def shown_lists(activity: Activity) -> list[dict[str, Any]]:
    """Return the imported lists, for hosts."""
    query = RaffleList.select().where(RaffleList.activity == activity)
    return [shown_list(found) for found in query.order_by(RaffleList.id)]


def proof(activity: Activity, draw: RaffleDraw, now: int) -> dict[str, Any]:
    """Return all that anybody needs to verify a draw, see `rules`; nobody is named in it."""
    entries = (
        RaffleEntry.select(RaffleEntry.number, RaffleEntry.tag, RaffleEntry.name)
        .where(RaffleEntry.draw == draw)
        .order_by(RaffleEntry.number)
        .tuples()
    )
    picks = (
        RafflePick.select(RafflePick.turn, RaffleEntry.number, RafflePick.status)
        .join(RaffleEntry)
        .where(RafflePick.draw == draw)
        .order_by(RafflePick.turn)
        .tuples()
    )
    told = shown_draw(draw, activity.event, now)
    return {
        "format": rules.FORMAT,
        "activity": activity.id,
        "event": activity.event.title,
        "draw": draw.number,
        "prize": draw.prize.title,
        "count": draw.count,
        "who": draw.who,
        "state": told["state"],
        "committed_at": to_iso(draw.committed_at),
        "commitment": draw.commitment,
        "seed": told["seed"],
        "word": told["word"],
        "pool": [
            {"number": number, "tag": tag, "name": rules.masked(name)}
            for number, tag, name in entries
        ],
        "picks": [
            {"turn": turn, "number": number, "status": status} for turn, number, status in picks
        ],
    }


def own(activity: Activity, player: Player) -> dict[str, Any]:
    """Return where a player stands in the newest pool that had them, and what they have won."""
    entry = (
        RaffleEntry.select(RaffleEntry, RaffleDraw)
        .join(RaffleDraw)
        .where(RaffleDraw.activity == activity, _is(player))
        .order_by(RaffleDraw.number.desc())
        .first()
    )
    wins = (
        RafflePick.select(RafflePick, RafflePrize, RaffleHandover)
        .join(RafflePrize)
        .switch(RafflePick)
        .join(RaffleEntry)
        .switch(RafflePick)
        .join(RaffleHandover, peewee.JOIN.LEFT_OUTER, attr="handed")
        .where(RafflePick.activity == activity, RafflePick.status == WON, _is(player))
        .order_by(RafflePick.id)
    )
    return {
        "entry": entry and {"draw": entry.draw.number, "number": entry.number, "tag": entry.tag},
        "wins": [
            {
                "prize": pick.prize.title,
                "code": pick.code,
                "drawn_at": pick.drawn_at,
                "handed_at": handed_at(pick),
            }
            for pick in wins
        ],
    }


def _is(player: Player) -> Any:
    if player.staff_id is None:
        return RaffleEntry.player_id == player.id
    return (RaffleEntry.staff_id == player.staff_id) | (RaffleEntry.player_id == player.id)


def handed_at(pick: RafflePick) -> int | None:
    """Return when a prize was handed over; for picks that were read with their handover."""
    handed = getattr(pick, "handed", None)
    return handed.at if handed is not None and handed.id is not None else None
