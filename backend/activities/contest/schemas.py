"""Shapes of the contest."""

import marshmallow as ma
from marshmallow import validate

from backend.questions.choices import ChoiceSchema
from backend.web.schema import Id, Moment, Schema

ACTIONS = ("begin", "next", "reveal", "board", "podium", "playoff", "dismiss")


class ContestAnswerMessage(ChoiceSchema):
    """An answer on the socket: the round, and the letters as they are shown."""

    round_id = Id(required=True)


class RoundAnswer(ChoiceSchema):
    """The letters that the player chose; `T` or `F` for true or false."""


class TakenBody(Schema):
    """An answer that was stored; it is judged at the reveal. Out of competition it is not
    `counted`."""

    round_id = ma.fields.Integer(required=True)
    choice = ma.fields.List(ma.fields.String(), required=True)
    used_ms = ma.fields.Integer(required=True)
    answered_at = Moment(required=True)
    counted = ma.fields.Boolean(required=True)


class ContestAction(Schema):
    """What the host does; `position` is the round meant by `next`, `reveal` and `board`.

    `next` with 0, where the lobby stands, means the first round.
    """

    action = ma.fields.String(required=True, validate=validate.OneOf(ACTIONS))
    position = ma.fields.Integer(
        load_default=None, allow_none=True, strict=True, validate=validate.Range(0, 1000)
    )
    auto = ma.fields.Boolean(load_default=None, allow_none=True)


class ContestBody(Schema):
    """A contest as the caller sees it: `state` is null while it is not on; see `docs/api.md`.

    A contest that was `played` cannot begin again.
    """

    state = ma.fields.Dict(allow_none=True, required=True)
    own = ma.fields.Dict(allow_none=True, required=True)
    played = ma.fields.Boolean(required=True)
