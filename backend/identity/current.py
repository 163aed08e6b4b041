"""Gives requests their caller and the objects of this package."""

import secrets

from flask import Flask, Response, current_app, g, request

from backend.errors import Unauthenticated
from backend.identity import audit, principal, sessions
from backend.identity.logins import Logins
from backend.live.revocations import Revocations
from backend.web import current
from backend.web.blueprint import takes_token
from backend.web.downloads import name_of

CSRF_HEADER = "Linka-Console"


def install(app: Flask) -> None:
    """Let an app check tokens before it reads bodies or arguments."""
    app.before_request(_require_bearer)
    app.after_request(_record_export)


def _require_bearer() -> None:
    if takes_token():
        bearer()


def _record_export(response: Response) -> Response:
    """Write an audit line for each file that is downloaded."""
    file = name_of(response)
    if response.status_code == 200 and file is not None and "principal" in g:
        account_id = g.principal.account_id
        with current.database().write():
            audit.record(account_id, "export", request.path, current.now(), file=file)
    return response


def check_caller() -> None:
    """Raise `Unauthenticated` when the operation takes a token and its bearer has signed out."""
    if takes_token():
        caller()


def logins() -> Logins:
    """The object that turns login codes into logins."""
    return current_app.extensions["linka.logins"]


def revocations() -> Revocations:
    """Tells all processes that rights ended."""
    return current_app.extensions["linka.revocations"]


def bearer() -> tuple[int, int]:
    """Return (account id, version) of the request's token or console session.

    The account is not read. Raises `Unauthenticated`, `TokenExpired` or, for a session,
    `SessionOver` or `NotFromConsole`.
    """
    found: tuple[int, int] | None = g.get("bearer")
    if found is None:
        found = g.bearer = _read_bearer()
    return found


def has_bearer() -> bool:
    """Say whether the request comes with a token, or with the cookie of the console."""
    return "Authorization" in request.headers or session_cookie() in request.cookies


def session_cookie() -> str:
    """Return the name of the console's cookie here."""
    return sessions.COOKIE_OVER_HTTPS if current.settings().in_production else sessions.COOKIE


def session() -> sessions.OpenSession | None:
    """Return the console session by which the request was admitted; None for a token."""
    bearer()
    found: sessions.OpenSession | None = g.get("console_session")
    return found


def _read_session(cookie: str) -> tuple[int, int]:
    """Return (account id, version) of a session.

    A request that changes something must prove that a page of the console sent it.
    """
    found = sessions.read(current.database(), cookie, current.now())
    is_reading = request.method in ("GET", "HEAD", "OPTIONS")
    if not is_reading and not secrets.compare_digest(
        request.headers.get(CSRF_HEADER, "").encode(), found.csrf.encode()
    ):
        raise sessions.NotFromConsole
    g.console_session = found
    return found.account_id, found.version


def _read_bearer() -> tuple[int, int]:
    authorization = request.headers.get("Authorization")
    if authorization is None:
        cookie = session_cookie()
        if cookie in request.cookies:
            return _read_session(request.cookies[cookie])
        raise Unauthenticated
    return logins().tokens.read_header(authorization, current.now())


def caller() -> principal.Principal:
    """Return who is calling; raises `Unauthenticated`, `TokenExpired` or `SignedOut`."""
    if "principal" not in g:
        g.principal = principal.load(current.database(), *bearer())
    return g.principal


def recognise(who: principal.Principal) -> principal.Principal:
    """Store the caller for this request, if a statement has read it already."""
    g.principal = who
    return who
