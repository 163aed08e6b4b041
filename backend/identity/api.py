"""Login, who am I, binding, sign-out."""

from typing import Any

import structlog
from flask import Response, jsonify, request

from backend.errors import LinkaError
from backend.identity import audit, binding, principal
from backend.identity.current import caller, logins, revocations
from backend.identity.invites import InviteCodes
from backend.identity.schemas import (
    AuditPage,
    AuditQuery,
    BindingRequest,
    LoginBody,
    LoginRequest,
    MeBody,
)
from backend.web import current
from backend.web.blueprint import Blueprint
from backend.wechat.client import CodeInvalid

log = structlog.get_logger(__name__)

blueprint = Blueprint("identity", __name__, url_prefix="/api/v1", description="Who is calling")

# Only refused codes count: a whole call centre logs in from one address at the start of a shift.
REFUSED_CODES_RATE = "300/minute"


@blueprint.route("/login", methods=["POST"])
@blueprint.arguments(LoginRequest)
@blueprint.response(200, LoginBody)
@blueprint.refuses(
    c401="code_invalid",
    c403="login_blocked",
    c429="too_many_requests",
    c500="wechat_misconfigured",
    c503="wechat_busy",
)
@blueprint.doc(security=[])
def login(body: dict[str, str]) -> Response:
    """Log in with the code of `wx.login`. Anyone may call it."""
    address = request.remote_addr or ""
    current.limits().check(REFUSED_CODES_RATE, "refused-codes", address)
    now = current.now()
    try:
        found = logins().log_in(body["code"], now)
    except CodeInvalid:
        log.info("login_refused", error=CodeInvalid.slug, address=address)
        current.limits().hit(REFUSED_CODES_RATE, "refused-codes", address)
        raise
    return jsonify(logins().shown(found))


@blueprint.route("/me", methods=["GET"])
@blueprint.response(200, MeBody)
@blueprint.refuses(c401="unauthenticated, token_expired, signed_out")
def me() -> dict[str, Any]:
    """Say who is calling. Anyone with a token may call it."""
    return _me(caller())


@blueprint.route("/me/binding", methods=["POST"])
@blueprint.arguments(BindingRequest)
@blueprint.response(200, MeBody)
@blueprint.refuses(
    c401="unauthenticated",
    c403="binding_refused",
    c409="already_bound, staff_taken",
    c429="too_many_attempts",
)
def bind(body: dict[str, str]) -> dict[str, Any]:
    """Prove who you are, once, with 工号 and invite code. Anyone with a token may call it."""
    account_id, number = caller().account_id, body["staff_number"]
    codes = InviteCodes(current.settings().secret)
    code, now = body["invite_code"], current.now()
    try:
        binding.bind(current.database(), codes, account_id, number, code, now)
    except LinkaError as error:
        log.info("binding_refused", error=error.slug, staff_number=number)
        raise
    revocations().tell([account_id])
    return _me(principal.of_account(current.database(), account_id))


@blueprint.route("/me/tokens", methods=["DELETE"])
@blueprint.response(204)
@blueprint.refuses(c401="unauthenticated")
def sign_out() -> None:
    """Sign out on every device. Anyone with a token may call it."""
    account_id = caller().account_id
    binding.sign_out_everywhere(current.database(), account_id, current.now())
    revocations().tell([account_id])


@blueprint.route("/audit", methods=["GET"])
@blueprint.arguments(AuditQuery, location="query")
@blueprint.response(200, AuditPage)
@blueprint.refuses(c401="unauthenticated", c403="forbidden")
def list_audit(query: dict[str, Any]) -> dict[str, Any]:
    """Show who did what, the newest first. Admins only."""
    caller().require("admin")
    return audit.page(query)


@blueprint.route("/staff/<string:number>/binding", methods=["DELETE"])
@blueprint.response(204)
@blueprint.refuses(c401="unauthenticated", c403="forbidden", c404="not_found")
def unbind(number: str) -> None:
    """Undo a person's binding. Admins only; it leaves an audit line."""
    admin = caller()
    admin.require("admin")
    account_id = binding.unbind(current.database(), number, admin.account_id, current.now())
    revocations().tell([account_id])


def _me(who: principal.Principal) -> dict[str, Any]:
    person = who.person
    return {
        "account": {
            "id": who.account_id,
            "nickname": who.nickname,
            "is_staff": who.is_staff,
        },
        "staff": person
        and {
            "number": person.number,
            "name": person.name,
            "team": person.team_name,
            "shift": person.shift,
        },
        "roles": [{"role": role, "event_id": event_id or None} for role, event_id in who.roles],
    }
