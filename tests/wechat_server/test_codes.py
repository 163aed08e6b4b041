"""The life of a code of wx.login: five minutes, one attempt."""

from dataclasses import dataclass

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from miniprogram_stub.wechat_server.facts import Quotas
from miniprogram_stub.wechat_server.identities import session_signature
from miniprogram_stub.wechat_server.refusals import CallRefused
from miniprogram_stub.wechat_server.state import WeChat

from .conftest import APPID, NOON, SECRET, wire_with


def verdict(answer: dict) -> int:
    return answer.get("errcode", 0)


def test_success_carries_openid_and_key_and_no_errcode(wire):
    answer = wire.redeem(wire.login())
    assert set(answer) == {"openid", "session_key"}
    assert answer["openid"] == wire.emulator.world.meet("alice").openid


def test_second_redemption_is_refused(wire):
    code = wire.login()
    wire.redeem(code)
    assert [verdict(wire.redeem(code)) for _ in range(3)] == [40163] * 3


@pytest.mark.parametrize(("age", "expected"), [(0, 0), (299.9, 0), (300, 0), (300.001, 40029)])
def test_code_lives_five_minutes(wire, clock, age, expected):
    code = wire.login()
    clock.pass_seconds(age)
    assert verdict(wire.redeem(code)) == expected


def test_expired_code_is_burnt_by_its_first_attempt(wire, clock):
    code = wire.login()
    clock.pass_seconds(301)
    assert [verdict(wire.redeem(code)) for _ in range(2)] == [40029, 40163]


def test_code_of_another_app_is_refused_and_burnt(wire):
    wire.emulator.world.register("wxother", "other-secret")
    code = wire.login("alice", "wxother")
    assert verdict(wire.redeem(code)) == 40029
    assert verdict(wire.redeem(code, appid="wxother", secret="other-secret")) == 40163


def test_blocked_person_is_refused_until_unblocked(wire):
    world = wire.emulator.world
    code = wire.login()
    world.change_user(world.meet("alice"), None, True)
    assert [verdict(wire.redeem(code)) for _ in range(2)] == [40226, 40163]
    world.change_user(world.meet("alice"), None, False)
    assert verdict(wire.redeem(wire.login())) == 0


def test_nonsense_stays_nonsense(wire):
    assert [verdict(wire.redeem("nonsense")) for _ in range(2)] == [40029, 40029]


def test_burnt_code_is_forgotten_in_the_end(wire, clock):
    code = wire.login()
    wire.redeem(code)
    clock.pass_seconds(600)
    assert verdict(wire.redeem(code)) == 40163
    clock.pass_seconds(1)
    assert verdict(wire.redeem(code)) == 40029


def test_old_codes_leave_the_memory(world):
    for second in range(2000):
        world.login("alice", NOON + second * 1000)
    assert len(world.codes) == 601


@pytest.mark.parametrize(
    ("changes", "errcode", "text"),
    [
        ({"appid": "wxwrong"}, 40013, "invalid appid"),
        ({"secret": "wrong"}, 40125, "invalid appsecret"),
        ({"secret": "\N{SNOWMAN}"}, 40125, "invalid appsecret"),
        ({"appid": ""}, 41002, "appid missing"),
        ({"secret": ""}, 41004, "appsecret missing"),
        ({"js_code": ""}, 41008, "missing code"),
        ({"grant_type": ""}, 40002, "invalid grant_type"),
        ({"grant_type": "client_credential"}, 40002, "invalid grant_type"),
        ({"js_code": "never-issued"}, 40029, "invalid code"),
    ],
)
def test_refusals_and_their_texts(wire, changes, errcode, text):
    code = wire.login()
    answer = wire.redeem(code, **changes)
    assert answer["errcode"] == errcode
    assert answer["errmsg"].startswith(text + " rid: ")
    assert verdict(wire.redeem(code)) == 0, "a call that was not understood leaves the code alone"


