"""Actions of hosts on draws: draw, draw again, reveal, abandon.

No function has a parameter for who wins: `rules.order` alone decides, from the commitment.
"""

from itertools import islice
from typing import Any

from backend.activities.raffle import calling, errors, rules, stage
from backend.activities.raffle.committing import claim
from backend.activities.raffle.handing import new_code
from backend.activities.raffle.models import (
    RaffleDraw,
    RaffleEntry,
    RaffleHandover,
    RafflePick,
    RafflePrize,
)
from backend.activities.raffle.rules import ABSENT, PASSED, WON
from backend.db import Database, Model
from backend.events import lifecycle, players
from backend.events.models import Activity, Event, Player
from backend.identity import audit
from backend.identity.models import Staff


def draw(
    database: Database,
    activity: Activity,
    draw_id: int,
    upto: int,
    word: str | None,
    actor_id: int,
    now: int,
) -> RaffleDraw:
    """Draw until the draw has `upto` winners; a repeat changes nothing.

    `word` is the word that the hall called out; the first call fixes it. An exhausted pool gives
    fewer winners. Raises `UnknownDraw`, `DrawAbandoned`, `SeedRevealed`, `WordFixed`,
    `NotEnoughStock` or what `lifecycle.require_playing` raises.
    """
    lifecycle.require_playing(activity.event, now)
    with database.write():
        found = _claimed(database, activity, draw_id)
        if found.begun_at is not None and word is not None and word != found.word:
            raise errors.WordFixed
        if found.done_at is None:
            _require_sealed(found, activity.event, now)
            if found.begun_at is None:
                found.change(begun_at=now, word=word or "")
                stage.put(activity, stage.DRAW, now)
            _fill(activity, found, min(upto, found.count), now)
            audit.record(actor_id, "draw_raffle", f"raffle_draw:{draw_id}", now)
    return found


def _claimed(database: Database, activity: Activity, draw_id: int) -> RaffleDraw:
    """Return a draw, with the event locked against other draws; raises `UnknownDraw`."""
    claim(database, activity)
    found = RaffleDraw.of(draw_id, activity=activity)
    if found is None:
        raise errors.UnknownDraw
    return found


def _require_sealed(found: RaffleDraw, event: Event, now: int) -> None:
    if found.abandoned_at is not None:
        raise errors.DrawAbandoned
    if seed_is_told(found, event, now):
        raise errors.SeedRevealed


def seed_is_told(found: RaffleDraw, event: Event, now: int) -> bool:
    """Return whether the seed is public: it was revealed, the draw was abandoned, or the event is
    over."""
    if found.revealed_at is not None or found.abandoned_at is not None:
        return True
    return lifecycle.state(event, now) in (lifecycle.CLOSED, lifecycle.ARCHIVED)


def _fill(activity: Activity, found: RaffleDraw, wanted: int, now: int) -> None:
    """Pick people in order until enough have won, or the pool is exhausted."""
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
        won += _pick(activity, found, number, turn, now)
    if found.done_at is None and (won >= found.count or turn == found.pool_size):
        found.change(done_at=now, under_way=None)


def _pick(activity: Activity, found: RaffleDraw, number: int, turn: int, now: int) -> bool:
    """Store a pick and return whether it won.

    People who won elsewhere since the pool was fixed, were kicked or banned, or are no longer
    staff, are passed over. Raises `NotEnoughStock`.
    """
    entry = RaffleEntry.get(RaffleEntry.draw == found, RaffleEntry.number == number)
    prize = RafflePrize.get_by_id(found.prize_id)
    facts = {
        "event_id": activity.event_id,
        "activity": activity,
        "draw": found,
        "prize": prize,
        "entry": entry,
        "turn": turn,
        "person": entry.person,
        "code": new_code(),
        "drawn_at": now,
    }
    if not _may_win(entry) or _insert_winner(prize, facts) is None:
        RafflePick.create(**facts, once=None, item=None, status=PASSED)
        return False
    left = (RafflePrize.id == prize.id) & (RafflePrize.given < RafflePrize.stock)
    if not RafflePrize.update(given=RafflePrize.given + 1).where(left).execute():
        raise errors.NotEnoughStock
    return True


def _insert_winner(prize: RafflePrize, facts: dict[str, Any]) -> int | None:
    """Store a winner; None if the person has won in the event before."""
    return RafflePick.insert_new(
        *(RafflePick.event_id, RafflePick.person, RafflePick.once),
        **facts,
        once=None if prize.again else 1,
        item=_free_item(prize),
        status=WON,
    )


def _may_win(entry: RaffleEntry) -> bool:
    """Return whether a person of a pool is still in the event, and still staff if they were staff
    then."""
    if entry.staff_id is not None and not _exists(Staff, Staff.id == entry.staff_id, Staff.active):
        return False
    seat = (Player.id == entry.player_id, Player.status == "active", players.is_held())
    return entry.player_id is None or _exists(Player, *seat)


