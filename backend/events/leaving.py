"""Exports and erases the data of a person."""

from collections.abc import Iterable
from typing import Any, Protocol

from peewee import ForeignKeyField

from backend.db import Database, Model
from backend.errors import LinkaError
from backend.events import lifecycle
from backend.events.kinds import Kinds
from backend.events.models import Event, Player
from backend.events.players import JoiningScores, seats_of
from backend.identity import audit, principal
from backend.identity.binding import WINDOW_SECONDS
from backend.identity.models import (
    Account,
    AuditLine,
    BindingAttempt,
    ConsoleSession,
    Grant,
    Staff,
)
from backend.identity.principal import Person, Principal

ERASED_NAME = "已注销"


class OwnRecords(Protocol):
    """Access to what a package above this one stores of people outside events."""

    name: str

    def stored(self, who: Principal) -> list[dict[str, Any]]:
        """Return all rows of a person; moments are in ms."""

    def forget(self, account_id: int) -> None:
        """Erase what is stored of an account, in the caller's transaction."""


class ErasureWaits(LinkaError):
    """The account plays in an event that is not over, or tried to bind within the last day."""

    slug = "erasure_waits"
    status = 409
    zh = "你参加的活动结束并揭榜之后、且最近一天没有绑定失败时，才能注销。"
    en = "An account can be erased when its events are over and it has not tried to bind for a day."


def erase(
    database: Database,
    kinds: Kinds,
    scores: JoiningScores,
    records: Iterable[OwnRecords],
    account_id: int,
    now: int,
) -> None:
    """Erase the identity of an account: its openid, its binding, its names in events that are over.

    Points, ballots and draws stay under an anonymous name, because the results of others depend on
    them. The next login of the person makes a new account, so an account is erased only if that
    cannot give a second ballot or new attempts to bind. Raises `ErasureWaits`.
    """
    with database.write():
        Account.lock(account_id)
        players = _players(principal.of_account(database, account_id))
        since = now - WINDOW_SECONDS * 1000
        has_tried = BindingAttempt.select().where(
            BindingAttempt.account_id == account_id, BindingAttempt.at > since
        )
        if has_tried.exists() or not all(_is_over(player.event, now) for player in players):
            raise ErasureWaits
        for one in records:
            one.forget(account_id)
        Staff.update(account=None, bound_at=None).where(Staff.account == account_id).execute()
        BindingAttempt.delete().where(BindingAttempt.account_id == account_id).execute()
        ConsoleSession.delete().where(ConsoleSession.account == account_id).execute()
        player_ids = [player.id for player in players]
        seats = Player.id.in_(player_ids)
        Player.update(name=ERASED_NAME, staff_number=None).where(seats).execute()
        for kind in kinds:
            kind.forget(player_ids)
        for player in players:
            if player.staff_id is not None:
                scores.withdraw(player, now)
        Account.update(
            openid=f"erased-{account_id}",
            unionid=None,
            session_key="",
            nickname="",
            code_digest=None,
            token_version=Account.token_version + 1,
        ).where(Account.id == account_id).execute()
        audit.record(account_id, "account_erased", f"account:{account_id}", now)
    for player in Player.select().where(seats):
        scores.introduce(player)


def export(who: Principal, records: Iterable[OwnRecords], now: int) -> dict[str, Any]:
    """Return all that is stored of the caller; moments are in ms.

    Data of games is included after the end of their event, because before it may be frozen, sealed
    or hidden. Secrets are listed by name only.
    """
    account = Account.get_by_id(who.account_id)
    person = who.person
    return {
        "account": {
            "id": account.id,
            "nickname": account.nickname,
            "created_at": account.created_at,
            "last_login_at": account.last_login_at,
            "session_key_updated_at": account.session_key_updated_at,
            "secrets": ["openid", *(["unionid"] if account.unionid else []), "session_key"],
        },
        "staff": person and _of_roster(person),
        "binding_attempts": list(
            BindingAttempt.select(BindingAttempt.staff_number, BindingAttempt.at)
            .where(BindingAttempt.account_id == who.account_id)
            .dicts()
        ),
        "console_sessions": list(
            ConsoleSession.select(
                ConsoleSession.device, ConsoleSession.created_at, ConsoleSession.seen_at
            )
            .where(ConsoleSession.account == who.account_id)
            .order_by(ConsoleSession.id)
            .dicts()
        ),
        "audit": list(
            AuditLine.select(AuditLine.at, AuditLine.action, AuditLine.subject, AuditLine.detail)
            .where(AuditLine.actor_id == who.account_id)
            .order_by(AuditLine.id)
            .dicts()
        ),
        "events": [_stored(player, now) for player in _players(who)],
        "records": {one.name: one.stored(who) for one in records},
    }


def _of_roster(person: Person) -> dict[str, Any]:
    """Return what the roster has of a person; `records` may have more."""
    row = Staff.get_by_id(person.staff_id)
    grants = Grant.select(Grant.role, Grant.event_id, Grant.granted_at)
    return {
        "number": person.number,
        "name": person.name,
        "team": person.team_name,
        "shift": person.shift,
        "entered_on": row.entered_on,
        "bound_at": row.bound_at,
        "roles": list(grants.where(Grant.staff == person.staff_id).dicts()),
    }


def _players(who: Principal) -> list[Player]:
    query = Player.select(Player, Event).join(Event).where(seats_of(who))
    return list(query.order_by(Player.id))


def _is_over(event: Event, now: int) -> bool:
    """Return whether an event can no longer be played or frozen."""
    ended = lifecycle.state(event, now) in (lifecycle.CLOSED, lifecycle.ARCHIVED)
    return ended and event.frozen_at is None


def _stored(player: Player, now: int) -> dict[str, Any]:
    event = player.event
    return {
        "event": {"id": event.id, "title": event.title, "state": lifecycle.state(event, now)},
        "player": _row(player.__data__),
        "records": _records(player.id) if _is_over(event, now) else None,
    }


def _records(player_id: int) -> dict[str, list[dict[str, Any]]]:
    """Return {table: rows} of a player, from every table that refers to players."""
    found: dict[str, list[dict[str, Any]]] = {}
    for model in sorted(Model.__subclasses__(), key=lambda model: model._meta.table_name):
        for field in model._meta.sorted_fields:
            refers = isinstance(field, ForeignKeyField) and field.rel_model is Player
            if refers or field.name == "player_id":
                rows = model.select().where(field == player_id).dicts()
                found.setdefault(model._meta.table_name, []).extend(_row(row) for row in rows)
    return {table: rows for table, rows in found.items() if rows}


def _row(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row as JSON; of bytes only their number."""
    return {
        name: f"{len(value)} bytes" if isinstance(value, (bytes, memoryview)) else value
        for name, value in row.items()
    }
