"""Before a draw: prizes, lists, and the commitment to a pool and a seed. Only hosts use it."""

import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

import peewee

from backend.activities.raffle import calling, errors, pools, rules, stage
from backend.activities.raffle.models import (
    RaffleDraw,
    RaffleEntry,
    RaffleList,
    RafflePick,
    RafflePrize,
)
from backend.activities.raffle.pools import PoolCriteria, PoolMember
from backend.activities.raffle.rules import DrawTerms, PoolEntry
from backend.db import Database
from backend.errors import Invalid, Sentence
from backend.events import lifecycle
from backend.events.models import Activity
from backend.identity import audit
from backend.moderation.used_pictures import require_pictures
from backend.offload.steps import in_steps

_AT_ONCE = 100


def claim(database: Database, activity: Activity) -> None:
    """Lock the draws of an event until the transaction ends. One person's one win is decided over
    all raffles of the event, and without this lock two draws could wait for each other.

    The negative number is the event's; claims of activities are positive.
    """
    database.claim(-activity.event_id)


@dataclass(frozen=True)
class DrawPlan:
    """A draw as the host wants it. `number` makes a repeated request harmless."""

    prize_id: int
    count: int
    rule: PoolCriteria = field(default_factory=PoolCriteria)
    number: int | None = None


def add_prize(
    database: Database, activity: Activity, prize: dict[str, Any], actor_id: int, now: int
) -> tuple[RafflePrize, bool]:
    """Add a prize as `NewPrize` reads it; returns (prize, whether it is new).

    The same prize again returns the first one. Raises `PrizeTaken` for a different prize of this
    title, or `UnknownPicture`.
    """
    try:
        with database.write():
            _require_picture(activity, prize)
            last = RafflePrize.select(peewee.fn.MAX(RafflePrize.position)).where(
                RafflePrize.activity == activity
            )
            made = RafflePrize.create(activity=activity, position=(last.scalar() or 0) + 1, **prize)
            audit.record(actor_id, "add_raffle_prize", f"raffle_prize:{made.id}", now)
            return made, True
    except peewee.IntegrityError:
        known = RafflePrize.get(
            RafflePrize.activity == activity, RafflePrize.title == prize["title"]
        )
        if {name: getattr(known, name) for name in prize} != prize:
            raise errors.PrizeTaken from None
        return known, False


def edit_prize(
    database: Database,
    activity: Activity,
    prize_id: int,
    wanted: dict[str, Any],
    actor_id: int,
    now: int,
) -> RafflePrize:
    """Change title, stock, `again` and picture of a prize; a repeat changes nothing.

    Once a draw has committed to the prize, only its stock and picture can change. Raises
    `UnknownPrize`, `PrizeTaken`, `PrizeFixed`, `StockTooLow` or `UnknownPicture`.
    """
    try:
        with database.write():
            claim(database, activity)
            prize = _prize(activity, prize_id)
            before = {name: getattr(prize, name) for name in wanted}
            if before == wanted:
                return prize
            _require_editable(prize, before, wanted)
            _require_picture(activity, wanted)
            prize.change(**wanted)
            audit.record(
                actor_id,
                "edit_raffle_prize",
                f"raffle_prize:{prize_id}",
                now,
                before=before,
                after=wanted,
            )
    except peewee.IntegrityError:
        raise errors.PrizeTaken from None
    return prize


def _require_picture(activity: Activity, prize: dict[str, Any]) -> None:
    picture_id = prize.get("picture_id")
    if picture_id is not None:
        require_pictures(activity.event_id, [picture_id])


def _require_editable(prize: RafflePrize, before: dict[str, Any], wanted: dict[str, Any]) -> None:
    draws = list(RaffleDraw.select().where(RaffleDraw.prize == prize))
    changeable = {"stock": None, "picture_id": None}
    is_other = {**before, **changeable} != {**wanted, **changeable}
    if draws and is_other:
        raise errors.PrizeFixed
    promised = prize.given + sum(_still_to_win(draw) for draw in draws if draw.under_way)
    if wanted["stock"] < promised:
        raise errors.StockTooLow(promised=promised)


def _still_to_win(draw: RaffleDraw) -> int:
    won = RafflePick.select().where(RafflePick.draw == draw, RafflePick.status == rules.WON)
    return max(0, int(draw.count) - int(won.count()))


