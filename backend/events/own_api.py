"""The caller's own data over HTTP: export and erasure."""

from typing import Any

from flask import current_app

from backend.events import leaving
from backend.events.current import kinds, scores
from backend.events.schemas import ErasureRequest, ExportBody
from backend.identity.current import caller, revocations
from backend.web import current
from backend.web.blueprint import Blueprint

blueprint = Blueprint("own", __name__, url_prefix="/api/v1", description="One's own data")

EXPORT_RATE = "10/hour"


@blueprint.route("/me/export", methods=["GET"])
@blueprint.response(200, ExportBody)
@blueprint.refuses(c401="unauthenticated", c429="too_many_requests")
def export_me() -> dict[str, Any]:
    """Show all that is stored of the caller. Anyone with a token."""
    who = caller()
    current.limits().hit(EXPORT_RATE, "exports", str(who.account_id))
    return leaving.export(who, _records(), current.now())


@blueprint.route("/me", methods=["DELETE"])
@blueprint.arguments(ErasureRequest)
@blueprint.response(204)
@blueprint.refuses(c401="unauthenticated", c409="erasure_waits")
def erase_me(body: dict[str, str]) -> None:
    """Erase the identity of the caller; what the caller did stays without a name.

    Anyone with a token.
    """
    account_id = caller().account_id
    leaving.erase(current.database(), kinds(), scores(), _records(), account_id, current.now())
    revocations().tell([account_id])


def _records() -> tuple[leaving.OwnRecords, ...]:
    """What packages above this one store of people outside events."""
    found: tuple[leaving.OwnRecords, ...] = current_app.extensions["linka.own_records"]
    return found
