"""Two nodes behind nginx restart one after the other while people play.

Phones notice a short pause at most.
"""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from random import Random
from typing import Any

import pytest
import urllib3

from miniprogram_stub.faults import FINE
from miniprogram_stub.live.wire import PhoneSocket, SocketClosed
from tests.faults.nginx import nginx
from tests.installation import Installation, until
from tests.phones import Phone, invite_codes, staff_phone
from tests.support import HOST

PHONES = 4
BACK_SECONDS = 5
MOVING = 4307

_http = urllib3.PoolManager(retries=False, timeout=30)


@dataclass(frozen=True)
class Front:
    """The address of the nodes for phones."""

    url: str
    wechat_url: str


@pytest.fixture(scope="module")
def nodes(
    install: Callable[..., Installation], redis_url: str, wechat_url: str
) -> list[Installation]:
    """Return two servers over one database and one Redis."""
    settings = {
        "LINKA_REDIS_URL": redis_url,
        "LINKA_WECHAT_URL": wechat_url,
        "LINKA_WORKERS": "1",
        "LINKA_PROXIES": "1",
        "LINKA_DRAIN_SECONDS": "4",
    }
    first = install(**settings)
    second = install(**settings, LINKA_DATABASE_URL=f"sqlite:///{first.database_file}")
    for node in (first, second):
        node.start("serve")
    for node in (first, second):
        node.wait_until_ready()
    return [first, second]


@pytest.fixture(scope="module")
def front(nodes: list[Installation]) -> Iterator[Front]:
    """Return nginx in front of both."""
    with nginx([node.bind for node in nodes]) as port:
        yield Front(f"http://127.0.0.1:{port}", nodes[0].wechat_url)


@dataclass
class Guest:
    """A phone that plays without a break: requests in one thread, its socket in another."""

    phone: Phone
    event: dict[str, Any]
    answers: list[tuple[str, int]] = field(default_factory=list)
    codes: list[int | None] = field(default_factory=list)
    gaps: list[float] = field(default_factory=list)
    opened: int = 0

    def play(self, ends: threading.Event) -> None:
        """Read and write until the end."""
        hunt = f"/hunts/{self.event['activities'][0]['id']}"
        while not ends.wait(0.1):
            self._call("POST", "/events/join", {"code": self.event["join_code"]})
            self._call("POST", f"{hunt}/digs", {"site": "lake"})
            self._call("GET", f"/events/{self.event['id']}/leaderboards/event")

    def listen(self, ends: threading.Event) -> None:
        """Keep a socket open until the end."""
        lost_at = 0.0
        while not ends.is_set():
            ticket = self._call("POST", f"/events/{self.event['id']}/tickets")
            socket = PhoneSocket(FINE, Random(1), time.sleep)
            try:
                socket.open(self.phone.installation.url.replace("http", "ws") + ticket["path"])
                while not ends.is_set():
                    said = socket.receive(0.2)
                    if said and said["type"] == "hello":
                        self.opened += 1
                        self.gaps.append(time.monotonic() - lost_at if lost_at else 0.0)
            except SocketClosed as closed:
                self.codes.append(closed.code)
                lost_at = time.monotonic()
                ends.wait(closed.retry_after_seconds)
            finally:
                socket.close()

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        answer = _http.request(
            method,
            f"{self.phone.installation.url}/api/v1{path}",
            json=body,
            headers={"Authorization": f"Bearer {self.phone.token}"},
        )
        self.answers.append((f"{method} {path}", answer.status))
        return answer.json()


@pytest.fixture
def guests(front: Front) -> Iterator[list[Guest]]:
    """Return phones that play while the test runs."""
    host = staff_phone(front, HOST)
    event = host.ok("POST", "/events", {"template": "hunt"})
    event = host.ok("POST", f"/events/{event['id']}/transitions", {"action": "open"})
    people = islice((number for number in invite_codes() if number.startswith("2")), PHONES)
    made = [Guest(staff_phone(front, number), event) for number in people]
    for guest in made:
        guest.phone.join(event["join_code"])
    ends = threading.Event()
    threads = [
        threading.Thread(target=does, args=(ends,), daemon=True)
        for guest in made
        for does in (guest.play, guest.listen)
    ]
    for thread in threads:
        thread.start()
    until(lambda: all(guest.opened for guest in made), 60, "open sockets")
    yield made
    ends.set()
    for thread in threads:
        thread.join(30)


def test_no_request_fails_and_sockets_are_back_in_time(
    nodes: list[Installation], guests: list[Guest]
) -> None:
    first, second = nodes
    _stop(first, guests)
    first.up("serve")
    _stop(second, guests)
    until(lambda: all(guest.opened > 1 for guest in guests), 60, "sockets that moved")
    answers = [answer for guest in guests for answer in guest.answers]
    assert [answer for answer in answers if answer[1] >= 400] == []
    codes = {code for guest in guests for code in guest.codes}
    assert codes == {MOVING}
    assert max(gap for guest in guests for gap in guest.gaps) < BACK_SECONDS


def _stop(node: Installation, guests: list[Guest]) -> None:
    """Stop a node and wait until phones play without it."""
    assert node.started is not None
    node.started.send_signal(signal.SIGTERM)
    until(partial(_is_draining, node), 10, "the node says that it drains")
    assert node.started.wait(30) == 0
    before = [len(guest.answers) for guest in guests]
    until(partial(_go_on, guests, before), 60, "phones play without it")


def _is_draining(node: Installation) -> bool:
    answer = _http.request("GET", f"{node.url}/readyz")
    return answer.status == 503 and answer.json()["parts"]["server"] == "draining"


def _go_on(guests: list[Guest], before: list[int]) -> bool:
    return all(len(guest.answers) > count + 5 for guest, count in zip(guests, before, strict=True))


def test_what_is_too_large_for_nginx_is_refused_in_json(front: Front) -> None:
    answer = _http.request("POST", f"{front.url}/api/v1/login", body=b"x" * (10 << 20))
    assert (answer.status, answer.json()["error"]) == (413, "too_large")


def test_what_nginx_keeps_for_the_machine_itself_is_refused_in_json(front: Front) -> None:
    assert _http.request("GET", f"{front.url}/readyz").status == 200
    # The machine itself is 127.0.0.1; another address of the loopback is somebody else.
    stranger = urllib3.PoolManager(retries=False, source_address=("127.0.0.2", 0))
    answer = stranger.request("GET", f"{front.url}/readyz")
    assert answer.headers["Content-Type"] == "application/json"
    assert (answer.status, answer.json()["error"]) == (403, "forbidden")
