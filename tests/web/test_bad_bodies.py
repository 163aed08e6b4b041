"""Whatever body is sent to whichever operation: a 4xx with the error body, never a 500.

The operations come from the OpenAPI document, so that a new one is tried as soon as it is there.
"""

from typing import Any

import pytest

from backend.web.bodies import MAX_BODY_BYTES, MAX_UPLOAD_BYTES
from tests.support import refused
from tests.web.asking import accepts, good_body, is_in_shape, is_refused, schema_of, send
from tests.web.operations import JSON, Operation, Stage


@pytest.fixture
def with_body(every: list[Operation]) -> list[Operation]:
    """Return the operations that take JSON."""
    return [operation for operation in every if operation.takes_json]


NOT_JSON = {
    "nothing": b"",
    "half an object": b'{"code": ',
    "words": b"nonsense",
    "bad UTF-8": b'{"code": "\xff\xfe"}',
    "UTF-16": '{"code": "x"}'.encode("utf-16"),
    "NUL": b"\x00",
    "two values": b"{}{}",
    "a form": b"code=x",
    "too deep": b"[" * 50_000,
    "objects too deep": b'{"a":' * 30_000,
    "a number of 5,000 digits": b"1" * 5000,
    "a key that is none": b"{1: 2}",
}
NO_OBJECT = {"null": b"null", "a number": b"7", "a list": b"[]", "text": b'"x"', "true": b"true"}
UNREADABLE_NAMES = ("\ud800", "a\udfffb", "\x00", "", "x" * 5000, "__class__", "{0}%s", "\u202e")
UNKNOWN_FIELDS = {"a field that is none": b'{"a_field_that_is_none": 1}'}


@pytest.mark.parametrize("name", UNREADABLE_NAMES, ids=lambda name: ascii(name)[:20])
def test_name_that_is_no_text_is_refused(
    stage: Stage, with_body: list[Operation], name: str
) -> None:
    for operation in with_body:
        good, schema = good_body(operation, stage), schema_of(stage.host.app, operation)
        for body in ({name: 1}, *nested(good, name)):
            if accepts(schema, body):
                is_refused(send(stage.host, operation, stage.ids, json=body), (operation, body))
        body = {**good, name: 1}
        is_refused(send(stage.host, operation, stage.ids, json=body), (operation, body))


def nested(good: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """Return bodies in which the name stands inside the value of a field."""
    return [{**good, field: {name: 1}} for field in good] + [
        {**good, field: [{"a": {name: [1]}}]} for field in good
    ]


@pytest.mark.parametrize("name", [*NOT_JSON, *NO_OBJECT, *UNKNOWN_FIELDS])
def test_body_that_is_no_object_is_refused(
    stage: Stage, with_body: list[Operation], name: str
) -> None:
    data = (NOT_JSON | NO_OBJECT | UNKNOWN_FIELDS)[name]
    for operation in with_body:
        answer = send(stage.host, operation, stage.ids, data=data, content_type=JSON)
        is_refused(answer, operation)


MANY = 6_000
MANY_FIELDS = "{" + ", ".join(f'"f{at}": 0' for at in range(MANY)) + "}"
MANY_MEMBERS = [f"[{', '.join([member] * MANY)}]" for member in ("[]", "{}", '"B"', "1")]


def test_very_many_fields_or_members_are_refused_in_a_few_words(
    stage: Stage, with_body: list[Operation]
) -> None:
    """An error for each of 60,000 members occupied a worker for two seconds and made an answer of 2
    MB.
    """
    lists = 0
    for operation in with_body:
        names = [name for name, one in operation.fields.items() if one.get("type") == "array"]
        lists += len(names)
        bodies = [f'{{"{name}": {members}}}' for name in names for members in MANY_MEMBERS]
        for data in (MANY_FIELDS, *bodies):
            answer = send(stage.host, operation, stage.ids, data=data, content_type=JSON)
            is_refused(answer, operation)
            assert len(answer.data) < 20_000, operation
    assert lists > 10


def test_body_of_another_type_is_refused(stage: Stage, with_body: list[Operation]) -> None:
    for operation in with_body:
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""):
            answer = send(stage.host, operation, stage.ids, data=b"code=x", content_type=kind)
            is_refused(answer, (operation, kind))


