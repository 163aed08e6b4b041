"""What screens, phones and hosts see of a raffle.

Every moment is in ms. Names are masked, except for hosts, and except the names of staff on the
screen. On every path `service.seed_is_told` decides whether the seed is shown.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import peewee

from backend.activities.raffle import calling, pools, rules, service
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
from backend.moderation.view import picture_path, screen_picture_path

# The phase on the screen if there are only calls to show.
CALLING = "calling"
COMMITTED, DRAWING, DRAWN, REVEALED, ABANDONED = (
    "committed",
    "drawing",
    "drawn",
    "revealed",
    "abandoned",
)
# How many last digits of the 工号 are shown to distinguish people of one name and team.
DIGITS = 3
# How many names of a pool the screen scrolls through, and how many winners a page has room for.
ROLLING = 60
WINNERS_SHOWN = 200
# How long a call stays on the screen after the waiting time, until the host decides.
CALL_STAYS_MS = 30_000


def state(draw: RaffleDraw, event: Event, now: int) -> str:
    """Return the state of a draw."""
    if draw.abandoned_at is not None:
        return ABANDONED
    if service.seed_is_told(draw, event, now):
        return REVEALED if draw.begun_at is not None else ABANDONED
    if draw.done_at is not None:
        return DRAWN
    return COMMITTED if draw.begun_at is None else DRAWING


def shown(activity: Activity, now: int) -> dict[str, Any] | None:
    """Return what the screen shows: the newest draw, all winners, and those who are called to the
    stage. None when it was dismissed; calls are shown even then, until their time is over."""
    stage = RaffleStage.get_or_none(RaffleStage.activity == activity)
    calls = _calls(activity, now)
    told = _on_stage(activity, stage, now) if stage else None
    if told is None and calls:
        told = {"phase": CALLING, "draw": None, "prizes": []}
    if told is None:
        return None
    since = max(stage.since if stage else 0, *(call["called_at"] for call in calls), 0)
    return {**told, "since": since, "calls": calls}


def _on_stage(activity: Activity, stage: RaffleStage, now: int) -> dict[str, Any] | None:
    if stage.showing is None:
        return None
    if stage.showing == WINNERS:
        return {"phase": WINNERS, "draw": None, "prizes": _prizes_won(activity)}
    draw = _newest(activity)
    if draw is None:
        return None
    told = shown_draw(draw, activity.event, now)
    on_screen = {
        "picture": _on_screen(activity, draw.prize.picture_id),
        "rolling": _rolling(draw),
        "winners": _winners(draw),
    }
    return {"phase": told["state"], "draw": {**told, **on_screen}, "prizes": []}


def _on_screen(activity: Activity, picture_id: int | None) -> str | None:
    """Return the address of a picture for big screens; None without a picture."""
    return screen_picture_path(activity.event_id, picture_id) if picture_id else None


def _calls(activity: Activity, now: int) -> list[dict[str, Any]]:
    """Return the winners who are called and have neither come nor been noted as absent, of any
    draw, the latest call first."""
    query = (
        RafflePick.select(RafflePick, RaffleEntry, RaffleDraw, RafflePrize)
        .join(RaffleEntry)
        .switch(RafflePick)
        .join(RaffleDraw)
        .switch(RafflePick)
        .join(RafflePrize)
        .switch(RafflePick)
        .join(RaffleHandover, peewee.JOIN.LEFT_OUTER)
        .where(
            RafflePick.activity == activity,
            RafflePick.status == WON,
            RafflePick.called_at.is_null(False),
            RaffleHandover.id.is_null(),
        )
        .order_by(RafflePick.called_at.desc(), RafflePick.id)
    )
    found = []
    for pick in query:
        ends_at = calling.wait_ends_at(pick.draw, pick.called_at, activity.event, now) or 0
        if now < ends_at + CALL_STAYS_MS and not service.seed_is_told(
            pick.draw, activity.event, now
        ):
            found.append(_shown_call(pick, ends_at))
    return found


def _shown_call(pick: RafflePick, ends_at: int) -> dict[str, Any]:
    return {
        "draw": pick.draw.number,
        "turn": pick.turn,
        "prize": pick.prize.title,
        "number": pick.entry.number,
        "name": _name_for_screen(pick.activity, pick.entry),
        "team": pick.entry.team_name,
        "called_at": pick.called_at,
        "wait_ends_at": ends_at,
        "waiting_seconds": calling.waits_ms(pick.draw) // 1000,
    }


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
        "only_candidate": draw.pool_size == 1,
        "waiting_seconds": calling.waits_ms(draw) // 1000,
        "state": state(draw, event, now),
        "commitment": draw.commitment,
        "committed_at": draw.committed_at,
        "word": draw.word or None,
        "seed": draw.seed if service.seed_is_told(draw, event, now) else None,
    }


def _rolling(draw: RaffleDraw) -> list[str]:
    """Return masked names of the pool, for the screen to scroll through."""
    step = -(-draw.pool_size // ROLLING)
    numbers = list(range(1, draw.pool_size + 1, step))
    rows = (
        RaffleEntry.select(RaffleEntry.name)
        .where(RaffleEntry.draw == draw, RaffleEntry.number.in_(numbers))
        .order_by(RaffleEntry.number)
        .tuples()
    )
    return [rules.masked(name) for (name,) in rows]


def _name_for_screen(activity: Activity, entry: RaffleEntry) -> str:
    """Return a name for the big screen: that of staff who play in full, unless hosts mask names.
    Guests get it masked, see `backend.events.names`.
    """
    plays = entry.player_id is not None and entry.staff_id is not None
    if plays and not activity.settings.get("masked_names", False):
        return str(entry.name)
    return rules.masked(entry.name)


def _digits(entries: Sequence[RaffleEntry]) -> list[str | None]:
    """Return the last digits of the 工号 for each pick that shares name and team with another one."""
    seen = Counter((entry.name, entry.team_name) for entry in entries)
    return [
        entry.staff_number[-DIGITS:]
        if entry.staff_number and seen[entry.name, entry.team_name] > 1
        else None
        for entry in entries
    ]


def _winners(draw: RaffleDraw) -> list[dict[str, Any]]:
    """Return those who won and those who were absent, in the order in which they were drawn."""
    picks = list(
        RafflePick.select(RafflePick, RaffleEntry)
        .join(RaffleEntry)
        .where(RafflePick.draw == draw, RafflePick.status != PASSED)
        .order_by(RafflePick.turn)
    )
    return [
        {
            "turn": pick.turn,
            "status": pick.status,
            "drawn_at": pick.drawn_at,
            "number": pick.entry.number,
            "name": _name_for_screen(draw.activity, pick.entry),
            "team": pick.entry.team_name,
            "digits": digits,
        }
        for pick, digits in zip(picks, _digits([pick.entry for pick in picks]), strict=True)
    ]


def _prizes_won(activity: Activity) -> list[dict[str, Any]]:
    """Return the winners by prize, for a group photo: names below the prize's title and picture."""
    picks = list(
        RafflePick.select(RafflePick, RafflePrize, RaffleEntry)
        .join(RafflePrize)
        .switch(RafflePick)
        .join(RaffleEntry)
        .where(RafflePick.activity == activity, RafflePick.status == WON)
        .order_by(RafflePrize.position, RafflePick.draw, RafflePick.turn)
        .limit(WINNERS_SHOWN)
    )
    found: dict[str, dict[str, Any]] = {}
    for pick, digits in zip(picks, _digits([pick.entry for pick in picks]), strict=True):
        title, entry = pick.prize.title, pick.entry
        picture = _on_screen(activity, pick.prize.picture_id)
        prize = found.setdefault(title, {"title": title, "picture": picture, "winners": []})
        line = {
            "name": _name_for_screen(activity, entry),
            "team": entry.team_name,
            "digits": digits,
        }
        prize["winners"].append(line)
    return list(found.values())


