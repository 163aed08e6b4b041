"""Players: seats in one event, with the team and shift of the moment of joining.

A seat of staff belongs to the person, a guest's seat to the account. The roster is read at each
request to decide who may act on a seat: see `HOLDER`. Points stay with the seat.
"""

from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

import peewee

from backend.db import Database
from backend.errors import Forbidden, LinkaError, NotFound
from backend.events import lifecycle, service
from backend.events.models import Activity, Event, Player
from backend.identity import audit
from backend.identity.models import Staff
from backend.identity.principal import Person, Principal


class UnknownJoinCode(NotFound):
    """No event has this join code."""

    slug = "unknown_join_code"
    zh = "没有找到这个加入码，请核对后再试。"
    en = "No event has this join code."


class NotAPlayer(Forbidden):
    """The caller has not joined this event."""

    slug = "not_a_player"
    zh = "请先用加入码加入活动。"
    en = "Please join the event first."


class Kicked(Forbidden):
    """A host removed this player; joining again is allowed."""

    slug = "kicked"
    zh = "你已被主持人移出活动，可联系主持人或重新加入。"
    en = "A host removed you from this event."


class Banned(Forbidden):
    """A host banned this player from the event."""

    slug = "banned"
    zh = "你已被禁止参加本次活动，如有疑问请联系主持人。"
    en = "A host banned you from this event."


class BannedMeanwhile(LinkaError):
    """Another host banned the player, and a kick would allow them to join again."""

    slug = "banned_meanwhile"
    status = 409
    zh = "另一位主持人已禁止此人参加，没有改成移出。要让本人回来，请按“撤销禁止”。"
    en = "Another host banned this player; take the ban back first."


class StaffOnly(Forbidden):
    """Guests may watch, but cannot earn points."""

    slug = "staff_only"
    zh = "请先绑定工号，再参与计分。"
    en = "Please bind your staff number before you play for points."


class JoiningScores(Protocol):
    """The part of the scorekeeper that joining needs."""

    def enrol(self, player: Player, now: int) -> None:
        """Give a player a standing of zero, in the caller's transaction."""

    def withdraw(self, player: Player, now: int) -> None:
        """Mark the player's standings as changed, in the caller's transaction."""

    def introduce(self, player: Player) -> None:
        """Show the player on the boards, or take them off, after the commit."""


# The account that may act on a seat `p` at this moment, null while there is none. A guest's seat is
# the account's; a seat of staff is the person's, and the roster says which account the person has.
HOLDER = (
    "CASE WHEN p.staff_id IS NULL THEN p.account_id ELSE"
    " (SELECT h.account_id FROM staff h WHERE h.id = p.staff_id AND h.active) END"
)


def join(database: Database, scores: JoiningScores, code: str, who: Principal, now: int) -> Player:
    """Join an event by its code; joining again gives the same player.

    Staff get the seat of their person, whichever account they use. A guest who has been bound since
    becomes staff, and a kicked player becomes active again. Raises `UnknownJoinCode`,
    `EventNotOpen`, `EventClosed`, `Banned`.
    """
    event = service.by_join_code(code)
    if event is None:
        raise UnknownJoinCode
    lifecycle.require_joinable(event, now)
    with database.write():
        player, news = _take_seat(database, event, who, now)
        is_back = player.status == "kicked"
        if is_back:
            Player.update(status="active").where(Player.id == player.id).execute()
            player.status, news = "active", True
        news = _has_just_come(event, player, now) or news
        if news and _is_ranked(player):
            scores.enrol(player, now)
        if is_back:
            scores.withdraw(player, now)
    if news:
        scores.introduce(player)
    return player


def settle(
    database: Database, scores: JoiningScores, event: Event, who: Principal, now: int
) -> Player:
    """Update a seat to what the roster says now, see `EventCaller.is_settled`; raises `Banned`.

    A guest who has been bound becomes staff; a person who uses another account gets their seat with
    it.
    """
    with database.write():
        player, news = _take_seat(database, event, who, now)
        news = _has_just_come(event, player, now) or news
        if news and _is_ranked(player):
            scores.enrol(player, now)
    if news:
        scores.introduce(player)
    return player


