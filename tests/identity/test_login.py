"""Login: a code of WeChat gives an account and a token, and each refusal has its own slug."""

import base64
import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from structlog.testing import capture_logs

from backend.app import create_app
from backend.config import Settings
from backend.db import Database
from backend.identity.logins import SESSION_KEYS
from backend.identity.models import Account
from backend.keys import TextCipher
from tests.support import ADMIN, Centre, FakeClock, Phone, WeChatSide, at_once, refused

pytestmark = pytest.mark.usefixtures("unknown")

ONE_DATABASE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@pytest.fixture
def phone(app: Flask) -> Phone:
    """Return a phone that nobody has logged in with."""
    return Phone(app, "pema")


@pytest.fixture
def misconfigured(settings: Settings, clock: FakeClock) -> Iterator[Flask]:
    """Return an application whose AppSecret is wrong."""
    made = create_app(dataclasses.replace(settings, wechat_secret="wrong"), clock)
    yield made
    made.extensions["linka.database"].close()
    made.extensions["linka.redis"].close()


def log_in(phone: Phone, code: str) -> dict:
    """Log in and return the answer."""
    return phone.ok("POST", "/login", {"code": code})


def test_code_gives_a_token_for_an_hour(phone: Phone, wechat: WeChatSide) -> None:
    answer = log_in(phone, wechat.code("pema"))
    assert (answer["token_type"], answer["expires_in"]) == ("Bearer", 3600)
    assert answer["expires_at"] == "2026-11-22T03:00:00.000Z"
    assert answer["account"] == {"id": answer["account"]["id"], "nickname": "", "is_staff": False}


def test_token_says_who_is_calling(phone: Phone, wechat: WeChatSide) -> None:
    answer = log_in(phone, wechat.code("pema"))
    phone.token = answer["token"]
    me = {"account": answer["account"], "staff": None, "roles": []}
    assert phone.ok("GET", "/me") == me


def test_second_login_is_the_same_account(phone: Phone, wechat: WeChatSide) -> None:
    first, second = (log_in(phone, wechat.code("pema"))["account"]["id"] for _ in range(2))
    assert first == second
    assert Account.select().count() == 1


def test_staff_are_told_so_at_login(centre: Centre, wechat: WeChatSide) -> None:
    phone = centre.staff(ADMIN)
    assert log_in(phone, wechat.code(phone.user))["account"]["is_staff"] is True


# --- refusals


@ONE_DATABASE
@pytest.mark.parametrize(
    ("errcode", "status", "slug"),
    [
        (40029, 401, "code_invalid"),
        (40163, 401, "code_invalid"),
        (40226, 403, "login_blocked"),
        (45011, 503, "wechat_busy"),
        (-1, 503, "wechat_busy"),
        (40013, 500, "wechat_misconfigured"),
        (40125, 500, "wechat_misconfigured"),
    ],
)
def test_errcode_has_its_refusal(
    phone: Phone, wechat: WeChatSide, errcode: int, status: int, slug: str
) -> None:
    wechat.fault("errcode", errcode=errcode)
    refused(phone.post("/login", {"code": wechat.code("pema")}), status, slug)


@ONE_DATABASE
@pytest.mark.parametrize("kind", ["drop", "http_500", "malformed"])
def test_lost_answer_may_be_tried_again(phone: Phone, wechat: WeChatSide, kind: str) -> None:
    wechat.fault(kind)
    answer = phone.post("/login", {"code": wechat.code("pema")})
    refused(answer, 503, "wechat_busy")
    assert int(answer.headers["Retry-After"]) > 0
    log_in(phone, wechat.code("pema"))


@ONE_DATABASE
def test_minute_quota_says_when_to_come_back(phone: Phone, wechat: WeChatSide) -> None:
    wechat.fault("errcode", errcode=45011)
    assert phone.post("/login", {"code": "any"}).headers["Retry-After"] == "60"


@ONE_DATABASE
def test_same_code_works_after_wechat_was_busy(phone: Phone, wechat: WeChatSide) -> None:
    code = wechat.code("pema")
    wechat.fault("errcode", errcode=-1)
    refused(phone.post("/login", {"code": code}), 503, "wechat_busy")
    log_in(phone, code)


@ONE_DATABASE
def test_wrong_secret_is_an_alarm_for_operators(misconfigured: Flask, wechat: WeChatSide) -> None:
    answer = Phone(misconfigured, "pema").post("/login", {"code": wechat.code("pema")})
    refused(answer, 500, "wechat_misconfigured")
    assert "wrong" not in answer.text


@ONE_DATABASE
@pytest.mark.parametrize(
    "body",
    [{}, {"code": ""}, {"code": 5}, {"code": "a b"}, {"code": "x" * 129}, {"code": "中"}, []],
)
def test_nonsense_never_reaches_wechat(phone: Phone, wechat: WeChatSide, body: object) -> None:
    before = wechat.calls()
    refused(phone.post("/login", body), 422, "invalid")
    assert wechat.calls() == before


