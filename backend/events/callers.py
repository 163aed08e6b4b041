"""Reads the caller of a request about an event: account, roles and seat, with one statement.

Each request reads what holds at its moment, so that a revocation takes effect at once. Objects are
kept, but used again only for the same rows.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from backend.db import Database
from backend.errors import NotFound, SignedOut
from backend.events import players
from backend.events.models import Event, Player
from backend.events.visibility import View
from backend.gathering import Gathering
from backend.identity import principal
from backend.identity.principal import AccountRow, Principal
from backend.selection import AllColumns, Row, Selection

# How many callers are kept as objects, at some 2 KB each.
_KEPT = 2000

# The seat of an account `a` in an event, where `s` is the account's person, active or not.
_SEAT_ID = (
    "COALESCE((SELECT x.id FROM player x WHERE x.event_id = ? AND x.staff_id = s.id AND s.active),"
    " (SELECT y.id FROM player y WHERE y.event_id = ? AND y.account_id = a.id"
    " AND y.staff_id IS NULL))"
)


@dataclass(frozen=True)
class EventCaller:
    """An account and its seat in an event (`player`, if it has one), read with one statement."""

    who: Principal
    event: Event | None
    player: Player | None

    def view(self) -> View:
        """Return the caller's view: that of hosts, or a player's own.

        Raises `NotFound`, `NotAPlayer`, `Kicked` or `Banned`.
        """
        if self.event is None:
            raise NotFound
        if self.who.has("host", self.event.id):
            return View.HOST
        if self.player is None:
            raise players.NotAPlayer
        players.require_active(self.player.status)
        return View.OWN

    @property
    def is_settled(self) -> bool:
        """Whether the row of the seat names this account, and says staff if the account is bound."""
        player = self.player
        return player is not None and (
            player.account_id == self.who.account_id
            and (player.staff_id is not None or not self.who.is_staff)
        )

    @property
    def must_settle(self) -> bool:
        """Whether the row of an active seat has to be updated first: see `players.settle`."""
        player = self.player
        return player is not None and player.status == "active" and not self.is_settled


@dataclass(frozen=True)
class _CallerRow:
    account: AccountRow
    player: Player | None


_CALLER = Selection(_CallerRow, account=principal.ACCOUNT, player=AllColumns(Player, "p"))
_EVENT = AllColumns(Event, "e")
_SEAT = f"LEFT JOIN player p ON p.id = {_SEAT_ID}"
# Before PostgreSQL has statistics, it would read all players for a batch. `OFFSET 0` has it look up the
# seat of each account.
_SEAT_BY_LOOKUP = (
    f"LEFT JOIN LATERAL (SELECT * FROM player q WHERE q.id = {_SEAT_ID} OFFSET 0) p ON TRUE"  # nosec B608 # our own names
)
# The columns of the event come with the row of one account, because they are the same for all.
_CALLERS_SQL = (
    f"SELECT a.id, {_CALLER}, {_EVENT.sql} FROM {principal.TABLES}"
    " LEFT JOIN event e ON e.id = ? AND a.id = ? {seat} WHERE a.id IN ({marks})"  # nosec B608 # our own names
)
_EVENT_SQL = f"SELECT {_EVENT.sql} FROM event e WHERE e.id = ?"  # nosec B608 # our own names

# The event and the account.
_Asked = tuple[int, int]


class _Found(NamedTuple):
    """What the database says of an account in an event: the event's row, and those of the account,
    one for each role."""

    event: Row | None
    account: list[Row]


def read_caller(database: Database, event_id: int, account_id: int, version: int) -> EventCaller:
    """Return the caller of a request about an event; raises `SignedOut`."""
    [found] = _read(database, [(event_id, account_id)])
    return _caller_of(found, account_id, version)


class EventCallers:
    """Reads what several concurrent requests ask for with one statement. Build one per process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._gathering: Gathering[_Asked, _Found] = Gathering(lambda asked: _read(database, asked))
        self._made: dict[tuple[int, int, int], tuple[list[Row], Principal, Player | None]] = {}

    def read(self, event_id: int, account_id: int, version: int) -> EventCaller:
        """Return the caller of a request about an event; raises `SignedOut`."""
        if self._database.is_sqlite:
            # On SQLite a read does not yield to other requests, so there is never a second one to
            # batch.
            return read_caller(self._database, event_id, account_id, version)
        return _caller_of(self._gathering.do((event_id, account_id)), account_id, version)

    def read_all(self, asked: Sequence[tuple[int, int, int]]) -> list[EventCaller | None]:
        """Read the callers of several requests at once: event, account and version of the token.

        A caller who has signed out is None. Callers share objects, also with those of
        earlier calls whose rows were the same: do not change them.
        """
        found = _read(self._database, [(event_id, account_id) for event_id, account_id, _ in asked])
        events: dict[int, Event | None] = {}
        callers: list[EventCaller | None] = []
        for one, (event, rows) in zip(asked, found, strict=True):
            if one[0] not in events:
                events[one[0]] = _event_of(event)
            try:
                who, player = self._make(one, rows)
            except SignedOut:
                callers.append(None)
            else:
                callers.append(EventCaller(who, events[one[0]], player))
        return callers

    def _make(
        self, asked: tuple[int, int, int], rows: list[Row]
    ) -> tuple[Principal, Player | None]:
        """Return what rows describe, made anew only if they differ from those of the last time."""
        made = self._made.get(asked)
        if made is None or made[0] != rows:
            made = (rows, *_made_of(rows, *asked[1:]))
            if len(self._made) >= _KEPT:
                self._made.clear()
            self._made[asked] = made
        return made[1:]


def _read(database: Database, asked: Sequence[_Asked]) -> list[_Found]:
    """Return what was asked for, read with one statement for each event."""
    accounts: Mapping[int, set[int]] = defaultdict(set)
    for event_id, account_id in asked:
        accounts[event_id].add(account_id)
    seat = _SEAT if database.is_sqlite else _SEAT_BY_LOOKUP
    events: dict[int, Row] = {}
    found: Mapping[_Asked, list[Row]] = defaultdict(list)
    for event_id, account_ids in accounts.items():
        # Few different statements, so that PostgreSQL can reuse their plans.
        length = 1 << (len(account_ids) - 1).bit_length()
        statement = _CALLERS_SQL.format(seat=seat, marks=", ".join("?" * length))
        one = next(iter(account_ids))
        marks = (*account_ids, *[0] * (length - len(account_ids)))
        for row in database.read(statement, (event_id, one, event_id, event_id, *marks)):
            found[event_id, row[0]].append(row[1 : 1 + _CALLER.width])
            if row[0] == one:
                events[event_id] = row[1 + _CALLER.width :]
        if event_id not in events:
            # There is no such account, but there may be the others.
            for row in database.read(_EVENT_SQL, (event_id,)):
                events[event_id] = row
    return [
        _Found(events.get(event_id), found[event_id, account_id]) for event_id, account_id in asked
    ]


def _event_of(row: Row | None) -> Event | None:
    return None if row is None or row[0] is None else Event.from_row(row)


def _made_of(rows: Sequence[Row], account_id: int, version: int) -> tuple[Principal, Player | None]:
    read = _CALLER.read(rows)
    who = principal.of_rows(account_id, version, [row.account for row in read])
    return who, read[0].player


def _caller_of(found: _Found, account_id: int, version: int) -> EventCaller:
    who, player = _made_of(found.account, account_id, version)
    return EventCaller(who, _event_of(found.event), player)
