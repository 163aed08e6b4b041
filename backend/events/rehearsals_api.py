"""Rehearsals over HTTP: what a wipe removes, the wipe, and the change into the real event."""

from typing import Any

from backend.events.current import hosted, rehearsals
from backend.events.rehearsals import EveningPlan
from backend.events.schemas import EveningRequest, EventBody, LeftoversBody, TestPlayersRequest
from backend.events.view import shown_event, shown_leftovers
from backend.events.visibility import View
from backend.identity.current import caller, revocations
from backend.web import current
from backend.web.blueprint import Blueprint
from backend.web.i18n import language

blueprint = Blueprint("rehearsals", __name__, url_prefix="/api/v1", description="Rehearsals")

EVENT = "/events/<int:event_id>"
REFUSALS = {"c401": "unauthenticated", "c403": "forbidden", "c404": "not_found"}


@blueprint.route(EVENT + "/rehearsal", methods=["POST"])
@blueprint.response(200, EventBody)
@blueprint.refuses(**REFUSALS, c409="wrong_state")
def begin_rehearsal(event_id: int) -> dict[str, Any]:
    """Make a draft a rehearsal; everything prepared stays. Its hosts.

    A repeat changes nothing. `POST …/evening` makes it the real event again.
    """
    hosted(event_id)
    event = rehearsals().begin(event_id, current.now(), caller().account_id)
    return shown_event(event, View.HOST, current.now())


@blueprint.route(EVENT + "/data", methods=["GET"])
@blueprint.response(200, LeftoversBody)
@blueprint.refuses(**REFUSALS, c409="not_a_rehearsal")
def count_event_data(event_id: int) -> dict[str, Any]:
    """Count what a wipe of a rehearsal would remove or reset; writes nothing. Its hosts."""
    found = rehearsals().leftovers(hosted(event_id))
    return shown_leftovers(found, language())


@blueprint.route(EVENT + "/data", methods=["DELETE"])
@blueprint.response(204)
@blueprint.refuses(**REFUSALS, c409="not_a_rehearsal")
def wipe_event(event_id: int) -> None:
    """Wipe what players left in a rehearsal. Its hosts."""
    hosted(event_id)
    rehearsals().wipe(event_id, current.now(), caller().account_id)
    revocations().tell(event_id=event_id)


@blueprint.route(EVENT + "/test-players", methods=["PUT"])
@blueprint.arguments(TestPlayersRequest)
@blueprint.response(200, TestPlayersRequest)
@blueprint.refuses(**REFUSALS, c409="not_a_rehearsal", c422="invalid")
def set_test_players(body: dict[str, int], event_id: int) -> dict[str, int]:
    """Set the number of test players of a rehearsal; fewer ones remove the newest. Its hosts."""
    hosted(event_id)
    count = rehearsals().set_test_players(
        event_id, body["count"], current.now(), caller().account_id
    )
    return {"count": count}


@blueprint.route(EVENT + "/evening", methods=["POST"])
@blueprint.arguments(EveningRequest)
@blueprint.response(200, EventBody)
@blueprint.refuses(**REFUSALS, c409="wrong_state", c422="invalid")
def turn_into_evening(body: dict[str, Any], event_id: int) -> dict[str, Any]:
    """Wipe a rehearsal and make it the real event; everything prepared stays. Its hosts.

    Repeated, or for an event that is no rehearsal, it changes nothing.
    """
    was_rehearsal = hosted(event_id).rehearsal
    event = rehearsals().turn_into_evening(
        event_id, current.now(), caller().account_id, EveningPlan(**body)
    )
    if was_rehearsal:
        revocations().tell(event_id=event_id)
    return shown_event(event, View.HOST, current.now())
