"""Every path on which a game is read, for tests, and what each of them shows."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from werkzeug.serving import BaseWSGIServer

from tests.kinds.evening import Talk, served
from tests.support import Phone

HTTP, SOCKET, SCREEN = "HTTP", "socket", "screen"
HOSTS_HTTP, HOSTS_STREAM = "HTTP of a host", "stream of a host"
# The paths of everybody but hosts, and those of hosts.
OPEN, HOSTS = {HTTP, SOCKET, SCREEN}, {HOSTS_HTTP, HOSTS_STREAM}


class ReadPaths:
    """An event with a game, read by a player, by a screen that was let in, and by its host."""

    def __init__(
        self, server: BaseWSGIServer, event: dict[str, Any], host: Phone, player: Phone
    ) -> None:
        self._server = server
        self._event = event
        self.host = host
        self.player = player
        self._screen = host.app.test_client()
        self._screen.get(host.ok("GET", f"/events/{event['id']}")["screen_path"])

    def shown(self, *paths: str) -> dict[str, str]:
        """Return the JSON text that each path shows; `paths` are the addresses to read over
        HTTP."""
        return {
            HTTP: self._asked(self.player, paths),
            SOCKET: self._on_socket(),
            SCREEN: self._on_stream(),
            HOSTS_HTTP: self._asked(self.host, paths),
            HOSTS_STREAM: self._on_stream(self.host),
        }

    def telling(self, secret: str, *paths: str) -> set[str]:
        """Return the paths on which a text is shown."""
        return {way for way, text in self.shown(*paths).items() if secret in text}

    def _asked(self, phone: Phone, paths: tuple[str, ...]) -> str:
        return _as_text([phone.get(path).json for path in paths])

    def _on_socket(self) -> str:
        talk = Talk(self._server, self.player, self._event["id"])
        try:
            return _as_text(talk.hears("state"))
        finally:
            talk.close()

    def _on_stream(self, host: Phone | None = None) -> str:
        path = f"/events/{self._event['id']}/stream"
        if host is None:
            answer = self._screen.get(f"/api/v1{path}")
        else:
            answer = host.get(f"{path}?view=host")
        assert answer.status_code == 200, answer.text
        chunks: Iterator[bytes] = iter(answer.response)
        try:
            while True:
                fields = dict(
                    line.split(": ", 1) for line in next(chunks).decode().splitlines() if line
                )
                if fields.get("event") == "state":
                    return _as_text(json.loads(fields["data"]))
        finally:
            answer.close()


def _as_text(shown: Any) -> str:
    return json.dumps(shown, ensure_ascii=False)


@contextmanager
def reading(event: dict[str, Any], host: Phone, player: Phone) -> Iterator[ReadPaths]:
    """Read an event on every path until the end of the block."""
    with served(host.app) as server:
        yield ReadPaths(server, event, host, player)
