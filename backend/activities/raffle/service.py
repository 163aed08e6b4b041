"""What a host does with a raffle: commit to a draw, draw, redraw, reveal. All of it is for hosts.

No function takes who is to win: `rules.order` alone decides, from what was committed to before.
"""

import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import peewee

from backend.activities.raffle import errors, pools, rules
from backend.activities.raffle.models import (
    RaffleDraw,
    RaffleEntry,
    RaffleHandover,
    RafflePick,
    RafflePrize,
    RaffleStage,
)
from backend.activities.raffle.pools import Person, Rule
from backend.activities.raffle.rules import ABSENT, PASSED, WON, Entry, Terms
from backend.db import Database
from backend.errors import Invalid
from backend.events import lifecycle
from backend.events.models import Activity, Event
from backend.identity import audit

DRAW, WINNERS = "draw", "winners"
# No 0 O 1 I L: codes are read aloud.
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 8
_AT_ONCE = 500


@dataclass(frozen=True)
class Plan:
    """A draw as the host wants it. `number` makes a repeated request harmless."""

    prize_id: int
    count: int
    rule: Rule = field(default_factory=Rule)
    number: int | None = None


def add_prize(
    database: Database, activity: Activity, prize: dict[str, Any], actor_id: int, now: int
) -> tuple[RafflePrize, bool]:
    """Add a prize as `kind.PrizeSchema` reads it; returns (prize, whether it is new).

    The same prize again gives the first one; raises `PrizeTaken` for another of its title.
    """
    try:
        with database.write():
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


def commit_draw(
    database: Database,
    activity: Activity,
    plan: Plan,
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
        _claim(database, activity)
        draws = RaffleDraw.select().where(RaffleDraw.activity == activity)
        begun = {draw.number: draw for draw in draws}
        if plan.number in begun:
            return begun[plan.number], False
        number = max(begun, default=0) + 1
        if plan.number not in (None, number):
            raise Invalid(fields={"number": [f"下一次是第 {number} 次抽奖。"]})
        if any(draw.under_way for draw in begun.values()):
            raise errors.DrawUnderWay
        made = _commit(activity, plan, number, here, now)
        _show(activity, DRAW, now)
        audit.record(
            actor_id, "commit_raffle_draw", f"raffle_draw:{made.id}", now, digest=made.commitment
        )
    return made, True


def _claim(database: Database, activity: Activity) -> None:
    """Keep out all who draw in the event until the transaction ends: one person's one win is decided
    over all its raffles, and two draws would wait for each other's winners in a ring.

    The negative number is the event's; claims of activities are positive.
    """
    database.claim(-activity.event_id)


def _commit(
    activity: Activity, plan: Plan, number: int, here: Collection[int], now: int
) -> RaffleDraw:
    prize = RafflePrize.get_or_none(
        RafflePrize.id == plan.prize_id, RafflePrize.activity == activity
    )
    if prize is None:
        raise errors.UnknownPrize
    if plan.count > prize.stock - prize.given:
        raise errors.NotEnoughStock
    pool = pools.people(activity, plan.rule, here, again=prize.again)
    if not pool:
        raise errors.PoolEmpty
    seed, salt = secrets.token_hex(32), secrets.token_hex(16)
    entries = _entries(pool, salt)
    terms = Terms(activity.id, number, prize.title, plan.count)
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
        for entry, one in zip(entries, pool, strict=True)
    ]
    for start in range(0, len(rows), _AT_ONCE):
        RaffleEntry.insert_many(rows[start : start + _AT_ONCE]).execute()
    return draw


def _entries(pool: Iterable[Person], salt: str) -> list[Entry]:
    return [
        Entry(number, rules.tag_of(salt, one.key), rules.masked(one.name))
        for number, one in enumerate(pool, start=1)
    ]


