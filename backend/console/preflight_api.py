"""The checks before an event over HTTP."""

from typing import Any

from backend.console import preflight
from backend.console.schemas import PreflightBody
from backend.events.current import hosted
from backend.events.preflight import worst
from backend.web.blueprint import Blueprint
from backend.web.i18n import language

blueprint = Blueprint(
    "preflight", __name__, url_prefix="/api/v1/events", description="Checks before an event"
)


@blueprint.route("/<int:event_id>/preflight", methods=["GET"])
@blueprint.response(200, PreflightBody)
@blueprint.refuses(c401="unauthenticated", c403="forbidden", c404="not_found")
def get_preflight(event_id: int) -> dict[str, Any]:
    """Check what an event needs, one line for each thing. Its hosts."""
    event = hosted(event_id)
    lines = preflight.lines_of(event)
    return {
        "day": preflight.day_of(event),
        "level": worst(lines),
        "lines": [
            {
                "level": line.level,
                "about": line.about.said(language()),
                "text": line.text.said(language()),
                "link": preflight.link(line, event),
            }
            for line in lines
        ],
    }
