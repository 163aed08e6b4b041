"""The settings of a raffle in a template: its prizes."""

from typing import Any

import marshmallow as ma
from marshmallow import validate

from backend.activities.raffle import rules
from backend.web.forms import label
from backend.web.schema import Schema, Text

MOST_TITLE, MOST_STOCK = 40, 1000


class PrizeSchema(Schema):
    """A prize; with `again` those who have won in the event may win it too."""

    title = Text(1, MOST_TITLE, required=True, metadata=label("奖品"))
    stock = ma.fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(1, MOST_STOCK),
        metadata=label("数量", unit="份"),
    )
    again = ma.fields.Boolean(load_default=False, metadata=label("已中奖的人也能再中"))


class RaffleSettings(Schema):
    """The settings in a template.

    They hold the prizes in the order in which they are drawn, how long the host must wait for a
    called winner before marking them absent, and whether the screen masks the names of staff.
    """

    prizes = ma.fields.List(
        ma.fields.Nested(PrizeSchema),
        load_default=list,
        validate=validate.Length(0, 50),
        metadata=label("奖品（按抽奖顺序）"),
    )

    waiting_seconds = ma.fields.Integer(
        strict=True,
        load_default=rules.WAITING_SECONDS,
        validate=validate.Range(rules.LEAST_WAITING_SECONDS, 600),
        metadata=label("叫到名字后等多久", "过了这个时间才能记为缺席、补抽。", unit="秒"),
    )

    masked_names = ma.fields.Boolean(
        load_default=False,
        metadata=label("大屏上遮住中奖人的姓名", "不勾选时，员工显示全名；亲友总是遮住。"),
    )

    @ma.validates_schema
    def _titles_differ(self, data: dict[str, Any], **_: Any) -> None:
        titles = [prize["title"] for prize in data["prizes"]]
        if len(set(titles)) < len(titles):
            raise ma.ValidationError("Two prizes have the same title.", "prizes")
