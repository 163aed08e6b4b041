"""Phones and a screen do everything that people can do once, and keep every answer."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import urllib3

from tests.installation import Installation
from tests.phones import Phone, Refused, invite_codes
from tests.support import HOST, TRAINER, Keys, WeChatSide

STAFF = ["200001", "200002", "200003"]
PEOPLE = [*(f"staff-{number}" for number in (HOST, TRAINER, *STAFF)), "guest"]


@dataclass(frozen=True)
class Heard:
    """What the server sent to somebody: the head and the body of an answer."""

    who: str
    asked: str
    text: str


@dataclass
class Listening(Phone):
    """A phone that keeps every answer, and every code that it logged in with."""

    heard: list[Heard] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)

    def _try(self, method: str, path: str, body: Any) -> urllib3.BaseHTTPResponse | None:
        answer = super()._try(method, path, body)
        assert answer is not None
        if path == "/login":
            self.codes.append(body["code"])
        head = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
        text = f"{head}\n\n{answer.data.decode(errors='replace')}"
        self.heard.append(Heard(self.user, f"{method} {path}", text))
        return answer

    def refused(self, method: str, path: str, body: Any = None) -> str:
        """Make a call that must be refused, and return the slug."""
        with pytest.raises(Refused) as refusal:
            self.ok(method, path, body)
        return str(refusal.value)


@dataclass
class Journey:
    """What everybody heard, and on which installation."""

    installation: Installation
    phones: dict[str, Listening]
    pages: list[Heard]
    event: dict[str, Any]

    def answers(self) -> Iterator[Heard]:
        """Yield every answer of the API and every page."""
        yield from self.pages
        for phone in self.phones.values():
            yield from phone.heard


def make_journey(installation: Installation) -> Journey:
    """Play a journey to its end: everything that people can do is done."""
    phones = {user: Listening(installation, user) for user in PEOPLE}
    _log_in(phones)
    host = phones[f"staff-{HOST}"]
    event = host.ok("POST", "/events", {"template": "hunt"})
    event = host.ok("POST", f"/events/{event['id']}/transitions", {"action": "open"})
    pages = _watch(installation, host, event)
    _play(phones, event)
    _look(phones, event)
    pages += _watch(installation, host, event)
    _correct(phones, event)
    for phone in phones.values():
        phone.ok("DELETE", "/me/tokens")
        assert phone.refused("GET", "/me") == "signed_out"
    return Journey(installation, phones, pages, event)


def _log_in(phones: dict[str, Listening]) -> None:
    codes = invite_codes()
    for user, phone in phones.items():
        _spoil_a_login(phone)
        phone.log_in()
        phone.ok("POST", "/login", {"code": phone.codes[-1]})
        phone.ok("GET", "/me")
        number = user.removeprefix("staff-")
        if number in codes:
            wrong = {"staff_number": number, "invite_code": codes[STAFF[0]][::-1]}
            assert phone.refused("POST", "/me/binding", wrong) == "binding_refused"
            phone.bind(number, codes[number])
            phone.ok("GET", "/me")


def _spoil_a_login(phone: Listening) -> None:
    """Let a login fail in each way in which WeChat can fail, so that the log has lines about it."""
    wechat = WeChatSide(phone.installation.wechat_url)
    for kind, more in (
        ("errcode", {"errcode": -1}),
        ("errcode", {"errcode": 40013}),
        ("errcode", {"errcode": 45011}),
        ("malformed", {}),
        ("http_500", {}),
        ("drop", {}),
    ):
        wechat.fault(kind, **more)
        code = wechat.code(phone.user)
        phone.codes.append(code)
        answer = urllib3.request(
            "POST", f"{phone.installation.url}/api/v1/login", json={"code": code}, retries=False
        )
        assert answer.status in (500, 503), answer.data
        phone.heard.append(Heard(phone.user, "POST /login", answer.data.decode()))
    assert phone.refused("POST", "/login", {"code": "no-such-code"}) == "code_invalid"


def _play(phones: dict[str, Listening], event: dict[str, Any]) -> None:
    keys, hunt = Keys(), f"/hunts/{event['activities'][0]['id']}"
    for user, phone in phones.items():
        phone.join(event["join_code"])
        if user == "guest":
            assert phone.refused("POST", f"{hunt}/digs", {"site": "lake"}) == "staff_only"
            continue
        for site in ("lake", "pass", "tent"):
            dig = phone.ok("POST", f"{hunt}/digs", {"site": site})
            path = f"{hunt}/digs/{dig['id']}"
            phone.ok("GET", hunt)
            phone.ok("GET", path)
            if site == "lake":
                phone.ok("POST", f"{path}/snooze")
            choice = keys.right(dig) if site != "pass" else keys.wrong(dig)
            phone.answer(hunt, dig, choice)
            phone.answer(hunt, dig, choice)
            other = {"choice": keys.wrong(dig) if site != "pass" else keys.right(dig)}
            assert phone.refused("POST", f"{path}/answer", other) == "already_answered"
            phone.ok("GET", path)
        dig = phone.ok("POST", f"{hunt}/digs", {"site": "valley"})
        phone.ok("GET", f"{hunt}/digs/{dig['id']}")


def _look(phones: dict[str, Listening], event: dict[str, Any]) -> None:
    here = f"/events/{event['id']}"
    for phone in phones.values():
        for path in ("/events", here, f"{here}/me", f"{here}/receipts", f"{here}/leaderboards"):
            phone.ok("GET", path)
        for board in ("event", "day", "week", f"activity-{event['activities'][0]['id']}"):
            for query in ("scope=players&top=200", "scope=teams", "around=me"):
                phone.ok("GET", f"{here}/leaderboards/{board}?{query}")
    for user in (f"staff-{number}" for number in (HOST, TRAINER, *STAFF)):
        phones[user].ok("GET", f"/hunts/{event['activities'][0]['id']}/wrong-questions")


def _correct(phones: dict[str, Listening], event: dict[str, Any]) -> None:
    host, here = phones[f"staff-{HOST}"], f"/events/{event['id']}"
    for path in ("/event-templates", f"{here}/players", "/events?page_size=200"):
        host.ok("GET", path)
    for player in host.ok("GET", f"{here}/players")["items"]:
        host.ok("GET", f"{here}/receipts?player_id={player['id']}")
    host.ok("GET", f"/hunts/{event['activities'][0]['id']}/statistics")
    for action in ("pause", "resume", "freeze", "reveal", "close"):
        host.ok("POST", f"{here}/transitions", {"action": action})
    assert phones[f"staff-{STAFF[0]}"].refused("GET", f"{here}/players") == "forbidden"


def _watch(installation: Installation, host: Listening, event: dict[str, Any]) -> list[Heard]:
    """Open the pages as a screen does and listen to the stream for a moment."""
    http = urllib3.PoolManager(retries=False, timeout=10)
    address = f"{installation.url}/screen/{event['id']}"
    let_in = http.request("GET", installation.url + event["screen_path"], redirect=False)
    cookie = {"Cookie": let_in.headers["Set-Cookie"].partition(";")[0]}
    heard = [
        _page(http, address, {}),
        _page(http, address, cookie),
        _page(http, f"{address}?key=wrong", {}),
        _page(http, f"{installation.url}/", {}),
        _page(http, f"{installation.url}/api/docs", {}),
        _page(http, f"{installation.url}/api/openapi.json", {}),
        _page(http, f"{installation.url}/readyz", {}),
    ]
    token = {"Authorization": f"Bearer {host.token}"}
    stream = f"{installation.url}/api/v1/events/{event['id']}/stream"
    for url, head in ((stream, cookie), (f"{stream}?view=host", token)):
        answer = http.request("GET", url, headers=head, preload_content=False)
        heard.append(Heard("a screen", url, _first_state(answer)))
        answer.close()
    return heard


def _page(http: urllib3.PoolManager, url: str, headers: dict[str, str]) -> Heard:
    answer = http.request("GET", url, headers=headers)
    return Heard("a screen", f"GET {url}", answer.data.decode())


def _first_state(answer: urllib3.BaseHTTPResponse) -> str:
    text = ""
    while not re.search(r"event: state\ndata: .*\n\n", text):
        text += answer.read(1).decode(errors="replace")
    return text