# No seat is created if the account has a guest's seat, or a banned one. The sign keeps SQLite from
# reading all seats of the event: they are looked for among those of the account.
_SEAT_SQL = """
INSERT INTO player (event_id, account_id, staff_id, name, staff_number, team_id, team_name, shift,
                    status, joined_at, came_at)
SELECT CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS TEXT), CAST(? AS TEXT),
       CAST(? AS BIGINT), CAST(? AS TEXT), CAST(? AS TEXT), 'active', CAST(? AS BIGINT),
       CAST(? AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM player WHERE +event_id = ? AND account_id = ?
                  AND (staff_id IS NULL OR status = 'banned'))
ON CONFLICT DO NOTHING RETURNING id
"""


def _take_seat(database: Database, event: Event, who: Principal, now: int) -> tuple[Player, bool]:
    """Return the caller's seat, and whether it has to be added to the boards; raises `Banned`.

    Unique indexes allow one seat for each person, and one guest's seat for each account.
    """
    here = (event.id, who.account_id)
    came_at = now if lifecycle.state(event, now) == lifecycle.OPEN else None
    made = database.sql(_SEAT_SQL, (*here, *_facts(who), now, came_at, *here)).fetchone()
    player = _seat_of(event, who)
    is_new = made is not None
    if player is None and who.is_staff:
        player, is_new = _promoted(database, event, who), True
    if player is None or player.status == "banned":
        raise Banned
    if is_new and who.person is not None:
        _seat_team(database, event, who.person)
    if player.account_id != who.account_id:
        _move(player, who, now)
    return player, is_new


def _seat_of(event: Event, who: Principal) -> Player | None:
    """Return the seat of the person, or of a guest's account."""
    if who.person is not None:
        seat = Player.find_one("event_id = ? AND staff_id = ?", event.id, who.person.staff_id)
    else:
        seat = Player.find_one(
            "event_id = ? AND account_id = ? AND staff_id IS NULL", event.id, who.account_id
        )
    if seat is not None:
        seat.event = event
    return seat


def _facts(who: Principal) -> tuple[object, ...]:
    person = who.person
    if person is None:
        guest = who.nickname or f"亲友{who.account_id}"
        return None, guest, None, None, None, ""
    return (
        person.staff_id,
        person.name,
        person.number,
        person.team_id,
        person.team_name,
        person.shift,
    )


_FACTS = ("staff_id", "name", "staff_number", "team_id", "team_name", "shift")


def _promoted(database: Database, event: Event, who: Principal) -> Player | None:
    """Turn the guest's seat of an account into its person's seat; None if it was banned."""
    # Unchanged if another transaction has just created a seat for the person.
    with suppress(peewee.IntegrityError), database.write():
        Player.update(**dict(zip(_FACTS, _facts(who), strict=True))).where(
            Player.event == event,
            Player.account_id == who.account_id,
            Player.staff_id.is_null(),
            Player.status != "banned",
        ).execute()
    return _seat_of(event, who)


def _move(player: Player, who: Principal, now: int) -> None:
    """Store that a person uses their seat with another account."""
    before, player.account_id = player.account_id, who.account_id
    Player.update(account_id=who.account_id).where(Player.id == player.id).execute()
    audit.record(
        who.account_id,
        "player_moved",
        f"player:{player.id}",
        now,
        event=player.event_id,
        account_before=before,
    )


# The people of a team are counted for the first of them alone.
_TEAM_SQL = """
INSERT INTO event_team (event_id, team_id, name, headcount)
SELECT CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS TEXT),
       (SELECT COUNT(*) FROM staff WHERE team_id = ? AND active)
WHERE NOT EXISTS (SELECT 1 FROM event_team WHERE event_id = ? AND team_id = ?)
ON CONFLICT DO NOTHING
"""


def _seat_team(database: Database, event: Event, person: Person) -> None:
    team_id = person.team_id
    given = (event.id, team_id, person.team_name, team_id, event.id, team_id)
    database.sql(_TEAM_SQL, given)