def _exists(table: type[Model], *conditions: Any) -> bool:
    return bool(table.select().where(*conditions).exists())


def _free_item(prize: RafflePrize) -> int:
    taken = RafflePick.select(RafflePick.item).where(
        RafflePick.prize == prize, RafflePick.item.is_null(False)
    )
    items = {item for (item,) in taken.tuples()}
    return next(item for item in range(1, len(items) + 2) if item not in items)


def call_winner(
    database: Database, activity: Activity, draw_id: int, pick_id: int, actor_id: int, now: int
) -> RaffleDraw:
    """Call a winner to the stage: the screen shows the call and the waiting time.

    The first call counts; a repeat changes nothing. Raises `UnknownDraw`, `UnknownPick`,
    `AlreadyHandedOver`, `SeedRevealed` or what `lifecycle.require_playing` raises.
    """
    lifecycle.require_playing(activity.event, now)
    with database.write():
        found = _claimed(database, activity, draw_id)
        pick = _pick_of(found, pick_id)
        if pick.called_at is not None or pick.status == ABSENT:
            return found
        _require_undecided(found, pick, activity.event, now)
        RafflePick.update(called_at=now, called_by=actor_id).where(
            RafflePick.id == pick_id
        ).execute()
        audit.record(actor_id, "call_raffle_winner", f"raffle_pick:{pick_id}", now)
    return found


def _pick_of(found: RaffleDraw, pick_id: int) -> RafflePick:
    """Return the pick of a winner or of a no-show; raises `UnknownPick`."""
    pick = RafflePick.of(pick_id, draw=found)
    if pick is None or pick.status == PASSED:
        raise errors.UnknownPick
    return pick


def _require_undecided(found: RaffleDraw, pick: RafflePick, event: Event, now: int) -> None:
    if RaffleHandover.select().where(RaffleHandover.pick == pick).exists():
        raise errors.AlreadyHandedOver
    _require_sealed(found, event, now)


def mark_absent(
    database: Database, activity: Activity, draw_id: int, pick_id: int, actor_id: int, now: int
) -> RaffleDraw:
    """Mark a winner who did not come as absent, and draw the next person of the same order.

    The prize is not counted twice, and an absent person may be drawn for another prize. A repeat
    changes nothing. Raises `UnknownDraw`, `UnknownPick`, `AlreadyHandedOver`, `SeedRevealed`,
    `NotCalled`, `StillWaiting` or what `lifecycle.require_playing` raises.
    """
    lifecycle.require_playing(activity.event, now)
    with database.write():
        found = _claimed(database, activity, draw_id)
        pick = _pick_of(found, pick_id)
        if pick.status == ABSENT:
            return found
        _require_undecided(found, pick, activity.event, now)
        calling.require_waited(found, pick, activity.event, now)
        won = RafflePick.select().where(RafflePick.draw == found, RafflePick.status == WON).count()
        RafflePick.update(
            status=ABSENT, once=None, item=None, absent_at=now, absent_by=actor_id
        ).where(RafflePick.id == pick_id).execute()
        RafflePrize.update(given=RafflePrize.given - 1).where(
            RafflePrize.id == found.prize_id
        ).execute()
        _fill(activity, found, won, now)
        audit.record(actor_id, "raffle_winner_absent", f"raffle_pick:{pick_id}", now)
    return found


def reveal(
    database: Database, activity: Activity, draw_id: int, actor_id: int, now: int
) -> RaffleDraw:
    """Reveal the seed, after which nobody can be drawn; a repeat changes nothing.

    Raises `UnknownDraw`, `DrawAbandoned` or `DrawNotBegun`.
    """
    with database.write():
        found = _claimed(database, activity, draw_id)
        if found.abandoned_at is not None:
            raise errors.DrawAbandoned
        if found.begun_at is None:
            raise errors.DrawNotBegun
        if found.revealed_at is None:
            found.change(revealed_at=now, done_at=found.done_at or now, under_way=None)
            audit.record(actor_id, "reveal_raffle_seed", f"raffle_draw:{draw_id}", now)
    return found


def abandon(
    database: Database, activity: Activity, draw_id: int, actor_id: int, now: int
) -> RaffleDraw:
    """Abandon a draw before anybody was drawn; it stays listed, with its seed. A repeat changes
    nothing. Raises `UnknownDraw` or `DrawBegun`."""
    with database.write():
        found = _claimed(database, activity, draw_id)
        if found.begun_at is not None:
            raise errors.DrawBegun
        if found.abandoned_at is None:
            found.change(abandoned_at=now, under_way=None)
            audit.record(actor_id, "abandon_raffle_draw", f"raffle_draw:{draw_id}", now)
    return found