def shown_prizes(activity: Activity) -> list[dict[str, Any]]:
    """Return the prizes in their order, with how many of each are left."""
    query = RafflePrize.select().where(RafflePrize.activity == activity)
    return [shown_prize(activity, prize) for prize in query.order_by(RafflePrize.position)]


def shown_prize(activity: Activity, prize: RafflePrize) -> dict[str, Any]:
    """Return a prize of an activity."""
    return {
        "id": prize.id,
        "title": prize.title,
        "stock": prize.stock,
        "left": prize.stock - prize.given,
        "again": prize.again,
        "picture_id": prize.picture_id,
        "picture_path": prize.picture_id and picture_path(activity.event_id, prize.picture_id),
    }


def shown_draws(activity: Activity, now: int) -> list[dict[str, Any]]:
    """Return all draws by number, including abandoned ones."""
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
    """Return everything that is needed to verify a draw, see `rules` and `verifying`.

    People who were drawn are not named in it; hosts are, with their actions on no-shows.
    """
    entries = (
        RaffleEntry.select(RaffleEntry.number, RaffleEntry.tag, RaffleEntry.name)
        .where(RaffleEntry.draw == draw)
        .order_by(RaffleEntry.number)
        .tuples()
    )
    told = shown_draw(draw, activity.event, now)
    is_old = draw.waiting_seconds is None
    return {
        "format": rules.FORMAT_WITHOUT_CALLS if is_old else rules.FORMAT,
        "activity": activity.id,
        "event": activity.event.title,
        "draw": draw.number,
        "prize": draw.prize.title,
        "count": draw.count,
        "waiting_seconds": draw.waiting_seconds,
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
        "picks": _proven_picks(draw),
    }


