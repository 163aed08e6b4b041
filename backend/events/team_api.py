"""The participation of a team over HTTP, for its leader."""

from typing import Any

from backend.errors import Forbidden
from backend.events.schemas import ParticipationBody
from backend.events.view import shown_participation
from backend.identity.current import caller
from backend.web import current
from backend.web.blueprint import Blueprint

blueprint = Blueprint("team", __name__, url_prefix="/api/v1", description="The leader's own team")


@blueprint.route("/team/participation", methods=["GET"])
@blueprint.response(200, ParticipationBody)
@blueprint.refuses(c401="unauthenticated", c403="forbidden")
def show_participation() -> dict[str, Any]:
    """Show which members of the caller's team came to the newest events, and which did not.

    Team leaders.
    """
    leader = caller()
    leader.require("leader")
    if leader.person is None:
        raise Forbidden
    return shown_participation(leader.person, current.now())