def draw(
    database: Database,
    activity: Activity,
    draw_id: int,
    upto: int,
    word: str | None,
    actor_id: int,
    now: int,
) -> RaffleDraw:
    """Draw until the draw has `upto` winners; asking again is harmless.

    `word` is what the hall called out; the first time fixes it. A pool that is used up gives fewer
    winners. Raises `UnknownDraw`, `DrawAbandoned`, `SeedRevealed`, `WordFixed`, `NotEnoughStock` or
    what `lifecycle.require_playing` raises.
    """
    lifecycle.require_playing(activity.event, now)
    with database.write():
        found = _claimed(database, activity, draw_id)
        if found.begun_at is not None and word is not None and word != found.word:
            raise errors.WordFixed
        if found.done_at is None:
            _require_sealed(found, activity.event, now)
            if found.begun_at is None:
                _change(found, begun_at=now, word=word or "")
                _show(activity, DRAW, now)
            _fill(database, activity, found, min(upto, found.count), now)
            audit.record(actor_id, "draw_raffle", f"raffle_draw:{draw_id}", now)
    return found


def _claimed(database: Database, activity: Activity, draw_id: int) -> RaffleDraw:
    """Return a draw while nobody else draws in the event; raises `UnknownDraw`."""
    _claim(database, activity)
    found = RaffleDraw.get_or_none(RaffleDraw.id == draw_id, RaffleDraw.activity == activity)
    if found is None:
        raise errors.UnknownDraw
    return found


def _require_sealed(found: RaffleDraw, event: Event, now: int) -> None:
    if found.abandoned_at is not None:
        raise errors.DrawAbandoned
    if seed_is_told(found, event, now):
        raise errors.SeedRevealed


def seed_is_told(found: RaffleDraw, event: Event, now: int) -> bool:
    """Say whether everybody may know the seed: revealed, abandoned, or the event is over."""
    if found.revealed_at is not None or found.abandoned_at is not None:
        return True
    return lifecycle.state(event, now) in (lifecycle.CLOSED, lifecycle.ARCHIVED)


def _fill(database: Database, activity: Activity, found: RaffleDraw, wanted: int, now: int) -> None:
    """Pick the next of the order until enough have won, or the pool is used up."""
    statuses = [
        status
        for (status,) in RafflePick.select(RafflePick.status)
        .where(RafflePick.draw == found)
        .tuples()
    ]
    won, turn = statuses.count(WON), len(statuses)
    following = rules.order(found.seed, found.commitment, found.word, found.pool_size)
    for number in islice(following, turn, None):
        if won >= wanted:
            break
        turn += 1
        won += _pick(database, activity, found, number, turn, now)
    if found.done_at is None and (won >= found.count or turn == found.pool_size):
        _change(found, done_at=now, under_way=None)


_PICK_SQL = """
INSERT INTO raffle_pick (event_id, activity_id, draw_id, prize_id, entry_id, turn, person, once,
                         item, status, code, drawn_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (event_id, person, once) DO NOTHING
RETURNING id
"""
_GIVE_SQL = "UPDATE raffle_prize SET given = given + 1 WHERE id = ? AND given < stock RETURNING id"


def _pick(
    database: Database, activity: Activity, found: RaffleDraw, number: int, turn: int, now: int
) -> bool:
    """Write down who was picked; says whether they won, else they have won elsewhere since."""
    entry = RaffleEntry.get(RaffleEntry.draw == found, RaffleEntry.number == number)
    prize = RafflePrize.get_by_id(found.prize_id)
    place = (activity.event_id, activity.id, found.id, prize.id, entry.id, turn, entry.person)
    once = None if prize.again else 1
    won = (*place, once, _free_item(prize), WON, _code(), now)
    if database.sql(_PICK_SQL, won).fetchone() is None:
        database.sql(_PICK_SQL, (*place, None, None, PASSED, _code(), now)).fetchone()
        return False
    if database.sql(_GIVE_SQL, (prize.id,)).fetchone() is None:
        raise errors.NotEnoughStock
    return True


def _free_item(prize: RafflePrize) -> int:
    taken = RafflePick.select(RafflePick.item).where(
        RafflePick.prize == prize, RafflePick.item.is_null(False)
    )
    items = {item for (item,) in taken.tuples()}
    return next(item for item in range(1, len(items) + 2) if item not in items)


