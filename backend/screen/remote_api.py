"""The remote of hosts over HTTP: what comes next, and what the big screen shows."""

from typing import Any

from flask import current_app

from backend.events import screen_choice
from backend.events.current import boards, hosted
from backend.identity.current import caller
from backend.screen.remote import Remote
from backend.screen.schemas import ScreenChoice, ScreenChoiceBody, StepsBody, StepsQuery
from backend.web import current
from backend.web.blueprint import Blueprint

blueprint = Blueprint("remote", __name__, url_prefix="/api/v1", description="What hosts do next")

EVENT = "/events/<int:event_id>"
HOSTED = {"c401": "unauthenticated", "c403": "forbidden", "c404": "not_found"}


def remote() -> Remote:
    """The object that tells hosts what they can do next."""
    return current_app.extensions["linka.remote"]


@blueprint.route(EVENT + "/steps", methods=["GET"])
@blueprint.arguments(StepsQuery, location="query")
@blueprint.response(200, StepsBody)
@blueprint.refuses(**HOSTED)
def get_steps(query: dict[str, int], event_id: int) -> dict[str, Any]:
    """Show what a host can do next, in the event and in one of its activities. Its hosts."""
    event = hosted(event_id)
    return remote().shown(event, query.get("activity_id"), current.now())


@blueprint.route(EVENT + "/screen-choice", methods=["PUT"])
@blueprint.arguments(ScreenChoice)
@blueprint.response(200, ScreenChoiceBody)
@blueprint.refuses(**HOSTED, c422="invalid")
def choose_screen(body: dict[str, Any], event_id: int) -> dict[str, Any]:
    """Choose what the big screen shows: one of its views, an activity, or what is on. Its hosts."""
    hosted(event_id)
    event = screen_choice.choose(
        current.database(), boards(), event_id, body, current.now(), caller().account_id
    )
    return screen_choice.chosen(event)
