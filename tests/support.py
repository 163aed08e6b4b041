"""People for tests: members of the sample centre, who call the API from their own phones."""

import csv
import io
import json
import random
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import redis
import urllib3
from flask import Flask
from PIL import Image
from werkzeug.test import TestResponse

from backend.config import SAMPLE_APPID, SAMPLE_SECRET, load_settings
from backend.db import Database
from backend.live.client import connect_redis
from backend.scoring import leaderboard

FIXTURES = Path(__file__).parent.parent / "fixtures"
START = 1_795_312_800_000  # 2026-11-22 10:00 in Shanghai
ADMIN, HOST, OTHER_HOST, TRAINER = "900001", "900002", "900003", "900004"
# The people of most tests: they have an account and are bound before the test begins.
REGULARS = (HOST, ADMIN, TRAINER, "200001", "200002", "200003", "200004")

_http = urllib3.PoolManager(retries=False)


class FakeClock:
    """A clock that stands still until somebody moves it."""

    def __init__(self, moment: int = START) -> None:
        self.moment = moment

    def now(self) -> int:
        """Return the present moment."""
        return self.moment

    def advance(self, seconds: float) -> None:
        """Move it forward."""
        self.moment += int(seconds * 1000)


def boards_prefix(client: redis.Redis, event_id: int, *, frozen: bool = False) -> str:
    """Return how the keys of an event's whole boards begin."""
    here = leaderboard.prefix(event_id, frozen)
    return f"{here}{client.get(here + 'whole').decode()}:"


def board_keys(client: redis.Redis, event_id: int) -> dict[bytes, str]:
    """Return the keys of an event's boards, {key: the same without the name of the whole build},
    without counters that only grow. All teams are totalled then, as for a reader."""
    leaderboard.Leaderboard(client).contents(event_id)
    found = {}
    names = client.mget(leaderboard.prefix(event_id, frozen) + "whole" for frozen in (False, True))
    for key in sorted(client.keys(leaderboard.prefix(event_id) + "*")):
        if not key.endswith((b":revision", b":feed", b":whole", b":builds")):
            parts = [part for part in key.split(b":") if part not in names]
            found[key] = b":".join(parts).decode()
    return found


def free_port(*above: int) -> int:
    """Return a port that nothing uses; those which are so much higher are free as well.

    It is below the ports that the kernel gives to connections (from 32,768 on Linux). So no
    connection of another test takes it while its server is started or restarted.
    """
    while True:
        port = random.randrange(10_000, 20_000)
        if not any(_is_used(port + more) for more in (0, *above)):
            return port


