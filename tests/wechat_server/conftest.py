"""A world with a clock that only the test moves, and a live emulator in a process of its own."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
import urllib3

from miniprogram_stub.wechat_server.calls import Call
from miniprogram_stub.wechat_server.clock import EmulatorClock
from miniprogram_stub.wechat_server.emulator import Emulator
from miniprogram_stub.wechat_server.facts import Quotas
from miniprogram_stub.wechat_server.identities import openid_of
from miniprogram_stub.wechat_server.state import WeChat

APPID = "wxlinkasample0001"
SECRET = "linka-sample-secret"
# 2026-11-22 12:00:00 in Beijing: noon, the start of a minute.
NOON = 1_795_320_000_000


class HandClock(EmulatorClock):
    """Stands still unless advanced."""

    def __init__(self) -> None:
        super().__init__(lambda: NOON)

    def pass_seconds(self, seconds: float) -> None:
        self.advance(round(seconds * 1000))


@dataclass
class Wire:
    """Calls an emulator in memory, the way a backend calls WeChat."""

    emulator: Emulator
    slept: list[float] = field(default_factory=list)

    def get(self, path: str, **query: str) -> dict:
        return self.send(Call("GET", path, query))

    def post(self, path: str, body: object) -> dict:
        text = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.send(Call("POST", path, {}, text))

    def send(self, call: Call) -> dict:
        reply = self.emulator.handle(call)
        assert reply.status == 200
        return json.loads(reply.body)

    def redeem(self, code: str, **changes: str) -> dict:
        query = {
            "appid": APPID,
            "secret": SECRET,
            "js_code": code,
            "grant_type": "authorization_code",
        }
        return self.get("/sns/jscode2session", **query | changes)

    def token(self, **changes: str) -> dict:
        query = {"appid": APPID, "secret": SECRET, "grant_type": "client_credential"}
        return self.get("/cgi-bin/token", **query | changes)

    def stable_token(self, **changes: object) -> dict:
        body = {"appid": APPID, "secret": SECRET, "grant_type": "client_credential"}
        return self.post("/cgi-bin/stable_token", body | changes)

    def check_text(self, text: object, key: str = "alice", **changes: object) -> dict:
        """Have a text checked with a good token, in the name of somebody who may be new."""
        query = {"access_token": changes.pop("access_token", None) or self.token()["access_token"]}
        body = {"content": text, "version": 2, "scene": 3, "openid": openid_of(APPID, key)}
        sent = json.dumps(body | changes, ensure_ascii=False).encode()
        return self.send(Call("POST", "/wxa/msg_sec_check", query, sent))

    def login(self, key: str = "alice", appid: str | None = None) -> str:
        return self.emulator.world.login(key, self.emulator.clock.now(), appid)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def world() -> WeChat:
    return WeChat(APPID, SECRET)


@pytest.fixture
def wire(clock: HandClock) -> Wire:
    return wire_with(clock, Quotas())


def wire_with(clock: HandClock, quotas: Quotas) -> Wire:
    slept: list[float] = []
    emulator = Emulator(APPID, SECRET, clock=clock, quotas=quotas, sleep=slept.append)
    return Wire(emulator, slept)


@dataclass
class Live:
    """A running emulator and a connection pool to it."""

    url: str
    pool: urllib3.PoolManager

    def call(self, method: str, path: str, body: object = None) -> urllib3.BaseHTTPResponse:
        text = None if body is None else json.dumps(body).encode()
        return self.pool.request(method, self.url + path, body=text, retries=False, redirect=False)

    def control(self, method: str, path: str, body: object = None) -> dict:
        answer = self.call(method, "/__emulator__" + path, body)
        assert answer.status == 200, answer.data
        return answer.json()

    def code(self, user: str) -> str:
        return self.control("POST", "/codes", {"user": user})["code"]


COMMAND = [sys.executable, "-W", "error", "-m", "miniprogram_stub.cli", "wechat"]


@pytest.fixture(scope="session")
def live_process() -> Iterator[Live]:
    with subprocess.Popen(
        [*COMMAND, "--bind", "127.0.0.1:0", "--appid", APPID, "--secret", SECRET],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            url = process.stdout.readline().split()[-1]
            with urllib3.PoolManager() as pool:
                yield Live(url, pool)
        finally:
            process.terminate()


@pytest.fixture
def live(live_process: Live) -> Live:
    """The running emulator, as new."""
    live_process.control("POST", "/reset")
    return live_process
