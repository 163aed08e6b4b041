"""The run page: the one next step, what the big screen shows, and the panel of the activity."""

from typing import Any

import flask
from flask import current_app, request
from flask.typing import ResponseReturnValue

from backend.clock import to_iso
from backend.console.activities import addresses_of, panel_of
from backend.console.frame import blueprint, event_page, of_htmx
from backend.console.hosts import OpenRunPages, names_of
from backend.events import agenda, lifecycle, trail
from backend.events.current import hosted, kinds
from backend.events.models import Activity, Event
from backend.events.steps import StepClock
from backend.identity import audit
from backend.identity.current import caller
from backend.screen.remote_api import remote
from backend.web import current
from backend.web.pages import shows_frame

LAST_LINES = 5
LATER_MINUTES = (10, 30)


@blueprint.route("/events/<int:event_id>")
def run(event_id: int) -> ResponseReturnValue:
    """The run page of an event. Its hosts.

    As a fragment it is everything on the page that changes. `?activity=` is the activity that the
    host has chosen.
    """
    event = hosted(event_id)
    context = _shown(event)
    if of_htmx():
        return flask.render_template("console/run/_run.html", event=event, **context)
    return shows_frame(event_page("console/run.html", event, **context, **_files(event)))


@blueprint.route("/events/<int:event_id>/last-lines")
def last_lines(event_id: int) -> str:
    """Who did what last, a fragment: it stands where another host was faster. Its hosts."""
    event = hosted(event_id)
    return flask.render_template("console/_last_lines.html", last_lines=newest_lines(event.id))


def _shown(event: Event) -> dict[str, Any]:
    now = current.now()
    chosen_id = request.args.get("activity", type=int)
    found = remote().shown(event, chosen_id, now)
    activity = Activity.of(found["activity_id"], event=event) if found["activity_id"] else None
    open_pages: OpenRunPages = current_app.extensions["linka.run_pages"]
    return {
        "found": found,
        "agenda": agenda.shown_agenda(event),
        "chosen_id": chosen_id if chosen_id == found["activity_id"] else None,
        "left_ms": _left_ms(found["clock"], now),
        "last_lines": newest_lines(event.id),
        "others": names_of(open_pages.note(event.id, caller().account_id, now)),
        "has_suggestions": any(kinds()[one.kind].has_suggestions for one in event.activities),
        "screen_path": f"/screen/{event.id}?key={event.screen_key}",
        "now": now,
        "end": _end(event, now),
        "activity": None,
        # A panel leaves out the steps that the page itself offers for the activity.
        "steps_above": True,
        **(panel_of(activity) if activity else {}),
    }


def _left_ms(clock: StepClock | None, now: int) -> int | None:
    if clock is None:
        return None
    return max(0, clock.ends_at - now) if clock.left_ms is None else clock.left_ms


def _end(event: Event, now: int) -> dict[str, Any] | None:
    """Return when the event ends, and later ends to choose from; None if its end cannot be changed."""
    if lifecycle.state(event, now) not in (lifecycle.SCHEDULED, lifecycle.OPEN):
        return None
    left_ms = lifecycle.ms_to_close(event, now)
    if left_ms is None:
        return {"at": None, "postponed": False, "later": {}}
    return {
        "at": now + left_ms,
        "postponed": now + left_ms > event.closes_at,
        "later": {minutes: to_iso(event.closes_at + minutes * 60_000) for minutes in LATER_MINUTES},
    }


def newest_lines(event_id: int) -> list[dict[str, Any]]:
    """Return what hosts did last in an event, the newest first."""
    lines = audit.page({"page": 1, "page_size": LAST_LINES}, event_id)["items"]
    return trail.told(lines, kinds())


def _files(event: Event) -> dict[str, list[str]]:
    """Return the files of all kinds of the event, because another activity may be shown later."""
    there = [kind for kind in kinds() if kind.name in {one.kind for one in event.activities}]
    return {
        "scripts": [one for kind in there for one in addresses_of(kind, kind.console_scripts)],
        "styles": [one for kind in there for one in addresses_of(kind, kind.console_styles)],
    }
