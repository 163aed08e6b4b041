"""Moderation over HTTP: the queue for hosts, pictures for those who may see them."""

from typing import Any

from flask import Response
from flask.typing import ResponseReturnValue

from backend.events import lifecycle, players, visibility
from backend.events.current import hosted, seen
from backend.identity.current import caller
from backend.moderation import pictures, queue, view, wall
from backend.moderation.current import moderator
from backend.moderation.models import ModerationItem
from backend.moderation.moderator import Author
from backend.moderation.schemas import (
    BlockBody,
    BlockList,
    BlockRequest,
    DecisionRequest,
    ItemBody,
    PictureFile,
    QueueBody,
    QueueQuery,
    UploadedPicture,
    WallRequest,
)
from backend.sheets import EXCEL
from backend.web import current
from backend.web.blueprint import Blueprint
from backend.web.tables import excel

blueprint = Blueprint(
    "moderation", __name__, url_prefix="/api/v1/events/<int:event_id>", description="Moderation"
)

QUEUE, BLOCKS, PICTURES = "/moderation", "/writing-blocks", "/pictures"
BLOCK = BLOCKS + "/<int:player_id>"
HOSTS = {"c401": "unauthenticated", "c403": "forbidden", "c404": "not_found"}
UPLOADERS = {**HOSTS, "c403": "not_a_player, staff_only, kicked, banned, writing_blocked"}
UPLOAD_RATE = "20/minute"
# The refusals of an operation that takes a picture, besides those of who may upload one.
PICTURE_REFUSED = {
    "c413": "too_large",
    "c422": "bad_picture, too_demanding, invalid",
    "c429": "too_many_requests",
    "c503": "busy",
}


@blueprint.route(QUEUE, methods=["GET"])
@blueprint.arguments(QueueQuery, location="query")
@blueprint.response(200, QueueBody)
@blueprint.refuses(**HOSTS)
def list_queue(query: dict[str, Any], event_id: int) -> dict[str, Any]:
    """List texts and pictures, by default those that wait for a decision. Its hosts."""
    hosted(event_id)
    return view.queue_page(event_id, query)


@blueprint.route(QUEUE + ".xlsx", methods=["GET"])
@blueprint.response(200, content_type=EXCEL)
@blueprint.refuses(**HOSTS)
def download_queue(event_id: int) -> Response:
    """Download all that people wrote, with the decisions, as Excel. Its hosts."""
    hosted(event_id)
    timezone = current.settings().timezone
    return excel("审核记录", lambda: view.worksheets(event_id, timezone))


@blueprint.route(QUEUE + "/<int:item_id>", methods=["PUT"])
@blueprint.arguments(DecisionRequest)
@blueprint.response(200, ItemBody)
@blueprint.refuses(**HOSTS, c422="invalid")
def decide_item(body: dict[str, str], event_id: int, item_id: int) -> dict[str, Any]:
    """Approve an item, or reject it with a reason; either may be taken back. Its hosts."""
    hosted(event_id)
    item, news = queue.decide(
        current.database(),
        event_id,
        item_id,
        body["status"],
        body["reason"],
        caller().account_id,
        current.now(),
    )
    if news:
        moderator().tell(item)
    return view.shown_items([item])[0]


@blueprint.route(QUEUE + "/<int:item_id>/wall", methods=["PUT"])
@blueprint.arguments(WallRequest)
@blueprint.response(200, ItemBody)
@blueprint.refuses(**HOSTS, c409="not_approved", c422="invalid")
def put_on_wall(body: dict[str, bool], event_id: int, item_id: int) -> dict[str, Any]:
    """Pin an item to the big screen or show it there alone, or undo that. Its hosts.

    At most one item fills the screen at a time.
    """
    hosted(event_id)
    item, news = wall.put(
        current.database(), event_id, item_id, body, caller().account_id, current.now()
    )
    if news:
        moderator().tell(item)
    return view.shown_items([item])[0]


@blueprint.route(BLOCKS, methods=["GET"])
@blueprint.response(200, BlockList)
@blueprint.refuses(**HOSTS)
def list_blocks(event_id: int) -> dict[str, Any]:
    """List who may not write. Its hosts."""
    hosted(event_id)
    return {"items": view.blocks(event_id)}


@blueprint.route(BLOCK, methods=["PUT"])
@blueprint.arguments(BlockRequest)
@blueprint.response(200, BlockBody)
@blueprint.refuses(**HOSTS, c422="invalid")
def block_writer(body: dict[str, str], event_id: int, player_id: int) -> dict[str, Any]:
    """Keep a player from writing; again changes nothing. Its hosts."""
    hosted(event_id)
    kept = queue.block(
        current.database(),
        event_id,
        player_id,
        body["reason"],
        caller().account_id,
        current.now(),
    )
    return view.shown_block(kept)


@blueprint.route(BLOCK, methods=["DELETE"])
@blueprint.response(204)
@blueprint.refuses(**HOSTS)
def unblock_writer(event_id: int, player_id: int) -> None:
    """Let a player write again. Its hosts."""
    hosted(event_id)
    queue.unblock(current.database(), event_id, player_id, caller().account_id, current.now())


@blueprint.route(PICTURES, methods=["POST"])
@blueprint.arguments(PictureFile, location="files")
@blueprint.response(201, UploadedPicture)
@blueprint.alt_response(
    200, schema=UploadedPicture, description="The same file from the same person, taken in before"
)
@blueprint.refuses(
    **UPLOADERS, **PICTURE_REFUSED, c409="event_not_open, event_paused, event_closed"
)
def upload_picture(files: dict[str, Any], event_id: int) -> ResponseReturnValue:
    """Upload a picture, to be shown once a host approved it. Its players who are staff, and hosts,
    whose pictures need no approval."""
    author = _author(event_id)
    current.limits().hit(UPLOAD_RATE, "pictures", str(author.account_id))
    item, new = moderator().take_picture(author, files["file"].read(), current.now())
    return _uploaded(item), 201 if new else 200


@blueprint.route(PICTURES + "/<int:item_id>", methods=["GET"])
@blueprint.response(200, content_type=pictures.MIMETYPE)
@blueprint.refuses(c401="unauthenticated", c403="not_a_player, kicked, banned", c404="not_found")
def get_picture(event_id: int, item_id: int) -> Response:
    """Show a picture once it is approved, to its author and hosts before. Its players and hosts."""
    _, _, eyes = seen(event_id)
    return served(view.picture_for(event_id, item_id, eyes, caller().account_id))


def served(data: bytes) -> Response:
    """Return a picture as a response; a browser may keep it for a minute, for one person."""
    response = Response(data, mimetype=pictures.MIMETYPE)
    response.headers["Cache-Control"] = "private, max-age=60"
    return response


def _author(event_id: int) -> Author:
    """Return the caller as the author of a picture; raises an error if they may not upload one."""
    event, player, eyes = seen(event_id)
    account_id = caller().account_id
    if visibility.sees_all(eyes):
        return Author(event_id, account_id, None)
    assert player is not None
    if player.staff_id is None:
        raise players.StaffOnly
    lifecycle.require_playing(event, current.now())
    return Author(event_id, account_id, player.id)


def _uploaded(item: ModerationItem) -> dict[str, Any]:
    return {
        "id": item.id,
        "status": item.status,
        "reason": item.reason,
        "path": view.picture_path(item.event_id, item.id),
    }