def test_huge_body_is_too_large(stage: Stage, with_body: list[Operation]) -> None:
    data = b'{"code": "' + b"x" * MAX_BODY_BYTES + b'"}'
    for operation in with_body:
        answer = send(stage.host, operation, stage.ids, data=data, content_type=JSON)
        refused(answer, 413, "too_large")


def uploads(every: list[Operation]) -> list[Operation]:
    """Return the operations that take a file."""
    found = [o for o in every if o.method == "POST" and o.path.endswith(("/imports", "/pictures"))]
    assert len(found) > 5
    return found


def test_huge_upload_is_too_large(stage: Stage, every: list[Operation]) -> None:
    data = b"x" * (MAX_UPLOAD_BYTES + 1)
    how = {"data": data, "content_type": "multipart/form-data; boundary=b"}
    for upload in uploads(every):
        refused(send(stage.trainer, upload, stage.ids, **how), 413, "too_large")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"--b\r\n",
        b"--b--\r\n",
        b"\xff" * 2000,
        b"--b\r\nContent-Disposition: form-data\r\n\r\n",
        b'--b\r\nContent-Disposition: form-data; name="\xed\xa0\x80"\r\n\r\nx\r\n--b--\r\n',
        b'--b\r\nContent-Disposition: form-data; name="\x00"; filename="\xff"\r\n\r\nx\r\n--b--\r\n',
    ],
)
def test_upload_without_a_file_is_refused(
    stage: Stage, every: list[Operation], data: bytes
) -> None:
    how = {"data": data, "content_type": "multipart/form-data; boundary=b"}
    for upload in uploads(every):
        is_refused(send(stage.trainer, upload, stage.ids, **how), data)


WRONG_VALUES: list[Any] = [
    None,
    0,
    -1,
    1.5,
    2**31,
    2**53,
    2**63,
    2**64,
    10**100,
    1e308,
    float("nan"),
    float("inf"),
    True,
    "",
    " ",
    "x" * 100_000,
    "\x00",
    "a\x00b",
    "\ud800",
    "\ud83d",
    "\u202e\ufeff",
    "'; DROP TABLE event; --",
    "%s%d{0}{name}",
    "１２３４５６",
    "9999-99-99T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "2026-11-22T10:00:00",
    [],
    [[]],
    [None],
    ["\ud800"],
    ["A"] * 10_000,
    {},
    {"a": {"b": 1}},
]


def test_wrong_value_of_any_field_is_no_fault_of_ours(
    stage: Stage, with_body: list[Operation]
) -> None:
    """What a schema refuses has one answer, which is asked for once for each field."""
    for operation in with_body:
        schema, who = schema_of(stage.host.app, operation), stage.host
        if "hunts" in operation.path:
            who = stage.player
        for name in operation.fields:
            bodies = [{**good_body(operation, stage), name: value} for value in WRONG_VALUES]
            taken = [body for body in bodies if accepts(schema, body)]
            refused_one = next((body for body in bodies if body not in taken), None)
            for body in (*taken, refused_one):
                answer = send(who, operation, stage.ids, json=body)
                is_in_shape(answer, (operation, name, body))


@pytest.mark.parametrize(
    "value", [None, "x", 1.5, True, [], {}, 2**63, "\ud800"], ids=lambda value: ascii(value)
)
@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/login", "code"),
        ("/events", "opens_at"),
        ("/events/{event_id}/adjustments", "points"),
        ("/events/{event_id}/adjustments", "player_id"),
        ("/hunts/{activity_id}/digs/{dig_id}/answer", "choice"),
        ("/screens/pairings", "event_id"),
    ],
)
def test_field_of_a_wrong_type_is_named(
    stage: Stage, with_body: list[Operation], path: str, field: str, value: Any
) -> None:
    if (field, value) in (("code", "x"), ("opens_at", None)):
        return
    operation = next(o for o in with_body if (o.method, o.path) == ("POST", "/api/v1" + path))
    who = stage.player if "hunts" in path else stage.host
    answer = send(who, operation, stage.ids, json={**good_body(operation, stage), field: value})
    refused(answer, 422, "invalid")
    assert answer.json is not None
    assert list(answer.json["errors"]) == [field]
