"""Shapes of moderation: the queue, decisions, blocks, uploads."""

from typing import Any

import marshmallow as ma
from flask_smorest.fields import Upload
from marshmallow import validate

from backend.errors import Sentence
from backend.moderation.policy import APPROVED, REJECTED, STATUSES
from backend.web.schema import Moment, PageQuery, Schema, Text, page_of

_KINDS = ("text", "picture")


class QueueQuery(PageQuery):
    """Which part of the queue."""

    status = ma.fields.String(load_default="pending", validate=validate.OneOf([*STATUSES, "all"]))
    kind = ma.fields.String(validate=validate.OneOf(_KINDS))


class WriterBody(Schema):
    """Who wrote; the player is null for a host."""

    player_id = ma.fields.Integer(required=True, allow_none=True)
    name = ma.fields.String(required=True)
    team = ma.fields.String(required=True, allow_none=True)
    blocked = ma.fields.Boolean(required=True)


class ItemBody(Schema):
    """A text or picture in the queue. `finding` is what the check found: listed, clean, pass,
    review, risky, unavailable, picture or host; `label` is WeChat's number for it."""

    id = ma.fields.Integer(required=True)
    kind = ma.fields.String(required=True)
    text = ma.fields.String(required=True)
    picture_path = ma.fields.String(required=True, allow_none=True)
    author = ma.fields.Nested(WriterBody, required=True)
    status = ma.fields.String(required=True)
    finding = ma.fields.String(required=True)
    label = ma.fields.Integer(required=True, allow_none=True)
    created_at = Moment(required=True)
    decided_at = Moment(required=True, allow_none=True)
    by_host = ma.fields.Boolean(required=True)
    reason = ma.fields.String(required=True)
    pinned = ma.fields.Boolean(required=True)
    full_screen = ma.fields.Boolean(required=True)


class WallRequest(Schema):
    """Whether an item is pinned to the big screen, and whether it fills it.

    A field that is left out stays unchanged.
    """

    pinned = ma.fields.Boolean()
    full_screen = ma.fields.Boolean()


class QueueBody(page_of(ItemBody, "QueuePage")):  # type: ignore[misc]
    """A page of the queue, and how many items wait in all."""

    pending = ma.fields.Integer(required=True)


class DecisionRequest(Schema):
    """What a host decides; who rejects says why, for the author to read."""

    status = ma.fields.String(required=True, validate=validate.OneOf([APPROVED, REJECTED]))
    reason = Text(0, 200, load_default="")

    @ma.validates_schema
    def _rejection_has_a_reason(self, data: dict[str, Any], **_: Any) -> None:
        if data["status"] == REJECTED and not data["reason"]:
            raise ma.ValidationError(
                [Sentence("请写明不通过的原因。", "Give a reason for the rejection.")], "reason"
            )


class BlockRequest(Schema):
    """Why somebody may not write any more."""

    reason = Text(1, 200, required=True)


class BlockBody(Schema):
    """Somebody who may not write."""

    player_id = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True)
    team = ma.fields.String(required=True, allow_none=True)
    reason = ma.fields.String(required=True)
    blocked_at = Moment(required=True)


class BlockList(Schema):
    """Everybody who may not write in an event."""

    items = ma.fields.List(ma.fields.Nested(BlockBody), required=True)


class PictureFile(Schema):
    """A JPEG, PNG, WebP or GIF picture."""

    file = Upload(required=True)


class UploadedPicture(Schema):
    """A picture that was taken in: waiting for a host, or approved."""

    id = ma.fields.Integer(required=True)
    status = ma.fields.String(required=True)
    reason = ma.fields.String(required=True)
    path = ma.fields.String(
        required=True, metadata={"description": "Below /api/v1, for those who may see it."}
    )