@ONE_DATABASE
def test_refused_login_leaves_no_account(phone: Phone, wechat: WeChatSide) -> None:
    refused(phone.post("/login", {"code": "never-issued"}), 401, "code_invalid")
    wechat.block("high-risk")
    refused(phone.post("/login", {"code": wechat.code("high-risk")}), 403, "login_blocked")
    assert Account.select().count() == 0


# --- the same code again


@ONE_DATABASE
def test_refused_code_stays_refused(phone: Phone) -> None:
    for _ in range(2):
        refused(phone.post("/login", {"code": "never-issued"}), 401, "code_invalid")


def test_same_code_gives_the_same_answer(
    centre: Centre, wechat: WeChatSide, clock: FakeClock
) -> None:
    phone = centre.staff(ADMIN)
    code = wechat.code(phone.user)
    first = log_in(phone, code)
    clock.advance(10)
    assert log_in(phone, code) == first


def test_same_code_is_refused_when_the_phone_had_its_time(
    phone: Phone, wechat: WeChatSide, clock: FakeClock
) -> None:
    code = wechat.code("pema")
    log_in(phone, code)
    clock.advance(11)
    refused(phone.post("/login", {"code": code}), 401, "code_invalid")


def test_same_code_20_times_at_once_is_one_answer(phone: Phone, wechat: WeChatSide) -> None:
    code = wechat.code("pema")
    answers = at_once([lambda: phone.post("/login", {"code": code})] * 20)
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1


@ONE_DATABASE
def test_code_that_was_burnt_without_an_answer_is_refused(phone: Phone, wechat: WeChatSide) -> None:
    code = wechat.code("pema")
    wechat.fault("drop")
    refused(phone.post("/login", {"code": code}), 503, "wechat_busy")
    refused(phone.post("/login", {"code": code}), 401, "code_invalid")


def test_20_codes_of_one_person_at_once_make_one_account(phone: Phone, wechat: WeChatSide) -> None:
    codes = [wechat.code("pema") for _ in range(20)]
    answers = at_once([lambda code=code: log_in(phone, code)["account"]["id"] for code in codes])
    assert len(set(answers)) == 1
    assert Account.select().count() == 1


# --- the session key


def stored_key() -> str:
    return str(Account.get().session_key)


def test_session_key_is_encrypted_at_rest(
    phone: Phone, wechat: WeChatSide, settings: Settings
) -> None:
    log_in(phone, wechat.code("pema"))
    opened = TextCipher(settings.secret, SESSION_KEYS).decrypt(stored_key())
    assert len(base64.b64decode(opened, validate=True)) == 16
    assert opened not in stored_key()


@ONE_DATABASE
def test_no_file_of_the_database_holds_the_session_key(
    phone: Phone, wechat: WeChatSide, settings: Settings
) -> None:
    log_in(phone, wechat.code("pema"))
    opened = TextCipher(settings.secret, SESSION_KEYS).decrypt(stored_key())
    database = Path(settings.database_url.removeprefix("sqlite:///"))
    files = list(database.parent.glob(f"{database.name}*"))
    held = b"".join(file.read_bytes() for file in files)
    assert stored_key().encode() in held
    assert opened.encode() not in held


@ONE_DATABASE
def test_each_login_replaces_the_session_key(
    phone: Phone, wechat: WeChatSide, settings: Settings, clock: FakeClock
) -> None:
    log_in(phone, wechat.code("pema"))
    first, updated_at = TextCipher(settings.secret, SESSION_KEYS).decrypt(stored_key()), clock.now()
    clock.advance(60)
    log_in(phone, wechat.code("pema"))
    assert TextCipher(settings.secret, SESSION_KEYS).decrypt(stored_key()) != first
    assert Account.get().session_key_updated_at == updated_at + 60_000


def test_session_key_openid_and_code_are_in_no_answer_and_no_log(
    phone: Phone, wechat: WeChatSide, settings: Settings
) -> None:
    code = wechat.code("pema")
    with capture_logs() as lines:
        login = phone.post("/login", {"code": code})
        phone.token = login.json["token"]
        said = login.text + str(login.headers) + phone.get("/me").text
        wechat.fault("drop")
        phone.post("/login", {"code": wechat.code("pema")})
    assert [line["event"] for line in lines] == ["wechat_away"]
    said += repr(lines)
    opened = TextCipher(settings.secret, SESSION_KEYS).decrypt(stored_key())
    for secret in (opened, stored_key(), wechat.openid("pema"), code, settings.wechat_secret):
        assert secret not in said


@ONE_DATABASE
def test_login_works_while_redis_is_away(
    settings: Settings, clock: FakeClock, wechat: WeChatSide
) -> None:
    made = create_app(dataclasses.replace(settings, redis_url="unix:///nowhere/redis.sock"), clock)
    assert log_in(Phone(made, "pema"), wechat.code("pema"))["token"]
    opened: Database = made.extensions["linka.database"]
    opened.close()
