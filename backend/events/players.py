"""Players: accounts in one event, with the team and shift of that moment."""

from typing import Protocol

from backend.db import Database
from backend.errors import Forbidden, LinkaError, NotFound
from backend.events import lifecycle, service
from backend.events.models import Event, EventTeam, Player
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


class StaffOnly(Forbidden):
    """Guests may watch, but not score."""

    slug = "staff_only"
    zh = "请先绑定工号，再参与计分。"
    en = "Please bind your staff number before you play for points."


class PersonAlreadyPlays(LinkaError):
    """The person plays in this event with another account."""

    slug = "person_already_plays"
    status = 409
    zh = "你已用其他微信号参加了本次活动。"
    en = "You already play in this event with another account."


class Scorekeeper(Protocol):
    """What joining needs of the scores."""

    def enrol(self, player: Player, now: int) -> None:
        """Give a player a standing of zero, in the caller's transaction."""

    def withdraw(self, player: Player, now: int) -> None:
        """Mark the player's standings as changed, in the caller's transaction."""

    def introduce(self, player: Player) -> None:
        """Show the player on the boards, or take them off, after the commit."""


def join(
    database: Database, scores: Scorekeeper, code: str, principal: Principal, now: int
) -> Player:
    """Join an event by its code; joining again gives the same player.

    A guest who has become staff since is taken as staff from now on, and a kicked player comes
    back. Raises `UnknownJoinCode`, `EventNotOpen`, `EventClosed`, `Banned`, `PersonAlreadyPlays`.
    """
    event = service.by_join_code(code)
    if event is None:
        raise UnknownJoinCode
    lifecycle.require_joinable(event, now)
    with database.write():
        player, news = _take_seat(database, event, principal, now)
        if news and player.staff_id is not None:
            scores.enrol(player, now)
            scores.withdraw(player, now)
    if news:
        scores.introduce(player)
    return player


def promote(
    database: Database, scores: Scorekeeper, player: Player, principal: Principal, now: int
) -> Player:
    """Take a guest who has become staff as staff from now on; raises `PersonAlreadyPlays`."""
    with database.write():
        player, _ = _take_seat(database, player.event, principal, now)
        scores.enrol(player, now)
    scores.introduce(player)
    return player


def _take_seat(
    database: Database, event: Event, principal: Principal, now: int
) -> tuple[Player, bool]:
    person = principal.person
    # Whoever comes second finds the row of the first, by account or by person.
    seated = database.sql(
        "INSERT INTO player (event_id, account_id, staff_id, name, staff_number, team_id,"
        " team_name, shift, status, joined_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'active', ?)"
        " ON CONFLICT DO NOTHING RETURNING id",
        (event.id, principal.account_id, *_facts(principal), now),
    ).fetchone()
    player = Player.get_or_none(Player.event == event, Player.account_id == principal.account_id)
    if player is None:
        raise PersonAlreadyPlays
    if player.status == "banned":
        raise Banned
    news = seated is not None or player.status != "active"
    if person is not None and player.staff_id is None:
        _become_staff(event, player, principal)
        news = True
    if player.status == "kicked":
        Player.update(status="active").where(Player.id == player.id).execute()
        player.status = "active"
    if person is not None:
        _seat_team(event, person)
    return player, news


def _facts(principal: Principal) -> tuple[object, ...]:
    person = principal.person
    if person is None:
        guest = principal.nickname or f"亲友{principal.account_id}"
        return None, guest, None, None, None, ""
    return (
        person.staff_id,
        person.name,
        person.number,
        person.team_id,
        person.team_name,
        person.shift,
    )


def _become_staff(event: Event, player: Player, principal: Principal) -> None:
    staff_id, name, number, team_id, team_name, shift = _facts(principal)
    if Player.get_or_none(Player.event == event, Player.staff_id == staff_id):
        raise PersonAlreadyPlays
    fields = {
        "staff_id": staff_id,
        "name": name,
        "staff_number": number,
        "team_id": team_id,
        "team_name": team_name,
        "shift": shift,
    }
    Player.update(**fields).where(Player.id == player.id).execute()
    for field, value in fields.items():
        setattr(player, field, value)


def _seat_team(event: Event, person: Person) -> None:
    headcount = Staff.select().where(Staff.team == person.team_id, Staff.active).count()
    EventTeam.insert(
        event=event, team_id=person.team_id, name=person.team_name, headcount=headcount
    ).on_conflict_ignore().execute()


def of_account(event_id: int, account_id: int) -> Player | None:
    """Return an account's player in an event."""
    return Player.get_or_none(Player.event == event_id, Player.account_id == account_id)


def require(event_id: int, account_id: int) -> Player:
    """Return the caller's player; raises `NotAPlayer`, `Kicked` or `Banned`."""
    player = of_account(event_id, account_id)
    if player is None:
        raise NotAPlayer
    require_active(player.status)
    return player


def require_active(status: str) -> None:
    """Raise `Kicked` or `Banned` for a player who is."""
    if status == "kicked":
        raise Kicked
    if status == "banned":
        raise Banned


def set_status(
    database: Database,
    scores: Scorekeeper,
    event_id: int,
    player_id: int,
    status: str,
    now: int,
    actor_id: int | None,
) -> Player:
    """Kick, ban or welcome back a player; raises `NotFound`."""
    with database.write():
        player = Player.get_or_none(Player.id == player_id, Player.event == event_id)
        if player is None:
            raise NotFound
        changed = player.status != status
        if changed:
            Player.update(status=status).where(Player.id == player_id).execute()
            player.status = status
            scores.withdraw(player, now)
            audit.record(actor_id, f"player_{status}", f"player:{player_id}", now, event=event_id)
    if changed:
        scores.introduce(player)
    return player
