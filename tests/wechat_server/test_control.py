"""The control API: what it does, and that it refuses nonsense by 4xx."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from miniprogram_stub.wechat_server import control
from miniprogram_stub.wechat_server.emulator import Emulator
from miniprogram_stub.wechat_server.identities import openid_of, unionid_of

from .conftest import APPID, SECRET

PATHS = ["/apps", "/users", "/codes", "/clock", "/faults"]


class Console:
    """Somebody at the control API."""

    def __init__(self, emulator: Emulator) -> None:
        self.client = control.create_app(emulator).test_client()

    def __call__(self, method: str, path: str, body: object = None):
        data = body if isinstance(body, bytes) or body is None else json.dumps(body)
        return self.client.open("/__emulator__" + path, method=method, data=data)

    def ok(self, method: str, path: str, body: object = None) -> dict:
        answer = self(method, path, body)
        assert answer.status_code == 200, answer.text
        return answer.json


@pytest.fixture
def console(wire) -> Console:
    return Console(wire.emulator)


def test_a_person_is_made_once_and_looked_up(console):
    made = console.ok("POST", "/users", {"key": "alice"})
    assert made == {
        "key": "alice",
        "appid": APPID,
        "openid": openid_of(APPID, "alice"),
        "unionid": None,
        "blocked": False,
    }
    assert console.ok("POST", "/users", {"key": "alice"}) == made
    assert console.ok("GET", "/users?key=alice") == made
    assert console.ok("GET", "/")["users"] == 1


def test_a_person_nobody_made_is_not_found(console):
    answer = console("GET", "/users?key=nobody")
    assert (answer.status_code, answer.json) == (404, {"error": "unknown_user"})
    assert console.ok("GET", "/")["users"] == 0


def test_unionid_and_block_are_changed_one_by_one(console):
    console.ok("POST", "/users", {"key": "alice", "unionid": True})
    user = console.ok("POST", "/users", {"key": "alice", "blocked": True})
    assert (user["unionid"], user["blocked"]) == (unionid_of("alice"), True)
    user = console.ok("POST", "/users", {"key": "alice", "blocked": False, "unionid": False})
    assert (user["unionid"], user["blocked"]) == (None, False)


def test_a_code_is_given_and_its_person_made(console, wire):
    code = console.ok("POST", "/codes", {"user": "alice"})["code"]
    assert wire.redeem(code)["openid"] == openid_of(APPID, "alice")


def test_codes_for_many_come_in_their_order(console, wire):
    keys = [f"phone-{n}" for n in range(300)]
    codes = console.ok("POST", "/codes", {"users": keys})["codes"]
    openids = [wire.redeem(code)["openid"] for code in codes]
    assert openids == [openid_of(APPID, key) for key in keys]


def test_a_blocked_person_cannot_log_in(console, wire):
    console.ok("POST", "/users", {"key": "alice", "blocked": True})
    code = console.ok("POST", "/codes", {"user": "alice"})["code"]
    assert wire.redeem(code)["errcode"] == 40226


def test_another_app_has_its_own_people(console, wire):
    console.ok("POST", "/apps", {"appid": "wxother", "secret": "other"})
    code = console.ok("POST", "/codes", {"user": "alice", "appid": "wxother"})["code"]
    answer = wire.redeem(code, appid="wxother", secret="other")
    assert answer["openid"] == openid_of("wxother", "alice")
    answer = console("POST", "/codes", {"user": "alice", "appid": "wxnone"})
    assert (answer.status_code, answer.json) == (404, {"error": "unknown_app"})


def test_time_passes_at_once(console, wire):
    code = console.ok("POST", "/codes", {"user": "alice"})["code"]
    told = console.ok("POST", "/clock", {"advance_seconds": 300.5})
    assert told == {"now": "2026-11-22T04:05:00.500Z", "offset_seconds": 300.5}
    assert console.ok("GET", "/clock") == told
    assert wire.redeem(code)["errcode"] == 40029


def test_time_passes_ten_years_at_most(console):
    year = {"advance_seconds": 365 * 24 * 3600}
    assert [console("POST", "/clock", year).status_code for _ in range(11)] == [200] * 10 + [400]


def test_a_fault_hits_the_next_call_unless_told_otherwise(console, wire):
    body = {"path": "/sns/jscode2session", "kind": "errcode", "errcode": -1}
    fault = console.ok("POST", "/faults", body)
    assert (fault["left"], fault["every"], fault["handled"]) == (1, 1, False)
    assert [wire.redeem("x")["errcode"] for _ in range(2)] == [-1, 40029]
    shown = console.ok("GET", "/faults")["faults"]
    assert [(fault["hits"], fault["left"]) for fault in shown] == [(1, 0)]


def test_a_fault_at_each_so_many_calls_goes_on_until_deleted(console, wire):
    body = {"path": "*", "kind": "errcode", "errcode": 45011, "every": 2}
    console.ok("POST", "/faults", body)
    assert [wire.redeem("x")["errcode"] for _ in range(4)] == [40029, 45011, 40029, 45011]
    assert console.ok("DELETE", "/faults") == {"faults": []}
    assert [wire.redeem("x")["errcode"] for _ in range(2)] == [40029, 40029]


def test_requests_are_shown_after_a_number(console, wire):
    wire.redeem("x")
    last = console.ok("GET", "/requests")["last"]
    wire.token()
    shown = console.ok("GET", f"/requests?after={last}")
    assert [entry["path"] for entry in shown["requests"]] == ["/cgi-bin/token"]


def test_reset_forgets_everything_but_not_who_is_who(console, wire):
    before = console.ok("POST", "/users", {"key": "alice"})["openid"]
    code = wire.login()
    console.ok("POST", "/clock", {"advance_seconds": 60})
    console.ok("POST", "/faults", {"path": "*", "kind": "drop"})
    assert console.ok("POST", "/reset") == {
        "appid": APPID,
        "now": "2026-11-22T04:00:00.000Z",
        "users": 0,
        "codes": 0,
        "calls": 0,
        "faults": 0,
    }
    assert wire.redeem(code)["errcode"] == 40029
    assert console.ok("POST", "/users", {"key": "alice"})["openid"] == before


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/users", {}, "key"),
        ("/users", {"key": ""}, "key"),
        ("/users", {"key": 7}, "key"),
        ("/users", {"key": "x" * 65}, "key"),
        ("/users", {"key": "two words"}, "key"),
        ("/users", {"key": "\ud800"}, "key"),
        ("/users", {"key": "alice", "blocked": "yes"}, "blocked"),
        ("/users", {"key": "alice", "unknown": 1}, "unknown"),
        ("/users", [], "_schema"),
        ("/codes", {}, "user"),
        ("/codes", {"user": "a", "users": ["b"]}, "user"),
        ("/codes", {"users": "alice"}, "users"),
        ("/codes", {"users": ["alice", None]}, "users"),
        ("/codes", {"users": ["a"] * 10_001}, "users"),
        ("/clock", {}, "advance_seconds"),
        ("/clock", {"advance_seconds": -1}, "advance_seconds"),
        ("/clock", {"advance_seconds": float("inf")}, "advance_seconds"),
        ("/clock", {"advance_seconds": 10**400}, "advance_seconds"),
        ("/faults", {"path": "*", "kind": "fire"}, "kind"),
        ("/faults", {"path": "sns", "kind": "drop"}, "path"),
        ("/faults", {"path": "*", "kind": "errcode"}, "errcode"),
        ("/faults", {"path": "*", "kind": "errcode", "errcode": 0}, "errcode"),
        ("/faults", {"path": "*", "kind": "errcode", "errcode": float("inf")}, "errcode"),
        ("/faults", {"path": "*", "kind": "drop", "errcode": -1}, "errcode"),
        ("/faults", {"path": "*", "kind": "latency"}, "seconds"),
        ("/faults", {"path": "*", "kind": "latency", "seconds": 601}, "seconds"),
        ("/faults", {"path": "*", "kind": "drop", "count": 0}, "count"),
        ("/faults", {"path": "*", "kind": "drop", "every": 1.5}, "every"),
        ("/apps", {"appid": "wxother"}, "secret"),
    ],
)
def test_nonsense_is_refused_field_by_field(console, path, body, field):
    answer = console("POST", path, body)
    assert answer.status_code == 400
    assert answer.json["error"] == "invalid"
    assert field in answer.json["errors"]


@pytest.mark.parametrize("body", [b"{", b"\xff", b"[" * 100_000, b"user=alice"])
def test_what_is_not_json_is_refused(console, body):
    assert console("POST", "/codes", body).json["error"] == "invalid"


def test_what_is_too_long_is_refused(console):
    answer = console("POST", "/codes", b" " * (4 * 1024 * 1024 + 1))
    assert (answer.status_code, answer.json["error"]) == (413, "request_entity_too_large")


@pytest.mark.parametrize(
    ("method", "path", "status", "error"),
    [
        ("GET", "/nothing", 404, "not_found"),
        ("PUT", "/users", 405, "method_not_allowed"),
        ("GET", "/users", 400, "invalid"),
        ("GET", "/requests?after=x", 400, "invalid"),
        ("GET", "/requests?after=-1", 400, "invalid"),
    ],
)
def test_wrong_paths_methods_and_queries(console, method, path, status, error):
    answer = console(method, path)
    assert (answer.status_code, answer.json["error"]) == (status, error)


names = ["key", "user", "users", "appid", "secret", "path", "kind", "errcode", "seconds", "count"]
names += ["every", "handled", "advance_seconds", "unionid", "blocked", "x"]
values = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["*", "/sns", "errcode", "latency", APPID])
)


@given(
    path=st.sampled_from(PATHS),
    body=st.dictionaries(st.sampled_from(names), values | st.lists(values, max_size=3)),
)
@settings(max_examples=300, deadline=None, database=None)
def test_no_body_makes_it_fail(path, body):
    answer = ANY_CONSOLE("POST", path, body)
    assert answer.status_code in (200, 400, 404)


ANY_CONSOLE = Console(Emulator(APPID, SECRET))
