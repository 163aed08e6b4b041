"""Conventions of all calls, the journal and the faults, without a network."""

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from miniprogram_stub.wechat_server.calls import ENDPOINTS, Call
from miniprogram_stub.wechat_server.facts import Quotas
from miniprogram_stub.wechat_server.faults import KINDS, Fault
from miniprogram_stub.wechat_server.refusals import error_text

from .conftest import SECRET, HandClock, wire_with

RID = re.compile(r" rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}\Z")


@pytest.mark.parametrize(
    "path", ["/", "/sns/jsCode2session", "/SNS/jscode2session", "/sns/jscode2session/", "/nothing"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "PATCH"])
def test_paths_are_case_sensitive_and_exact(wire, method, path):
    answer = wire.send(Call(method, path, {}))
    assert answer["errcode"] == 40066
    assert answer["errmsg"].startswith("invalid url")


@pytest.mark.parametrize("path", ENDPOINTS)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "FOO"])
def test_wrong_methods(wire, method, path):
    errcode = wire.send(Call(method, path, {}))["errcode"]
    right = ENDPOINTS[path].method
    assert (errcode == {"GET": 43001, "POST": 43002}[right]) == (method != right)


def test_every_refusal_carries_its_own_rid_the_same_in_every_run(clock):
    runs = []
    for _ in range(2):
        wire = wire_with(HandClock(), Quotas())
        runs.append([wire.get("/nothing")["errmsg"] for _ in range(50)])
    assert runs[0] == runs[1]
    assert len(set(runs[0])) == 50
    assert all(RID.search(text) for text in runs[0])


FURTHER_CODES = [
    *(40004, 40033, 40037, 41003, 41030, 42002, 42003, 42007, 43003, 43101, 44990, 44993, 45015),
    *(45047, 47003, 48001, 48006, 50007, 87020, 89503),
]


@pytest.mark.parametrize("errcode", FURTHER_CODES)
def test_code_that_only_a_fault_gives_has_a_text_of_its_own(wire, errcode):
    wire.emulator.faults.add(Fault(path="*", kind="errcode", handled=False, errcode=errcode))
    answer = wire.redeem("x")
    assert answer["errcode"] == errcode
    assert not answer["errmsg"].startswith("system error")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
parameters = st.sampled_from(["appid", "secret", "grant_type", "js_code", "access_token", "openid"])


@given(
    method=st.sampled_from(["GET", "POST"]),
    path=st.sampled_from([*ENDPOINTS, "/x"]),
    query=st.dictionaries(parameters, st.text(max_size=8)),
    body=st.binary(max_size=20)
    | st.dictionaries(parameters | st.just("force_refresh"), json_values).map(
        lambda value: json.dumps(value).encode()
    ),
)
@settings(max_examples=300, deadline=None, database=None)
def test_any_call_gets_a_verdict(method, path, query, body):
    wire = wire_with(HandClock(), Quotas())
    answer = wire.send(Call(method, path, query, body))
    assert answer["errcode"] != 0
    assert RID.search(answer["errmsg"])


class TestJournal:
    def test_calls_are_noted_with_their_verdict(self, wire):
        session = wire.redeem(wire.login())
        wire.redeem("nonsense")
        first, second = wire.emulator.journal.after(0)
        assert first["openid"] == session["openid"]
        assert (first["errcode"], second["errcode"]) == (0, 40029)
        assert first["path"] == "/sns/jscode2session"
        assert first["parameters"] == ["appid", "grant_type", "js_code", "secret"]
        assert first["called_at"] == "2026-11-22T04:00:00.000Z"
        assert [entry["number"] for entry in wire.emulator.journal.after(1)] == [2]

    def test_the_rid_is_that_of_the_answer(self, wire):
        text = wire.get("/nothing")["errmsg"]
        assert text.endswith(wire.emulator.journal.after(0)[0]["rid"])

    def test_no_secret_gets_in(self, wire):
        code = wire.login()
        session = wire.redeem(code)
        wire.redeem(code, surprise=SECRET)
        tokens = [wire.token(), wire.stable_token()]
        wire.get("/wxa/checksession", access_token=tokens[0]["access_token"], signature="sig-1")
        text = json.dumps(wire.emulator.journal.after(0))
        hidden = [code, session["session_key"], SECRET, "sig-1", "surprise"]
        hidden += [token["access_token"] for token in tokens]
        assert [word for word in hidden if word in text] == []

    def test_it_is_bounded(self, wire):
        for _ in range(10_050):
            wire.get("/nothing")
        entries = wire.emulator.journal.after(0)
        assert (len(entries), entries[0]["number"]) == (10_000, 51)


class TestFaults:
    path = "/sns/jscode2session"

    def set(self, wire, kind="errcode", **more):
        more = {"path": self.path, "handled": False, "errcode": -1, **more}
        wire.emulator.faults.add(Fault(kind=kind, **more))

    def verdicts(self, wire, calls):
        return [wire.redeem("nonsense")["errcode"] for _ in range(calls)]

    def test_the_next_calls_are_hit(self, wire):
        self.set(wire, left=2)
        assert self.verdicts(wire, 4) == [-1, -1, 40029, 40029]

    def test_each_third_call_is_hit(self, wire):
        self.set(wire, every=3, left=None)
        assert self.verdicts(wire, 7) == [40029, 40029, -1, 40029, 40029, -1, 40029]

    def test_each_second_call_is_hit_twice_in_all(self, wire):
        self.set(wire, every=2, left=2)
        assert self.verdicts(wire, 6) == [40029, -1, 40029, -1, 40029, 40029]

    def test_other_paths_are_spared(self, wire):
        self.set(wire)
        assert "access_token" in wire.token()
        assert self.verdicts(wire, 1) == [-1]

    def test_a_star_means_any_path(self, wire):
        self.set(wire, path="*", errcode=40001)
        answer = wire.token()
        assert answer["errcode"] == 40001
        assert answer["errmsg"].startswith(error_text(40001))

    def test_faults_wait_for_each_other(self, wire):
        self.set(wire, errcode=-1)
        self.set(wire, errcode=45009)
        assert self.verdicts(wire, 3) == [-1, 45009, 40029]

    def test_cleared_faults_hit_nothing(self, wire):
        self.set(wire, left=None)
        wire.emulator.faults.clear()
        assert self.verdicts(wire, 1) == [40029]

    def test_latency_comes_before_the_right_answer(self, wire):
        self.set(wire, "latency", seconds=2.5, handled=True)
        assert "openid" in wire.redeem(wire.login())
        assert wire.slept == [2.5]

    def test_a_refused_call_leaves_the_code_good(self, wire):
        code = wire.login()
        self.set(wire)
        assert wire.redeem(code)["errcode"] == -1
        assert "openid" in wire.redeem(code)

    def test_a_lost_answer_has_burnt_the_code(self, wire):
        code = wire.login()
        self.set(wire, handled=True)
        assert [wire.redeem(code)["errcode"] for _ in range(2)] == [-1, 40163]

    @pytest.mark.parametrize("kind", KINDS)
    def test_the_journal_names_the_fault(self, wire, kind):
        self.set(wire, kind, handled=True)
        wire.emulator.handle(Call("GET", self.path, {}))
        entry = wire.emulator.journal.after(0)[0]
        assert entry["fault"] == kind
        assert entry["status"] == {"http_500": 500, "drop": None}.get(kind, 200)
