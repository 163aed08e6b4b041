"""The socket of a silent phone is closed."""

import time
from dataclasses import dataclass

import pytest
from flask import Flask
from simple_websocket import ConnectionClosed
from werkzeug.serving import BaseWSGIServer

from backend.phones.silence import SILENCE_SECONDS, SilenceWatch
from miniprogram_stub.live.wire import PromptClient
from tests.installation import until
from tests.support import Centre


@dataclass
class Phone:
    """A phone with the time of its last message, and what happened to it."""

    heard_at: float
    ended: int = 0

    def end(self) -> None:
        self.ended += 1


def test_who_is_silent_is_ended_and_nobody_else() -> None:
    watch = SilenceWatch()
    silent, loud, gone = Phone(100.0), Phone(101.0), Phone(0.0)
    with watch.watching(silent, silent.end), watch.watching(loud, loud.end):
        with watch.watching(gone, gone.end):
            pass
        watch.look(100.0 + SILENCE_SECONDS)
        assert (silent.ended, loud.ended, gone.ended) == (0, 0, 0)
        watch.look(100.5 + SILENCE_SECONDS)
        assert (silent.ended, loud.ended, gone.ended) == (1, 0, 0)
        silent.heard_at = 150.0
        watch.look(120.0 + SILENCE_SECONDS)
        assert (silent.ended, loud.ended) == (1, 1)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_socket_of_a_silent_phone_is_closed_with_a_reason(
    app: Flask, centre: Centre, server: BaseWSGIServer
) -> None:
    host, [phone] = centre.host(), centre.people(1)
    event = centre.open_event(host)
    centre.join(event, phone)
    path = phone.ok("POST", f"/events/{event['id']}/tickets")["path"]
    with_phone = PromptClient.connect(f"ws://127.0.0.1:{server.port}{path}")
    with_phone.send('{"type": "ping", "id": 1}')
    while "pong" not in with_phone.receive():
        continue
    presence = app.extensions["linka.presence"]
    now = app.extensions["linka.clock"].now()
    assert presence.count(event["id"], now) == 1
    app.extensions["linka.silences"].look(time.monotonic() + SILENCE_SECONDS + 1)
    with pytest.raises(ConnectionClosed) as closed:
        while True:
            with_phone.receive()
    assert (closed.value.reason, closed.value.message) == (4408, "silent")
    until(lambda: presence.count(event["id"], now) == 0, 10, "the phone to leave")
