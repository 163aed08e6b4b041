"""The settings of a hunt in a template: banks, sites and treasures."""

from typing import Any

import marshmallow as ma
from marshmallow import validate

from backend.questions import marking
from backend.web.schema import FullMatch, Schema, Text

ANY_TOPIC = "*"


class SiteSchema(Schema):
    """A site on the map; topic `*` draws from all topics, weak ones first."""

    key = ma.fields.String(required=True, validate=FullMatch(r"^[a-z0-9_-]{1,40}$"))
    title = Text(1, 60, required=True)
    topic = Text(1, 60, required=True)
    x = ma.fields.Float(required=True, validate=validate.Range(0, 100))
    y = ma.fields.Float(required=True, validate=validate.Range(0, 100))


class TreasureSchema(Schema):
    """A treasure hidden at a site."""

    key = ma.fields.String(required=True, validate=FullMatch(r"^[a-z0-9_-]{1,40}$"))
    title = Text(1, 60, required=True)
    site = Text(1, 40, required=True)
    points = ma.fields.Integer(required=True, validate=validate.Range(0, 1000))
    stock = ma.fields.Integer(required=True, validate=validate.Range(0, 100_000))
    chance = ma.fields.Float(required=True, validate=validate.Range(0, 1))


class HuntSettings(Schema):
    """The settings of a hunt in a template."""

    banks = ma.fields.List(Text(1, 60), required=True, validate=validate.Length(1))
    digs_per_day = ma.fields.Integer(load_default=12, validate=validate.Range(1, 1000))
    question_seconds = ma.fields.Integer(load_default=40, validate=validate.Range(5, 3600))
    snooze_seconds = ma.fields.Integer(load_default=180, validate=validate.Range(0, 3600))
    scoring = ma.fields.String(
        load_default=marking.LIGHT_SPEED, validate=validate.OneOf(list(marking.SPEED_PERCENT))
    )
    sites = ma.fields.List(
        ma.fields.Nested(SiteSchema), required=True, validate=validate.Length(1, 60)
    )
    treasures = ma.fields.List(ma.fields.Nested(TreasureSchema), load_default=list)

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
