"""Sockets and streams of people who have lost a right are checked again at once, and end. They are
open on one server; the right ends on another one with the same Redis and database.
"""

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from redis import RedisError
from simple_websocket import ConnectionClosed
from werkzeug.serving import BaseWSGIServer

from backend.app import create_app
from backend.config import Settings
from backend.events.models import Event
from backend.identity.binding import sign_out_everywhere, unbind
from backend.identity.grants import grant, revoke
from backend.identity.models import Staff
from backend.live.feed import Feed
from backend.live.revocations import Revocations, Watched
from miniprogram_stub.live.wire import PromptClient
from tests.installation import until
from tests.support import ADMIN, OTHER_HOST, Centre, FakeClock, Phone, redis_away, refused

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
NUMBER = "200010"
PATIENCE_SECONDS = 15


@pytest.fixture
def elsewhere(
    app: Flask, settings: Settings, clock: FakeClock, wechat_url: str
) -> Iterator[Centre]:
    """Return the centre as another server has it."""
    other = create_app(settings, clock, app.extensions["linka.database"])
    yield Centre(other, wechat_url)
    other.extensions["linka.plays"]["shake"].close()
    other.extensions["linka.redis"].close()


class OpenSocket:
    """A phone's open socket, whose phone says nothing."""

    def __init__(self, server: BaseWSGIServer, phone: Phone, event_id: int) -> None:
        path = phone.ok("POST", f"/events/{event_id}/tickets")["path"]
        self.client = PromptClient.connect(f"ws://127.0.0.1:{server.port}{path}")
        self.hears("state")

    def hears(self, kind: str) -> Any:
        """Wait for a message and return it."""
        while True:
            message = json.loads(self.client.receive(PATIENCE_SECONDS))
            if message["type"] == kind:
                return message

    def asks(self, kind: str, **more: Any) -> None:
        """Say something."""
        self.client.send(json.dumps({"type": kind, "id": 1, **more}))

    def close(self) -> None:
        """Hang up."""
        with contextlib.suppress(ConnectionClosed, OSError):
            self.client.close()

    def closed(self) -> tuple[int, str]:
        """Wait until it is closed; return why."""
        with pytest.raises(ConnectionClosed) as closed:
            while self.client.receive(PATIENCE_SECONDS) is not None:
                continue
        return closed.value.reason, closed.value.message


@pytest.fixture
def evening(centre: Centre, server: BaseWSGIServer) -> Iterator["Evening"]:
    """Return an evening with two open sockets."""
    made = Evening(centre, server)
    yield made
    for socket in made.sockets:
        socket.close()
    until(lambda: not left_open(), PATIENCE_SECONDS, "readers to end")


def left_open() -> list[str]:
    """Return the readers of what is still open."""
    names = [thread.name for thread in threading.enumerate()]
    return [name for name in names if name.startswith(("feed ", "revocations"))]


class Evening:
    """A rehearsal with a player whose rights will end, and another one who stays."""

    def __init__(self, centre: Centre, server: BaseWSGIServer) -> None:
        self.centre, self.server = centre, server
        event = centre.open_event(centre.host(), "contest", rehearsal=True)
        self.event_id, self.contest = event["id"], event["activities"][0]["id"]
        self.phone, self.other = centre.staff(NUMBER), centre.staff("200011")
        self.player, _ = centre.join(event, self.phone, self.other)
        self.account_id = self.phone.ok("GET", "/me")["account"]["id"]
        self.sockets = [
            OpenSocket(server, phone, self.event_id) for phone in (self.phone, self.other)
        ]

    def set_status(self, elsewhere: Centre, status: str) -> None:
        """Kick or ban."""
        path = f"/events/{self.event_id}/players/{self.player['id']}"
        elsewhere.host().ok("PUT", path, {"status": status})


ENDS: dict[str, tuple[Callable[[Evening, Centre], Any], tuple[int, str]]] = {
    "sign-out": (
        lambda evening, centre: centre.staff(NUMBER).ok("DELETE", "/me/tokens"),
        (4401, "signed_out"),
    ),
    "unbinding": (
        lambda evening, centre: centre.staff(ADMIN).ok("DELETE", f"/staff/{NUMBER}/binding"),
        (4401, "signed_out"),
    ),
    "kick": (lambda evening, centre: evening.set_status(centre, "kicked"), (4403, "not_admitted")),
    "ban": (lambda evening, centre: evening.set_status(centre, "banned"), (4403, "not_admitted")),
}


@pytest.mark.parametrize("what", ENDS)
def test_socket_of_who_lost_a_right_is_closed_and_no_other(
    evening: Evening, elsewhere: Centre, what: str
) -> None:
    end, code = ENDS[what]
    end(evening, elsewhere)
    assert evening.sockets[0].closed() == code
    evening.sockets[1].asks("ping")
    evening.sockets[1].hears("pong")


def test_wiped_rehearsal_closes_all_its_sockets(evening: Evening, elsewhere: Centre) -> None:
    elsewhere.host().ok("DELETE", f"/events/{evening.event_id}/data")
    assert {socket.closed() for socket in evening.sockets} == {(4403, "not_admitted")}


