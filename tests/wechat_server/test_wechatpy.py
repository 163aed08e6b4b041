"""A real SDK against the emulator: wechatpy 1.8, whose requests to api.weixin.qq.com are
redirected."""

import base64
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from requests.adapters import HTTPAdapter
from wechatpy import WeChatClient
from wechatpy.exceptions import APILimitedException, WeChatClientException

from miniprogram_stub.wechat_server.identities import openid_of, session_signature

from .conftest import APPID, SECRET

WECHAT = "https://api.weixin.qq.com"
CHECK_SESSION = f"{WECHAT}/wxa/checksession"

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:wechatpy.*")


class Detour(HTTPAdapter):
    """Sends what is meant for WeChat's server to the emulator."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url

    def send(self, request, **options):
        request.url = request.url.replace(WECHAT, self.url, 1)
        return super().send(request, **options)


def new_client(live, secret: str = SECRET) -> WeChatClient:
    client = WeChatClient(APPID, secret)
    client._http.trust_env = False
    client._http.mount(WECHAT, Detour(live.url))
    return client


@pytest.fixture
def client(live) -> Iterator[WeChatClient]:
    client = new_client(live)
    yield client
    client._http.close()


@pytest.fixture
def other_client(live) -> Iterator[WeChatClient]:
    client = new_client(live)
    yield client
    client._http.close()


def paths_called(live) -> list[tuple[str, int]]:
    requests = live.control("GET", "/requests")["requests"]
    return [(urlsplit(request["path"]).path, request["errcode"]) for request in requests]


def check_session(client: WeChatClient, session: dict) -> dict:
    query = {
        "openid": session["openid"],
        "signature": session_signature(session["session_key"], b""),
        "sig_method": "hmac_sha256",
    }
    return client.get(CHECK_SESSION, params=query)


def test_code_to_session(live, client):
    session = client.wxa.code_to_session(live.code("alice"))
    assert session["openid"] == openid_of(APPID, "alice")
    assert len(base64.b64decode(session["session_key"])) == 16


def test_bad_and_used_codes_raise(live, client):
    code = live.code("alice")
    client.wxa.code_to_session(code)
    for attempt, errcode in (("nonsense", 40029), (code, 40163)):
        with pytest.raises(WeChatClientException) as refused:
            client.wxa.code_to_session(attempt)
        assert refused.value.errcode == errcode


def test_a_blocked_person_raises(live, client):
    live.control("POST", "/users", {"key": "alice", "blocked": True})
    with pytest.raises(WeChatClientException) as refused:
        client.wxa.code_to_session(live.code("alice"))
    assert refused.value.errcode == 40226


def test_token_is_fetched_and_kept(live, client):
    answer = client.fetch_access_token()
    assert answer["expires_in"] == 7200
    assert client.access_token == answer["access_token"]
    assert paths_called(live) == [("/cgi-bin/token", 0)]


def test_a_wrong_secret_raises(live):
    client = new_client(live, "wrong")
    with pytest.raises(WeChatClientException) as refused:
        client.fetch_access_token()
    client._http.close()
    assert refused.value.errcode == 40125


def test_the_session_key_is_confirmed(live, client):
    session = client.wxa.code_to_session(live.code("alice"))
    assert check_session(client, session)["errcode"] == 0
    client.wxa.code_to_session(live.code("alice"))
    with pytest.raises(WeChatClientException) as refused:
        check_session(client, session)
    assert refused.value.errcode == 87009


def test_a_token_replaced_by_somebody_else_is_fetched_anew_after_40001(live, client, other_client):
    session = client.wxa.code_to_session(live.code("alice"))
    other_client.fetch_access_token()
    live.control("POST", "/clock", {"advance_seconds": 301})
    assert check_session(client, session)["errcode"] == 0
    assert paths_called(live)[-3:] == [
        ("/wxa/checksession", 40001),
        ("/cgi-bin/token", 0),
        ("/wxa/checksession", 0),
    ]


@pytest.mark.parametrize("errcode", [40001, 40014, 42001])
def test_an_injected_token_error_is_retried_once(live, client, errcode):
    session = client.wxa.code_to_session(live.code("alice"))
    body = {"path": "/wxa/checksession", "kind": "errcode", "errcode": errcode}
    live.control("POST", "/faults", body)
    assert check_session(client, session)["errcode"] == 0


def test_an_expired_token_is_fetched_anew_after_42001(live, client):
    session = client.wxa.code_to_session(live.code("alice"))
    live.control("POST", "/clock", {"advance_seconds": 7200})
    assert check_session(client, session)["errcode"] == 0
    assert ("/wxa/checksession", 42001) in paths_called(live)


def test_the_daily_quota_has_an_exception_of_its_own(live, client):
    body = {"path": "/sns/jscode2session", "kind": "errcode", "errcode": 45009}
    live.control("POST", "/faults", body)
    with pytest.raises(APILimitedException):
        client.wxa.code_to_session(live.code("alice"))


def test_text_plain_does_not_confuse_it(live, client):
    live.control("POST", "/faults", {"path": "/sns/jscode2session", "kind": "text_plain"})
    assert client.wxa.code_to_session(live.code("alice"))["openid"]


def test_http_500_raises_without_an_errcode(live, client):
    live.control("POST", "/faults", {"path": "/sns/jscode2session", "kind": "http_500"})
    with pytest.raises(WeChatClientException) as failed:
        client.wxa.code_to_session(live.code("alice"))
    assert failed.value.errcode is None


def test_text_is_checked_as_before_version_2(live, client):
    assert client.wxa.check_text_security("食堂加一个夜宵窗口")["errcode"] == 0
    with pytest.raises(WeChatClientException) as refused:
        client.wxa.check_text_security("测试违规")
    assert refused.value.errcode == 87014


def test_text_is_checked_in_version_2_with_a_token_that_the_sdk_renews(live, client):
    live.code("alice")
    client.session.set(f"{APPID}_access_token", "43_" + "x" * 133, 7200)
    client.expires_at = 2**40
    body = {"content": "测试复核", "version": 2, "scene": 3, "openid": openid_of(APPID, "alice")}
    answer = client.post(f"{WECHAT}/wxa/msg_sec_check", data=body)
    assert answer["result"] == {"suggest": "review", "label": 20012}
    paths = [("/wxa/msg_sec_check", 40001), ("/cgi-bin/token", 0), ("/wxa/msg_sec_check", 0)]
    assert paths_called(live) == paths
