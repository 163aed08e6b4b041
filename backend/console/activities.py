"""The panels of activities: what a host needs besides the next step, as the kind shows it.

Each panel has a page of its own; other pages include it by the template `console/_panel.html`.
"""

from collections.abc import Sequence
from typing import Any

import flask
from flask import Response, request, url_for
from flask.blueprints import BlueprintSetupState
from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader

from backend.console.frame import blueprint, event_page
from backend.errors import NotFound
from backend.events.current import hosted, kinds
from backend.events.kinds import Kind, Kinds
from backend.events.models import Activity, Event
from backend.web import current, static_files


@blueprint.record
def _find_templates(state: BlueprintSetupState) -> None:
    """Make templates of kinds available as `kinds/<kind>/panel.html`."""
    app = state.app
    of_kinds: Kinds = app.extensions["linka.kinds"]
    folders = {kind.name: FileSystemLoader(kind.console_folder) for kind in of_kinds}
    app.jinja_loader = ChoiceLoader(
        [
            *([app.jinja_loader] if app.jinja_loader else []),
            PrefixLoader({"kinds": PrefixLoader(folders)}),
        ]
    )


@blueprint.route("/events/<int:event_id>/activities/<int:activity_id>")
def activity(event_id: int, activity_id: int) -> str:
    """An activity with everything that a host can do in it. The hosts of its event."""
    event = hosted(event_id)
    found = _activity_of(event, activity_id)
    others = event.activities.order_by(Activity.position)
    kind = kinds()[found.kind]
    return event_page(
        "console/activity.html",
        event,
        activities=others,
        scripts=addresses_of(kind, kind.console_scripts),
        styles=addresses_of(kind, kind.console_styles),
        can_be_voided=bool(kind.reasons) and found.voided_at is None,
        **panel_of(found),
    )


def addresses_of(kind: Kind, files: Sequence[str]) -> list[str]:
    """Return the addresses of scripts or style sheets of a kind."""
    version = static_files.version()
    return [url_for("host.kind_file", kind=kind.name, file=f"{version}/{file}") for file in files]


@blueprint.route("/events/<int:event_id>/activities/<int:activity_id>/panel")
def activity_panel(event_id: int, activity_id: int) -> str:
    """The panel of an activity, a fragment. The hosts of its event."""
    event = hosted(event_id)
    found = panel_of(_activity_of(event, activity_id))
    return flask.render_template("console/_panel.html", event=event, **found)


@blueprint.route("/kinds/<string:kind>/<path:file>")
def kind_file(kind: str, file: str) -> Response:
    """A script or style sheet of a kind for its panel. Anyone: it contains nothing secret."""
    if kind not in kinds().names():
        raise NotFound
    found = kinds()[kind]
    if static_files.unversioned(file) not in (*found.console_scripts, *found.console_styles):
        raise NotFound
    return static_files.send(found.console_folder, file)


def panel_of(found: Activity) -> dict[str, Any]:
    """Return what `console/_panel.html` shows of an activity.

    `here` is the address of the page that includes the panel; a panel appends a query (`part=…`) to
    it, which it reads from the request. `panel_path` is the address of the fragment, for a form
    that asks for a part.
    """
    here = url_for("host.activity", event_id=found.event_id, activity_id=found.id)
    kind = kinds()[found.kind]
    query = request.query_string.decode()
    return {
        "activity": found,
        "kind_title": kind.title.zh,
        "panel": kind.panel(found, current.now()),
        "panel_template": f"kinds/{found.kind}/panel.html",
        "archived_template": f"kinds/{found.kind}/archived.html",
        "panel_address": f"{here}/panel?{query}" if query else f"{here}/panel",
        "panel_path": f"{here}/panel",
        "here": f"{here}?",
    }


def _activity_of(event: Event, activity_id: int) -> Activity:
    found = Activity.of(activity_id, event=event)
    if found is None:
        raise NotFound
    return found
