"""The page of an event's agenda: its steps in order, moved by drag or by buttons, with notes."""

import flask

from backend.console.frame import blueprint, event_page, of_htmx
from backend.console.run import newest_lines
from backend.events.agenda import shown_agenda, steps_of
from backend.events.current import hosted
from backend.events.live_activities import activities_of


@blueprint.route("/events/<int:event_id>/agenda")
def agenda(event_id: int) -> str:
    """The agenda of an event, to be changed. Its hosts.

    As a fragment it is the newest one, which a host compares with their own changes after a
    conflict.
    """
    event = hosted(event_id)
    own_titles = {step.id: step.title for step in steps_of(event_id)}
    shown = shown_agenda(event)
    for step in shown["steps"]:
        step["own_title"] = own_titles[step["id"]]
    activities = activities_of(event_id)
    if of_htmx():
        return flask.render_template(
            "console/agenda/_newest.html",
            event=event,
            agenda=shown,
            activities=activities,
            last_lines=newest_lines(event.id),
        )
    return event_page("console/agenda.html", event, agenda=shown, activities=activities)
