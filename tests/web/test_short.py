"""What the short way answers is what Flask alone answers, byte for byte; it refuses nothing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from io import BytesIO

import pytest
from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from backend.identity.models import Account
from backend.identity.tokens import LIFETIME_SECONDS
from tests.scoring.board_evening import BoardEvening
from tests.short_way import ShortWay
from tests.support import Centre, FakeClock, end_rights

Answer = tuple[str, list[tuple[str, str]], bytes]

TOP = "/leaderboards/event?top=2"
AROUND = "/leaderboards/event?around=me"
# What a phone asks for, and may be answered without Flask.
USUAL = (
    TOP,
    AROUND,
    "/leaderboards/event",
    "/leaderboards/event?top=200&scope=players",
    "/leaderboards/event?scope=teams",
    "/leaderboards/day?top=2",
    "/leaderboards/week?around=me",
    "/leaderboards/day-2026-11-22",
    "/leaderboards/event?top=2&colour=red",
)
# What Flask has to answer, or to refuse.
UNUSUAL = (
    "/leaderboards/event?top=0",
    "/leaderboards/event?top=two",
    "/leaderboards/event?around=me&scope=teams",
    f"/leaderboards/event?top=2&{'colour=red&' * 20}",
    "/leaderboards/day-2026-13-45",
    "/leaderboards/nothing",
    "/leaderboards/activity-1",
    "/leaderboards/event/",
    "//leaderboards/event",
    "/leaderboards/even%00t",
    "/leaderboards/事件",
    "/leaderboards",
    "/me",
)
HEADERS: tuple[dict[str, str], ...] = (
    {"Accept-Language": "en"},
    {"Accept-Language": "fr, en;q=0.5, zh;q=0.1"},
    {"Accept-Language": ";;q=x"},
    {"Accept-Language": "en;q=0"},
    {"Accept-Language": "EN-us, *;q=0.1"},
    {"Accept": "text/html"},
    {"Origin": "https://elsewhere.example"},
    {"X-Forwarded-Host": "elsewhere", "X-Forwarded-Prefix": "/api"},
    {"Host": "a b?c"},
    {"Host": "a..b"},
    {"Host": "a" * 64},
    {"Host": "a" * 63 + ".b:80"},
    {"Range": "bytes=0-3"},
    {"X-Request-Id": "not an id"},
    {"Linka-Client": "miniprogram/0.0.1"},
    {"Cookie": "linka_console=nobody"},
    {"Content-Length": "2", "Content-Type": "application/json"},
    {"Content-Length": "-1"},
    {"Transfer-Encoding": "chunked"},
    {"X-HTTP-Method-Override": "DELETE"},
    {"If-None-Match": "*"},
    {"If-None-Match": '"other"'},
    {"If-None-Match": "not a tag"},
    {"If-None-Match": '"*", W/"other", ""'},
    {"If-Match": '"other"', "If-Modified-Since": "Mon, 30 Nov 2026 20:00:00 GMT"},
)
AUTHORIZATIONS = (
    "",
    "Bearer",
    "Bearer ",
    "Bearer nobody",
    "Basic YTpi",
    "bearer {}",
    "Bearer  {} ",
)


@dataclass(frozen=True)
class Sent:
    """A request that a test sends to the app with its short way, and to Flask alone."""

    path: str
    token: str = ""
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def answer(self, app: Callable[..., Iterable[bytes]]) -> Answer:
        """Return status, headers in their order, and body."""
        given = {"X-Request-Id": "of-this-test", "Authorization": f"Bearer {self.token}"}
        if self.headers.get("Authorization") == "":
            del given["Authorization"]
        builder = EnvironBuilder(
            f"/api/v1{self.path}", method=self.method, input_stream=BytesIO(self.body)
        )
        environ = builder.get_environ()
        for name, value in {**given, **self.headers}.items():
            key = name.upper().replace("-", "_")
            environ[key if key.startswith("CONTENT_") else f"HTTP_{key}"] = value
        body, status, headers = run_wsgi_app(app, environ)
        return status, list(headers), b"".join(body)


class Compared:
    """An app whose short way is compared with Flask alone, and how often it answered."""

    def __init__(self, app: Flask) -> None:
        assert isinstance(app.wsgi_app, ShortWay)
        self._way = app.wsgi_app
        self._before = self._way.answered

    @property
    def short(self) -> int:
        """How many answers came by the short way."""
        return self._way.answered - self._before

    def same(self, sent: Sent) -> Answer:
        """Return the answer, which is the same with the short way and without; the second time, too."""
        first = sent.answer(self._way)
        alone = sent.answer(self._way.flask)
        again = sent.answer(self._way)
        if "X-Request-Id" in sent.headers:
            first, alone, again = map(_without_id, (first, alone, again))
        assert (first, again) == (alone, alone), sent
        return alone


def _without_id(answer: Answer) -> Answer:
    status, headers, body = answer
    return status, [(name, value) for name, value in headers if name != "X-Request-Id"], body


@pytest.fixture
def evening(centre: Centre) -> BoardEvening:
    """Return an evening with three players who have 10, 20 and 30 points."""
    return BoardEvening(centre)


def test_answers_are_those_of_flask(centre: Centre, evening: BoardEvening) -> None:
    compared = Compared(evening.app)
    phone, path = evening.phones[0], evening.path
    for asked in USUAL:
        before = compared.short
        status, headers, _ = compared.same(Sent(path + asked, phone.token))
        assert (status, compared.short > before) == ("200 OK", True), asked
        tag = {"If-None-Match": dict(headers)["ETag"]}
        assert compared.same(Sent(path + asked, phone.token, headers=tag))[0][:3] == "304"
    answered = compared.short
    weak = {"If-None-Match": f'"x", W/{dict(headers)["ETag"]}'}
    assert compared.same(Sent(path + asked, phone.token, headers=weak))[0][:3] in ("200", "304")
    for asked in UNUSUAL:
        compared.same(Sent(path + asked, phone.token))
    for event in ("0", "999", "00" + path.rpartition("/")[2], "9" * 30, "-1", "１"):
        compared.same(Sent(f"/events/{event}{TOP}", phone.token))
    for method in ("HEAD", "OPTIONS", "POST", "DELETE", "BREW"):
        before = compared.short
        compared.same(Sent(path + TOP, phone.token, method))
        assert compared.short == before, method
    for more in HEADERS:
        compared.same(Sent(path + TOP, phone.token, headers=more))
        compared.same(Sent(path + AROUND, phone.token, headers=more))
    for pattern in AUTHORIZATIONS:
        authorization = {"Authorization": pattern.format(phone.token)}
        compared.same(Sent(path + TOP, headers=authorization))
    assert compared.short > answered


def test_refusals_are_those_of_flask(
    centre: Centre, evening: BoardEvening, clock: FakeClock
) -> None:
    compared = Compared(evening.app)
    path, host = evening.path, evening.host
    guest, stranger = centre.guest(), centre.staff(list(centre.numbers())[20])
    centre.join(evening.event, guest)
    other = centre.open_event(host)
    centre.join(other, stranger)
    callers = [*evening.phones, host, guest, stranger]

    def statuses() -> list[str]:
        found = []
        for phone in callers:
            before = compared.short
            answers = [compared.same(Sent(path + asked, phone.token)) for asked in (TOP, AROUND)]
            status = answers[0][0][:3]
            assert status == "200" or compared.short == before
            found.append(status)
        return found

    played = ["200", "200", "200"]
    assert statuses() == [*played, "200", "200", "403"]
    evening.does("freeze")
    evening.give(0, 100)
    assert statuses() == [*played, "200", "200", "403"]
    evening.does("reveal")
    assert statuses() == [*played, "200", "200", "403"]
    database = evening.app.extensions["linka.database"]
    kicked = {"status": "kicked", "reason": "不守规则"}
    host.ok("PUT", f"{path}/players/{evening.players[0]}", kicked)
    end_rights(database, evening.players[1], "unbound")
    with database.write():
        signed_out = evening.phones[2].token
        account_id, _ = evening.app.extensions["linka.logins"].tokens.read(signed_out, clock.now())
        Account.update(token_version=2).where(Account.id == account_id).execute()
    assert statuses()[:3] == ["403", "403", "401"]
    clock.advance(LIFETIME_SECONDS + 1)
    assert set(statuses()) == {"401"}
