"""Pages on which hosts make an event and change its parts."""

from typing import Any

import flask
from flask import current_app, url_for

from backend.clock import to_iso
from backend.console.frame import blueprint, event_page, page
from backend.events import lifecycle
from backend.events.building import MOST_ACTIVITIES
from backend.events.current import boards, hosted, kinds
from backend.events.models import Event
from backend.events.setup import shown_setup
from backend.events.templates import SHIFTS, read_folder
from backend.events.view import shown_events
from backend.events.visibility import View
from backend.identity.current import caller
from backend.web import current
from backend.web.forms import described

COPIED = 12
TEAM_FORMULAS = {
    "mean": "全队平均分",
    "best_mean": "前几名的平均分",
    "participation": "平均分乘以参与率",
    "sum": "全队总分",
}


@blueprint.route("/events/new")
def new_event() -> str:
    """The ways to make an event: from a template, from an earlier event, or from chosen kinds.

    Hosts of all events.
    """
    caller().require("host")
    earlier = Event.select().order_by(Event.id.desc()).limit(COPIED)
    return page(
        "console/new_event.html",
        templates=read_folder().templates,
        earlier=shown_events(list(earlier), View.HOST, current.now()),
        kinds=_fresh_kinds(),
        titles={kind.name: kind.title.zh for kind in kinds()},
        states=lifecycle.STATE_WORDS,
    )


@blueprint.route("/events/<int:event_id>/build")
def build(event_id: int) -> str:
    """The title, dates and activities of an event, to change. Its hosts."""
    event = hosted(event_id)
    return event_page("console/build.html", event, **_parts(event))


@blueprint.route("/events/<int:event_id>/build/parts")
def build_parts(event_id: int) -> str:
    """The same without the page around it, a fragment. Its hosts."""
    event = hosted(event_id)
    return flask.render_template("console/building/_parts.html", event=event, **_parts(event))


def _fresh_kinds() -> list[dict[str, Any]]:
    return [
        {
            "kind": kind.name,
            "title": kind.title.zh,
            "facts": {"kind": kind.name, "title": kind.title.zh, "settings": kind.fresh()},
        }
        for kind in kinds()
    ]


def _parts(event: Event) -> dict[str, Any]:
    setup = shown_setup(event, kinds(), boards(), current.now(), "zh")
    for activity in setup["activities"]:
        kind = kinds()[activity["kind"]]
        activity["kind_title"] = kind.title.zh
        activity["fields"] = described(kind.settings(), kind.choices(activity["settings"]))
        activity["earnings"] = kind.preview(activity["settings"])
    return {
        "setup": setup,
        "order": [activity["id"] for activity in setup["activities"]],
        "kinds": _fresh_kinds(),
        "most": MOST_ACTIVITIES,
        "formulas": TEAM_FORMULAS,
        "shifts": SHIFTS,
        "banks_address": _address("host.banks"),
        "iso": to_iso,
        "swapped": _swapped,
    }


def _address(endpoint: str) -> str | None:
    return url_for(endpoint) if endpoint in current_app.view_functions else None


def _swapped(order: list[int], place: int) -> list[int]:
    """Return an order in which one member is moved one place to the front."""
    moved = list(order)
    moved[place - 1], moved[place] = moved[place], moved[place - 1]
    return moved
