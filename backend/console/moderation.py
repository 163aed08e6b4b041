"""The queue of what people wrote and drew, with its pictures, and who may not write."""

from typing import Any

import flask
from flask import request

from backend.console.frame import blueprint, event_page
from backend.events.current import hosted
from backend.events.models import Event
from backend.moderation import view
from backend.moderation.policy import PENDING, STATUSES

PAGE_SIZE = 30
PAGE = "/events/<int:event_id>/queue"


@blueprint.route(PAGE)
def queue(event_id: int) -> str:
    """What waits for a decision, the oldest first. The event's hosts."""
    event = hosted(event_id)
    return event_page("console/queue.html", event, **_items(event))


@blueprint.route(PAGE + "/items")
def queue_items(event_id: int) -> str:
    """The items, a fragment. The event's hosts."""
    event = hosted(event_id)
    return flask.render_template("console/queue/_items.html", event=event, **_items(event))


def _items(event: Event) -> dict[str, Any]:
    status, number = request.args.get("status", PENDING), request.args.get("page", "1")
    status = status if status in STATUSES else "all"
    query = {
        "status": status,
        "page": int(number) if number.isdigit() else 1,
        "page_size": PAGE_SIZE,
    }
    found = view.queue_page(event.id, query)
    return {
        **found,
        "chosen": status,
        "pages": -(-found["total"] // PAGE_SIZE),
        "statuses": view.STATUSES,
        "findings": view.FINDINGS,
        "blocks": view.blocks(event.id),
    }
