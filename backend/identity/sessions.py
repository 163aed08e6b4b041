"""Sessions of the console: a browser that is logged in by a cookie.

A session ends two hours after its last use, twelve hours after its beginning, when its owner ends
it, or when the owner signs out everywhere. The table holds digests only, so that nobody who reads
it can log in.
"""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from backend.db import Database
from backend.errors import Forbidden, NotFound, Unauthenticated
from backend.identity import audit, principal
from backend.identity.grants import UnknownStaff
from backend.identity.models import Account, ConsoleSession, Staff

COOKIE = "linka_console"
# The name in production, which is reached over HTTPS alone. Browsers take a cookie of this prefix
# from the host itself only, not from another host below the same domain.
COOKIE_OVER_HTTPS = f"__Host-{COOKIE}"
IDLE_MS = 2 * 3600_000
LONGEST_MS = 12 * 3600_000
LINK_MS = 10 * 60_000
# How often `seen_at` is written at most; not with each request.
NOTED_MS = 60_000
ROLES = ("host", "trainer", "leader")


class SessionOver(Unauthenticated):
    """The cookie's session has ended, or there is none."""

    slug = "session_over"
    zh = "登录已结束，请重新登录控制台。"
    en = "This session of the console has ended; please log in again."


class NotFromConsole(Forbidden):
    """A request that changes something came with the console's cookie alone.

    A page of any site can make the browser send the cookie; only pages of the console know the
    token that belongs to it.
    """

    slug = "not_from_console"
    zh = "这个请求不是从控制台页面发出的，请刷新页面再试。"
    en = "This request did not come from a page of the console; please reload it."


class NoConsoleRole(Forbidden):
    """The console is for hosts, trainers, team leaders and admins."""

    slug = "no_console_role"
    zh = "控制台供主持人、培训师、班组长和管理员使用；这个账号没有这些角色。"
    en = "The console is for hosts, trainers, team leaders and admins."


class UnknownLink(NotFound):
    """The link was used, or is older than ten minutes."""

    slug = "unknown_link"
    zh = "这个登录链接已用过或已过期，请重新生成。"
    en = "This link was used already, or has expired."


class NotBound(Forbidden):
    """No account is bound to this 工号 yet."""

    slug = "not_bound"
    zh = "工号 {number} 还没有绑定微信账号，请先在小程序里绑定。"
    en = "Nobody has bound the number {number} yet."


@dataclass(frozen=True)
class OpenSession:
    """A valid session; `csrf` must come with each request that changes something."""

    id: int
    account_id: int
    version: int
    csrf: str


def csrf_of(cookie: str) -> str:
    """Return the token that belongs to a cookie; it cannot be computed without the cookie."""
    return hashlib.sha256(f"csrf {cookie}".encode()).hexdigest()[:32]


def may_enter(who: principal.Principal) -> bool:
    """Return whether a person has a role with pages in the console, for any event."""
    return any(role in (*ROLES, "admin") for role, _ in who.roles)


def begin(database: Database, who: principal.Principal, device: str, now: int, how: str) -> str:
    """Begin a session and return its cookie; raises `NoConsoleRole`.

    `how` (`pairing` or `link`) is recorded in the audit.
    """
    if not may_enter(who):
        raise NoConsoleRole
    cookie = secrets.token_urlsafe(32)
    with database.write():
        ConsoleSession.create(
            digest=_digest(cookie),
            account=who.account_id,
            version=_version(who.account_id),
            device=device,
            created_at=now,
            seen_at=now,
        )
        audit.record(who.account_id, "console_entered", f"account:{who.account_id}", now, how=how)
    return cookie


def link(database: Database, number: str, now: int) -> str:
    """Return the secret of a link that logs a person in once, within ten minutes.

    Raises `UnknownStaff` if no active person has this 工号, `NotBound` or `NoConsoleRole`.
    """
    staff = Staff.get_or_none(Staff.number == number, Staff.active)
    if staff is None:
        raise UnknownStaff(number=number)
    if staff.account_id is None:
        raise NotBound(number=number)
    if not may_enter(principal.of_account(database, staff.account_id)):
        raise NoConsoleRole
    secret = secrets.token_urlsafe(32)
    with database.write():
        ConsoleSession.create(
            digest=_digest(secret),
            account=staff.account_id,
            version=_version(staff.account_id),
            created_at=now,
        )
        audit.record(None, "console_link", f"account:{staff.account_id}", now)
    return secret


