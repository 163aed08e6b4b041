"""Access tokens: two spaces, overlaps, forced refreshes, validity."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from miniprogram_stub.wechat_server.facts import Quotas
from miniprogram_stub.wechat_server.identities import session_signature
from miniprogram_stub.wechat_server.refusals import CallRefused
from miniprogram_stub.wechat_server.state import WeChat

from .conftest import APPID, NOON, SECRET, wire_with

LOOKS_RIGHT = "43_" + "x" * 133


def state_of(wire, token: str) -> int:
    """0 for a live token, else the errcode that it gets."""
    world = wire.emulator.world
    try:
        assert world.check_token(token, wire.emulator.clock.now()).appid == APPID
    except CallRefused as refused:
        return refused.errcode
    return 0


def test_token_lives_two_hours(wire, clock):
    answer = wire.token()
    assert set(answer) == {"access_token", "expires_in"}
    assert answer["expires_in"] == 7200
    clock.pass_seconds(7199.999)
    assert state_of(wire, answer["access_token"]) == 0
    clock.pass_seconds(0.001)
    assert state_of(wire, answer["access_token"]) == 42001


def test_each_call_makes_a_new_token_and_the_old_one_lives_five_minutes_more(wire, clock):
    old, new = wire.token()["access_token"], wire.token()["access_token"]
    assert old != new
    clock.pass_seconds(299.999)
    assert (state_of(wire, old), state_of(wire, new)) == (0, 0)
    clock.pass_seconds(0.001)
    assert (state_of(wire, old), state_of(wire, new)) == (40001, 0)


def test_stable_token_stays_the_same_and_its_rest_shrinks(wire, clock):
    first = wire.stable_token()
    clock.pass_seconds(6899)
    second = wire.stable_token()
    assert second["access_token"] == first["access_token"]
    assert (first["expires_in"], second["expires_in"]) == (7200, 301)


def test_stable_token_changes_five_minutes_before_its_end_and_both_live(wire, clock):
    old = wire.stable_token()["access_token"]
    clock.pass_seconds(6900)
    new = wire.stable_token()
    assert new["access_token"] != old
    assert new["expires_in"] == 7200
    clock.pass_seconds(299.999)
    assert (state_of(wire, old), state_of(wire, new["access_token"])) == (0, 0)
    clock.pass_seconds(0.001)
    assert (state_of(wire, old), state_of(wire, new["access_token"])) == (42001, 0)


def test_forced_refresh_kills_the_token_at_once(wire):
    old = wire.stable_token()["access_token"]
    new = wire.stable_token(force_refresh=True)["access_token"]
    assert (state_of(wire, old), state_of(wire, new)) == (40001, 0)


def test_forced_refresh_within_thirty_seconds_does_not_refresh(wire, clock):
    first = wire.stable_token(force_refresh=True)["access_token"]
    clock.pass_seconds(29.999)
    assert wire.stable_token(force_refresh=True)["access_token"] == first
    clock.pass_seconds(0.001)
    assert wire.stable_token(force_refresh=True)["access_token"] != first


def test_twenty_forced_refreshes_a_day(wire, clock):
    tokens = []
    for _ in range(22):
        tokens.append(wire.stable_token(force_refresh=True)["access_token"])
        clock.pass_seconds(30)
    assert len(set(tokens)) == 20
    clock.pass_seconds(24 * 3600)
    assert wire.stable_token(force_refresh=True)["access_token"] not in tokens


def test_the_two_spaces_know_nothing_of_each_other(wire, clock):
    plain, stable = wire.token()["access_token"], wire.stable_token()["access_token"]
    wire.token()
    wire.stable_token(force_refresh=True)
    clock.pass_seconds(30)
    assert (state_of(wire, plain), state_of(wire, stable)) == (0, 40001)
    clock.pass_seconds(300)
    assert state_of(wire, plain) == 40001
    assert state_of(wire, wire.stable_token()["access_token"]) == 0


@given(waits=st.lists(st.integers(0, 8000), max_size=20), forced=st.lists(st.booleans()))
@settings(max_examples=100, deadline=None, database=None)
def test_a_stable_token_is_always_good_for_five_minutes(waits, forced):
    world, now = WeChat(APPID, SECRET), NOON
    for wait, force in zip(waits, forced, strict=False):
        now += wait * 1000
        token = world.stable_token(APPID, SECRET, force, now)
        assert 300 <= token.expires_in(now) <= 7200
        assert world.check_token(token.text, now + 299_000)


@pytest.mark.parametrize(
    ("token", "errcode"), [("", 41001), ("nonsense", 40014), (LOOKS_RIGHT, 40001)]
)
def test_tokens_that_never_were(wire, token, errcode):
    assert state_of(wire, token) == errcode


def test_tokens_look_long_and_opaque(wire):
    for answer in (wire.token(), wire.stable_token()):
        assert len(answer["access_token"]) == 136


def test_a_token_belongs_to_its_app(wire):
    world = wire.emulator.world
    world.register("wxother", "other-secret")
    answer = wire.token(appid="wxother", secret="other-secret")
    app = world.check_token(answer["access_token"], wire.emulator.clock.now())
    assert app.appid == "wxother"


def test_day_quota_of_the_plain_endpoint_ends_at_midnight_in_beijing(clock):
    wire = wire_with(clock, Quotas(token_per_day=2))
    assert [wire.token().get("errcode", 0) for _ in range(3)] == [0, 0, 45009]
    clock.pass_seconds(12 * 3600 - 1)
    assert wire.token()["errcode"] == 45009
    clock.pass_seconds(1)
    assert "errcode" not in wire.token()


def test_minute_and_day_quotas_of_the_stable_endpoint(clock):
    wire = wire_with(clock, Quotas(stable_token_per_minute=2, stable_token_per_day=3))
    assert [wire.stable_token().get("errcode", 0) for _ in range(3)] == [0, 0, 45011]
    clock.pass_seconds(60)
    assert [wire.stable_token().get("errcode", 0) for _ in range(2)] == [0, 45009]


@pytest.mark.parametrize("method", ["token", "stable_token"])
@pytest.mark.parametrize(
    ("changes", "errcode"),
    [
        ({"appid": ""}, 41002),
        ({"secret": ""}, 41004),
        ({"grant_type": ""}, 40002),
        ({"grant_type": "authorization_code"}, 40002),
        ({"appid": "wxwrong"}, 40013),
        ({"secret": "wrong"}, 40125),
    ],
)
def test_refusals_of_both_endpoints(wire, method, changes, errcode):
    assert getattr(wire, method)(**changes)["errcode"] == errcode


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        (b"", 44002),
        (b"grant_type=client_credential", 47001),
        (b"[]", 47001),
        (b'"text"', 47001),
        (b'{"appid": ', 47001),
        (b"\xff\xfe", 47001),
        (b"[" * 100_000, 47001),
        (b'{"appid": ["x"], "secret": "y"}', 47001),
        (b"{}", 41002),
    ],
)
def test_bodies_of_stable_token(wire, body, errcode):
    assert wire.post("/cgi-bin/stable_token", body)["errcode"] == errcode


@pytest.mark.parametrize("force_refresh", ["true", 1, None])
def test_force_refresh_is_true_or_false(wire, force_refresh):
    assert wire.stable_token(force_refresh=force_refresh)["errcode"] == 47001


class TestCheckSession:
    """`/wxa/checksession` asks for a token and for a signature with the live session key."""

    @pytest.fixture
    def asked(self, wire):
        session = wire.redeem(wire.login())
        return {
            "access_token": wire.stable_token()["access_token"],
            "openid": session["openid"],
            "signature": session_signature(session["session_key"], b""),
            "sig_method": "hmac_sha256",
        }

    def test_live_key_is_confirmed(self, wire, asked):
        answer = wire.get("/wxa/checksession", **asked)
        assert answer == {"errcode": 0, "errmsg": "ok"}

    @pytest.mark.parametrize(
        ("changes", "errcode"),
        [
            ({"access_token": ""}, 41001),
            ({"access_token": LOOKS_RIGHT}, 40001),
            ({"access_token": "nonsense"}, 40014),
            ({"openid": ""}, 41009),
            ({"openid": "onobody"}, 40003),
            ({"sig_method": ""}, 87008),
            ({"sig_method": "hmac_md5"}, 87008),
            ({"signature": ""}, 87009),
            ({"signature": "0" * 64}, 87009),
        ],
    )
    def test_refusals(self, wire, asked, changes, errcode):
        assert wire.get("/wxa/checksession", **asked | changes)["errcode"] == errcode

    def test_key_of_an_earlier_login_is_refused(self, wire, asked):
        wire.redeem(wire.login())
        assert wire.get("/wxa/checksession", **asked)["errcode"] == 87009

    def test_key_of_days_ago_is_refused(self, wire, clock, asked):
        clock.pass_seconds(3 * 24 * 3600)
        asked["access_token"] = wire.stable_token()["access_token"]
        assert wire.get("/wxa/checksession", **asked)["errcode"] == 87009

    def test_person_of_another_app_is_unknown(self, wire, asked):
        wire.emulator.world.register("wxother", "other")
        asked["access_token"] = wire.token(appid="wxother", secret="other")["access_token"]
        assert wire.get("/wxa/checksession", **asked)["errcode"] == 40003
