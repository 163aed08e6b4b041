"""Reads the caller of a request about an event: account, roles and seat, with one statement.

Nothing is cached: each request reads what holds at its moment, so that a revocation takes effect at
once.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backend.db import Database
from backend.events.models import Event, Player
from backend.gathering import Gathering
from backend.identity import principal
from backend.identity.principal import AccountRow, Principal
from backend.selection import AllColumns, Row, Selection

# The seat of an account `a` in an event `e`, where `s` is the account's person, active or not.
_SEAT_ID = (
    "COALESCE((SELECT x.id FROM player x WHERE x.event_id = e.id AND x.staff_id = s.id AND s.active),"
    " (SELECT y.id FROM player y WHERE y.event_id = e.id AND y.account_id = a.id"
    " AND y.staff_id IS NULL))"
)


@dataclass(frozen=True)
class EventCaller:
    """An account and its seat in an event (`player`, if it has one), read with one statement."""

    who: Principal
    event: Event | None
    player: Player | None

    @property
    def is_settled(self) -> bool:
        """Whether the row of the seat names this account, and says staff if the account is bound."""
        player = self.player
        return player is not None and (
            player.account_id == self.who.account_id
            and (player.staff_id is not None or not self.who.is_staff)
        )


@dataclass(frozen=True)
class _CallerRow:
    account: AccountRow
    event: Event | None
    player: Player | None


_CALLER = Selection(
    _CallerRow,
    account=principal.ACCOUNT,
    event=AllColumns(Event, "e"),
    player=AllColumns(Player, "p"),
)
_CALLER_SQL = (
    f"SELECT a.id, {_CALLER} FROM {principal.TABLES} LEFT JOIN event e ON e.id = ?"
    f" LEFT JOIN player p ON p.id = {_SEAT_ID} WHERE a.id IN ({{marks}})"  # nosec B608 # our own names
)

# The event and the account.
_Asked = tuple[int, int]


def read_caller(database: Database, event_id: int, account_id: int, version: int) -> EventCaller:
    """Return the caller of a request about an event; raises `SignedOut`."""
    [found] = _rows(database, [(event_id, account_id)])
    return _caller_of(found, account_id, version)


class EventCallers:
    """Reads what several concurrent requests ask for with one statement. Build one per process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._gathering: Gathering[_Asked, Sequence[Row]] = Gathering(
            lambda asked: _rows(database, asked)
        )

    def read(self, event_id: int, account_id: int, version: int) -> EventCaller:
        """Return the caller of a request about an event; raises `SignedOut`."""
        if self._database.is_sqlite:
            # On SQLite a read does not yield to other requests, so there is never a second one to
            # batch.
            return read_caller(self._database, event_id, account_id, version)
        return _caller_of(self._gathering.do((event_id, account_id)), account_id, version)


def _rows(database: Database, asked: Sequence[_Asked]) -> list[Sequence[Row]]:
    """Return the rows for each pair that was asked for, read with one statement for each event."""
    accounts: Mapping[int, set[int]] = defaultdict(set)
    for event_id, account_id in asked:
        accounts[event_id].add(account_id)
    found: Mapping[_Asked, list[Row]] = defaultdict(list)
    for event_id, account_ids in accounts.items():
        # Few different statements, so that PostgreSQL can reuse their plans.
        length = 1 << (len(account_ids) - 1).bit_length()
        statement = _CALLER_SQL.format(marks=", ".join("?" * length))
        values = (event_id, *account_ids, *[0] * (length - len(account_ids)))
        for account_id, *row in database.read(statement, values):
            found[event_id, account_id].append(row)
    return [found[one] for one in asked]


def _caller_of(found: Sequence[Row], account_id: int, version: int) -> EventCaller:
    rows = _CALLER.read(found)
    who = principal.of_rows(account_id, version, [row.account for row in rows])
    return EventCaller(who, rows[0].event, rows[0].player)
