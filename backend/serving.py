"""The worker of gunicorn, which drains after SIGTERM (`backend.live.draining`) before it ends.

While it drains it answers requests, and each answer closes its connection, so that the next request
goes to another process. A server that starts refuses connections until a worker can answer, so that
a proxy asks another server meanwhile.

Short operations (`backend.web.short`) are answered here, before gunicorn parses their requests.
"""

import json
import socket
import time
from contextlib import suppress
from types import FrameType, TracebackType
from typing import Any

import gevent
from gunicorn import util
from gunicorn.config import Config
from gunicorn.glogging import Logger
from gunicorn.http.message import Request
from gunicorn.http.parser import RequestParser
from gunicorn.workers.ggevent import GeventWorker

from backend import logs
from backend.config import Settings
from backend.live.draining import Draining
from backend.processes import REQUESTS_END_SECONDS
from backend.web import plain
from backend.web.errors import body_outside
from backend.web.short import ShortAnswer, ShortOperations

# When the process ends, it closes a kept-alive connection after so many seconds without a request.
IDLE_SECONDS = 1.0
LOOK_SECONDS = 0.2


class JsonLog(Logger):
    """gunicorn's log of itself, such as of a worker that was killed, as lines of JSON."""

    def setup(self, cfg: Config) -> None:
        """Set up the handlers; gunicorn calls it."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(logs.json_formatter())


class PlainRequest(Request):
    """A request that gunicorn parses only if it has to: see `backend.web.plain`.

    `environ` is what was read of a plain request; None if gunicorn has parsed it.
    """

    environ: dict[str, Any] | None = None

    def parse(self, unreader: Any) -> bytes:
        """Read a plain request, or parse another one; return what came after its head."""
        self._data = unreader.read()
        self.environ = plain.environ_of(self._data)
        if self.environ is None:
            return self._parsed()
        self.version = (1, 1)
        return b""

    def parse_fully(self) -> None:
        """Parse a plain request that gunicorn has to serve; raises what its parser raises."""
        self.environ = None
        self.unreader.unread(self._parsed())
        self.set_body_reader()

    def _parsed(self) -> bytes:
        self.unreader.unread(self._data)
        rest: bytes = super().parse(self.unreader)
        return rest


def write_error(sock: Any, status_int: int, reason: str, mesg: str) -> None:
    """Send gunicorn's refusal of a request with the body of the API, in place of HTML.

    The arguments are those of `gunicorn.util.write_error`; `mesg` quotes the request, so it stays in
    the log. The connection is closed afterwards. Raises `OSError` if the caller is gone.
    """
    body = json.dumps(body_outside(status_int), ensure_ascii=False).encode()
    head = (
        f"HTTP/1.1 {status_int} {reason}\r\nConnection: close\r\nContent-Type: application/json\r\n"
        f"Cache-Control: no-store\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    util.write_nonblock(sock, head.encode("latin-1") + body)


class DrainingWorker(GeventWorker):
    """Serves with gevent until SIGTERM."""

    _short: ShortOperations | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # gunicorn chooses the status of a refusal, and offers no other way to choose its body.
        util.write_error = write_error
        self._clients: dict[Any, Any] = {}
        self._idle_since: dict[Any, float] = {}

    def run(self) -> None:
        """Accept connections, now that the app has been built, and serve."""
        for listener in self.sockets:
            listener.listen(self.cfg.backlog)
        self.answer_shortly(self.wsgi.extensions.get("linka.short"))
        super().run()

    def answer_shortly(self, operations: ShortOperations | None) -> None:
        """Answer these operations before gunicorn parses their requests."""
        if operations is not None:
            self._short = operations
            RequestParser.mesg_class = PlainRequest

    def handle(self, listener: Any, client: Any, addr: Any) -> None:
        """Serve one connection to its end."""
        here = gevent.getcurrent()
        self._clients[here] = client
        try:
            super().handle(listener, client, addr)
        finally:
            del self._clients[here]

    def handle_request(self, listener_name: Any, req: Any, sock: Any, addr: Any) -> None:
        """Answer a request: shortly, or as gunicorn does."""
        if getattr(req, "environ", None) is not None:
            answer = self._short_answer(req.environ)
            if answer is not None:
                sock.sendall(plain.encoded(answer))
                return
            req.parse_fully()
        super().handle_request(listener_name, req, sock, addr)

    def _short_answer(self, environ: dict[str, Any]) -> ShortAnswer | None:
        """Return the answer of a short operation; None if gunicorn has to answer.

        That is so while the worker drains, when each answer closes its connection, and for the sake of
        an access log, which is made of parsed requests.
        """
        is_open = self.alive and self.cfg.keepalive
        if self._short is None or not is_open or self.log.access_log_enabled:
            return None
        return self._short.answer(environ)

    def timeout_ctx(self) -> "_Waiting":
        """Return the block in which a connection waits for its next request."""
        return _Waiting(self._idle_since, super().timeout_ctx())

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to drain; called on SIGTERM. A worker that has no app yet has nothing to drain."""
        if getattr(self, "wsgi", None) is None:
            self.alive = False
        else:
            gevent.spawn(self._drain)

    def _drain(self) -> None:
        draining: Draining = self.wsgi.extensions["linka.draining"]
        settings: Settings = self.wsgi.extensions["linka.settings"]
        if draining.is_on:
            return
        draining.begin(settings.drain_seconds)
        # From here on each answer closes its connection.
        self.cfg.set("keepalive", 0)
        gevent.sleep(settings.drain_seconds)
        with gevent.Timeout(REQUESTS_END_SECONDS, False):
            while not draining.is_done:
                gevent.sleep(LOOK_SECONDS)
        self.alive = False
        while True:
            self._close_idle()
            gevent.sleep(LOOK_SECONDS)

    def _close_idle(self) -> None:
        """Close kept-alive connections without requests; one that is being read stays open."""
        now = time.monotonic()
        for greenlet, since in list(self._idle_since.items()):
            if now - since > IDLE_SECONDS:
                # The reader reads what came before, and then the end of the stream. gevent's own
                # `shutdown` would interrupt the reader instead.
                with suppress(OSError):
                    self._clients[greenlet]._sock.shutdown(socket.SHUT_RD)


class _Waiting:
    """Records since when a connection has waited for a request."""

    def __init__(self, idle_since: dict[Any, float], limit: gevent.Timeout) -> None:
        self._idle_since = idle_since
        self._limit = limit

    def __enter__(self) -> None:
        self._idle_since[gevent.getcurrent()] = time.monotonic()
        self._limit.__enter__()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool | None:
        del self._idle_since[gevent.getcurrent()]
        return self._limit.__exit__(kind, error, trace)
