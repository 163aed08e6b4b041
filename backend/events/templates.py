"""Event templates: YAML files that say what an event consists of."""

from functools import cache
from pathlib import Path
from typing import Any

import marshmallow as ma
import yaml
from marshmallow import validate

import backend
from backend.errors import LinkaError, OperatorError
from backend.web.schema import Schema, Text

FOLDER = Path(backend.__file__).parent.parent / "fixtures" / "events"
SHIFTS = ("早班", "中班", "夜班", "行政班")


class UnknownTemplate(LinkaError):
    """There is no template of this name."""

    slug = "unknown_template"
    status = 404
    zh = "没有名为“{name}”的活动模板。"
    en = "There is no event template named “{name}”."


class TeamFormulaSchema(Schema):
    """How a team's score comes from its members'."""

    kind = ma.fields.String(
        load_default="best_mean",
        validate=validate.OneOf(["mean", "best_mean", "participation", "sum"]),
    )
    best = ma.fields.Integer(load_default=5, validate=validate.Range(1, 100))
    minimum = ma.fields.Integer(load_default=5, validate=validate.Range(1, 100))


class SittingSchema(Schema):
    """One sitting; minutes count from the opening of the event."""

    title = Text(1, 60, required=True)
    shifts = ma.fields.List(ma.fields.String(validate=validate.OneOf(SHIFTS)), load_default=list)
    starts_in_minutes = ma.fields.Integer(required=True, validate=validate.Range(0, 60 * 24 * 90))
    ends_in_minutes = ma.fields.Integer(required=True, validate=validate.Range(1, 60 * 24 * 90))


class ActivitySchema(Schema):
    """One activity; `settings` are checked by its kind."""

    kind = Text(1, 60, required=True)
    title = Text(1, 60, required=True)
    settings = ma.fields.Dict(load_default=dict)
    sittings = ma.fields.List(ma.fields.Nested(SittingSchema), load_default=list)


class TemplateSchema(Schema):
    """A whole template."""

    name = Text(1, 60, required=True)
    title = Text(1, 60, required=True)
    description = Text(0, 2000, load_default="")
    team_formula = ma.fields.Nested(
        TeamFormulaSchema, load_default=lambda: TeamFormulaSchema().load({})
    )
    reveal_top = ma.fields.Integer(load_default=10, validate=validate.Range(1, 50))
    activities = ma.fields.List(
        ma.fields.Nested(ActivitySchema), required=True, validate=validate.Length(1, 20)
    )


@cache
def _read(path: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = TemplateSchema().load(
            yaml.safe_load(path.read_text(encoding="utf-8"))
        )
    except (ma.ValidationError, yaml.YAMLError) as error:
        raise OperatorError(f"{path.name}: {error}") from None
    return content


def all_templates(folder: Path = FOLDER) -> list[dict[str, Any]]:
    """Return all templates, by name; raises `OperatorError` naming a broken file."""
    return sorted(
        (_read(path) for path in folder.glob("*.yaml")), key=lambda template: template["name"]
    )


def template(name: str) -> dict[str, Any]:
    """Return a template; raises `UnknownTemplate`."""
    for found in all_templates():
        if found["name"] == name:
            return found
    raise UnknownTemplate(name=name)