def seats_of(who: Principal) -> peewee.Expression:
    """Return the condition for the seats of an account: its person's, and its own as a guest."""
    own: peewee.Expression = (Player.account_id == who.account_id) & Player.staff_id.is_null()
    return own if who.person is None else own | (Player.staff_id == who.person.staff_id)


def is_held() -> peewee.Expression:
    """Return the condition for a seat on which an account may act now: `HOLDER` as a query
    expression.

    Nobody may act on the guest's seat of an account whose person has a seat of staff in the event.
    """
    bound = Staff.active & Staff.account.is_null(False)
    other: type[Player] = Player.alias()
    as_staff = Staff.select(Staff.account).join(other, on=(other.staff_id == Staff.id))
    as_staff = as_staff.where(bound, other.event == Player.event)
    held: peewee.Expression = Player.staff_id.in_(Staff.select(Staff.id).where(bound)) | (
        Player.staff_id.is_null() & Player.account_id.not_in(as_staff)
    )
    return held


def require_holder(holder: int | None, account_id: int) -> None:
    """Raise `StaffOnly` unless the account has the seat of staff on which it acts, see `HOLDER`."""
    if holder != account_id:
        raise StaffOnly


def lasting(database: Database, player_id: int, event_id: int) -> Player | None:
    """Return a player of an event, who is neither removed nor readmitted until the transaction ends:
    boards would show somebody who is removed before their points are put there."""
    query = Player.select().where(Player.id == player_id, Player.event == event_id)
    if not database.is_sqlite:
        query = query.for_update("FOR SHARE")
    found: Player | None = query.first()
    return found


def require_active(status: str) -> None:
    """Raise `Kicked` or `Banned` for a player who is."""
    if status == "kicked":
        raise Kicked
    if status == "banned":
        raise Banned


def note_coming(
    database: Database, scores: JoiningScores, event: Event, player: Player, now: int
) -> None:
    """Store once that a player is present while the event is on. From then on boards show staff, and
    their team counts them."""
    if player.came_at is not None or lifecycle.state(event, now) != lifecycle.OPEN:
        return
    with database.write():
        has_come = _has_just_come(event, player, now)
        if has_come and _is_ranked(player):
            scores.enrol(player, now)
    if has_come:
        scores.introduce(player)


def _has_just_come(event: Event, player: Player, now: int) -> bool:
    """Store that a player is present while the event is on; returns whether this is news."""
    if player.came_at is not None or lifecycle.state(event, now) != lifecycle.OPEN:
        return False
    unknown = Player.update(came_at=now).where(Player.id == player.id, Player.came_at.is_null())
    player.came_at = now
    return bool(unknown.execute())


def _is_ranked(player: Player) -> bool:
    """Whether boards show a player who has no points yet: staff who came."""
    return player.staff_id is not None and player.came_at is not None


@dataclass(frozen=True)
class StatusChange:
    """A host's decision about a player: `active`, `kicked` or `banned`, and the reason if given."""

    status: str
    reason: str = ""


def set_status(
    database: Database,
    scores: JoiningScores,
    event_id: int,
    player_id: int,
    change: StatusChange,
    now: int,
    actor_id: int | None,
) -> Player:
    """Kick, ban or readmit a player; a repeat changes nothing.

    A kicked player may join again; a banned one may not, until a host readmits them. Raises
    `NotFound`, and `BannedMeanwhile` for a kick of somebody who is banned.
    """
    activities = Activity.select(Activity.id).where(Activity.event == event_id)
    with database.write():
        # Waits for answers that are being written: they would put the player on the boards again.
        database.claim(*[activity_id for (activity_id,) in activities.tuples()])
        # Locked, so that two hosts decide one after the other.
        player = Player.lock(player_id) if Player.of(player_id, event=event_id) else None
        if player is None:
            raise NotFound
        before, after = player.status, change.status
        if (before, after) == ("banned", "kicked"):
            raise BannedMeanwhile
        if before != after:
            player.change(status=after)
            scores.withdraw(player, now)
            audit.record(
                actor_id,
                f"player_{after}",
                f"player:{player_id}",
                now,
                reason=change.reason,
                before={"status": before},
                after={"status": after},
            )
    if before != after:
        scores.introduce(player)
    return player
