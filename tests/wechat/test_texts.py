"""The check of texts and its access token, against the emulator and a real Redis."""

import pytest
import redis

from backend.config import SAMPLE_APPID, SAMPLE_SECRET
from backend.wechat.client import TextOpinion, WeChatBusy, WeChatClient, WeChatMisconfigured
from backend.wechat.texts import TextCheck
from backend.wechat.tokens import AccessTokens
from tests.support import WeChatSide, at_once, redis_away

CHECK, TOKEN = "/wxa/msg_sec_check", "/cgi-bin/stable_token"
KEY = f"linka:wechat:token:{SAMPLE_APPID}"


@pytest.fixture
def writer(wechat: WeChatSide) -> str:
    """Return the openid of somebody who is in the mini program just now; nobody has called yet."""
    wechat.forget()
    wechat.code("pema")
    return wechat.openid("pema")


def check_over(wechat: WeChatSide, client: redis.Redis, secret: str = SAMPLE_SECRET) -> TextCheck:
    """Return a check as one process has it."""
    spoken = WeChatClient(wechat.url, SAMPLE_APPID, secret)
    return TextCheck(spoken, AccessTokens(spoken, client))


@pytest.fixture
def check(wechat: WeChatSide, redis_server: redis.Redis) -> TextCheck:
    """Return a check as production has it."""
    return check_over(wechat, redis_server)


@pytest.mark.parametrize(
    ("text", "opinion"),
    [
        ("食堂加一个夜宵窗口", TextOpinion("pass", 100)),
        ("测试复核", TextOpinion("review", 20012)),
        ("测试违规", TextOpinion("risky", 20003)),
    ],
)
def test_opinion_is_wechats(check: TextCheck, writer: str, text: str, opinion: TextOpinion) -> None:
    assert check.ask(writer, text) == opinion


def test_token_is_asked_for_once_and_kept(
    check: TextCheck, writer: str, wechat: WeChatSide, redis_server: redis.Redis
) -> None:
    for _ in range(3):
        check.ask(writer, "你好")
    assert check_over(wechat, redis_server).ask(writer, "你好").suggest == "pass"
    assert wechat.calls_of(TOKEN) == [0]
    assert 6800 <= redis_server.ttl(KEY) <= 6900


def test_processes_that_need_a_token_at_once_ask_once(
    wechat: WeChatSide, writer: str, redis_server: redis.Redis
) -> None:
    wechat.fault("latency", TOKEN, seconds=0.2)
    checks = [check_over(wechat, redis_server) for _ in range(6)]
    opinions = at_once([lambda one=one: one.ask(writer, "你好") for one in checks])
    assert {opinion.suggest for opinion in opinions} == {"pass"}
    assert wechat.calls_of(TOKEN) == [0]


def test_token_that_somebody_replaced_is_renewed_once(
    check: TextCheck, writer: str, wechat: WeChatSide
) -> None:
    check.ask(writer, "你好")
    wechat.new_token()
    opinions = at_once([lambda: check.ask(writer, "你好")] * 4)
    assert {opinion.suggest for opinion in opinions} == {"pass"}
    # Ours, the other's, and one more.
    assert wechat.calls_of(TOKEN) == [0, 0, 0]


def test_token_that_is_too_old_is_renewed(
    check: TextCheck, writer: str, wechat: WeChatSide
) -> None:
    check.ask(writer, "你好")
    wechat.later(7200)
    wechat.code("pema")
    assert check.ask(writer, "你好").suggest == "pass"
    assert wechat.calls_of(CHECK) == [0, 42001, 0]


def test_token_that_is_always_refused_is_tried_twice(
    check: TextCheck, writer: str, wechat: WeChatSide
) -> None:
    wechat.fault("errcode", CHECK, errcode=40001, count=9)
    with pytest.raises(WeChatBusy):
        check.ask(writer, "你好")
    assert wechat.calls_of(CHECK) == [40001, 40001]


@pytest.mark.parametrize("errcode", [-1, 44991, 45009, 61010, 40003, 43104])
def test_refused_check_is_no_opinion(
    check: TextCheck, writer: str, wechat: WeChatSide, errcode: int
) -> None:
    wechat.fault("errcode", CHECK, errcode=errcode)
    with pytest.raises(WeChatBusy):
        check.ask(writer, "你好")


@pytest.mark.parametrize("path", [CHECK, TOKEN])
@pytest.mark.parametrize("kind", ["http_500", "malformed", "drop"])
def test_spoilt_answer_is_no_opinion(
    check: TextCheck, writer: str, wechat: WeChatSide, kind: str, path: str
) -> None:
    wechat.fault(kind, path)
    with pytest.raises(WeChatBusy):
        check.ask(writer, "测试违规")


def test_wrong_secret_is_our_own_fault(
    wechat: WeChatSide, writer: str, redis_server: redis.Redis
) -> None:
    with pytest.raises(WeChatMisconfigured):
        check_over(wechat, redis_server, "wrong").ask(writer, "你好")


def test_check_works_without_redis(wechat: WeChatSide, writer: str) -> None:
    check = check_over(wechat, redis_away())
    assert check.ask(writer, "测试违规").suggest == "risky"
    assert check.ask(writer, "你好").suggest == "pass"
