"""Which pages may ask the emulator for a code: those of its own machine, and nothing else of its API."""

import pytest
from werkzeug.test import Client, TestResponse

from miniprogram_stub.wechat_server.emulator import Emulator
from miniprogram_stub.wechat_server.http import create_app

from .conftest import APPID, SECRET

ALLOWED = "Access-Control-Allow-Origin"


@pytest.fixture
def emulator() -> Emulator:
    """Return an emulator in memory."""
    return Emulator(APPID, SECRET)


def ask(emulator: Emulator, path: str, origin: str, host: str = "127.0.0.1:9000") -> TestResponse:
    """Ask as a browser does before it lets a page send JSON."""
    headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    return Client(create_app(emulator)).options(path, headers=headers, base_url=f"http://{host}")


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("http://127.0.0.1:8000", "127.0.0.1:9000"),
        ("http://localhost:8000", "127.0.0.1:9000"),
        ("http://192.168.1.20:8000", "192.168.1.20:9000"),
    ],
)
def test_a_page_of_the_same_machine_may_ask_for_a_code(
    emulator: Emulator, origin: str, host: str
) -> None:
    answer = ask(emulator, "/__emulator__/codes", origin, host)
    assert answer.headers[ALLOWED] == origin
    assert answer.headers["Vary"] == "Origin"


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("https://linka.example", "127.0.0.1:9000"),
        ("http://192.168.1.21:8000", "192.168.1.20:9000"),
        ("http://127.0.0.1:8000", "192.168.1.20:9000"),
        ("http://127.0.0.1.example:8000", "127.0.0.1:9000"),
        ("null", "127.0.0.1:9000"),
    ],
)
def test_a_page_of_another_machine_may_not(emulator: Emulator, origin: str, host: str) -> None:
    assert ALLOWED not in ask(emulator, "/__emulator__/codes", origin, host).headers


@pytest.mark.parametrize(
    "path", ["/__emulator__/reset", "/__emulator__/clock", "/sns/jscode2session"]
)
def test_nothing_else_is_open_to_pages(emulator: Emulator, path: str) -> None:
    assert ALLOWED not in ask(emulator, path, "http://127.0.0.1:8000").headers
