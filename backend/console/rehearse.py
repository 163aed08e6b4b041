"""The page of a rehearsal: what a wipe removes, the wipe, and the change into the real event."""

import flask

from backend.console.frame import blueprint, event_page
from backend.events import lifecycle, stand_ins
from backend.events.current import hosted, rehearsals
from backend.events.view import shown_leftovers
from backend.web import current


@blueprint.route("/events/<int:event_id>/rehearse")
def rehearse(event_id: int) -> str:
    """The rehearsal of an event. Its hosts."""
    event = hosted(event_id)
    is_draft = lifecycle.state(event, current.now()) == lifecycle.DRAFT
    may_begin = is_draft and not event.players.exists()
    return event_page(
        "console/rehearse.html",
        event,
        most=stand_ins.MOST,
        may_begin=may_begin,
        **_crowd(event_id),
    )


@blueprint.route("/events/<int:event_id>/rehearse/crowd")
def crowd(event_id: int) -> str:
    """The number of test players of an event, a fragment. Its hosts."""
    event = hosted(event_id)
    return flask.render_template("console/rehearse/_crowd.html", event=event, **_crowd(event_id))


def _crowd(event_id: int) -> dict[str, int]:
    return {"count": stand_ins.count_of(event_id), "seated": stand_ins.seated(event_id)}


@blueprint.route("/events/<int:event_id>/rehearse/leftovers")
def leftovers(event_id: int) -> str:
    """What a wipe would remove, a fragment. Its hosts."""
    found = shown_leftovers(rehearsals().leftovers(hosted(event_id)), "zh")
    for part in (found, *found["activities"]):
        part["counts"] = [left for left in part["counts"] if left["count"]]
    found["activities"] = [part for part in found["activities"] if part["counts"]]
    return flask.render_template("console/rehearse/_leftovers.html", found=found)
