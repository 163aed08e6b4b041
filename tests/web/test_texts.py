"""No text of an operation, a socket, a template or a game's settings keeps an invisible character.

The fields come from the schemas themselves, so that a new one is looked at as soon as it is there.
"""

import inspect
import time
from collections.abc import Callable, Iterator
from typing import Any

import marshmallow as ma
import pytest
from flask import Flask

from backend.events.templates import TemplateSchema
from backend.visible import INVISIBLE
from backend.web.schema import Schema, Text
from tests.support import refused
from tests.web.operations import Operation, Stage


def string_fields(schema: ma.Schema) -> Iterator[tuple[str, ma.fields.String]]:
    """Return the text fields of a schema and of those within it, each with its place."""
    for name, field in schema.load_fields.items():
        yield from _within(field, f"{type(schema).__name__}.{name}")


def _within(field: Any, place: str) -> Iterator[tuple[str, ma.fields.String]]:
    if isinstance(field, ma.fields.Nested):
        yield from string_fields(field.schema)
    elif isinstance(field, ma.fields.List):
        yield from _within(field.inner, place)
    elif isinstance(field, ma.fields.String):
        yield place, field


def request_schemas(app: Flask) -> Iterator[ma.Schema]:
    """Return the schema of everything that operations read from requests."""
    for rule in app.url_map.iter_rules():
        view: Any = app.view_functions[rule.endpoint]
        resource = getattr(view, "view_class", None)
        verbs = [getattr(resource, method.lower(), None) for method in rule.methods or ()]
        for verb in filter(None, verbs if resource else [view]):
            yield from _read_by(verb)


def _read_by(verb: Callable[..., Any] | None) -> Iterator[ma.Schema]:
    """Return the schemas in the closures of the decorators around a verb."""
    while verb is not None:
        held = inspect.getclosurevars(inspect.unwrap(verb, stop=lambda _: True)).nonlocals
        if isinstance(held.get("argmap"), ma.Schema):
            yield held["argmap"]
        verb = getattr(verb, "__wrapped__", None)


def setting_schemas() -> Iterator[ma.Schema]:
    """Return the schemas of templates and of the settings of every game."""
    yield TemplateSchema()
    for schema in _below(Schema):
        if schema.__module__.endswith((".kind", ".drafts")):
            yield schema()


def _below(schema: type[ma.Schema]) -> Iterator[type[ma.Schema]]:
    for found in schema.__subclasses__():
        yield found
        yield from _below(found)


def socket_schemas(app: Flask) -> Iterator[ma.Schema]:
    """Return the schema of every word that phones say over their sockets."""
    for play in app.extensions["linka.plays"].values():
        yield from (word.schema for word in play.messages.values())


def takes_what_is_invisible(field: ma.fields.String) -> bool:
    """Say whether a field keeps an invisible character, alone or among letters that it takes."""
    for first, last in INVISIBLE:
        for text in (
            chr(first),
            f"ab{chr(first)}cd",
            f"https://a.cn/{chr(last)}b",
            f"12{chr(last)}",
        ):
            try:
                if field.deserialize(text) == text:
                    return True
            except ma.ValidationError:
                continue
    return False


def test_no_text_keeps_an_invisible_character(stage: Stage, every: list[Operation]) -> None:
    app = stage.host.app
    read = list(request_schemas(app))
    assert len(read) >= sum(operation.takes_json for operation in every)
    schemas = [*read, *setting_schemas(), *socket_schemas(app)]
    fields = dict(found for schema in schemas for found in string_fields(schema))
    assert any(isinstance(field, Text) for field in fields.values())
    wrong = [place for place, field in fields.items() if takes_what_is_invisible(field)]
    assert wrong == [], " ".join(wrong)


@pytest.mark.parametrize(
    "empty", ["", "\u3000", "\u3164", "\u202e\ufeff", "\u2800", "\ufe0f", "\u200d"]
)
def test_text_with_nothing_visible_is_empty(empty: str) -> None:
    assert Text(0, 9).deserialize(empty) == ""
    with pytest.raises(ma.ValidationError):
        Text(1, 9).deserialize(empty)


@pytest.mark.parametrize("text", ["\x00", "a\x0bb", "\ud800", "\ud83d\ude00"])
def test_what_nobody_types_is_refused(text: str) -> None:
    with pytest.raises(ma.ValidationError):
        Text(0, 9).deserialize(text)


def test_length_is_that_of_what_a_sign_unfolds_into(stage: Stage) -> None:
    assert Text(1, 18).deserialize("\ufdfa") == "\ufdfa"
    with pytest.raises(ma.ValidationError):
        Text(1, 17).deserialize("\ufdfa")
    answer = stage.host.post("/events", {"template": "hunt", "title": "\ufdfa" * 4})
    refused(answer, 422, "invalid")


def test_long_text_is_refused_without_sorting_its_combining_marks() -> None:
    began = time.process_time()
    with pytest.raises(ma.ValidationError):
        Text(1, 500).deserialize("a" + "\u0301\u0316" * 15_000)
    assert time.process_time() - began < 0.5


def test_title_of_an_event_cannot_be_turned_around(stage: Stage) -> None:
    asked = {"template": "hunt", "title": "\u202e会庆年周\u202c", "rehearsal": True}
    assert stage.host.ok("POST", "/events", asked)["title"] == "会庆年周"