def _proven_picks(draw: RaffleDraw) -> list[dict[str, Any]]:
    picks = list(
        RafflePick.select(RafflePick, RaffleEntry)
        .join(RaffleEntry)
        .where(RafflePick.draw == draw)
        .order_by(RafflePick.turn)
    )
    hosts = calling.host_names({one for p in picks for one in (p.called_by, p.absent_by)})
    return [
        {
            "turn": pick.turn,
            "number": pick.entry.number,
            "status": pick.status,
            "drawn_at": to_iso(pick.drawn_at),
            "called_at": pick.called_at and to_iso(pick.called_at),
            "called_by": hosts.get(pick.called_by),
            "absent_at": pick.absent_at and to_iso(pick.absent_at),
            "absent_by": hosts.get(pick.absent_by),
        }
        for pick in picks
    ]


def own(activity: Activity, player: Player, now: int) -> dict[str, Any]:
    """Return a player's entry in the newest pool that has them, and what they have won."""
    entry = (
        RaffleEntry.select(RaffleEntry, RaffleDraw)
        .join(RaffleDraw)
        .where(RaffleDraw.activity == activity, _is(RaffleEntry, player))
        .order_by(RaffleDraw.number.desc())
        .first()
    )
    wins = (
        RafflePick.select(RafflePick, RafflePrize, RaffleDraw, RaffleHandover)
        .join(RafflePrize)
        .switch(RafflePick)
        .join(RaffleDraw)
        .switch(RafflePick)
        .join(RaffleHandover, peewee.JOIN.LEFT_OUTER, attr="handed")
        .where(
            # The index of wins begins with the event.
            RafflePick.event_id == activity.event_id,
            RafflePick.activity == activity,
            RafflePick.status == WON,
            _is(RafflePick, player),
        )
        .order_by(RafflePick.id)
    )
    return {
        "entry": entry and {"draw": entry.draw.number, "number": entry.number, "tag": entry.tag},
        "wins": [
            {
                "prize": pick.prize.title,
                "code": pick.code,
                "drawn_at": pick.drawn_at,
                "called_at": pick.called_at,
                "wait_ends_at": calling.wait_ends_at(
                    pick.draw, pick.called_at, activity.event, now
                ),
                "handed_at": handed_at(pick),
            }
            for pick in wins
        ],
    }


def _is(table: type[RaffleEntry] | type[RafflePick], player: Player) -> Any:
    """Return the condition for the rows of a person, who may have been in a pool as a guest before."""
    return table.person.in_(pools.keys_of(player))


def handed_at(pick: RafflePick) -> int | None:
    """Return when a prize was handed over; for picks that were read with their handover."""
    handed = getattr(pick, "handed", None)
    return handed.at if handed is not None and handed.id is not None else None
