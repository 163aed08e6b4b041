"""Event templates: YAML files that say what an event consists of."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import marshmallow as ma
import yaml
from marshmallow import validate

import backend
from backend.errors import LinkaError, Sentence
from backend.web.schema import Schema, Text

FOLDER = Path(backend.__file__).parent.parent / "fixtures" / "events"
SHIFTS = ("早班", "中班", "夜班", "行政班")


class UnknownTemplate(LinkaError):
    """There is no template of this name."""

    slug = "unknown_template"
    status = 404
    zh = "没有名为“{name}”的活动模板。"
    en = "There is no event template named “{name}”."


class BrokenTemplate(LinkaError):
    """The template's file cannot be read, or has invalid content."""

    slug = "broken_template"
    status = 422
    zh = "活动模板“{name}”有错误，不能使用。"
    en = "The event template “{name}” has errors and cannot be used."


def broken(reason: str) -> Sentence:
    """Return the message about a template's field; the reason is the parser's own text."""
    return Sentence(f"文件内容有误：{reason}", reason)


class IncompleteTemplate(LinkaError):
    """The template names a question bank, a topic or a word pack that is missing or empty."""

    slug = "incomplete_template"
    status = 422
    zh = "活动模板“{name}”用到的内容不齐。"
    en = "Something that the event template “{name}” uses is missing."


class TeamFormulaSchema(Schema):
    """How a team's score is computed from its members'."""

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
    """One activity; `settings` are checked by its kind.

    `minutes` and `notes` are those of its step in the agenda: the planned length, and notes for the
    speaker.
    """

    kind = Text(1, 60, required=True)
    title = Text(1, 60, required=True)
    settings = ma.fields.Dict(load_default=dict)
    sittings = ma.fields.List(ma.fields.Nested(SittingSchema), load_default=list)
    minutes = ma.fields.Integer(
        load_default=None, allow_none=True, validate=validate.Range(1, 24 * 60)
    )
    notes = Text(0, 1000, load_default="")


# The duties of an evening: programme, supplies, the WeChat platform.
DUTIES = ("文娱", "后勤", "微信平台")


class CrewTaskSchema(Schema):
    """A task of the crew; minutes count from the opening of the event, negative before it."""

    title = Text(1, 120, required=True)
    duty = ma.fields.String(required=True, validate=validate.OneOf(DUTIES))
    minutes = ma.fields.Integer(required=True, validate=validate.Range(-60 * 24 * 90, 60 * 24 * 90))


class TemplateSchema(Schema):
    """A whole template."""

    name = Text(1, 60, required=True)
    title = Text(1, 60, required=True)
    description = Text(0, 2000, load_default="")
    team_formula = ma.fields.Nested(
        TeamFormulaSchema, load_default=lambda: TeamFormulaSchema().load({})
    )
    reveal_top = ma.fields.Integer(load_default=10, validate=validate.Range(1, 50))
    crew = ma.fields.List(
        ma.fields.Nested(CrewTaskSchema), load_default=list, validate=validate.Length(0, 60)
    )
    activities = ma.fields.List(
        ma.fields.Nested(ActivitySchema), required=True, validate=validate.Length(1, 20)
    )


@dataclass(frozen=True)
class Folder:
    """The templates of a folder by name, and {file: why} of those that cannot be used."""

    templates: list[dict[str, Any]]
    broken: dict[str, str]


def read_folder(folder: Path | None = None) -> Folder:
    """Read all templates of a folder; a broken file does not affect the others."""
    found: dict[str, dict[str, Any]] = {}
    broken: dict[str, str] = {}
    for path in sorted((folder or FOLDER).glob("*.yaml")):
        try:
            about = path.stat()
            content = _read(path, about.st_mtime_ns, about.st_size, about.st_ino)
        except (OSError, ValueError, RecursionError, yaml.YAMLError, ma.ValidationError) as error:
            broken[path.name] = _why(error)
            continue
        if content["name"] in found:
            broken[path.name] = f"another file has the name {content['name']!r} too"
        else:
            found[content["name"]] = content
    return Folder([found[name] for name in sorted(found)], broken)


def _why(error: Exception) -> str:
    """Return in one line what is wrong with a file, and where, if the parser says it."""
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        mark = error.problem_mark
        return f"line {mark.line + 1}, column {mark.column + 1}: {error.problem}"
    return " ".join(str(error).split())


@lru_cache(maxsize=256)
def _read(path: Path, *_version: int) -> dict[str, Any]:
    """Read a file; cached by its version, so an edited file is read again."""
    content: dict[str, Any] = TemplateSchema().load(
        yaml.safe_load(path.read_text(encoding="utf-8"))
    )
    return content


def all_templates(folder: Path | None = None) -> list[dict[str, Any]]:
    """Return all templates that can be used, by name."""
    return read_folder(folder).templates


def template(name: str, folder: Path | None = None) -> dict[str, Any]:
    """Return a template; raises `UnknownTemplate`, or `BrokenTemplate` where its file is broken."""
    read = read_folder(folder)
    for found in read.templates:
        if found["name"] == name:
            return found
    reason = read.broken.get(f"{name}.yaml")
    if reason is not None:
        raise BrokenTemplate(fields={"template": [broken(reason)]}, name=name)
    raise UnknownTemplate(name=name)
