"""Calls operations in tests of bad input, and checks the shape of every refusal."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import unquote

import marshmallow as ma
from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

from backend.web.messages import by_field
from backend.web.schema import is_text
from tests.support import Phone
from tests.web.operations import JSON, Operation, Stage

SHAPE = {"code", "status", "error", "message", "request_id"}


def is_refused(answer: TestResponse, asked: object) -> None:
    """Assert a 4xx in the common shape."""
    assert 400 <= answer.status_code < 500, (asked, answer.status_code, answer.text)
    is_in_shape(answer, asked)


def is_in_shape(answer: TestResponse, asked: object) -> None:
    """Assert that there is no fault of ours, and that a refusal has the common shape."""
    assert answer.status_code < 500, (asked, answer.text)
    if answer.status_code >= 400:
        body = answer.json
        assert isinstance(body, dict), (asked, answer.text)
        assert SHAPE <= body.keys() <= SHAPE | {"errors"}, (asked, body)
        assert body["code"] == answer.status_code, asked
        assert answer.headers["X-Request-Id"] == body["request_id"], asked


def send(who: Phone, operation: Operation, ids: dict[str, Any], **how: Any) -> TestResponse:
    """Call an operation in somebody's name. JSON is written in ASCII, so that it may hold anything."""
    if "json" in how:
        how |= {"data": json.dumps(how.pop("json")), "content_type": JSON}
    headers = {"Authorization": f"Bearer {who.token}"} if who.token else {}
    if operation.path.endswith("adjustments"):
        headers["Idempotency-Key"] = "a-key"
    return who.app.test_client().open(
        operation.at(ids), method=operation.method, headers=headers, **how
    )


def routed(
    app: Flask, operation: Operation, ids: Iterable[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Yield the ids whose path leads to an operation; all others get the same answer, 404."""
    adapter = app.url_map.bind("localhost")
    for found in ids:
        path = unquote(operation.at(found), errors="replace")
        try:
            adapter.match(path, method=operation.method)
        except (HTTPException, RequestRedirect):
            continue
        yield found


def schema_of(app: Flask, operation: Operation, place: str = "json") -> ma.Schema:
    """Return the schema with which an operation reads its body or its query (`place`)."""
    path = re.sub(r"\{(\w+)\}", "1", operation.path)
    endpoint, _ = app.url_map.bind("localhost").match(path, method=operation.method)
    described: Any = app.view_functions[endpoint]
    return next(
        found["schema"]
        for found in described._apidoc["arguments"]["parameters"]
        if found["in"] == place
    )


def accepts(schema: ma.Schema, body: dict[str, Any]) -> bool:
    """Return whether a schema accepts a body; messages about a refusal must be in both languages."""
    if not is_text(body):
        return False
    try:
        schema.load(body)
    except ma.ValidationError as error:
        said = [text for texts in by_field(error.messages_dict).values() for text in texts]
        assert all(text.said("zh") and text.said("en") for text in said), (schema, body)
        return False
    return True


def good_body(operation: Operation, stage: Stage) -> dict[str, Any]:
    """Return a body whose every field is right, so that the wrong one is what is judged."""
    known = {
        "code": "nothing",
        "staff_number": "299999",
        "invite_code": "ABCDEFGH",
        "template": "hunt",
        "title": "A title",
        "action": _action(operation.path),
        "mode": "race",
        "count": 1,
        "status": _status(operation.path),
        "player_id": stage.ids["player_id"],
        "points": 1,
        "reason": "a reason",
        "question_id": stage.ids["question_id"],
        "site": "lake",
        "choice": ["A"],
        "event_id": stage.ids["event_id"],
        "pairing_code": "123456",
        "receipt": "a-receipt-of-a-phone-1",
        "heats": [1],
        "first": 1,
        "hidden": False,
        "text": "种一棵树",
        "into": 999,
        "number": 3,
        "best": 2,
    }
    return {name: known[name] for name in operation.fields if name in known}


def _status(path: str) -> str:
    if "suggestions" in path:
        return "adopted"
    return "approved" if "moderation" in path else "active"


def _action(path: str) -> str:
    if path.endswith("corrections"):
        return "void"
    return "begin" if "contests" in path else "pause"
