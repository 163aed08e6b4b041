"""The page of a rehearsal: what a wipe removes, the wipe, and the way to the evening."""

import flask

from backend.console.frame import blueprint, event_page
from backend.events.current import hosted, rehearsals
from backend.events.view import shown_leftovers


@blueprint.route("/events/<int:event_id>/rehearse")
def rehearse(event_id: int) -> str:
    """The rehearsal of an event. Its hosts."""
    return event_page("console/rehearse.html", hosted(event_id))


@blueprint.route("/events/<int:event_id>/rehearse/leftovers")
def leftovers(event_id: int) -> str:
    """What a wipe would remove, a fragment. Its hosts."""
    found = shown_leftovers(rehearsals().leftovers(hosted(event_id)), "zh")
    for part in (found, *found["activities"]):
        part["counts"] = [left for left in part["counts"] if left["count"]]
    found["activities"] = [part for part in found["activities"] if part["counts"]]
    return flask.render_template("console/rehearse/_leftovers.html", found=found)
