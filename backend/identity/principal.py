"""Who is calling: the account behind a token, the person behind the account, and their roles."""

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


_ACCOUNT_SQL = """
SELECT a.token_version, a.nickname, s.id, s.number, s.name, s.team_id, t.name, s.shift, s.active
FROM account a LEFT JOIN staff s ON s.account_id = a.id LEFT JOIN team t ON t.id = s.team_id
WHERE a.id = ?
"""


def load(database: Database, account_id: int, version: int) -> Principal:
    """Return the caller; raises `SignedOut` when the token's version is no longer the account's."""
    row = database.sql(_ACCOUNT_SQL, (account_id,)).fetchone()
    if row is None or row[0] != version:
        raise SignedOut
    return _principal(database, account_id, row)


def of_account(database: Database, account_id: int) -> Principal:
    """Return an account as a caller, whatever its tokens; raises `SignedOut` if it is gone."""
    row = database.sql(_ACCOUNT_SQL, (account_id,)).fetchone()
    if row is None:
        raise SignedOut
    return _principal(database, account_id, row)


def _principal(database: Database, account_id: int, row: tuple[Any, ...]) -> Principal:
    if row[2] is None or not row[8]:
        return Principal(account_id, row[1], None, ())
    person = Person(row[2], row[3], row[4], row[5], row[6], row[7])
    grants = database.sql("SELECT role, event_id FROM role_grant WHERE staff_id = ?", (row[2],))
    return Principal(account_id, row[1], person, tuple(tuple(grant) for grant in grants))
