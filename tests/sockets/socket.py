"""A phone's socket for tests, which keeps every message that it gets."""

import contextlib
import itertools
import json
import threading
from collections.abc import Callable
from typing import Any

from simple_websocket import ConnectionClosed

from miniprogram_stub.live.wire import PromptClient
from tests.bench.sockets import connect, frame
from tests.installation import until
from tests.phones import Phone

PATIENCE_SECONDS = 15


def turned_away(phone: Phone, event_id: int, ticket: str) -> int:
    """Knock with a ticket that is no good; return the code that the socket is closed with.

    Read from the bytes: the close may come together with the handshake, where the client library
    does not look for it.
    """
    host, _, port = phone.installation.url.removeprefix("http://").partition(":")
    path = f"/api/v1/events/{event_id}/socket?ticket={ticket}"
    opened, got = connect(int(port), path)
    with opened:
        opened.settimeout(PATIENCE_SECONDS)
        while len(got) < 4:
            more = opened.recv(4096)
            assert more, got
            got += more
    assert got[0] == 0x88, got
    return int.from_bytes(got[2:4], "big")


class Socket:
    """An open socket of a player; `code` is what it was closed with."""

    def __init__(self, phone: Phone, event_id: int, after: str = "", ticket: str = "") -> None:
        ticket = ticket or phone.ok("POST", f"/events/{event_id}/tickets")["ticket"]
        base = phone.installation.url.replace("http", "ws", 1)
        address = f"{base}/api/v1/events/{event_id}/socket?ticket={ticket}&after={after}"
        self.heard: list[dict[str, Any]] = []
        self.code: int | None = None
        self._ids = itertools.count(1)
        self._client = PromptClient.connect(address)
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        try:
            while True:
                self.heard.append(json.loads(self._client.receive()))
        except ConnectionClosed as closed:
            self.code = closed.reason

    def send(self, text: str | bytes) -> None:
        """Send as it is."""
        self._client.send(text)

    def send_at_once(self, texts: list[str]) -> None:
        """Send messages in one go: a close on the way finds nothing that is still to be sent."""
        self.send_bytes(b"".join(map(frame, texts)))

    def send_bytes(self, frames: bytes) -> None:
        """Send frames as they are."""
        self._client.sock.sendall(frames)

    def ask(self, kind: str, activity_id: int | None = None, **data: Any) -> dict[str, Any]:
        """Send a request and return its answer, an `ack`, `pong` or `refusal`."""
        number = next(self._ids)
        asked = {"type": kind, "id": number, "activity_id": activity_id, "data": data}
        self.send(json.dumps(asked))
        return self.wait(lambda message: message.get("id") == number)

    def wait(self, wanted: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
        """Wait for a message, also among those heard before, and return it."""
        found: dict[str, Any] = until(
            lambda: next(filter(wanted, list(self.heard)), None),
            PATIENCE_SECONDS,
            f"a message; heard {self.heard[-3:]}, closed with {self.code}",
        )
        return found

    def states(self) -> list[dict[str, Any]]:
        """Return all snapshots heard so far."""
        return [message["data"] for message in list(self.heard) if message["type"] == "state"]

    def game(self) -> dict[str, Any]:
        """Return the game that is on as it was last heard."""
        game: dict[str, Any] = self.states()[-1]["activities"][0]
        return game

    def in_phase(self, phase: str, position: int = 0) -> dict[str, Any]:
        """Wait until the game that is on is in a phase; return it."""

        def is_there(message: dict[str, Any]) -> bool:
            if message["type"] != "state" or not message["data"]["activities"]:
                return False
            game = message["data"]["activities"][0]
            return game["phase"] == phase and position in (0, game.get("position"))

        game: dict[str, Any] = self.wait(is_there)["data"]["activities"][0]
        return game

    def closed(self) -> int | None:
        """Wait until it is closed and return the code."""
        self._thread.join(PATIENCE_SECONDS)
        assert not self._thread.is_alive()
        return self.code

    def close(self) -> None:
        """Hang up."""
        with contextlib.suppress(ConnectionClosed, OSError):
            self._client.close()

    def break_off(self) -> None:
        """Break the connection without a close frame."""
        self._client.sock.close()