def test_unknown_parameters_are_tolerated(wire):
    assert verdict(wire.redeem(wire.login(), access_token="junk", foo="bar")) == 0


def test_a_new_login_replaces_the_session_key(wire, clock):
    keys = [wire.redeem(wire.login())["session_key"] for _ in range(2)]
    user = wire.emulator.world.meet("alice")
    live = [user.signed_nothing(session_signature(key, b""), clock.now()) for key in keys]
    assert live == [False, True]


def test_hundred_logins_a_minute_and_no_more(wire, clock):
    answers = [verdict(wire.redeem(wire.login())) for _ in range(102)]
    assert answers == [0] * 100 + [45011] * 2
    assert verdict(wire.redeem(wire.login("bob"))) == 0
    clock.pass_seconds(60)
    assert verdict(wire.redeem(wire.login())) == 0


def test_a_code_refused_by_the_quota_is_good_in_the_next_minute(clock):
    wire = wire_with(clock, Quotas(logins_per_user_minute=1))
    wire.redeem(wire.login())
    code = wire.login()
    answer = wire.redeem(code)
    assert answer["errmsg"].startswith(
        "api minute-quota reach limit  mustslower  retry next minute"
    )
    clock.pass_seconds(60)
    assert [verdict(wire.redeem(code)) for _ in range(1)] == [0]


@dataclass
class Expected:
    """What the model knows of a code."""

    text: str
    key: str
    appid: str
    issued_at: int
    tried: bool = False


class CodeLife(RuleBasedStateMachine):
    """Any history of logins, waits, attempts and blocks, against a few lines of model."""

    codes = Bundle("codes")
    apps = st.sampled_from([APPID, "wxother"])
    people = st.sampled_from(["alice", "bob"])

    def __init__(self) -> None:
        super().__init__()
        self.world = WeChat(APPID, SECRET, Quotas(logins_per_user_minute=10_000))
        self.world.register("wxother", SECRET)
        self.now = NOON
        self.blocked: set[tuple[str, str]] = set()
        self.latest_key: dict[tuple[str, str], str] = {}
        self.dead_keys: list[tuple[tuple[str, str], str]] = []

    @rule(target=codes, key=people, appid=apps)
    def login(self, key, appid):
        return Expected(self.world.login(key, self.now, appid), key, appid, self.now)

    @rule(seconds=st.sampled_from([1, 60, 299, 300, 301, 601]))
    def wait(self, seconds):
        self.now += seconds * 1000

    @rule(key=people, appid=apps, blocked=st.booleans())
    def block(self, key, appid, blocked):
        self.world.change_user(self.world.meet(key, appid), None, blocked)
        (self.blocked.add if blocked else self.blocked.discard)((appid, key))

    @rule(code=codes, appid=apps)
    def redeem(self, code, appid):
        expected = self.expected(code, appid)
        code.tried = True
        try:
            user = self.world.code_to_session(appid, SECRET, code.text, self.now)
        except CallRefused as refused:
            assert refused.errcode == expected
            return
        assert expected == 0
        person = (appid, code.key)
        if person in self.latest_key:
            self.dead_keys.append((person, self.latest_key[person]))
        self.latest_key[person] = user.session_key

    def expected(self, code, appid):
        age = self.now - code.issued_at
        if age > 600_000:
            return 40029
        if code.tried:
            return 40163
        if age > 300_000 or appid != code.appid:
            return 40029
        return 40226 if (appid, code.key) in self.blocked else 0

    @invariant()
    def one_session_key_lives(self):
        for (appid, key), session_key in self.dead_keys:
            user = self.world.meet(key, appid)
            assert not user.signed_nothing(session_signature(session_key, b""), self.now)


CodeLife.TestCase.settings = settings(
    max_examples=60, stateful_step_count=30, deadline=None, database=None
)
test_any_history_of_codes = CodeLife.TestCase