def _code() -> str:
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def mark_absent(
    database: Database, activity: Activity, draw_id: int, pick_id: int, actor_id: int, now: int
) -> RaffleDraw:
    """Note that a winner is not here, and draw the next of the same order in their place.

    The prize counts once, and who was absent may be drawn for another. Asking again is harmless.
    Raises `UnknownDraw`, `UnknownPick`, `AlreadyHandedOver`, `SeedRevealed` or what
    `lifecycle.require_playing` raises.
    """
    lifecycle.require_playing(activity.event, now)
    with database.write():
        found = _claimed(database, activity, draw_id)
        pick = RafflePick.get_or_none(RafflePick.id == pick_id, RafflePick.draw == found)
        if pick is None or pick.status == PASSED:
            raise errors.UnknownPick
        if pick.status == ABSENT:
            return found
        if RaffleHandover.select().where(RaffleHandover.pick == pick).exists():
            raise errors.AlreadyHandedOver
        _require_sealed(found, activity.event, now)
        won = RafflePick.select().where(RafflePick.draw == found, RafflePick.status == WON).count()
        RafflePick.update(status=ABSENT, once=None, item=None, absent_at=now).where(
            RafflePick.id == pick_id
        ).execute()
        RafflePrize.update(given=RafflePrize.given - 1).where(
            RafflePrize.id == found.prize_id
        ).execute()
        _fill(database, activity, found, won, now)
        audit.record(actor_id, "raffle_winner_absent", f"raffle_pick:{pick_id}", now)
    return found


def reveal(
    database: Database, activity: Activity, draw_id: int, actor_id: int, now: int
) -> RaffleDraw:
    """Show the seed, after which nobody is drawn any more; asking again is harmless.

    Raises `UnknownDraw`, `DrawAbandoned` or `DrawNotBegun`.
    """
    with database.write():
        found = _claimed(database, activity, draw_id)
        if found.abandoned_at is not None:
            raise errors.DrawAbandoned
        if found.begun_at is None:
            raise errors.DrawNotBegun
        if found.revealed_at is None:
            _change(found, revealed_at=now, done_at=found.done_at or now, under_way=None)
            audit.record(actor_id, "reveal_raffle_seed", f"raffle_draw:{draw_id}", now)
    return found


def abandon(
    database: Database, activity: Activity, draw_id: int, actor_id: int, now: int
) -> RaffleDraw:
    """Give up a draw of which nobody was drawn; it stays listed, with its seed. Asking again is
    harmless. Raises `UnknownDraw` or `DrawBegun`."""
    with database.write():
        found = _claimed(database, activity, draw_id)
        if found.begun_at is not None:
            raise errors.DrawBegun
        if found.abandoned_at is None:
            _change(found, abandoned_at=now, under_way=None)
            audit.record(actor_id, "abandon_raffle_draw", f"raffle_draw:{draw_id}", now)
    return found


def _change(found: RaffleDraw, **facts: Any) -> None:
    RaffleDraw.update(**facts).where(RaffleDraw.id == found.id).execute()
    for name, value in facts.items():
        setattr(found, name, value)


def show(
    database: Database, activity: Activity, showing: str | None, actor_id: int, now: int
) -> None:
    """Let the screen show the newest draw, all winners, or nothing."""
    with database.write():
        _show(activity, showing, now)
        audit.record(actor_id, "show_raffle", f"activity:{activity.id}", now, showing=showing)


def _show(activity: Activity, showing: str | None, now: int) -> None:
    RaffleStage.insert(activity=activity, showing=showing, since=now).on_conflict(
        conflict_target=[RaffleStage.activity],
        update={RaffleStage.showing: showing, RaffleStage.since: now},
    ).execute()


def hand_over(
    database: Database, activity: Activity, code: str, actor_id: int, now: int
) -> tuple[RafflePick, RaffleHandover, bool]:
    """Sign off a prize by its pick-up code; returns (pick, handover, whether it is new).

    Whoever comes second learns when it was handed over. Raises `UnknownPickupCode`.
    """
    wanted = "".join(letter for letter in code.upper() if letter.isalnum())
    with database.write():
        _claim(database, activity)
        pick = RafflePick.get_or_none(
            RafflePick.activity == activity, RafflePick.code == wanted, RafflePick.status == WON
        )
        if pick is None:
            raise errors.UnknownPickupCode
        new = database.sql(
            "INSERT INTO raffle_handover (pick_id, host_id, at) VALUES (?, ?, ?)"
            " ON CONFLICT (pick_id) DO NOTHING RETURNING id",
            (pick.id, actor_id, now),
        ).fetchone()
        if new:
            audit.record(actor_id, "hand_over_prize", f"raffle_pick:{pick.id}", now)
        handover = RaffleHandover.get(RaffleHandover.pick == pick)
    return pick, handover, new is not None
