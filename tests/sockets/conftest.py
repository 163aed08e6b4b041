"""Phones of an open contest on one installation with two workers."""

import threading
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import BaseWSGIServer, make_server

from tests.installation import Installation
from tests.phones import Phone, invite_codes, staff_phone
from tests.sockets.socket import Socket

PHONES = 4


@pytest.fixture(scope="module")
def phones(installation: Installation) -> list[Phone]:
    """Return phones of staff."""
    people = islice((number for number in invite_codes() if number.startswith("2")), PHONES)
    return [staff_phone(installation, number) for number in people]


@pytest.fixture
def server(app: Flask) -> Iterator[BaseWSGIServer]:
    """Return the application behind a port."""
    made = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


class Hall:
    """An open game, its host, and the sockets of its players."""

    def __init__(self, host: Phone, phones: list[Phone], template: str = "contest") -> None:
        self.host, self.phones = host, phones
        event = host.ok("POST", "/events", {"template": template, "rehearsal": True})
        self.event_id = int(event["id"])
        self.event = host.ok("POST", f"/events/{self.event_id}/transitions", {"action": "open"})
        self.activity_id = int(self.event["activities"][0]["id"])
        for phone in phones:
            phone.join(event["join_code"])
        self.sockets: list[Socket] = []

    def socket(self, place: int = 0, **more: Any) -> Socket:
        """Open a phone's socket."""
        self.sockets.append(Socket(self.phones[place], self.event_id, **more))
        return self.sockets[-1]

    def act(self, action: str, position: int | None = None) -> dict[str, Any]:
        """Do what a host does."""
        body = {"action": action, "position": position}
        path = f"/contests/{self.activity_id}/actions"
        state: dict[str, Any] = self.host.ok("POST", path, body)["state"]
        return state

    def show(self) -> int:
        """Begin and show the first question; return the round's id."""
        self.act("begin")
        round_id: int = self.act("next", 1)["round"]["id"]
        return round_id


@pytest.fixture
def hall(host: Phone, phones: list[Phone]) -> Iterator[Hall]:
    """Return an open contest."""
    made = Hall(host, phones)
    yield made
    for socket in made.sockets:
        socket.close()


def reported(socket: Socket, hall: Hall, round_id: int) -> int:
    """Report shakes, and return what counts."""
    answer = socket.ask("shake.report", hall.activity_id, round_id=round_id, count=50, how="shake")
    assert answer["type"] == "ack"
    return int(answer["data"]["accepted"])
