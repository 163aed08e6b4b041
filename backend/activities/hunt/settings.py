"""The settings of a hunt in a template: banks, sites and treasures."""

from typing import Any

import marshmallow as ma
from marshmallow import validate

from backend.questions import marking
from backend.web.forms import label
from backend.web.schema import FullMatch, Schema, Text

ANY_TOPIC = "*"


class SiteSchema(Schema):
    """A site on the map; topic `*` draws from all topics, weak ones first."""

    key = ma.fields.String(
        required=True,
        validate=FullMatch(r"^[a-z0-9_-]{1,40}$"),
        metadata=label("编号", hidden=True),
    )
    title = Text(1, 60, required=True, metadata=label("地点名称"))
    topic = Text(1, 60, required=True, metadata=label("出哪个主题的题"))
    x = ma.fields.Float(
        required=True,
        validate=validate.Range(0, 100),
        metadata=label("左右位置", "地图从左到右是 0 到 100。"),
    )
    y = ma.fields.Float(
        required=True,
        validate=validate.Range(0, 100),
        metadata=label("上下位置", "地图从上到下是 0 到 100。"),
    )


class TreasureSchema(Schema):
    """A treasure hidden at a site."""

    key = ma.fields.String(
        required=True,
        validate=FullMatch(r"^[a-z0-9_-]{1,40}$"),
        metadata=label("编号", hidden=True),
    )
    title = Text(1, 60, required=True, metadata=label("宝藏名称"))
    site = Text(1, 40, required=True, metadata=label("藏在哪里", "新加的地点保存后才能选。"))
    points = ma.fields.Integer(
        required=True, validate=validate.Range(0, 1000), metadata=label("得分", unit="分")
    )
    stock = ma.fields.Integer(
        required=True, validate=validate.Range(0, 100_000), metadata=label("数量", unit="件")
    )
    chance = ma.fields.Float(
        required=True,
        validate=validate.Range(0, 1),
        metadata=label("每次挖到的机会", "0.15 就是一百次里约十五次。"),
    )


class HuntSettings(Schema):
    """The settings of a hunt in a template."""

    banks = ma.fields.List(
        Text(1, 60),
        required=True,
        validate=validate.Length(1),
        metadata=label("题库", "从这些题库里出题。"),
    )
    digs_per_day = ma.fields.Integer(
        load_default=12,
        validate=validate.Range(1, 1000),
        metadata=label("每人每天挖宝次数", unit="次"),
    )
    question_seconds = ma.fields.Integer(
        load_default=40,
        validate=validate.Range(5, 3600),
        metadata=label("每题答题时间", "从自己打开题目那一刻起算。", unit="秒"),
    )
    snooze_seconds = ma.fields.Integer(
        load_default=180,
        validate=validate.Range(0, 3600),
        metadata=label("“来电了”加时", "每人整场一次；0 表示不加时。", unit="秒"),
    )
    scoring = ma.fields.String(
        load_default=marking.LIGHT_SPEED,
        validate=validate.OneOf(list(marking.SPEED_PERCENT)),
        metadata=label("答得快加多少分", choices=marking.SCORING_WORDS),
    )
    sites = ma.fields.List(
        ma.fields.Nested(SiteSchema),
        required=True,
        validate=validate.Length(1, 60),
        metadata=label("挖宝地点"),
    )
    treasures = ma.fields.List(
        ma.fields.Nested(TreasureSchema), load_default=list, metadata=label("藏着的宝藏")
    )

    @ma.validates_schema
    def _keys_fit_together(self, data: dict[str, Any], **_: Any) -> None:
        keys = [site["key"] for site in data["sites"]]
        if len(set(keys)) < len(keys):
            raise ma.ValidationError("Two sites have the same key.", "sites")
        if not {treasure["site"] for treasure in data["treasures"]} <= set(keys):
            raise ma.ValidationError("A treasure lies at an unknown site.", "treasures")
        treasures = [treasure["key"] for treasure in data["treasures"]]
        if len(set(treasures)) < len(treasures):
            raise ma.ValidationError("Two treasures have the same key.", "treasures")
