"""The caller of a request: the account of a token, its person of the roster, and their roles."""

from collections.abc import Sequence
from dataclasses import dataclass

from backend.db import Database
from backend.errors import Forbidden, SignedOut
from backend.identity.models import Account
from backend.selection import Bool, Selection


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
        """Return whether the caller has the role, everywhere or for this event; admins have every
        role."""
        return any(
            held in (role, "admin") and where in (0, event_id or 0) for held, where in self.roles
        )

    def require(self, role: str, event_id: int = 0) -> None:
        """Raise `Forbidden` unless the role is held."""
        if not self.has(role, event_id):
            raise Forbidden

    def require_any(self, *roles: str) -> None:
        """Raise `Forbidden` unless the caller has one of the roles, everywhere or for any event."""
        if not any(held in (*roles, "admin") for held, _ in self.roles):
            raise Forbidden


@dataclass(frozen=True)
class AccountRow:
    """An account with its person and one of the person's roles, if it has them."""

    token_version: int
    nickname: str
    staff_id: int | None
    number: str
    name: str
    team_id: int
    team_name: str
    shift: str
    is_active: bool
    role: str | None
    event_id: int


# For statements that read other columns with an account `a`, too; one row for each role, at least
# one.
ACCOUNT = Selection(
    AccountRow,
    token_version="a.token_version",  # nosec B106 # no password
    nickname="a.nickname",
    staff_id="s.id",
    number="s.number",
    name="s.name",
    team_id="s.team_id",
    team_name="t.name",
    shift="s.shift",
    is_active=Bool("s.active"),
    role="g.role",
    event_id="g.event_id",
)
TABLES = (
    "account a LEFT JOIN staff s ON s.account_id = a.id LEFT JOIN team t ON t.id = s.team_id"
    " LEFT JOIN role_grant g ON g.staff_id = s.id"
)
_ACCOUNT_SQL = f"SELECT {ACCOUNT} FROM {TABLES} WHERE a.id = ?"  # nosec B608 # our own names


def load(database: Database, account_id: int, version: int) -> Principal:
    """Return the caller; raises `SignedOut` when the token's version is no longer the account's."""
    rows = database.read(_ACCOUNT_SQL, (account_id,))
    return of_rows(account_id, version, ACCOUNT.read(rows))


def version_of(database: Database, account_id: int) -> int:
    """Return the present version of an account's tokens and sessions.

    Raises `SignedOut` if there is no such account.
    """
    rows = database.rows(Account.select(Account.token_version).where(Account.id == account_id))
    if not rows:
        raise SignedOut
    return int(rows[0][0])


def is_still(database: Database, account_id: int, version: int, role: str, event_id: int) -> bool:
    """Say whether an account is signed in with this version and holds a role at this moment."""
    try:
        return load(database, account_id, version).has(role, event_id)
    except SignedOut:
        return False


def of_account(database: Database, account_id: int) -> Principal:
    """Return an account as a caller without a token; raises `SignedOut` if there is no such
    account."""
    rows = database.read(_ACCOUNT_SQL, (account_id,))
    return of_rows(account_id, None, ACCOUNT.read(rows))


def of_rows(account_id: int, version: int | None, rows: Sequence[AccountRow]) -> Principal:
    """Return the caller that rows describe; raises `SignedOut`. A `version` of None accepts any
    version."""
    if not rows or version not in (None, rows[0].token_version):
        raise SignedOut
    one = rows[0]
    if one.staff_id is None or not one.is_active:
        return Principal(account_id, one.nickname, None, ())
    person = Person(one.staff_id, one.number, one.name, one.team_id, one.team_name, one.shift)
    roles = tuple((row.role, row.event_id) for row in rows if row.role is not None)
    return Principal(account_id, one.nickname, person, roles)
