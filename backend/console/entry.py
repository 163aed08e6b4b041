"""Pages for logging in, by pairing with a phone or by a link from the shell, and of the sessions."""

from urllib.parse import urlsplit

import flask
from flask import request
from flask.typing import ResponseReturnValue

from backend.console.api import shown_sessions
from backend.console.frame import blueprint, page
from backend.errors import Unauthenticated
from backend.identity.current import caller


@blueprint.route("/login")
def login() -> ResponseReturnValue:
    """The page that shows a code for the phone. Anyone may open it."""
    back = safe_path(request.args.get("next", ""))
    try:
        caller()
    except Unauthenticated:
        return flask.render_template("console/login.html", back=back)
    return flask.redirect(back)


@blueprint.route("/link/<string:secret>")
def link(secret: str) -> ResponseReturnValue:
    """The page behind a printed link.

    It asks before it uses the link, because programs that preview links open it as well.
    """
    return flask.render_template("console/link.html", secret=secret)


@blueprint.route("/sessions")
def list_sessions() -> str:
    """The browsers in which the caller is logged in. Anyone with a session."""
    caller()
    return page("console/sessions.html", sessions=shown_sessions())


def safe_path(path: str) -> str:
    """Return a path of the console; any other address becomes that of its first page."""
    parts = urlsplit(path)
    if parts.scheme or parts.netloc or not (parts.path + "/").startswith("/host/"):
        return "/host"
    return path
