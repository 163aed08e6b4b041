"""Passes of screens: a new key makes them worthless, also under open streams, and each has five."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from backend.config import DEVELOPMENT_SECRET_KEY
from backend.events.models import Event
from backend.events.passes import ScreenPasses
from backend.identity.models import AuditLine
from backend.keys import Secret
from backend.live.streams import GONE_MS, MOST_STREAMS
from backend.screen.commands import screen_key
from tests.console.test_rights import entered
from tests.live.watching import readers
from tests.support import START, Centre, FakeClock, Phone, refused

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@pytest.fixture
def host(centre: Centre) -> Phone:
    """Return the host."""
    return centre.host()


@pytest.fixture
def event(centre: Centre, host: Phone) -> Event:
    """Return an open event."""
    found: Event = Event.get_by_id(centre.open_event(host)["id"])
    return found


@pytest.fixture
def screen(app: Flask, event: Event) -> FlaskClient:
    """Return a browser that was let in by the key."""
    client = app.test_client()
    assert client.get(f"/screen/{event.id}?key={event.screen_key}").status_code == 302
    return client


class Streams:
    """Streams that are open."""

    def __init__(self, event: Event) -> None:
        self.path = f"/api/v1/events/{event.id}/stream"
        self._open: list[TestResponse] = []

    def open(self, client: FlaskClient, view: str = "public", **headers: str) -> TestResponse:
        """Open a stream, and read its beginning if it was let in."""
        answer = client.get(f"{self.path}?view={view}", headers=headers)
        if answer.status_code == 200:
            self._open.append(answer)
            assert next(answer.response).startswith(b"retry")
        return answer

    def close(self) -> None:
        """Close all."""
        for answer in self._open:
            answer.close()


@pytest.fixture
def streams(event: Event) -> Iterator[Streams]:
    """Return what opens streams and closes them in the end."""
    made = Streams(event)
    yield made
    made.close()
    for reader in readers():
        reader.join(10)


def test_new_key_ends_the_old_address_and_every_pass(
    host: Phone, event: Event, screen: FlaskClient, clock: FakeClock
) -> None:
    path = host.ok("POST", f"/events/{event.id}/screen-key")["screen_path"]
    assert "data-pairing" in screen.get(f"/screen/{event.id}?key={event.screen_key}").text
    refused(screen.get(f"/api/v1/events/{event.id}/stream"), 403, "screen_not_paired")
    assert path != f"/screen/{event.id}?key={event.screen_key}"
    assert host.ok("GET", f"/events/{event.id}")["screen_path"] == path
    assert screen.get(path).status_code == 302
    line = AuditLine.get(AuditLine.action == "screen_key_renewed")
    assert (line.subject, line.at) == (f"event:{event.id}", clock.now())


def test_new_key_ends_what_was_approved_before(host: Phone, event: Event, app: Flask) -> None:
    waiting = app.test_client()
    body = {"event_id": event.id}
    pairing = waiting.post("/api/v1/screens/pairings", json=body).json
    assert pairing is not None
    host.ok("POST", f"/events/{event.id}/screens", {"pairing_code": pairing["pairing_code"]})
    host.ok("POST", f"/events/{event.id}/screen-key")
    refused(waiting.get(f"/api/v1/screens/pairings/{pairing['secret']}"), 404, "not_found")
    refused(waiting.get(f"/api/v1/events/{event.id}/stream"), 403, "screen_not_paired")


def test_new_key_ends_open_screens_and_leaves_hosts(
    host: Phone, event: Event, screen: FlaskClient, streams: Streams, clock: FakeClock
) -> None:
    watched = streams.open(screen)
    hosts = streams.open(host.app.test_client(), Authorization=f"Bearer {host.token}")
    assert b"event: state" in next(watched.response)
    assert b"event: state" in next(hosts.response)
    host.ok("POST", f"/events/{event.id}/screen-key")
    assert not [said for said in watched.response if b"event: screens" in said]
    clock.advance(10)
    assert any(b"event: beat" in said for said in hosts.response)


def test_operator_renews_the_key_from_the_shell(app: Flask, event: Event, clock: FakeClock) -> None:
    shell = SimpleNamespace(
        database=app.extensions["linka.database"],
        revocations=app.extensions["linka.revocations"],
        clock=clock,
        address="http://127.0.0.1:8000",
    )
    said = CliRunner().invoke(screen_key, [str(event.id)], obj=shell)
    assert said.exit_code == 0
    renewed = Event.get_by_id(event.id).screen_key
    assert renewed != event.screen_key
    assert f"http://127.0.0.1:8000/screen/{event.id}?key={renewed}" in said.output
    assert AuditLine.get(AuditLine.action == "screen_key_renewed").actor_id is None
    unknown = CliRunner().invoke(screen_key, ["999999"], obj=shell)
    assert (unknown.exit_code, "not_found" in unknown.output) == (1, True)


def test_pass_has_five_streams_and_another_pass_its_own(
    event: Event, screen: FlaskClient, streams: Streams
) -> None:
    opened = [streams.open(screen) for _ in range(MOST_STREAMS)]
    answer = streams.open(screen)
    refused(answer, 429, "too_many_streams")
    assert answer.headers["Retry-After"] == str(GONE_MS // 1000)
    other = screen.application.test_client()
    other.get(f"/screen/{event.id}?key={event.screen_key}")
    assert streams.open(other).status_code == 200
    opened[0].close()
    assert streams.open(screen).status_code == 200


def test_previews_in_a_browser_with_a_pass_are_no_screens_and_leave_the_host_s_other_streams(
    app: Flask, host: Phone, event: Event, streams: Streams, clock: FakeClock
) -> None:
    browser = entered(app, clock, host)
    browser.get(f"/screen/{event.id}?key={event.screen_key}")
    for _ in range(MOST_STREAMS):
        assert streams.open(browser, "preview").status_code == 200
    assert app.extensions["linka.streams"].screens(event.id) == 0
    assert streams.open(browser, "host").status_code == 200
    assert streams.open(browser).status_code == 200
    assert app.extensions["linka.streams"].screens(event.id) == 1


def test_stream_that_a_crash_left_gives_its_place_back(
    screen: FlaskClient, streams: Streams, clock: FakeClock
) -> None:
    for _ in range(MOST_STREAMS):
        streams.open(screen)
    clock.advance(GONE_MS / 1000 + 1)
    assert streams.open(screen).status_code == 200


def test_pass_of_the_old_secret_is_good_until_its_end(event: Event) -> None:
    old = ScreenPasses(Secret(DEVELOPMENT_SECRET_KEY)).issue(event)
    secret = Secret("a new secret of more than 32 letters", DEVELOPMENT_SECRET_KEY, START)
    assert ScreenPasses(secret).admits(old, event, START - 1)
    assert not ScreenPasses(secret).admits(old, event, START)
