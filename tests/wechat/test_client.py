"""The client of WeChat against the emulator: how each answer, and a missing one, is handled."""

import socket
from collections.abc import Iterator
from contextlib import closing

import pytest
from structlog.testing import capture_logs

from backend.config import SAMPLE_APPID, SAMPLE_SECRET
from backend.wechat.client import (
    CodeInvalid,
    LoginBlocked,
    WeChatBusy,
    WeChatClient,
    WeChatMisconfigured,
    WeChatSession,
)
from tests.support import WeChatSide

MISCONFIGURED = [40001, 40002, 40013, 40125, 40164, 40243, 41002, 41004, 89503, 89506, 89507]


@pytest.fixture
def client(wechat: WeChatSide) -> WeChatClient:
    """Return a client as production has it."""
    return WeChatClient(wechat.url, SAMPLE_APPID, SAMPLE_SECRET)


@pytest.fixture
def deaf_port() -> Iterator[int]:
    """Return a port that accepts connections and never answers."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        yield server.getsockname()[1]


def test_code_gives_the_person_and_a_session_key(client: WeChatClient, wechat: WeChatSide) -> None:
    session = client.code_to_session(wechat.code("dolma"))
    assert session.openid == wechat.openid("dolma")
    assert len(session.session_key) == 24
    assert session.unionid is None


def test_same_person_has_the_same_openid_and_a_new_session_key(
    client: WeChatClient, wechat: WeChatSide
) -> None:
    first, second = (client.code_to_session(wechat.code("dolma")) for _ in range(2))
    assert first.openid == second.openid
    assert first.session_key != second.session_key


def test_unknown_code_is_invalid(client: WeChatClient) -> None:
    with pytest.raises(CodeInvalid):
        client.code_to_session("never-issued")


def test_used_code_is_invalid(client: WeChatClient, wechat: WeChatSide) -> None:
    code = wechat.code("dolma")
    client.code_to_session(code)
    with pytest.raises(CodeInvalid):
        client.code_to_session(code)


def test_blocked_person_may_not_log_in(client: WeChatClient, wechat: WeChatSide) -> None:
    wechat.block("high-risk")
    with pytest.raises(LoginBlocked):
        client.code_to_session(wechat.code("high-risk"))


@pytest.mark.parametrize(
    ("appid", "secret"), [(SAMPLE_APPID, "wrong"), ("wx-unknown", SAMPLE_SECRET), ("", "")]
)
def test_wrong_credentials_are_our_own_fault(wechat: WeChatSide, appid: str, secret: str) -> None:
    with pytest.raises(WeChatMisconfigured):
        WeChatClient(wechat.url, appid, secret).code_to_session(wechat.code("dolma"))


@pytest.mark.parametrize("errcode", MISCONFIGURED)
def test_refusal_of_our_app_is_an_alarm(
    client: WeChatClient, wechat: WeChatSide, errcode: int
) -> None:
    wechat.fault("errcode", errcode=errcode)
    with capture_logs() as logs, pytest.raises(WeChatMisconfigured):
        client.code_to_session("any")
    assert [(line["log_level"], line["errcode"]) for line in logs] == [("critical", errcode)]


@pytest.mark.parametrize("errcode", [-1, 45009, 50004, 12345])
def test_any_other_errcode_means_busy(
    client: WeChatClient, wechat: WeChatSide, errcode: int
) -> None:
    wechat.fault("errcode", errcode=errcode)
    with pytest.raises(WeChatBusy) as busy:
        client.code_to_session("any")
    assert busy.value.retry_after_seconds == 2


def test_minute_quota_asks_for_a_minute(client: WeChatClient, wechat: WeChatSide) -> None:
    wechat.fault("errcode", errcode=45011)
    with pytest.raises(WeChatBusy) as busy:
        client.code_to_session("any")
    assert busy.value.retry_after_seconds == 60


@pytest.mark.parametrize("kind", ["http_500", "malformed", "drop"])
def test_spoilt_answer_means_busy(client: WeChatClient, wechat: WeChatSide, kind: str) -> None:
    wechat.fault(kind)
    with pytest.raises(WeChatBusy):
        client.code_to_session(wechat.code("dolma"))


def test_content_type_does_not_matter(client: WeChatClient, wechat: WeChatSide) -> None:
    wechat.fault("text_plain")
    assert client.code_to_session(wechat.code("dolma")).openid == wechat.openid("dolma")


def test_late_answer_is_not_waited_for(deaf_port: int) -> None:
    client = WeChatClient(f"http://127.0.0.1:{deaf_port}", "wx", "secret", timeout_seconds=0.05)
    with pytest.raises(WeChatBusy):
        client.code_to_session("any")


def test_server_that_is_away_means_busy() -> None:
    client = WeChatClient("http://127.0.0.1:1", "wx", "secret")
    with pytest.raises(WeChatBusy):
        client.code_to_session("any")


def test_secret_and_code_stay_out_of_the_log_when_the_server_is_away() -> None:
    client = WeChatClient("http://127.0.0.1:1", "wx", "our-app-secret")
    with capture_logs() as logs, pytest.raises(WeChatBusy):
        client.code_to_session("the-code")
    assert logs[0]["event"] == "wechat_away"
    assert "our-app-secret" not in repr(logs)
    assert "the-code" not in repr(logs)


def test_session_never_shows_its_key() -> None:
    session = WeChatSession("o-pema", "the-session-key", None)
    assert "the-session-key" not in f"{session} {session!r} {[session]}"
