"""Whatever is sent to whichever operation: a 4xx with the error body, never a 500.

The operations come from the OpenAPI document, so that a new one is tried as soon as it is there.
"""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from backend.web.requests import MAX_BODY_BYTES, MAX_UPLOAD_BYTES
from tests.support import Phone, refused
from tests.web.operations import ENDLESS, JSON, Operation, Stage

SHAPE = {"code", "status", "error", "message", "request_id"}


@pytest.fixture
def with_body(every: list[Operation]) -> list[Operation]:
    """Return the operations that take JSON."""
    return [operation for operation in every if operation.takes_json]


@pytest.fixture
def client(stage: Stage) -> FlaskClient:
    """Return a client."""
    return stage.host.app.test_client()


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
UNKNOWN_FIELDS = {"a field that is none": b'{"a_field_that_is_none": 1}'}


@pytest.mark.parametrize("name", [*NOT_JSON, *NO_OBJECT, *UNKNOWN_FIELDS])
def test_body_that_is_no_object_is_refused(
    stage: Stage, with_body: list[Operation], name: str
) -> None:
    data = (NOT_JSON | NO_OBJECT | UNKNOWN_FIELDS)[name]
    for operation in with_body:
        for who in (stage.host, stage.player):
            answer = send(who, operation, stage.ids, data=data, content_type=JSON)
            is_refused(answer, operation)


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


def test_huge_upload_is_too_large(stage: Stage, every: list[Operation]) -> None:
    [upload] = [operation for operation in every if operation.path.endswith("/imports")]
    data = b"x" * (MAX_UPLOAD_BYTES + 1)
    how = {"data": data, "content_type": "multipart/form-data; boundary=b"}
    refused(send(stage.trainer, upload, stage.ids, **how), 413, "too_large")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"--b\r\n",
        b"--b--\r\n",
        b"\xff" * 2000,
        b"--b\r\nContent-Disposition: form-data\r\n\r\n",
    ],
)
def test_upload_without_a_file_is_refused(
    stage: Stage, every: list[Operation], data: bytes
) -> None:
    [upload] = [operation for operation in every if operation.path.endswith("/imports")]
    how = {"data": data, "content_type": "multipart/form-data; boundary=b"}
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
    for operation in with_body:
        for name in operation.fields:
            for value in WRONG_VALUES:
                body = {**_good(operation, stage), name: value}
                who = stage.player if "hunts" in operation.path else stage.host
                is_in_shape(send(who, operation, stage.ids, json=body), (operation, name, value))


def _good(operation: Operation, stage: Stage) -> dict[str, Any]:
    """Return a body whose every field is right, so that the wrong one is what is judged."""
    known = {
        "code": "nothing",
        "staff_number": "299999",
        "invite_code": "ABCDEFGH",
        "template": "hunt",
        "title": "A title",
        "action": "void" if operation.path.endswith("corrections") else "pause",
        "status": "active",
        "player_id": stage.ids["player_id"],
        "points": 1,
        "reason": "a reason",
        "question_id": stage.ids["question_id"],
        "site": "lake",
        "choice": ["A"],
        "event_id": stage.ids["event_id"],
        "pairing_code": "123456",
    }
    return {name: known[name] for name in operation.fields if name in known}


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
    answer = send(who, operation, stage.ids, json={**_good(operation, stage), field: value})
    refused(answer, 422, "invalid")
    assert answer.json is not None
    assert list(answer.json["errors"]) == [field]


ODD_IDS = [
    "0",
    "-1",
    "1.5",
    "+1",
    "abc",
    "999999999",
    str(2**53),
    str(2**63),
    str(2**64),
    "9" * 100,
    "9" * 5000,
    "%00",
    "1%00",
    "%ff%fe",
    "%ed%a0%80",
    "..",
    "%2e%2e",
    "%20",
    "１",
    "'%20OR%201=1--",
    "x" * 3000,
]


@pytest.mark.parametrize("odd", ODD_IDS, ids=lambda odd: odd[:20])
def test_unknown_id_is_refused(stage: Stage, every: list[Operation], odd: str) -> None:
    for operation in every:
        for name in operation.names():
            ids = {**stage.ids, name: odd}
            for who in (stage.host, stage.player):
                is_refused(send(who, operation, ids, json=_good(operation, stage)), operation)


ODD_QUERIES = ["-1", "0", "1.5", "abc", "", "9" * 30, "9" * 5000, "%00", "%ff", "%ed%a0%80", "[]"]


@pytest.mark.parametrize("odd", ODD_QUERIES, ids=lambda odd: odd[:20])
def test_odd_query_is_no_fault_of_ours(stage: Stage, every: list[Operation], odd: str) -> None:
    for operation in every:
        if operation.path == ENDLESS or operation.method != "GET":
            continue
        for name in operation.query:
            path = f"{operation.at(stage.ids)}?{name}={odd}&{name}={odd}"
            headers = {"Authorization": f"Bearer {stage.host.token}"}
            is_in_shape(stage.host.app.test_client().get(path, headers=headers), path)


