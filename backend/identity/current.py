"""The door from a request to its caller."""

from flask import current_app, g, request

from backend.errors import Unauthenticated
from backend.identity import principal
from backend.identity.logins import Logins
from backend.live.revocations import Revocations
from backend.web import current


def logins() -> Logins:
    """What turns codes into logins."""
    return current_app.extensions["linka.logins"]


def revocations() -> Revocations:
    """What lets all processes look again at what is open, when rights have ended."""
    return current_app.extensions["linka.revocations"]


def bearer() -> tuple[int, int]:
    """Return (account id, token version) that the request claims; the account has not been asked.

    Raises `Unauthenticated` or `TokenExpired`.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated
    return logins().tokens.read(token.strip(), current.now())


def caller() -> principal.Principal:
    """Return who is calling; raises `Unauthenticated`, `TokenExpired` or `SignedOut`."""
    if "principal" not in g:
        g.principal = principal.load(current.database(), *bearer())
    return g.principal


def recognise(who: principal.Principal) -> principal.Principal:
    """Remember for this request who is calling, where a statement has found it out already."""
    g.principal = who
    return who
