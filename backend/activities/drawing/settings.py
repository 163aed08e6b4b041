"""The settings of drawing and guessing in a template."""

import marshmallow as ma
from marshmallow import validate

from backend.activities.drawing import rules
from backend.web.schema import Schema, Text

HALL, ROOMS = "hall", "rooms"


class DrawingSettings(Schema):
    """The settings of a game in a template.

    In rooms everybody draws `rounds` times; in the hall there are `turns` turns in all.
    """

    packs = ma.fields.List(Text(1, 60), required=True, validate=validate.Length(1, 20))
    mode = ma.fields.String(load_default=ROOMS, validate=validate.OneOf([ROOMS, HALL]))
    room_size = ma.fields.Integer(
        load_default=8, validate=validate.Range(rules.ROOM_LEAST, rules.ROOM_MOST)
    )
    rounds = ma.fields.Integer(load_default=1, validate=validate.Range(1, 10))
    turns = ma.fields.Integer(load_default=8, validate=validate.Range(1, 100))
    draw_seconds = ma.fields.Integer(load_default=80, validate=validate.Range(20, 300))
