"""The page of the crew of an evening (林卡小队): duties and tasks."""

from typing import Any

import flask

from backend.console.frame import blueprint, event_page
from backend.events.current import hosted
from backend.events.view import shown_crew
from backend.web import current

HOUR, DAY = 60, 24 * 60
# When a task is due, in minutes from the opening.
USUAL_MINUTES = (
    *(-14 * DAY, -7 * DAY, -3 * DAY, -2 * DAY, -DAY),
    *(-4 * HOUR, -2 * HOUR, -HOUR, -30, -15, 0, 30, HOUR, 2 * HOUR, DAY, 2 * DAY, 7 * DAY),
)


@blueprint.route("/events/<int:event_id>/crew")
def crew(event_id: int) -> str:
    """The crew of an event. Its hosts."""
    return event_page("console/crew.html", hosted(event_id), crew=_facts(event_id))


@blueprint.route("/events/<int:event_id>/crew/members")
def crew_members(event_id: int) -> str:
    """Who has which duty, a fragment. Its hosts."""
    event = hosted(event_id)
    return flask.render_template("console/crew/_members.html", event=event, crew=_facts(event_id))


@blueprint.route("/events/<int:event_id>/crew/tasks")
def crew_tasks(event_id: int) -> str:
    """The tasks, a fragment. Its hosts."""
    event = hosted(event_id)
    return flask.render_template("console/crew/_tasks.html", event=event, crew=_facts(event_id))


def distance(minutes: int) -> str:
    """Return the distance of a moment from the opening in words: `开场前 2 小时`."""
    if minutes == 0:
        return "开场时"
    length, unit = abs(minutes), "分钟"
    if length % DAY == 0:
        length, unit = length // DAY, "天"
    elif length % HOUR == 0:
        length, unit = length // HOUR, "小时"
    return f"开场{'后' if minutes > 0 else '前'} {length} {unit}"


blueprint.add_app_template_filter(distance, "distance")


def _facts(event_id: int) -> dict[str, Any]:
    found = shown_crew(event_id, current.now())
    done = sum(task["state"] == "done" for task in found["tasks"])
    return {**found, "done": done, "usual_minutes": USUAL_MINUTES}
