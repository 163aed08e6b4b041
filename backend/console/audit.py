"""The page of an event's audit: who did what, in words."""

from typing import Any

import flask
from flask import request

from backend.console.frame import blueprint, event_page
from backend.events import trail
from backend.events.current import hosted, kinds
from backend.events.models import Event
from backend.events.trail_words import titles_of
from backend.identity import audit as lines

PAGE_SIZE = 50
PAGE = "/events/<int:event_id>/audit"


@blueprint.route(PAGE)
def audit(event_id: int) -> str:
    """The newest actions, with a filter. The event's hosts."""
    event = hosted(event_id)
    return event_page("console/audit.html", event, **_lines(event))


@blueprint.route(PAGE + "/lines")
def audit_lines(event_id: int) -> str:
    """The actions that match the filter, a fragment. The event's hosts."""
    event = hosted(event_id)
    return flask.render_template("console/audit/_lines.html", event=event, **_lines(event))


def _lines(event: Event) -> dict[str, Any]:
    titles = titles_of(kinds())
    action, number = request.args.get("action", ""), request.args.get("page", "1")
    query: dict[str, Any] = {
        "page": int(number) if number.isdigit() else 1,
        "page_size": PAGE_SIZE,
    }
    if action:
        query["action"] = action
    found = lines.page(query, event.id)
    return {
        "lines": trail.told(found["items"], kinds()),
        "total": found["total"],
        "pages": -(-found["total"] // PAGE_SIZE),
        "number": query["page"],
        "action": action,
        "actions": [(one, titles.get(one, one)) for one in lines.actions_of(event.id)],
    }
