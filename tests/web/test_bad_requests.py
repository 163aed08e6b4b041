"""Impossible ids, queries, methods, routes and headers get a 4xx with the error body, never a
500."""

from itertools import cycle
from typing import Any

import pytest
from flask.testing import FlaskClient

from backend.identity.tokens import Tokens
from tests.support import START, refused
from tests.web.asking import good_body, is_in_shape, is_refused, routed, send
from tests.web.operations import ENDLESS, JSON, Operation, Stage

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
        odd_ones = [{**stage.ids, name: odd} for name in operation.names()]
        for ids in routed(stage.host.app, operation, odd_ones):
            is_refused(
                send(stage.host, operation, ids, json=good_body(operation, stage)), operation
            )


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


def test_number_in_a_query_is_read_from_its_text(stage: Stage, every: list[Operation]) -> None:
    for operation in every:
        if operation.path == ENDLESS or operation.method != "GET":
            continue
        for name in operation.query:
            path = f"{operation.at(stage.ids)}?{name}=1".removeprefix("/api/v1")
            answer = stage.host.get(path)
            wrong: Any = answer.json if answer.status_code == 422 else {}
            assert "须为整数。" not in wrong.get("errors", {}).get(name, []), path


ODD_NAMES = ["%ed%a0%80", "%00", "%ff", "page%00", "", "x" * 500, "__class__", "page%5b%5d"]


def test_odd_names_in_a_query_are_no_fault_of_ours(stage: Stage, every: list[Operation]) -> None:
    headers = {"Authorization": f"Bearer {stage.host.token}"}
    query = "&".join(f"{odd}=1&{odd}=2" for odd in ODD_NAMES)
    for operation in every:
        if operation.path != ENDLESS and operation.method == "GET":
            path = f"{operation.at(stage.ids)}?{query}"
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
        "/nothing",
        "/api",
        "/api/v1",
        "/api/v2/me",
        "/api/docs/",
        "/api/docs/static/nothing.js",
        "/api/docs/swagger-ui/nothing.js",
        "/api/docs/swagger-ui/../flask_swagger_ui.py",
        "/api/docs/swagger-ui/%2e%2e/flask_swagger_ui.py",
        "/api/docs/static/../../backend/config.py",
        "/api/docs/static/%2e%2e/%2e%2e/config.py",
        "/screen/static/nothing.js",
        "/screen/static/../api.py",
        "/screen/static/%2e%2e/api.py",
        "/screen/kinds/nothing/nothing.js",
        "/screen/kinds/keywords/nothing.js",
        "/screen/kinds/keywords/../kind.py",
        "/screen/kinds/keywords/%2e%2e/kind.py",
        "/%00",
        "/%ff",
        "/" + "x" * 5000,
    ],
)
def test_unknown_route_is_not_found(client: FlaskClient, path: str) -> None:
    refused(client.get(path), 404, "not_found")


@pytest.mark.parametrize("path", ["/", "/me/", "/events/1/nothing"])
def test_unknown_operation_is_not_found_by_those_who_have_a_token(
    stage: Stage, client: FlaskClient, path: str
) -> None:
    refused(client.get(f"/api/v1{path}"), 401, "unauthenticated")
    refused(stage.guest.get(path), 404, "not_found")


NO_TOKENS = [
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
]


def test_token_that_is_none_is_refused(
    stage: Stage, client: FlaskClient, every: list[Operation]
) -> None:
    closed = [operation for operation in every if not operation.is_public]
    # The token is read before the operation is looked at: one after the other will do.
    for operation, header in zip(closed, cycle(NO_TOKENS), strict=False):
        answer = client.open(
            operation.at(stage.ids),
            method=operation.method,
            headers={"Authorization": header},
            json=good_body(operation, stage) if operation.takes_json else None,
        )
        refused(answer, 401, "unauthenticated")
    assert len(closed) > 10 * len(NO_TOKENS)


@pytest.mark.parametrize("odd", ["999999999", "x"])
def test_who_has_no_token_learns_nothing_of_ids_bodies_and_queries(
    stage: Stage, client: FlaskClient, every: list[Operation], odd: str
) -> None:
    for operation in every:
        if operation.is_public:
            continue
        ids = dict.fromkeys(operation.names(), odd)
        for data in (None, b'{"\\ud800": 1'):
            answer = client.open(
                f"{operation.at(ids)}?page=x",
                method=operation.method,
                data=data,
                content_type=JSON,
            )
            # The router takes a number beyond all ids for another method's path now and then.
            statuses = {401, 405} | ({403} if operation.takes_screen else set())
            assert answer.status_code in statuses, operation


def test_signed_out_token_is_refused_before_ids_and_bodies(
    stage: Stage, client: FlaskClient, every: list[Operation]
) -> None:
    tokens: Tokens = stage.host.app.extensions["linka.logins"].tokens
    account_id, version = tokens.read(stage.guest.token, START)
    old, _ = tokens.issue(account_id, version - 1, START)
    for operation in every:
        if operation.is_public:
            continue
        ids = dict.fromkeys(operation.names(), 999999999)
        for how in ({}, {"data": b"{", "content_type": JSON}):
            answer = client.open(
                operation.at(ids),
                method=operation.method,
                headers={"Authorization": f"Bearer {old}"},
                **how,
            )
            refused(answer, 401, "signed_out")


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
    for path in ("/api/v1/me", f"/screen/{stage.ids['event_id']}", "/api/docs", "/", "/readyz"):
        assert client.get(path, headers={**token, name: value}).status_code < 500, path
    answer = client.post("/api/v1/events/join", headers={**token, name: value}, json={"code": "X"})
    assert answer.status_code < 500


@pytest.mark.parametrize("key", ["", " ", "x" * 129, "\u00ff", "a b"])
def test_idempotency_key_that_cannot_be_is_refused(stage: Stage, key: str) -> None:
    body = {"player_id": stage.ids["player_id"], "points": 1, "reason": "a reason"}
    path = f"/events/{stage.ids['event_id']}/adjustments"
    refused(stage.host.call("POST", path, body, {"Idempotency-Key": key}), 422, "invalid")
    refused(stage.host.call("POST", path, body), 422, "invalid")
