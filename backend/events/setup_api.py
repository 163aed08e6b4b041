"""The set-up of an event over HTTP: its title, code, dates and activities."""

from typing import Any

from backend.errors import NotFound
from backend.events.building import Edit, EventBuilder
from backend.events.current import boards, hosted, kinds
from backend.events.forms import preview, shown_kind
from backend.events.models import Event
from backend.events.setup import shown_setup
from backend.events.setup_schemas import (
    ActivityAddition,
    ActivityChange,
    ActivityKindBody,
    ActivityOrder,
    EventChange,
    PreviewBody,
    PreviewRequest,
    SetupBody,
    Versioned,
)
from backend.identity.current import caller
from backend.web import current
from backend.web.blueprint import Blueprint
from backend.web.i18n import language

blueprint = Blueprint("setup", __name__, url_prefix="/api/v1", description="What hosts set up")

EVENT = "/events/<int:event_id>"
HOSTED = {"c401": "unauthenticated", "c403": "forbidden", "c404": "not_found"}
CHANGING = {**HOSTED, "c422": "invalid"}


def _builder() -> EventBuilder:
    return EventBuilder(current.database(), kinds(), boards())


def _edit(body: dict[str, Any]) -> Edit:
    """Remove the version from the body, and return the edit that it makes."""
    return Edit(body.pop("version"), caller().account_id, current.now())


def _shown(event: Event) -> dict[str, Any]:
    return shown_setup(event, kinds(), boards(), current.now(), language())


@blueprint.route("/activity-kinds", methods=["GET"])
@blueprint.response(200, ActivityKindBody(many=True))
@blueprint.refuses(c401="unauthenticated", c403="forbidden")
def list_kinds() -> list[dict[str, Any]]:
    """Describe the settings of each kind of activity as fields of a form. Hosts only."""
    caller().require_any("host")
    return [shown_kind(kind, language()) for kind in kinds()]


@blueprint.route("/activity-kinds/<string:kind>/preview", methods=["POST"])
@blueprint.arguments(PreviewRequest)
@blueprint.response(200, PreviewBody)
@blueprint.refuses(**CHANGING)
def preview_settings(body: dict[str, Any], kind: str) -> dict[str, Any]:
    """Show what typical players earn with settings, and what these lack. Hosts only.

    Nothing is stored.
    """
    caller().require_any("host")
    if kind not in kinds().names():
        raise NotFound
    now = current.now()
    day = boards().day(max(body["opens_at"] or now, now))
    return preview(kinds(), kind, body["settings"], day, language())


@blueprint.route(EVENT + "/setup", methods=["GET"])
@blueprint.response(200, SetupBody)
@blueprint.refuses(**HOSTED)
def get_setup(event_id: int) -> dict[str, Any]:
    """Show the set-up of an event, with the settings of its activities. Its hosts."""
    return _shown(hosted(event_id))


@blueprint.route(EVENT, methods=["PUT"])
@blueprint.arguments(EventChange)
@blueprint.response(200, SetupBody)
@blueprint.refuses(**CHANGING, c409="changed_meanwhile, join_code_taken, wrong_state")
def change_event(body: dict[str, Any], event_id: int) -> dict[str, Any]:
    """Change the title, description, join code, dates, team formula or ceremony. Its hosts.

    The opening stays as it is once the event has begun; sittings keep their distance from it.
    """
    hosted(event_id)
    edit = _edit(body)
    if "join_code" in body:
        body["join_code"] = body["join_code"].upper()
    return _shown(_builder().change_event(event_id, body, edit))


@blueprint.route(EVENT + "/activities", methods=["POST"])
@blueprint.arguments(ActivityAddition)
@blueprint.response(201, SetupBody)
@blueprint.refuses(**CHANGING, c409="changed_meanwhile, too_many_activities, wrong_state")
def add_activity(body: dict[str, Any], event_id: int) -> dict[str, Any]:
    """Add an activity after the others. Its hosts."""
    hosted(event_id)
    edit = _edit(body)
    return _shown(_builder().add(event_id, body, edit))


@blueprint.route(EVENT + "/activities", methods=["PUT"])
@blueprint.arguments(ActivityOrder)
@blueprint.response(200, SetupBody)
@blueprint.refuses(**CHANGING, c409="changed_meanwhile, wrong_state")
def order_activities(body: dict[str, Any], event_id: int) -> dict[str, Any]:
    """Change the order of the activities. Its hosts."""
    hosted(event_id)
    edit = _edit(body)
    return _shown(_builder().order(event_id, body["activities"], edit))


@blueprint.route(EVENT + "/activities/<int:activity_id>", methods=["PUT"])
@blueprint.arguments(ActivityChange)
@blueprint.response(200, SetupBody)
@blueprint.refuses(**CHANGING, c409="changed_meanwhile, activity_played, wrong_state")
def change_activity(body: dict[str, Any], event_id: int, activity_id: int) -> dict[str, Any]:
    """Rename an activity; change its settings or sittings, if nobody has played it. Its hosts."""
    hosted(event_id)
    edit = _edit(body)
    return _shown(_builder().change(event_id, activity_id, body, edit))


@blueprint.route(EVENT + "/activities/<int:activity_id>", methods=["DELETE"])
@blueprint.arguments(Versioned)
@blueprint.response(200, SetupBody)
@blueprint.refuses(**CHANGING, c409="changed_meanwhile, activity_played, wrong_state")
def remove_activity(body: dict[str, Any], event_id: int, activity_id: int) -> dict[str, Any]:
    """Remove an activity that nobody has played, with what was prepared for it. Its hosts."""
    hosted(event_id)
    return _shown(_builder().remove(event_id, activity_id, _edit(body)))
