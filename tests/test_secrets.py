"""A whole journey, every answer, page and log line of it kept, and then searched for secrets."""

import csv
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import urllib3

from backend.config import DEVELOPMENT_SECRET_KEY, SAMPLE_SECRET
from backend.wechat.crypto import Vault
from tests.installation import Installation
from tests.phones import Phone, Refused, invite_codes
from tests.support import FIXTURES, HOST, TRAINER, Keys, WeChatSide

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
        """Call, be refused, and return with what."""
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


@pytest.fixture(scope="module")
def journey(install: Callable[..., Installation]) -> Journey:
    """Return a journey that is over: everything that people can do was done."""
    installation = install(LINKA_DEBUG="true", LINKA_LOG_LEVEL="debug")
    installation.up()
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
    """Let a login fail in each way in which WeChat can fail, so that something is logged."""
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


# --- what is searched for


def openids(journey: Journey) -> dict[str, str]:
    """Return {user: openid}, as the emulator of WeChat has them."""
    wechat = WeChatSide(journey.installation.wechat_url)
    return {user: wechat.openid(user) for user in PEOPLE}


def session_keys(journey: Journey) -> list[str]:
    """Return the session keys that are kept, decrypted."""
    vault = Vault(DEVELOPMENT_SECRET_KEY)
    rows = journey.installation.rows("SELECT session_key FROM account")
    return [vault.open(sealed) for (sealed,) in rows]


def _secrets_of_server(journey: Journey) -> list[str]:
    return [*session_keys(journey), SAMPLE_SECRET, DEVELOPMENT_SECRET_KEY]


def _found(secrets: list[str], text: str) -> list[str]:
    return [secret for secret in secrets if secret in text]


def test_journey_was_long_enough_to_be_searched(journey: Journey) -> None:
    assert len(list(journey.answers())) > 300
    assert len(set(session_keys(journey))) == len(PEOPLE)
    assert len(set(openids(journey).values())) == len(PEOPLE)
    assert "wechat_busy" in journey.installation.log
    assert "wechat_misconfigured" in journey.installation.log


def test_no_openid_is_in_any_answer(journey: Journey) -> None:
    secrets = list(openids(journey).values())
    assert [heard for heard in journey.answers() if _found(secrets, heard.text)] == []


def test_no_session_key_nor_secret_of_ours_is_in_any_answer(journey: Journey) -> None:
    secrets = _secrets_of_server(journey)
    assert [heard for heard in journey.answers() if _found(secrets, heard.text)] == []


def test_no_invite_code_is_in_any_answer(journey: Journey) -> None:
    secrets = list(invite_codes().values())
    answers = [heard for heard in journey.answers() if "openapi.json" not in heard.asked]
    assert [heard for heard in answers if _found(secrets, heard.text)] == []


def test_no_secret_is_in_the_log(journey: Journey) -> None:
    log = journey.installation.log
    redis_log = (journey.installation.folder / "redis" / "redis.log").read_text()
    phones = journey.phones.values()
    secrets = [
        *_secrets_of_server(journey),
        *openids(journey).values(),
        *invite_codes().values(),
        *(code for phone in phones for code in phone.codes if code != "no-such-code"),
        *(phone.token for phone in phones),
        journey.event["screen_path"].partition("key=")[2],
    ]
    assert _found(secrets, log) == []
    assert _found(secrets, redis_log) == []
    assert "Traceback" not in log


def test_only_sealed_session_keys_and_digests_of_invite_codes_are_stored(journey: Journey) -> None:
    folder = journey.installation.folder
    kept = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert b"SQLite format 3" in kept and b"linka:" in kept
    secrets = [*session_keys(journey), *(invite_codes()[number] for number in STAFF)]
    assert _found(secrets, kept.decode("latin-1")) == []


def test_redis_knows_no_openid(journey: Journey) -> None:
    folder = journey.installation.folder / "redis" / "appendonlydir"
    kept = b"".join(path.read_bytes() for path in folder.iterdir()).decode("latin-1")
    assert "linka:" in kept
    assert _found(list(openids(journey).values()), kept) == []


def test_screen_key_is_for_hosts_alone(journey: Journey) -> None:
    key = journey.event["screen_path"].partition("key=")[2]
    told = {heard.who for heard in journey.answers() if key in heard.text}
    assert told == {f"staff-{HOST}"}


def test_staff_numbers_of_others_are_for_hosts_alone(journey: Journey) -> None:
    for heard in journey.answers():
        own = heard.who.removeprefix("staff-")
        if own != HOST and "openapi.json" not in heard.asked:
            others = [f'"{number}"' for number in (HOST, *STAFF) if number != own]
            assert _found(others, heard.text) == [], heard.asked


# --- answer keys


@pytest.fixture(scope="module")
def explanations() -> dict[str, str]:
    """Return {stem: explanation} of the sample banks."""
    found = {}
    for file in Path(FIXTURES, "questions").glob("*.csv"):
        for row in csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()):
            found[row["题干"].strip()] = row["解析"].strip()
    return found


def _json_of(heard: Heard) -> Any:
    head, _, body = heard.text.partition("\n\n")
    return json.loads(body) if "application/json" in head and body else None


def _digs(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every dig in a piece of JSON."""
    if isinstance(value, dict):
        if "deadline_at" in value:
            yield value
        for inner in value.values():
            yield from _digs(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _digs(inner)


def test_open_question_carries_nothing_but_what_is_asked(journey: Journey) -> None:
    asked = 0
    for heard in journey.answers():
        for dig in _digs(_json_of(heard)):
            if dig["state"] == "open":
                asked += 1
                assert dig["question"].keys() <= {
                    *("id", "kind", "topic", "difficulty", "stem", "options")
                }
                assert all(
                    option.keys() == {"key", "text"} for option in dig["question"]["options"]
                )
                assert "result" not in dig
    assert asked > 40


def test_explanation_is_told_to_nobody_who_has_not_answered(
    journey: Journey, explanations: dict[str, str]
) -> None:
    told = 0
    for phone in journey.phones.values():
        answered: set[str] = set()
        stems: dict[str, str] = {}
        for heard in phone.heard:
            stems |= {
                str(dig["id"]): dig["question"]["stem"] for dig in _digs(_json_of(heard) or {})
            }
            if heard.asked.endswith("/answer") and '"verdict"' in heard.text:
                answered.add(stems[heard.asked.split("/")[-2]])
            for stem, explanation in explanations.items():
                if explanation in heard.text:
                    told += 1
                    assert stem in answered, (heard.who, heard.asked, stem)
    assert told > 20


def test_screens_are_told_no_question(journey: Journey, explanations: dict[str, str]) -> None:
    texts = [*explanations, *explanations.values()]
    assert [heard.asked for heard in journey.pages if _found(texts, heard.text)] == []


def test_options_are_shuffled_for_each_player(journey: Journey) -> None:
    orders: dict[str, set[tuple[str, ...]]] = {}
    for heard in journey.answers():
        for dig in _digs(_json_of(heard)):
            if dig["question"]["kind"] != "truefalse":
                texts = tuple(option["text"] for option in dig["question"]["options"])
                orders.setdefault(dig["question"]["stem"], set()).add(texts)
    bank = {
        tuple(row[f"选项{letter}"] for letter in "ABCDEF" if row[f"选项{letter}"])
        for file in Path(FIXTURES, "questions").glob("*.csv")
        for row in csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines())
    }
    shown = [order for found in orders.values() for order in found]
    assert sum(order in bank for order in shown) < len(shown) / 2