def open_link(database: Database, secret: str, device: str, now: int) -> str:
    """Turn a link into a session and return its cookie; of two concurrent calls one gets it.

    Raises `UnknownLink`.
    """
    cookie = secrets.token_urlsafe(32)
    waits = (
        (ConsoleSession.digest == _digest(secret))
        & ConsoleSession.seen_at.is_null()
        & ConsoleSession.ended_at.is_null()
        & (ConsoleSession.created_at > now - LINK_MS)
    )
    with database.write():
        found = ConsoleSession.get_or_none(waits)
        changed = (
            ConsoleSession.update(
                digest=_digest(cookie), device=device, created_at=now, seen_at=now
            )
            .where(waits)
            .execute()
        )
        if not changed or found is None:
            raise UnknownLink
        audit.record(
            found.account_id, "console_entered", f"account:{found.account_id}", now, how="link"
        )
    return cookie


def read(database: Database, cookie: str, now: int) -> OpenSession:
    """Return the session of a cookie, and store about once a minute that it is used.

    It does not check whether the account has signed out everywhere since: `principal.load` does.
    Raises `SessionOver`.
    """
    found = ConsoleSession.get_or_none((ConsoleSession.digest == _digest(cookie)) & _holds(now))
    if found is None:
        raise SessionOver
    if found.seen_at < now - NOTED_MS:
        with database.write():
            ConsoleSession.update(seen_at=now).where(
                ConsoleSession.id == found.id, ConsoleSession.seen_at < now
            ).execute()
    return OpenSession(found.id, found.account_id, found.version, csrf_of(cookie))


def of_account(account_id: int, now: int) -> list[ConsoleSession]:
    """Return the valid sessions of an account, the newest first."""
    return list(
        ConsoleSession.select()
        .join(Account)
        .where(
            (ConsoleSession.account == account_id)
            & (ConsoleSession.version == Account.token_version)
            & _holds(now)
        )
        .order_by(ConsoleSession.id.desc())
    )


def holds(session_id: int, now: int) -> bool:
    """Return whether a session is valid."""
    return ConsoleSession.select().where((ConsoleSession.id == session_id) & _holds(now)).exists()


def end(database: Database, account_id: int, session_id: int, now: int) -> None:
    """End a session of an account; a repeat changes nothing. Raises `NotFound`."""
    mine = (ConsoleSession.id == session_id) & (ConsoleSession.account == account_id)
    with database.write():
        if not ConsoleSession.select().where(mine).exists():
            raise NotFound
        ended = (
            ConsoleSession.update(ended_at=now)
            .where(mine & ConsoleSession.ended_at.is_null())
            .execute()
        )
        if ended:
            audit.record(account_id, "console_left", f"account:{account_id}", now)


def device_of(user_agent: str) -> str:
    """Return the browser of a session in words that its owner understands: `Chrome · Windows`."""
    systems = ("Windows", "iPhone", "iPad", "Android", "Mac OS", "Linux")
    browsers = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
    system = _first(systems, lambda name: name in user_agent).replace("Mac OS", "macOS")
    browser = dict(browsers).get(_first([key for key, _ in browsers], user_agent.__contains__), "")
    return " · ".join(part for part in (browser, system) if part) or "未知设备"


def _first(names: Any, fits: Callable[[str], bool]) -> str:
    return next((name for name in names if fits(name)), "")


def _holds(now: int) -> Any:
    return (
        ConsoleSession.ended_at.is_null()
        & (ConsoleSession.seen_at > now - IDLE_MS)
        & (ConsoleSession.created_at > now - LONGEST_MS)
    )


def _version(account_id: int) -> int:
    return int(Account.get_by_id(account_id).token_version)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
