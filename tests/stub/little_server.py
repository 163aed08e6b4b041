"""A real HTTP server in a thread that answers what a test tells it to: WeChat's side and Linka's."""

import json
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


@dataclass(frozen=True)
class Call:
    """A request as it arrived; `token` is what stands behind `Bearer`."""

    method: str
    path: str
    query: str
    header: Mapping[str, str]
    body: Any

    @property
    def token(self) -> str:
        return self.header.get("authorization", "").removeprefix("Bearer ")


@dataclass(frozen=True)
class Said:
    """An answer. `hangs_up` closes the connection instead, after the call was handled."""

    status: int = 200
    body: Any = field(default_factory=dict)
    header: Mapping[str, str] = field(default_factory=dict)
    hangs_up: bool = False


HANGS_UP = Said(hangs_up=True)


def refusal(status: int, slug: str, **header: str) -> Said:
    return Said(status, {"error": slug, "message": f"不行：{slug}"}, header)


class LittleServer:
    """Answers logins by itself; every other path says what was `queue`d for it, else `{}`."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.lock = threading.Lock()
        self.good_tokens: set[str] = set()
        self._scripts: dict[str, deque[Said]] = defaultdict(deque)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = False
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def queue(self, path: str, *answers: Said) -> None:
        self._scripts[path].extend(answers)

    def called(self, path: str) -> list[Call]:
        with self.lock:
            return [call for call in self.calls if call.path == path]

    def answer(self, call: Call) -> Said:
        with self.lock:
            self.calls.append(call)
            if self._scripts[call.path]:
                return self._scripts[call.path].popleft()
            if call.path == "/__emulator__/codes":
                return Said(body={"code": f"code-{len(self.calls)}"})
            if call.path == "/api/v1/login":
                return self._log_in(call)
            if call.path.startswith("/api/v1/") and call.token not in self.good_tokens:
                return refusal(401, "token_expired")
            return self.serve(call)

    def serve(self, call: Call) -> Said:
        """Answer a call of somebody who is signed in."""
        return Said()

    def _log_in(self, call: Call) -> Said:
        token = f"token-of-{call.body['code']}"
        self.good_tokens.add(token)
        return Said(body={"token": token})


def _handler(little: LittleServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def handle_any(self) -> None:
            path, _, query = self.path.partition("?")
            text = self.rfile.read(int(self.headers.get("content-length", 0)))
            header = {name.lower(): value for name, value in self.headers.items()}
            said = little.answer(
                Call(self.command, path, query, header, json.loads(text) if text else None)
            )
            if said.hangs_up:
                self.close_connection = True
                return
            body = said.body if isinstance(said.body, bytes) else json.dumps(said.body).encode()
            self.send_response(said.status)
            for name, value in said.header.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_DELETE = handle_any

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler


Rule = Callable[[Call], Said]
