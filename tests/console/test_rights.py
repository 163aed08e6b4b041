"""Who may open which page of the console, and what its cookie permits."""

import dataclasses
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from structlog.testing import capture_logs

from backend.identity import principal, sessions
from backend.identity.grants import UnknownStaff, grant
from backend.identity.models import ConsoleSession
from tests.support import ADMIN, HOST, TRAINER, Centre, FakeClock, Phone

# Pages for everybody: logging in, and the files of the pages.
IDLE_SECONDS = sessions.IDLE_MS // 1000
OPEN = {"host.login", "host.link", "host.static", "host.kind_file"}


def entered(app: Flask, clock: FakeClock, phone: Phone) -> FlaskClient:
    """Return a browser in which the person of a phone is logged in to the console."""
    database = app.extensions["linka.database"]
    account_id = phone.ok("GET", "/me")["account"]["id"]
    with app.app_context():
        who = principal.of_account(database, account_id)
        cookie = sessions.begin(database, who, "Chrome · Linux", clock.now(), "link")
    browser = app.test_client()
    browser.set_cookie(sessions.COOKIE, cookie)
    return browser


def pages(app: Flask) -> Iterator[tuple[str, str, set[str]]]:
    """Yield (endpoint, address with every number 1, names in the address) of each page."""
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/host/") and rule.endpoint not in OPEN:
            values: dict[str, Any] = dict.fromkeys(rule.arguments, 1)
            adapter = app.url_map.bind("localhost")
            yield rule.endpoint, adapter.build(rule.endpoint, values), set(rule.arguments)


@pytest.fixture
def event_id(centre: Centre) -> int:
    """Return an event that nobody has joined."""
    host = centre.staff(HOST)
    return int(host.ok("POST", "/events", {"template": "evening"})["id"])


def test_nobody_opens_a_page_without_logging_in(app: Flask, event_id: int) -> None:
    browser = app.test_client()
    for endpoint, address, _ in pages(app):
        answer = browser.get(address)
        assert answer.status_code == 302, endpoint
        assert answer.headers["Location"].startswith("/host/login?next="), endpoint


def test_a_host_of_another_event_opens_no_page_of_this_one(
    app: Flask, clock: FakeClock, centre: Centre, event_id: int
) -> None:
    host = centre.staff(HOST)
    other = host.ok("POST", "/events", {"template": "hunt"})["id"]
    stranger = centre.people(1)[0]
    number = stranger.ok("GET", "/me")["staff"]["number"]
    database = app.extensions["linka.database"]
    grant("host", number, other, database=database, now=clock.now())
    browser = entered(app, clock, stranger)
    assert event_id == 1
    for endpoint, address, names in pages(app):
        if "event_id" in names:
            assert browser.get(address).status_code in (403, 404), endpoint


def test_a_cookie_changes_nothing_without_the_token_of_the_page(
    app: Flask, clock: FakeClock, centre: Centre, event_id: int
) -> None:
    browser = entered(app, clock, centre.staff(HOST))
    path = f"/api/v1/events/{event_id}/transitions"
    refused = browser.post(path, json={"action": "open"})
    assert (refused.status_code, refused.json["error"]) == (403, "not_from_console")
    csrf = sessions.csrf_of(browser.get_cookie(sessions.COOKIE).value)
    done = browser.post(path, json={"action": "open"}, headers={"Linka-Console": csrf})
    assert done.json["state"] == "open"


# What a browser says about a request that another site made it send: over HTTPS, and otherwise.
OTHER_SITES = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://elsewhere.example"},
    {"Origin": "null"},
]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize("told", OTHER_SITES, ids=lambda told: "-".join(*told.items()))
def test_no_page_of_another_site_logs_a_browser_in(
    app: Flask, clock: FakeClock, centre: Centre, event_id: int, told: dict[str, str]
) -> None:
    host, own = centre.staff(HOST), {"Origin": "http://localhost"}
    console = host.ok("POST", "/console/pairings")
    host.ok("POST", "/console/approvals", {"pairing_code": console["pairing_code"]})
    screen = host.ok("POST", "/screens/pairings", {"event_id": event_id})
    body = {"pairing_code": screen["pairing_code"]}
    host.ok("POST", f"/events/{event_id}/screens", body)
    with app.app_context():
        link = sessions.link(app.extensions["linka.database"], HOST, clock.now())
    calls = [
        ("POST", f"/api/v1/console/pairings/{console['secret']}", None),
        ("POST", "/api/v1/console/links", {"secret": link}),
        ("GET", f"/api/v1/screens/pairings/{screen['secret']}", None),
    ]
    # A navigation to a screen's address has no origin.
    for method, path, body in calls if "Sec-Fetch-Site" in told else calls[:2]:
        refused = app.test_client().open(path, method=method, json=body, headers=told)
        assert refused.status_code == 403, path
        assert "Set-Cookie" not in refused.headers
    for method, path, body in calls:
        let_in = app.test_client().open(path, method=method, json=body, headers=own)
        assert (let_in.status_code, let_in.json["status"]) == (200, "approved")
        assert "HttpOnly" in let_in.headers["Set-Cookie"]
        again = app.test_client().open(path, method=method, json=body, headers=own)
        assert again.status_code == 404, path
        assert "Set-Cookie" not in again.headers


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_in_production_the_cookie_is_of_this_host_alone(
    app: Flask, clock: FakeClock, centre: Centre
) -> None:
    centre.staff(HOST)
    with app.app_context():
        link = sessions.link(app.extensions["linka.database"], HOST, clock.now())
    settings = app.extensions["linka.settings"]
    app.extensions["linka.settings"] = dataclasses.replace(settings, env="production")
    given = app.test_client().post("/api/v1/console/links", json={"secret": link})
    head, *attributes = given.headers["Set-Cookie"].split("; ")
    name, _, cookie = head.partition("=")
    assert name == "__Host-linka_console"
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(attributes)
    assert not any(one.startswith("Domain") for one in attributes)
    for sent, status in ((name, 200), (sessions.COOKIE, 401)):
        browser = app.test_client()
        browser.set_cookie(sent, cookie)
        assert browser.get("/api/v1/me").status_code == status, sent


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_log_has_no_secret_of_a_pairing(app: Flask, centre: Centre) -> None:
    pairing = centre.staff(HOST).ok("POST", "/console/pairings")
    path = f"/api/v1/console/pairings/{pairing['secret']}"
    with capture_logs() as lines:
        app.test_client().post(path, headers=OTHER_SITES[0])
    [line] = [line for line in lines if line["event"] == "refused"]
    assert line["path"] == "/api/v1/console/pairings/-"
    assert pairing["secret"] not in str(lines)


