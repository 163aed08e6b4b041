"""Who is calling: the account behind a token, the person behind the account, and their roles."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from backend.db import Database
from backend.errors import Forbidden, SignedOut


@dataclass(frozen=True)
class Person:
    """A member of staff as the roster has them now."""

    staff_id: int
    number: str
    name: str
    team_id: int
    team_name: str
    shift: str


@dataclass(frozen=True)
class Principal:
    """The caller of a request."""

    account_id: int
    nickname: str
    person: Person | None
    roles: tuple[tuple[str, int], ...]

    @property
    def is_staff(self) -> bool:
        """Whether a person of the roster is bound to this account."""
        return self.person is not None

    def has(self, role: str, event_id: int = 0) -> bool:
        """Say whether the role is held everywhere or for this event; admins hold every role."""
        return any(
            held in (role, "admin") and where in (0, event_id or 0) for held, where in self.roles
        )

    def require(self, role: str, event_id: int = 0) -> None:
        """Raise `Forbidden` unless the role is held."""
        if not self.has(role, event_id):
            raise Forbidden

    def require_any(self, *roles: str) -> None:
        """Raise `Forbidden` unless one of the roles is held, everywhere or for some event."""
        if not any(held in (*roles, "admin") for held, _ in self.roles):
            raise Forbidden


# For statements that also ask for other things of an account `a`; one row for each role, at least one.
COLUMNS = (
    "a.token_version, a.nickname, s.id, s.number, s.name, s.team_id, t.name, s.shift, s.active,"
    " g.role, g.event_id"
)
WIDTH = COLUMNS.count(",") + 1
TABLES = (
    "account a LEFT JOIN staff s ON s.account_id = a.id LEFT JOIN team t ON t.id = s.team_id"
    " LEFT JOIN role_grant g ON g.staff_id = s.id"
)
_ACCOUNT_SQL = f"SELECT {COLUMNS} FROM {TABLES} WHERE a.id = ?"


def load(database: Database, account_id: int, version: int) -> Principal:
    """Return the caller; raises `SignedOut` when the token's version is no longer the account's."""
    return of_rows(account_id, version, database.read(_ACCOUNT_SQL, (account_id,)))


def is_still(database: Database, account_id: int, version: int, role: str, event_id: int) -> bool:
    """Say whether an account is signed in with this version and holds a role at this moment."""
    try:
        return load(database, account_id, version).has(role, event_id)
    except SignedOut:
        return False


def of_account(database: Database, account_id: int) -> Principal:
    """Return an account as a caller, whatever its tokens; raises `SignedOut` if it is gone."""
    return of_rows(account_id, None, database.read(_ACCOUNT_SQL, (account_id,)))


def of_rows(account_id: int, version: int | None, rows: Sequence[Sequence[Any]]) -> Principal:
    """Return the account that rows beginning with `COLUMNS` describe; raises `SignedOut`.

    A `version` of None stands for any.
    """
    if not rows or version not in (None, rows[0][0]):
        raise SignedOut
    _, nickname, staff_id, number, name, team_id, team_name, shift, active, *_ = rows[0]
    if staff_id is None or not active:
        return Principal(account_id, nickname, None, ())
    person = Person(staff_id, number, name, team_id, team_name, shift)
    roles = tuple((row[9], row[10]) for row in rows if row[9] is not None)
    return Principal(account_id, nickname, person, roles)
