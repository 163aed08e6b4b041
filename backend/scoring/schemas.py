"""Shapes of boards, receipts and corrections."""

from typing import Any

import marshmallow as ma
from marshmallow import validate

from backend.errors import Sentence
from backend.events.schemas import PlayerBody
from backend.web.schema import FullMatch, Id, Moment, Schema, Text

_PEOPLE_ALONE = Sentence(
    "只有个人榜能查看自己前后的名次。", "Only a board of people shows the ranks around one's own."
)


class BoardQuery(Schema):
    """Which rows: the first `top`, or with `around=me` the rows around the caller's."""

    scope = ma.fields.String(load_default="players", validate=validate.OneOf(["players", "teams"]))
    top = ma.fields.Integer(load_default=10, validate=validate.Range(1, 200))
    around = ma.fields.String(
        validate=validate.OneOf(["me"]), metadata={"description": "With `scope=players` alone."}
    )

    @ma.validates_schema
    def _around_players(self, data: dict[str, Any], **_: Any) -> None:
        if "around" in data and data.get("scope") == "teams":
            raise ma.ValidationError([_PEOPLE_ALONE], "around")


# The one instance by which query strings are read.
BOARD_QUERY = BoardQuery()


class RowBody(Schema):
    """A row; everything but the rank is null while it is not revealed yet."""

    rank = ma.fields.Integer(required=True)
    id = ma.fields.Integer(required=True, allow_none=True)
    name = ma.fields.String(required=True, allow_none=True)
    team = ma.fields.String(required=True, allow_none=True)
    points = ma.fields.Float(required=True, allow_none=True)
    members = ma.fields.Integer(
        allow_none=True, metadata={"description": "How many of a team came to the event."}
    )


class UnrankedBody(Schema):
    """A player who played the activity out of competition."""

    id = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True)
    team = ma.fields.String(required=True, allow_none=True)


class BoardBody(Schema):
    """A board as the caller may see it.

    `out_of_competition` names the players without a place (不计名次) who may read the keys of the
    board's activity; it is empty on boards that are not of one activity.
    """

    board = ma.fields.String(required=True)
    scope = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    frozen = ma.fields.Boolean(required=True)
    total = ma.fields.Integer(required=True)
    formula = ma.fields.String(required=True, allow_none=True)
    rows = ma.fields.List(ma.fields.Nested(RowBody), required=True)
    me = ma.fields.Nested(RowBody, required=True, allow_none=True)
    out_of_competition = ma.fields.List(ma.fields.Nested(UnrankedBody), required=True)


class BoardName(Schema):
    """A board that can be asked for."""

    name = ma.fields.String(required=True)
    title = ma.fields.String(required=True)


class BoardList(Schema):
    """The boards of an event."""

    boards = ma.fields.List(ma.fields.Nested(BoardName), required=True)


class OwnStanding(Schema):
    """The caller's score; the rank is null when it is not known yet."""

    points = ma.fields.Integer(required=True, allow_none=True)
    rank = ma.fields.Integer(required=True, allow_none=True)
    frozen = ma.fields.Boolean(required=True)


class OwnBody(Schema):
    """The caller in an event."""

    player = ma.fields.Nested(PlayerBody, required=True)
    standing = ma.fields.Nested(OwnStanding, required=True)


class ReceiptQuery(Schema):
    """Whose receipt; hosts only may name another player."""

    player_id = ma.fields.Integer(validate=validate.Range(1, 2**53 - 1))


class EntryBody(Schema):
    """One line of a score."""

    id = ma.fields.Integer(required=True)
    points = ma.fields.Integer(required=True)
    reason = ma.fields.String(required=True)
    note = ma.fields.String(required=True)
    source = ma.fields.String(required=True)
    activity_id = ma.fields.Integer(required=True, allow_none=True)
    rule_version = ma.fields.String(required=True)
    earned_at = Moment(required=True)
    created_at = Moment(required=True)
    reversed = ma.fields.Boolean(required=False)
    reverses_id = ma.fields.Integer(required=True, allow_none=True)


class ReceiptBody(Schema):
    """All lines that the caller may see, oldest first."""

    items = ma.fields.List(ma.fields.Nested(EntryBody), required=True)
    total_points = ma.fields.Integer(required=True)
    frozen = ma.fields.Boolean(required=True)


def _not_zero(points: int) -> None:
    if points == 0:
        raise ma.ValidationError("Must not be 0.")


class Adjustment(Schema):
    """Points that a host adds or takes, and why."""

    player_id = Id(required=True)
    points = ma.fields.Integer(
        required=True, strict=True, validate=[validate.Range(-10_000, 10_000), _not_zero]
    )
    reason = Text(1, 200, required=True)


class AdjustmentHeaders(Schema):
    """The key by which a repeat is recognised."""

    idempotency_key = ma.fields.String(
        required=True,
        data_key="Idempotency-Key",
        validate=FullMatch(r"^[\x21-\x7e]{1,128}$"),
    )

    class Meta:
        unknown = ma.EXCLUDE


class CorrectionRequest(Schema):
    """A question to void, or its right key; a question that is void has none."""

    question_id = Id(required=True)
    action = ma.fields.String(required=True, validate=validate.OneOf(["void", "rekey"]))
    key = ma.fields.List(
        ma.fields.String(validate=validate.OneOf(list("ABCDEFT"))),
        load_default=list,
        validate=validate.Length(0, 6),
    )
    reason = Text(1, 200, required=True)

    @ma.post_load
    def _without_key(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {**data, "key": []} if data["action"] == "void" else data


class VoidRequest(Schema):
    """The reason for voiding an activity; players read it in their receipts."""

    reason = Text(1, 200, required=True)


class CorrectionBody(Schema):
    """How many players' scores changed."""

    rescored = ma.fields.Integer(required=True)


class PlaceBody(Schema):
    """Points and rank on the event's board."""

    points = ma.fields.Integer(required=True)
    rank = ma.fields.Integer(required=True)


class ChangeBody(Schema):
    """A player whose points or rank a correction would change."""

    player_id = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True)
    team = ma.fields.String(required=True, allow_none=True)
    before = ma.fields.Nested(PlaceBody, required=True)
    after = ma.fields.Nested(PlaceBody, required=True)


class CorrectionPreview(Schema):
    """All players whose points or rank a correction would change, in the order of the new ranks."""

    players = ma.fields.List(ma.fields.Nested(ChangeBody), required=True)
