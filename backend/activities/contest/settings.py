"""The settings of a contest in a template."""

import marshmallow as ma
from marshmallow import validate

from backend.questions import marking
from backend.web.schema import Schema, Text


class ContestSettings(Schema):
    """The settings of a contest in a template."""

    banks = ma.fields.List(Text(1, 60), required=True, validate=validate.Length(1))
    questions = ma.fields.Integer(load_default=10, validate=validate.Range(1, 100))
    question_seconds = ma.fields.Integer(load_default=20, validate=validate.Range(3, 600))
    scoring = ma.fields.String(
        load_default=marking.LIGHT_SPEED, validate=validate.OneOf(list(marking.SPEED_PERCENT))
    )
    streak = ma.fields.Boolean(load_default=True)
    auto = ma.fields.Boolean(load_default=False)
    lobby_seconds = ma.fields.Integer(load_default=10, validate=validate.Range(1, 3600))
    reveal_seconds = ma.fields.Integer(load_default=6, validate=validate.Range(1, 600))
    board_seconds = ma.fields.Integer(load_default=6, validate=validate.Range(1, 600))
