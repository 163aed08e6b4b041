"""The kind `quickfire` over HTTP."""

from typing import Any

from flask import current_app

from backend.events import players
from backend.events.current import activity_of, seen
from backend.events.play import speaker_of
from backend.web import current
from backend.web.blueprint import Blueprint
from tests.kinds.quickfire.play import QuickfirePlay, QuickfireReply

blueprint = Blueprint("quickfires", __name__, url_prefix="/api/v1/quickfires", description="抢答")


@blueprint.route("/<int:activity_id>/replies", methods=["POST"])
@blueprint.arguments(QuickfireReply)
@blueprint.response(200)
@blueprint.refuses(c401="unauthenticated", c403="not_a_player, kicked, banned", c404="not_found")
def reply(body: dict[str, Any], activity_id: int) -> dict[str, Any]:
    """Answer the question. Its players."""
    _, player, _ = seen(activity_of("quickfire", activity_id).event_id)
    if player is None:
        raise players.NotAPlayer
    play: QuickfirePlay = current_app.extensions["linka.plays"]["quickfire"]
    return play.hear_reply(speaker_of(player), activity_id, body, current.now())