def test_who_left_is_closed_out_and_is_refused_a_new_ticket(
    evening: Evening, elsewhere: Centre
) -> None:
    Staff.update(active=False).where(Staff.number == NUMBER).execute()
    elsewhere.app.extensions["linka.revocations"].tell([evening.account_id])
    assert evening.sockets[0].closed() == (4403, "not_admitted")
    refused(evening.phone.post(f"/events/{evening.event_id}/tickets"), 403, "not_a_player")


def test_guest_who_binds_opens_another_socket_as_staff(evening: Evening, elsewhere: Centre) -> None:
    guest = evening.centre.guest("later-staff")
    event = {"join_code": Event.get_by_id(evening.event_id).join_code}
    evening.centre.join(event, guest)
    evening.sockets.append(OpenSocket(evening.server, guest, evening.event_id))
    number = "200012"
    body = {"staff_number": number, "invite_code": elsewhere.roster[number]["邀请码"]}
    Phone(elsewhere.app, guest.user, guest.token).ok("POST", "/me/binding", body)
    assert evening.sockets[-1].closed() == (4403, "not_admitted")
    evening.sockets.append(OpenSocket(evening.server, guest, evening.event_id))


# --- when nobody was told


@pytest.mark.parametrize(("how", "code"), [("left", 4403), ("unbound", 4401), ("out", 4401)])
def test_ping_is_no_pong_to_who_lost_a_right_that_nobody_told_of(
    evening: Evening, app: Flask, clock: FakeClock, how: str, code: int
) -> None:
    database = app.extensions["linka.database"]
    if how == "left":
        Staff.update(active=False).where(Staff.number == NUMBER).execute()
    elif how == "unbound":
        unbind(database, NUMBER, None, clock.now())
    else:
        sign_out_everywhere(database, evening.account_id, clock.now())
    evening.sockets[0].asks("ping")
    assert evening.sockets[0].closed()[0] == code


def test_nothing_is_told_while_redis_is_away_and_nothing_is_raised(app: Flask) -> None:
    Revocations(Feed(redis_away())).tell([1], event_id=1)


def test_reader_that_lost_redis_looks_at_everything_that_is_open(app: Flask) -> None:
    looks = threading.Semaphore(0)

    class Cut:
        """A feed that is cut off once."""

        def __init__(self) -> None:
            self.asked = 0

        def last_seq(self, event_id: int) -> str:
            self.asked += 1
            return "0-0"

        def wait(self, event_id: int, seq: str, milliseconds: int) -> list[Any]:
            if self.asked == 1:
                raise RedisError
            threading.Event().wait(0.05)
            return []

    made = Revocations(Cut())  # type: ignore[arg-type]
    with made.watching(Watched(1, 1, looks.release)):
        # At the beginning, when the reader begins, and when it has lost Redis.
        assert all(looks.acquire(timeout=PATIENCE_SECONDS) for _ in range(3))
    until(lambda: not left_open(), PATIENCE_SECONDS, "readers to end")


# --- streams


@contextmanager
def opened(answer: Any) -> Iterator[Iterator[bytes]]:
    """Read the first snapshot of a stream, and return what follows."""
    assert answer.status_code == 200, answer.text
    chunks = iter(answer.response)
    assert b"retry" in next(chunks)
    assert b"event: state" in next(chunks)
    yield chunks
    answer.close()
    until(lambda: not left_open(), PATIENCE_SECONDS, "readers to end")


def test_host_s_stream_ends_when_the_role_is_gone(
    centre: Centre, elsewhere: Centre, app: Flask, clock: FakeClock
) -> None:
    event = centre.open_event(centre.host())
    database = app.extensions["linka.database"]
    grant("host", NUMBER, event["id"], database=database, now=clock.now())
    phone = centre.staff(NUMBER)
    account_id = phone.ok("GET", "/me")["account"]["id"]
    with opened(phone.get(f"/events/{event['id']}/stream?view=host")) as stream:
        revoke("host", NUMBER, event["id"], database=database, now=clock.now())
        elsewhere.app.extensions["linka.revocations"].tell([account_id])
        for _ in stream:
            continue
    refused(phone.get(f"/events/{event['id']}/stream?view=host"), 403, "forbidden")


def test_host_s_stream_ends_with_a_sign_out_that_nobody_told_of(
    centre: Centre, app: Flask, clock: FakeClock
) -> None:
    event, phone = centre.open_event(centre.host()), centre.staff(OTHER_HOST)
    account_id = phone.ok("GET", "/me")["account"]["id"]
    with opened(phone.get(f"/events/{event['id']}/stream?view=host")) as stream:
        sign_out_everywhere(app.extensions["linka.database"], account_id, clock.now())
        for _ in stream:
            continue


def test_screen_s_stream_ends_when_the_screen_key_changes(
    centre: Centre, elsewhere: Centre, app: Flask
) -> None:
    event = centre.open_event(centre.host())
    client = app.test_client()
    client.get(f"/screen/{event['id']}?key={Event.get_by_id(event['id']).screen_key}")
    with opened(client.get(f"/api/v1/events/{event['id']}/stream")) as stream:
        Event.update(screen_key="another-screen-key").where(Event.id == event["id"]).execute()
        elsewhere.app.extensions["linka.revocations"].tell(event_id=event["id"])
        for _ in stream:
            continue
    refused(client.get(f"/api/v1/events/{event['id']}/stream"), 403, "screen_not_paired")
