"""The default addresses of the server and of the emulator."""

import pytest

from miniprogram_stub.addresses import BadUrl, server_url, wechat_url
from miniprogram_stub.wechat_server.bind import BadBind


@pytest.mark.parametrize(
    ("environment", "server", "wechat"),
    [
        ({}, "http://127.0.0.1:8000", "http://127.0.0.1:9000"),
        ({"LINKA_BIND": ""}, "http://127.0.0.1:8000", "http://127.0.0.1:9000"),
        ({"LINKA_BIND": "127.0.0.1:8100"}, "http://127.0.0.1:8100", "http://127.0.0.1:9100"),
        ({"LINKA_BIND": "0.0.0.0:8100"}, "http://127.0.0.1:8100", "http://127.0.0.1:9100"),
        ({"LINKA_BIND": "127.0.0.1:65000"}, "http://127.0.0.1:65000", "http://127.0.0.1:64000"),
        (
            {"LINKA_WECHAT_URL": "http://wechat.test:77/"},
            "http://127.0.0.1:8000",
            "http://wechat.test:77",
        ),
    ],
)
def test_default_is_where_the_settings_point(environment, server, wechat):
    assert server_url(None, environment) == server
    assert wechat_url(None, environment) == wechat


def test_given_address_wins():
    environment = {"LINKA_BIND": "127.0.0.1:8100", "LINKA_WECHAT_URL": "http://127.0.0.1:1"}
    assert server_url("https://linka.test/", environment) == "https://linka.test"
    assert wechat_url("http://127.0.0.1:2", environment) == "http://127.0.0.1:2"


@pytest.mark.parametrize("url", ["linka", "ftp://linka", "http://", "http://a:b", "http://a?b=c"])
def test_what_is_no_address_is_refused(url):
    with pytest.raises(BadUrl, match="不是服务器地址"):
        server_url(url, {})


def test_bind_that_is_none_is_refused():
    with pytest.raises(BadBind):
        server_url(None, {"LINKA_BIND": "nowhere"})
