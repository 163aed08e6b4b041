"""The door from a request to its caller."""

from flask import current_app, g, request

from backend.errors import Unauthenticated
from backend.identity import principal
from backend.identity.logins import Logins
from backend.web import current


def logins() -> Logins:
    """What turns codes into logins."""
    return current_app.extensions["linka.logins"]


def caller() -> principal.Principal:
    """Return who is calling; raises `Unauthenticated`, `TokenExpired` or `SignedOut`."""
    if "principal" not in g:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated
        account_id, version = logins().tokens.read(token.strip(), current.now())
        g.principal = principal.load(current.database(), account_id, version)
    return g.principal