def test_a_session_ends_when_it_is_not_used_for_two_hours(
    app: Flask, clock: FakeClock, centre: Centre
) -> None:
    browser = entered(app, clock, centre.staff(HOST))
    clock.advance(IDLE_SECONDS - 61)
    assert browser.get("/host/").status_code == 200
    clock.advance(IDLE_SECONDS - 1)
    assert browser.get("/host/").status_code == 200
    clock.advance(IDLE_SECONDS)
    assert browser.get("/host/").status_code == 302


def test_a_session_ends_twelve_hours_after_it_began(
    app: Flask, clock: FakeClock, centre: Centre
) -> None:
    browser = entered(app, clock, centre.staff(HOST))
    for _ in range(11):
        clock.advance(3600)
        assert browser.get("/host/").status_code == 200
    clock.advance(3600)
    assert browser.get("/host/").status_code == 302


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_looking_at_the_right_of_a_stream_keeps_no_connection(
    app: Flask, clock: FakeClock, centre: Centre, event_id: int
) -> None:
    """The greenlet that looks ends with the last stream, and would take its connection along."""
    browser = entered(app, clock, centre.staff(HOST))
    answer = browser.get(f"/api/v1/events/{event_id}/stream?view=host")
    [watched] = app.extensions["linka.revocations"]._open()
    pool = app.extensions["linka.database"]._peewee
    kept: list[bool] = []

    def look() -> None:
        watched.look()
        kept.append(not pool.is_closed())

    looking = threading.Thread(target=look)
    looking.start()
    looking.join()
    answer.close()
    assert kept == [False]


def test_signing_out_everywhere_ends_sessions(app: Flask, clock: FakeClock, centre: Centre) -> None:
    host = centre.staff(HOST)
    browser = entered(app, clock, host)
    host.ok("DELETE", "/me/tokens")
    assert browser.get("/host/").status_code == 302


def test_the_table_holds_no_cookie(app: Flask, clock: FakeClock, centre: Centre) -> None:
    browser = entered(app, clock, centre.staff(ADMIN))
    cookie = browser.get_cookie(sessions.COOKIE).value
    assert cookie not in {row.digest for row in ConsoleSession.select()}


def test_a_person_without_a_role_is_not_let_in(
    app: Flask, clock: FakeClock, centre: Centre
) -> None:
    player = centre.people(1)[0]
    with pytest.raises(sessions.NoConsoleRole):
        entered(app, clock, player)


def test_a_trainer_is_shown_no_events(app: Flask, clock: FakeClock, centre: Centre) -> None:
    browser = entered(app, clock, centre.staff(TRAINER))
    assert browser.get("/host/").status_code == 302
    assert browser.get("/host/events/1").status_code in (403, 404)


def test_a_mistake_of_ours_is_a_page_with_the_number_of_the_request(
    app: Flask, clock: FakeClock, centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = entered(app, clock, centre.staff(HOST))

    def broken(*_: Any, **__: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr("backend.console.events.shown_events", broken)
    answer = browser.get("/host/")
    assert (answer.status_code, answer.mimetype) == (500, "text/html")
    assert "这一页出错了" in answer.text


def test_a_link_is_for_people_with_an_account_and_a_role(
    app: Flask, clock: FakeClock, centre: Centre
) -> None:
    bound, *_, unbound = centre.numbers()
    centre.staff(bound)
    for number, refusal in (
        ("no-such", UnknownStaff),
        (unbound, sessions.NotBound),
        (bound, sessions.NoConsoleRole),
    ):
        with app.app_context(), pytest.raises(refusal):
            sessions.link(app.extensions["linka.database"], number, clock.now())


def test_a_link_is_over_after_ten_minutes(app: Flask, clock: FakeClock, centre: Centre) -> None:
    centre.staff(HOST)
    database = app.extensions["linka.database"]
    with app.app_context():
        secret = sessions.link(database, HOST, clock.now())
    clock.advance(sessions.LINK_MS / 1000)
    answer = app.test_client().post("/api/v1/console/links", json={"secret": secret})
    assert (answer.status_code, answer.json["error"]) == (404, "unknown_link")
