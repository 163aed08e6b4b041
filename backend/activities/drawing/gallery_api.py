"""The gallery of drawings over HTTP, for the big screen."""

from typing import Any

from backend.activities.drawing.context import context_of
from backend.activities.drawing.current import play
from backend.activities.drawing.schemas import PictureBody
from backend.errors import NotFound
from backend.events.screens import EITHER, require_pass_or_token, screen_view
from backend.web.blueprint import Blueprint

blueprint = Blueprint(
    "gallery", __name__, url_prefix="/api/v1/events", description="你画我猜：大屏上的画展"
)
blueprint.before_request(require_pass_or_token)


@blueprint.route("/<int:event_id>/gallery/<int:activity_id>/<int:number>", methods=["GET"])
@blueprint.response(200, PictureBody)
@blueprint.refuses(c401="unauthenticated", c403="screen_not_paired", c404="not_found")
@blueprint.doc(security=EITHER)
def get_exhibit(event_id: int, activity_id: int, number: int) -> dict[str, Any]:
    """Show a drawing of a gallery by its place, from 1, to be replayed. Screens that were let in,
    and hosts."""
    screen_view(event_id, "public")
    context = context_of(activity_id)
    if context is None or context.event.id != event_id:
        raise NotFound
    picture = play().views.exhibit(context, number)
    if picture is None:
        raise NotFound
    return picture