@pytest.mark.parametrize(
    "query",
    [
        "page=0",
        "page=100001",
        "page=x",
        "page_size=0",
        "page_size=201",
        f"page={10**30}",
        f"page={'9' * 5000}",
    ],
)
def test_page_that_cannot_be_is_refused(stage: Stage, query: str) -> None:
    refused(stage.host.get(f"/events?{query}"), 422, "invalid")


@pytest.mark.parametrize("query", ["top=0", "top=201", "top=x", "scope=x", "around=you", "top="])
def test_board_query_that_cannot_be_is_refused(stage: Stage, query: str) -> None:
    path = f"/events/{stage.ids['event_id']}/leaderboards/event?{query}"
    refused(stage.player.get(path), 422, "invalid")


@pytest.mark.parametrize("query", ["view=x", "view=%00", f"view={'x' * 5000}"])
def test_stream_query_that_cannot_be_is_refused(stage: Stage, query: str) -> None:
    refused(stage.host.get(f"/events/{stage.ids['event_id']}/stream?{query}"), 422, "invalid")


@pytest.mark.parametrize("last", ["x", "-1", "1", "1-", "9" * 40 + "-0", "1-1-1", "+"])
def test_stream_cannot_resume_from_nonsense(stage: Stage, last: str) -> None:
    path = f"/events/{stage.ids['event_id']}/stream"
    refused(stage.host.call("GET", path, headers={"Last-Event-ID": last}), 422, "invalid")


@pytest.mark.parametrize("method", ["PATCH", "TRACE", "PUT", "DELETE", "POST", "GET", "BREW"])
def test_method_that_is_not_offered_is_refused(
    stage: Stage, client: FlaskClient, every: list[Operation], method: str
) -> None:
    offered: dict[str, set[str]] = {}
    for operation in every:
        offered.setdefault(operation.at(stage.ids), set()).add(operation.method)
    for path in [path for path, methods in offered.items() if method not in methods]:
        answer = client.open(path, method=method)
        refused(answer, 405, "method_not_allowed")
        assert offered[path] <= set(answer.headers["Allow"].split(", "))


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/nothing",
        "/api",
        "/api/v1",
        "/api/v1/",
        "/api/v2/me",
        "/api/v1/me/",
        "/api/v1/events/1/nothing",
        "/api/docs/static/nothing.js",
        "/api/docs/static/../../backend/config.py",
        "/api/docs/static/%2e%2e/%2e%2e/config.py",
        "/screen/static/nothing.js",
        "/screen/static/../api.py",
        "/screen/static/%2e%2e/api.py",
        "/%00",
        "/%ff",
        "/" + "x" * 5000,
    ],
)
def test_unknown_route_is_not_found(client: FlaskClient, path: str) -> None:
    refused(client.get(path), 404, "not_found")


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer x",
        "Bearer a.b.c",
        "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.",
        "Basic YTpi",
        "Bearer " + "x" * 20_000,
        "Bearer \u00ff\u00fe",
        "Digest username=x",
        "\x01",
    ],
)
def test_token_that_is_none_is_refused(
    stage: Stage, client: FlaskClient, every: list[Operation], header: str
) -> None:
    for operation in every:
        if operation.path in ("/api/v1/login", "/api/v1/screens/pairings") or (
            "secret" in operation.names()
        ):
            continue
        answer = client.open(
            operation.at(stage.ids),
            method=operation.method,
            headers={"Authorization": header},
            json=_good(operation, stage) if operation.takes_json else None,
        )
        is_refused(answer, operation)
        assert answer.status_code in (401, 422), (operation, answer.text)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Accept-Language", "xx;q=zz,,;=" * 100),
        ("Accept-Language", "*"),
        ("Accept", "application/xml"),
        ("X-Request-Id", "a b\u00ff" * 100),
        ("Cookie", "linka_screen_1=\u00ff; =;;"),
        ("Content-Length", "x"),
        ("Content-Encoding", "gzip"),
        ("Content-Type", "application/json; charset=nonsense"),
        ("Range", "bytes=5-1"),
        ("If-None-Match", '"' * 99),
        ("Host", "[half"),
        ("X-Forwarded-For", "\u00ff"),
    ],
)
def test_odd_header_is_no_fault_of_ours(
    stage: Stage, client: FlaskClient, name: str, value: str
) -> None:
    token = {"Authorization": f"Bearer {stage.host.token}"}
    for path in ("/api/v1/me", f"/screen/{stage.ids['event_id']}", "/api/docs", "/readyz"):
        assert client.get(path, headers={**token, name: value}).status_code < 500, path
    answer = client.post("/api/v1/events/join", headers={**token, name: value}, json={"code": "X"})
    assert answer.status_code < 500


@pytest.mark.parametrize("key", ["", " ", "x" * 129, "\u00ff", "a b"])
def test_idempotency_key_that_cannot_be_is_refused(stage: Stage, key: str) -> None:
    body = {"player_id": stage.ids["player_id"], "points": 1, "reason": "a reason"}
    path = f"/events/{stage.ids['event_id']}/adjustments"
    refused(stage.host.call("POST", path, body, {"Idempotency-Key": key}), 422, "invalid")
    refused(stage.host.call("POST", path, body), 422, "invalid")
