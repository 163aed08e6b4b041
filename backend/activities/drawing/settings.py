"""The settings of drawing and guessing in a template."""

import marshmallow as ma
from marshmallow import validate

from backend.activities.drawing import rules
from backend.web.forms import label
from backend.web.schema import Schema, Text

HALL, ROOMS = "hall", "rooms"


class DrawingSettings(Schema):
    """The settings of a game in a template.

    In rooms everybody draws `rounds` times; in the hall there are `turns` turns in all.
    """

    packs = ma.fields.List(
        Text(1, 60),
        required=True,
        validate=validate.Length(1, 20),
        metadata=label("词库", "画手从这些词库里选词。"),
    )
    mode = ma.fields.String(
        load_default=ROOMS,
        validate=validate.OneOf([ROOMS, HALL]),
        metadata=label(
            "玩法", choices={ROOMS: "分房间，大家轮流画", HALL: "全场看大屏上的一位画手"}
        ),
    )
    room_size = ma.fields.Integer(
        load_default=8,
        validate=validate.Range(rules.ROOM_LEAST, rules.ROOM_MOST),
        metadata=label("每间房人数", "只用于分房间。", unit="人"),
    )
    rounds = ma.fields.Integer(
        load_default=1,
        validate=validate.Range(1, 10),
        metadata=label("每人画几次", "只用于分房间。", unit="次"),
    )
    turns = ma.fields.Integer(
        load_default=8,
        validate=validate.Range(1, 100),
        metadata=label("一共画几轮", "只用于全场。", unit="轮"),
    )
    draw_seconds = ma.fields.Integer(
        load_default=80, validate=validate.Range(20, 300), metadata=label("每次画多久", unit="秒")
    )
