"""Which address the emulator listens on."""

import pytest

from miniprogram_stub.wechat_server.bind import Address, BadBind, default_address, parse


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1:9000", Address("127.0.0.1", 9000)),
        ("localhost:0", Address("localhost", 0)),
        ("[::1]:9000", Address("::1", 9000)),
    ],
)
def test_good_binds(text, address):
    assert parse(text) == address
    assert str(address) == text


@pytest.mark.parametrize(
    "text",
    ["", "9000", "localhost", ":9000", "host:", "host:x", "host:70000", "host:-1", "::1:9000",
     "http://host:9000", "host:9000/", "me@host:9000", "[::1:9000", "[::1]x:9",
     "host:\N{FULLWIDTH DIGIT NINE}", "two words:9", "host:9\n",
],
)  # fmt: skip
def test_bad_binds(text):
    with pytest.raises(BadBind):
        parse(text)


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "127.0.0.1:9000"),
        ({"LINKA_BIND": ""}, "127.0.0.1:9000"),
        ({"LINKA_BIND": "127.0.0.1:8123"}, "127.0.0.1:9123"),
        ({"LINKA_BIND": "0.0.0.0:8123"}, "127.0.0.1:9123"),
        ({"LINKA_BIND": "127.0.0.1:65000"}, "127.0.0.1:64000"),
        ({"LINKA_WECHAT_URL": "http://127.0.0.1:7777"}, "127.0.0.1:7777"),
        ({"LINKA_WECHAT_URL": "http://localhost:7777/"}, "localhost:7777"),
        ({"LINKA_WECHAT_URL": "http://[::1]:7777"}, "[::1]:7777"),
        ({"LINKA_WECHAT_URL": "http://127.0.0.1"}, "127.0.0.1:80"),
        ({"LINKA_WECHAT_URL": "https://api.weixin.qq.com"}, "127.0.0.1:9000"),
        ({"LINKA_WECHAT_URL": "http://10.0.0.7:7777"}, "127.0.0.1:9000"),
        (
            {"LINKA_WECHAT_URL": "http://127.0.0.1:7777", "LINKA_BIND": "127.0.0.1:1"},
            "127.0.0.1:7777",
        ),
    ],
)
def test_default_is_where_the_service_looks(environment, expected):
    assert str(default_address(environment)) == expected


@pytest.mark.parametrize(
    "environment", [{"LINKA_BIND": "nonsense"}, {"LINKA_WECHAT_URL": "http://127.0.0.1:x"}]
)
def test_bad_environment(environment):
    with pytest.raises(BadBind):
        default_address(environment)
