"""Describes a schema as the fields of a form: their labels and the permitted values.

A schema labels each of its fields with `label`; choices that only the database knows are passed to
`described`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import marshmallow as ma
from marshmallow import validate

BOOLEAN, INTEGER, NUMBER, TEXT = "boolean", "integer", "number", "text"
CHOICE, CHOICES, TEXTS, INTEGERS = "choice", "choices", "texts", "integers"
ROWS, GROUP = "rows", "group"


@dataclass(frozen=True)
class Choice:
    """A value that can be chosen, and its label."""

    value: str
    label: str


def label(
    words: str,
    hint: str = "",
    *,
    unit: str = "",
    choices: Mapping[str, str] | None = None,
    hidden: bool = False,
) -> dict[str, Any]:
    """Return the metadata of a field: its label, a hint, a unit, and labels of its choices.

    All are Chinese, for the hosts' console. A form keeps the value of a `hidden` field unchanged.
    """
    return {"label": words, "hint": hint, "unit": unit, "choices": choices, "hidden": hidden}


def words_of(schema: ma.Schema) -> dict[str, str]:
    """Return the labels of the fields of a schema, and of their choices, by name and value."""
    found: dict[str, str] = {}
    for name, field in schema.fields.items():
        inner = field.inner if isinstance(field, ma.fields.List) else field
        if isinstance(inner, ma.fields.Nested):
            found |= words_of(inner.schema)
        found |= field.metadata.get("choices") or {}
        if "label" in field.metadata:
            found[name] = field.metadata["label"]
    return found


def described(
    schema: ma.Schema, choices: Mapping[str, Sequence[Choice]], before: str = ""
) -> list[dict[str, Any]]:
    """Return the fields of a schema for `FormFieldBody`.

    `choices` are by path, such as `sites.topic`.
    """
    return [
        _described(name, field, choices, before + name) for name, field in schema.fields.items()
    ]


def _described(
    name: str, field: ma.fields.Field, choices: Mapping[str, Sequence[Choice]], path: str
) -> dict[str, Any]:
    inner = field.inner if isinstance(field, ma.fields.List) else field
    offered = choices.get(path) or _choices(inner, field.metadata)
    nested = inner.schema if isinstance(inner, ma.fields.Nested) else None
    default = field.load_default
    low, high = _bounds(inner)
    return {
        "name": name,
        "label": field.metadata.get("label", name),
        "hint": field.metadata.get("hint", ""),
        "unit": field.metadata.get("unit", ""),
        "hidden": field.metadata.get("hidden", False),
        "type": _type(field, inner, bool(offered)),
        "required": field.required,
        "nullable": bool(field.allow_none),
        "default": None if default is ma.missing or callable(default) else default,
        "low": low,
        "high": high,
        "most": _most(field) if inner is not field else None,
        "choices": [{"value": one.value, "label": one.label} for one in offered],
        "fields": described(nested, choices, f"{path}.") if nested else [],
    }


def _type(field: ma.fields.Field, inner: ma.fields.Field, has_choices: bool) -> str:
    many = field is not inner
    if isinstance(inner, ma.fields.Nested):
        return ROWS if many else GROUP
    if isinstance(inner, ma.fields.Boolean):
        return BOOLEAN
    if isinstance(inner, ma.fields.Integer):
        return INTEGERS if many else INTEGER
    if isinstance(inner, ma.fields.Float):
        return NUMBER
    if has_choices:
        return CHOICES if many else CHOICE
    return TEXTS if many else TEXT


def _validators(field: ma.fields.Field) -> Iterator[Any]:
    yield from field.validators


def _choices(field: ma.fields.Field, metadata: Mapping[str, Any]) -> list[Choice]:
    labels = metadata.get("choices") or {}
    for validator in _validators(field):
        if isinstance(validator, validate.OneOf):
            return [Choice(str(one), labels.get(one, str(one))) for one in validator.choices]
    return []


def _bounds(field: ma.fields.Field) -> tuple[float | None, float | None]:
    """Return the lowest and the highest number, or the smallest and largest number of characters."""
    for validator in _validators(field):
        if isinstance(validator, (validate.Range, validate.Length)):
            return validator.min, validator.max
    return None, None


def _most(field: ma.fields.Field) -> int | None:
    for validator in _validators(field):
        if isinstance(validator, validate.Length):
            return validator.max
    return None
