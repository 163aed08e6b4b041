"""Agendas over HTTP: read, change, tick off."""

from typing import Any

from backend.events import agenda
from backend.events.agenda_schemas import AgendaBody, AgendaChange
from backend.events.current import boards, hosted
from backend.events.schemas import TickRequest
from backend.identity.current import caller
from backend.web import current
from backend.web.blueprint import Blueprint

blueprint = Blueprint(
    "agenda", __name__, url_prefix="/api/v1", description="The steps of an evening"
)

AGENDA = "/events/<int:event_id>/agenda"
HOSTED = {"c401": "unauthenticated", "c403": "forbidden", "c404": "not_found"}


@blueprint.route(AGENDA, methods=["GET"])
@blueprint.response(200, AgendaBody)
@blueprint.refuses(**HOSTED)
def get_agenda(event_id: int) -> dict[str, Any]:
    """Show the agenda with the notes for the speaker. Its hosts."""
    return agenda.shown_agenda(hosted(event_id))


@blueprint.route(AGENDA, methods=["PUT"])
@blueprint.arguments(AgendaChange)
@blueprint.response(200, AgendaBody)
@blueprint.refuses(**HOSTED, c409="agenda_changed", c422="invalid")
def change_agenda(body: dict[str, Any], event_id: int) -> dict[str, Any]:
    """Replace the steps of the agenda, or change their order. Its hosts."""
    hosted(event_id)
    event = agenda.replace(
        current.database(),
        event_id,
        body["version"],
        body["steps"],
        current.now(),
        caller().account_id,
    )
    boards().tell(event_id, "event")
    return agenda.shown_agenda(event)


@blueprint.route(AGENDA + "/steps/<int:step_id>/done", methods=["POST"])
@blueprint.arguments(TickRequest)
@blueprint.response(200, AgendaBody)
@blueprint.refuses(**HOSTED)
def tick_agenda(body: dict[str, bool], event_id: int, step_id: int) -> dict[str, Any]:
    """Mark a step as done or as not done. Its hosts."""
    hosted(event_id)
    event = agenda.tick(
        current.database(),
        event_id,
        step_id,
        done=body["done"],
        now=current.now(),
        actor_id=caller().account_id,
    )
    boards().tell(event_id, "event")
    return agenda.shown_agenda(event)