def remove_prize(
    database: Database, activity: Activity, prize_id: int, actor_id: int, now: int
) -> None:
    """Remove a prize that was never drawn; raises `UnknownPrize` or `PrizeDrawn`."""
    with database.write():
        claim(database, activity)
        prize = _prize(activity, prize_id)
        if RaffleDraw.select().where(RaffleDraw.prize == prize).exists():
            raise errors.PrizeDrawn
        prize.delete_instance()
        audit.record(
            actor_id, "remove_raffle_prize", f"raffle_prize:{prize_id}", now, title=prize.title
        )


def remove_list(
    database: Database, activity: Activity, list_id: int, actor_id: int, now: int
) -> None:
    """Remove a list from which nothing was drawn; raises `UnknownList` or `ListInUse`."""
    with database.write():
        claim(database, activity)
        found = RaffleList.of(list_id, activity=activity)
        if found is None:
            raise errors.UnknownList
        rules_used = RaffleDraw.select(RaffleDraw.rule).where(RaffleDraw.activity == activity)
        if any(rule["list_id"] == list_id for (rule,) in rules_used.tuples()):
            raise errors.ListInUse
        found.delete_instance()
        audit.record(
            actor_id, "remove_raffle_list", f"raffle_list:{list_id}", now, title=found.title
        )


def commit_draw(
    database: Database,
    activity: Activity,
    plan: DrawPlan,
    here: Collection[int],
    actor_id: int,
    now: int,
) -> tuple[RaffleDraw, bool]:
    """Fix the pool of a draw, list it, and commit to a seed; returns (draw, whether it is new).

    `here` are the players who are present. Raises `UnknownPrize`, `UnknownList`, `DrawUnderWay`,
    `NotEnoughStock`, `PoolEmpty`, `Invalid` (a number that is not the next) or what
    `lifecycle.require_playing` raises.
    """
    lifecycle.require_playing(activity.event, now)
    with database.write():
        claim(database, activity)
        draws = RaffleDraw.select().where(RaffleDraw.activity == activity)
        begun = {draw.number: draw for draw in draws}
        if plan.number in begun:
            return begun[plan.number], False
        number = max(begun, default=0) + 1
        if plan.number not in (None, number):
            raise Invalid(
                fields={
                    "number": [
                        Sentence(
                            f"下一次是第 {number} 次抽奖。", f"The next draw is number {number}."
                        )
                    ]
                }
            )
        if any(draw.under_way for draw in begun.values()):
            raise errors.DrawUnderWay
        made = _commit(activity, plan, number, here, now)
        stage.put(activity, stage.DRAW, now)
        audit.record(
            actor_id, "commit_raffle_draw", f"raffle_draw:{made.id}", now, digest=made.commitment
        )
    return made, True


def _prize(activity: Activity, prize_id: int) -> RafflePrize:
    prize = RafflePrize.of(prize_id, activity=activity)
    if prize is None:
        raise errors.UnknownPrize
    return prize


def _commit(
    activity: Activity, plan: DrawPlan, number: int, here: Collection[int], now: int
) -> RaffleDraw:
    prize = _prize(activity, plan.prize_id)
    if plan.count > prize.stock - prize.given:
        raise errors.NotEnoughStock
    pool = pools.people(activity, plan.rule, here, again=prize.again)
    if not pool:
        raise errors.PoolEmpty
    seed, salt = secrets.token_hex(32), secrets.token_hex(16)
    entries = _entries(pool, salt)
    waiting_seconds = calling.waiting_seconds(activity)
    terms = DrawTerms(activity.id, number, prize.title, plan.count, waiting_seconds)
    draw = RaffleDraw.create(
        activity=activity,
        prize=prize,
        number=number,
        count=plan.count,
        rule=vars(plan.rule),
        who=pools.described(activity, plan.rule),
        pool_size=len(pool),
        seed=seed,
        salt=salt,
        waiting_seconds=waiting_seconds,
        commitment=rules.commitment(terms, rules.pool_digest(entries), seed),
        committed_at=now,
    )
    rows = [
        {
            "draw": draw,
            "number": entry.number,
            "tag": entry.tag,
            "person": one.key,
            "player_id": one.player_id,
            "staff_id": one.staff_id,
            "name": one.name,
            "staff_number": one.staff_number,
            "team_name": one.team_name,
        }
        for entry, one in in_steps(zip(entries, pool, strict=True))
    ]
    for start in in_steps(range(0, len(rows), _AT_ONCE), 1):
        RaffleEntry.insert_many(rows[start : start + _AT_ONCE]).execute()
    return draw


def _entries(pool: Iterable[PoolMember], salt: str) -> list[PoolEntry]:
    return [
        PoolEntry(number, rules.tag_of(salt, one.key), rules.masked(one.name))
        for number, one in enumerate(in_steps(pool), start=1)
    ]
