"""Log-in to the console over HTTP, and its sessions."""

from typing import Any

import flask
from flask import Response, current_app, request
from flask.typing import ResponseReturnValue

from backend.console.schemas import (
    ConsoleApproval,
    ConsolePairingStatus,
    LinkRequest,
    SessionBody,
)
from backend.errors import NotFound
from backend.identity import audit, principal, sessions
from backend.identity.current import caller, revocations, session, session_cookie
from backend.live.pairing import Pairings
from backend.screen.schemas import PairingBody
from backend.web import current
from backend.web.blueprint import Blueprint
from backend.web.pages import is_from_another_site

blueprint = Blueprint(
    "console", __name__, url_prefix="/api/v1/console", description="Logging in to the console"
)

PAIRING_RATE = "60/minute"
LINK_RATE = "30/minute"
_ASKED = "console"


def _pairings() -> Pairings:
    return current_app.extensions["linka.pairings"]


def _device() -> str:
    return sessions.device_of(request.headers.get("User-Agent", ""))


def _require_own_page() -> None:
    """Raise `NotFromConsole` for requests from pages of other sites.

    Such a page could log the browser in to an attacker's account, for which its user would then
    work.
    """
    if is_from_another_site():
        raise sessions.NotFromConsole


def _let_in(response: Response, cookie: str) -> Response:
    response.set_cookie(
        session_cookie(),
        cookie,
        max_age=sessions.LONGEST_MS // 1000,
        httponly=True,
        samesite="Lax",
        secure=current.settings().in_production,
    )
    return response


@blueprint.route("/pairings", methods=["POST"])
@blueprint.response(201, PairingBody)
@blueprint.refuses(c429="too_many_requests", c503="unavailable")
@blueprint.doc(security=[])
def begin_console_pairing() -> dict[str, Any]:
    """Begin to wait for admission to the console, under a six-digit code. Anyone may call it."""
    current.limits().hit(PAIRING_RATE, "console-pairings", request.remote_addr or "")
    pairing = _pairings().begin(_ASKED, current.now())
    return {
        "pairing_code": pairing.code,
        "secret": pairing.secret,
        "expires_at": pairing.expires_at,
    }


@blueprint.route("/pairings/<string:secret>", methods=["POST"])
@blueprint.response(200, ConsolePairingStatus)
@blueprint.refuses(c403="no_console_role, not_from_console", c404="not_found", c503="unavailable")
@blueprint.doc(security=[])
def finish_console_pairing(secret: str) -> ResponseReturnValue:
    """Ask whether somebody has approved this browser.

    The cookie comes with the first answer that says so. Anyone may call it.
    """
    _require_own_page()
    asked, granted = _pairings().status(secret)
    if asked != _ASKED:
        raise NotFound
    if granted is None:
        return flask.jsonify(status="waiting")
    account_id, _, version = granted.partition(":")
    who = principal.load(current.database(), int(account_id), int(version))
    if not _pairings().finish(secret):
        raise NotFound
    cookie = sessions.begin(current.database(), who, _device(), current.now(), "pairing")
    return _let_in(flask.jsonify(status="approved"), cookie)


@blueprint.route("/approvals", methods=["POST"])
@blueprint.arguments(ConsoleApproval)
@blueprint.response(200, ConsolePairingStatus)
@blueprint.refuses(
    c401="unauthenticated",
    c403="no_console_role",
    c404="unknown_pairing_code",
    c429="too_many_requests",
    c503="unavailable",
)
def approve_console(body: dict[str, str]) -> dict[str, str]:
    """Log the caller in to the console in the browser that shows this code.

    Hosts, trainers, team leaders and admins.
    """
    who = caller()
    if not sessions.may_enter(who):
        raise sessions.NoConsoleRole
    current.limits().hit(PAIRING_RATE, "console-approvals", str(who.account_id))
    version = principal.version_of(current.database(), who.account_id)
    _pairings().approve(_ASKED, body["pairing_code"], f"{who.account_id}:{version}")
    with current.database().write():
        audit.record(who.account_id, "console_approved", f"account:{who.account_id}", current.now())
    return {"status": "approved"}


@blueprint.route("/links", methods=["POST"])
@blueprint.arguments(LinkRequest)
@blueprint.response(200, ConsolePairingStatus)
@blueprint.refuses(c403="not_from_console", c404="unknown_link", c429="too_many_requests")
@blueprint.doc(security=[])
def open_link(body: dict[str, str]) -> Response:
    """Log in by a link that `linka console link` printed: once, within ten minutes.

    Anyone may call it.
    """
    _require_own_page()
    current.limits().hit(LINK_RATE, "console-links", request.remote_addr or "")
    cookie = sessions.open_link(current.database(), body["secret"], _device(), current.now())
    return _let_in(flask.jsonify(status="approved"), cookie)


@blueprint.route("/sessions", methods=["GET"])
@blueprint.response(200, SessionBody(many=True))
@blueprint.refuses(c401="unauthenticated, session_over")
def list_sessions() -> list[dict[str, Any]]:
    """List the browsers in which the caller is logged in to the console. Anyone with a token."""
    return shown_sessions()


def shown_sessions() -> list[dict[str, Any]]:
    """Return the caller's sessions, the newest first."""
    this = session()
    return [
        {
            "id": one.id,
            "device": one.device,
            "begun_at": one.created_at,
            "seen_at": one.seen_at,
            "is_this_one": this is not None and one.id == this.id,
        }
        for one in sessions.of_account(caller().account_id, current.now())
    ]


@blueprint.route("/sessions/<int:session_id>", methods=["DELETE"])
@blueprint.response(204)
@blueprint.refuses(c401="unauthenticated, session_over", c404="not_found")
def end_session(session_id: int) -> None:
    """Log the caller out of the console in one browser. Anyone with a token."""
    account_id = caller().account_id
    sessions.end(current.database(), account_id, session_id, current.now())
    revocations().tell([account_id])
