"""The first page of the console: the events that the caller runs."""

import flask
from flask import current_app, redirect, url_for
from flask.typing import ResponseReturnValue

from backend.console.frame import blueprint, may_see, page, status_of
from backend.events import lifecycle
from backend.events.current import hosted
from backend.events.models import Event
from backend.events.view import shown_events
from backend.events.visibility import View
from backend.identity.current import caller
from backend.identity.principal import Principal
from backend.web import current

SHOWN = 100
# The first page of people who host no event.
FIRST_PAGES = (("trainer", "host.teaching"), ("trainer", "host.banks"), ("leader", "host.team"))


@blueprint.route("/")
def events() -> ResponseReturnValue:
    """The events that the caller hosts, the newest first.

    People with other roles are redirected to their own first page.
    """
    who = caller()
    if not may_see(who, ("host",)):
        return redirect(url_for(_first_page(who)))
    found = shown_events(_hosted_by(who), View.HOST, current.now())
    return page("console/events.html", events=found, states=lifecycle.STATE_WORDS)


def _first_page(who: Principal) -> str:
    for role, endpoint in FIRST_PAGES:
        if may_see(who, (role,)) and endpoint in current_app.view_functions:
            return endpoint
    return "host.list_sessions"


def _hosted_by(who: Principal) -> list[Event]:
    found = Event.select().order_by(Event.id.desc()).limit(SHOWN)
    if who.has("host"):
        return list(found)
    own = [event_id for role, event_id in who.roles if role == "host"]
    return list(found.where(Event.id.in_(own)))


@blueprint.route("/events/<int:event_id>/status")
def status(event_id: int) -> str:
    """The status line of an event, a fragment. Its hosts."""
    event = hosted(event_id)
    return flask.render_template("console/_status.html", event=event, status=status_of(event))