def _is_used(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def redis_away() -> redis.Redis:
    """Return a client, such as the app has, of a Redis that is away."""
    return connect_redis(load_settings({"LINKA_REDIS_URL": "redis://127.0.0.1:1"}))


def wait_for(port: int, process: subprocess.Popen[Any], seconds: float = 30) -> None:
    """Wait until a process of ours listens; fails when it ends before."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert process.poll() is None, f"ended with {process.returncode}"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        threading.Event().wait(0.02)
    raise AssertionError(f"nothing listens on {port} after {seconds} s")


def login_code(wechat_url: str, user: str) -> str:
    """Return what `wx.login` gives a WeChat user."""
    answer = _http.request("POST", f"{wechat_url}/__emulator__/codes", json={"user": user})
    return str(answer.json()["code"])


@dataclass(frozen=True)
class WeChatSide:
    """The emulator of WeChat for tests: makes codes, sets faults, and lists calls."""

    url: str

    def code(self, user: str) -> str:
        """Return what `wx.login` gives somebody."""
        return login_code(self.url, user)

    def fault(self, kind: str, path: str = "/sns/jscode2session", **more: Any) -> None:
        """Let the next call of a path go wrong, by default the next login."""
        self._control("POST", "/faults", {"path": path, "kind": kind, **more})

    def heal(self) -> None:
        """Remove all faults."""
        self._control("DELETE", "/faults")

    def forget(self) -> None:
        """Forget all people and quotas."""
        self._control("POST", "/reset")

    def block(self, user: str) -> None:
        """Let WeChat treat an account as a high risk."""
        self._control("POST", "/users", {"key": user, "blocked": True})

    def openid(self, user: str) -> str:
        """Return somebody's openid."""
        return str(self._control("GET", f"/users?key={user}")["openid"])

    def calls(self) -> int:
        """Return how many calls came in so far."""
        return int(self._control("GET", "/")["calls"])

    def calls_of(self, path: str) -> list[int]:
        """Return the errcodes that calls of a path got."""
        made = self._control("GET", "/requests")["requests"]
        return [call["errcode"] for call in made if call["path"] == path]

    def later(self, seconds: int) -> None:
        """Let time pass for WeChat alone."""
        self._control("POST", "/clock", {"advance_seconds": seconds})

    def new_token(self) -> None:
        """Let another program force a new access token; the earlier one becomes invalid at once."""
        body = {"grant_type": "client_credential", "appid": SAMPLE_APPID, "secret": SAMPLE_SECRET}
        answer = _http.request(
            "POST", f"{self.url}/cgi-bin/stable_token", json=body | {"force_refresh": True}
        )
        assert answer.json()["access_token"]

    def _control(self, method: str, path: str, body: Any = None) -> Any:
        answer = _http.request(method, f"{self.url}/__emulator__{path}", json=body)
        assert answer.status == 200, answer.data
        return answer.json()


@dataclass
class Phone:
    """A person's phone against the app: calls the API in their name."""

    app: Flask
    user: str
    token: str = ""

    def call(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> TestResponse:
        """Call the API; `path` is what follows `/api/v1`."""
        sent = {**(headers or {})}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        return self.app.test_client().open(f"/api/v1{path}", method=method, json=body, headers=sent)

    def get(self, path: str) -> TestResponse:
        """GET."""
        return self.call("GET", path)

    def post(self, path: str, body: Any = None, **headers: str) -> TestResponse:
        """POST JSON."""
        return self.call("POST", path, body, {k.replace("_", "-"): v for k, v in headers.items()})

    def put(self, path: str, body: Any = None) -> TestResponse:
        """PUT JSON."""
        return self.call("PUT", path, body)

    def delete(self, path: str) -> TestResponse:
        """DELETE."""
        return self.call("DELETE", path)

    def uploads(self, path: str, data: bytes, name: str = "picture.jpg") -> TestResponse:
        """Upload a file."""
        return self.app.test_client().post(
            f"/api/v1{path}",
            data={"file": (io.BytesIO(data), name)},
            headers={"Authorization": f"Bearer {self.token}"} if self.token else {},
        )

    def upload(self, path: str, data: bytes, name: str = "picture.jpg") -> Any:
        """Upload a file and return the JSON of an answer that must be a success."""
        answer = self.uploads(path, data, name)
        assert answer.status_code < 300, (answer.status_code, answer.text)
        return answer.json

    def ok(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Call and return the JSON of an answer that must be a success."""
        answer = self.call(
            method, path, body, {key.replace("_", "-"): value for key, value in headers.items()}
        )
        assert answer.status_code < 300, (answer.status_code, answer.text)
        return answer.json if answer.data else None


def picture_bytes(
    kind: str = "PNG", size: tuple[int, int] = (64, 48), colour: str = "#d7263d", **how: Any
) -> bytes:
    """Return a picture of one colour as a file of this kind."""
    written = io.BytesIO()
    Image.new("RGB", size, colour).save(written, kind, **how)
    return written.getvalue()


def refused(answer: TestResponse, status: int, slug: str) -> None:
    """Assert that an answer is a refusal with this status and slug, in the common shape."""
    assert (answer.status_code, answer.json and answer.json.get("error")) == (status, slug), (
        answer.text
    )
    assert answer.json is not None
    assert {"code", "status", "error", "message", "request_id"} <= answer.json.keys()
    assert answer.json["code"] == status


@cache
def sample_roster() -> dict[str, dict[str, str]]:
    """Return the rows of the sample centre's roster by staff number."""
    text = (FIXTURES / "roster.csv").read_text(encoding="utf-8-sig")
    return {row["工号"]: row for row in csv.DictReader(text.splitlines())}


@cache
def _right_texts() -> dict[str, set[str]]:
    """Return the texts of the right options of every sample question, by its stem."""
    found = {}
    for file in (FIXTURES / "questions").glob("*.csv"):
        for row in csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()):
            is_open = row["题型"] != "判断"
            texts = {row[f"选项{letter}"].strip() if is_open else letter for letter in row["答案"]}
            found[row["题干"].strip()] = texts
    return found


_ACCOUNT_OF = """
SELECT account.id, token_version FROM account JOIN staff ON staff.account_id = account.id
WHERE staff.number = ?
"""


class Centre:
    """The sample centre: who works there, and phones for them."""

    def __init__(self, app: Flask, wechat_url: str) -> None:
        self.app = app
        self.wechat_url = wechat_url
        self.roster = sample_roster()

    def numbers(self, shift: str | None = None) -> Iterator[str]:
        """Yield staff numbers of people without a role, of one shift if asked."""
        for number, row in self.roster.items():
            if number.startswith("2") and (shift is None or row["班次"] == shift):
                yield number

    def guest(self, user: str = "guest-1") -> Phone:
        """Return the phone of somebody who is not staff."""
        phone = Phone(self.app, user)
        code = login_code(self.wechat_url, user)
        phone.token = phone.ok("POST", "/login", {"code": code})["token"]
        return phone

    def staff(self, number: str) -> Phone:
        """Return the phone of a bound member of staff; a person who was bound before does not log
        in."""
        accounts = self.app.extensions["linka.database"].read(_ACCOUNT_OF, (number,))
        if accounts:
            tokens = self.app.extensions["linka.logins"].tokens
            token, _ = tokens.issue(*accounts[0], self.app.extensions["linka.clock"].now())
            return Phone(self.app, f"staff-{number}", token)
        phone = self.guest(f"staff-{number}")
        body = {"staff_number": number, "invite_code": self.roster[number]["邀请码"]}
        phone.ok("POST", "/me/binding", body)
        return phone

    def host(self) -> Phone:
        """Return a host's phone."""
        return self.staff(HOST)

    def people(self, count: int, shift: str | None = None) -> list[Phone]:
        """Return the phones of some staff."""
        found = self.numbers(shift)
        return [self.staff(next(found)) for _ in range(count)]

    def open_event(self, host: Phone, template: str = "hunt", **more: Any) -> dict[str, Any]:
        """Make and open an event."""
        event = host.ok("POST", "/events", {"template": template, **more})
        opened: dict[str, Any] = host.ok(
            "POST", f"/events/{event['id']}/transitions", {"action": "open"}
        )
        return opened

    def join(self, event: dict[str, Any], *phones: Phone) -> list[dict[str, Any]]:
        """Let phones join an event; returns their players."""
        code = {"code": event["join_code"]}
        return [phone.ok("POST", "/events/join", code)["player"] for phone in phones]


# What ends a person's rights: an admin undoes the binding, or the person leaves.
ENDS = {
    "unbound": "UPDATE staff SET account_id = NULL, bound_at = NULL WHERE id = ?",
    "left": "UPDATE staff SET active = false WHERE id = ?",
}


def end_rights(database: Database, player_id: int, how: str) -> None:
    """End the rights of the person of a seat, see `ENDS`."""
    rows = database.read("SELECT staff_id FROM player WHERE id = ?", (player_id,))
    with database.write():
        database.sql(ENDS[how], rows[0])


def bind_seats(database: Database) -> None:
    """Bind the persons of all seats to the accounts that were seated, where a test has written the
    seats itself."""
    with database.write():
        for statement in _BIND_SQL:
            database.sql(statement)


_BIND_SQL = (
    """
    INSERT INTO account (id, appid, openid, session_key, session_key_updated_at, nickname,
                         token_version, created_at, last_login_at)
    SELECT DISTINCT account_id, 'test', 'test-' || account_id, '', 0, '', 1, 0, 0 FROM player
    WHERE staff_id IS NOT NULL ON CONFLICT DO NOTHING
    """,
    "INSERT INTO team (id, name) SELECT 0, 'test' WHERE NOT EXISTS (SELECT 1 FROM team)",
    """
    INSERT INTO staff (id, number, name, team_id, shift, invite_digest, active, entered_on, birthday)
    SELECT DISTINCT staff_id, 'T' || staff_id, name, (SELECT MIN(id) FROM team), '', '', true, '', ''
    FROM player WHERE staff_id IS NOT NULL ON CONFLICT DO NOTHING
    """,
    """
    UPDATE staff SET account_id = (SELECT MAX(account_id) FROM player WHERE staff_id = staff.id)
    WHERE EXISTS (SELECT 1 FROM player WHERE staff_id = staff.id)
    """,
)


def hunt_of(event: dict[str, Any]) -> str:
    """Return the path of an event's hunt."""
    ids = [activity["id"] for activity in event["activities"] if activity["kind"] == "hunt"]
    return f"/hunts/{ids[0]}"


class Keys:
    """The answer keys of the sample banks, as a trainer knows them: by stem and option text."""

    def __init__(self) -> None:
        self._right = _right_texts()

    def right(self, dig: dict[str, Any]) -> list[str]:
        """Return the letters of the right answer, as this dig shows them."""
        texts = self._right[dig["question"]["stem"]]
        return [o["key"] for o in dig["question"]["options"] if o["text"] in texts]

    def wrong(self, dig: dict[str, Any]) -> list[str]:
        """Return the letters of a wrong answer."""
        right = set(self.right(dig))
        return [next(o["key"] for o in dig["question"]["options"] if {o["key"]} != right)]


def at_once(calls: Iterable[Callable[[], Any]]) -> list[Any]:
    """Make all calls at the same moment, each in a thread, and return their results."""
    waiting = list(calls)
    barrier = threading.Barrier(len(waiting))
    results: list[Any] = [None] * len(waiting)

    def run(place: int, call: Callable[[], Any]) -> None:
        barrier.wait(30)
        results[place] = call()

    threads = [
        threading.Thread(target=run, args=(place, call)) for place, call in enumerate(waiting)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    return results


def as_json(value: Any) -> str:
    """Return a value as comparable text."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
