"""The worker of gunicorn, which drains after SIGTERM (`backend.live.draining`) before it ends.

While it drains it answers requests, and each answer closes its connection, so that the next request
goes to another process. A server that starts refuses connections until a worker can answer, so that
a proxy asks another server meanwhile.
"""

import socket
import time
from contextlib import suppress
from types import FrameType, TracebackType
from typing import Any

import gevent
from gunicorn.workers.ggevent import GeventWorker

from backend.config import Settings
from backend.live.draining import Draining

# When the process ends, it closes a kept-alive connection after so many seconds without a request.
IDLE_SECONDS = 1.0
LOOK_SECONDS = 0.2


class DrainingWorker(GeventWorker):
    """Serves with gevent until SIGTERM."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._clients: dict[Any, Any] = {}
        self._idle_since: dict[Any, float] = {}

    def run(self) -> None:
        """Accept connections, now that the app has been built, and serve."""
        for listener in self.sockets:
            listener.listen(self.cfg.backlog)
        super().run()

    def handle(self, listener: Any, client: Any, addr: Any) -> None:
        """Serve one connection to its end."""
        here = gevent.getcurrent()
        self._clients[here] = client
        try:
            super().handle(listener, client, addr)
        finally:
            del self._clients[here]

    def timeout_ctx(self) -> "_Waiting":
        """Return the block in which a connection waits for its next request."""
        return _Waiting(self._idle_since, super().timeout_ctx())

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to drain; called on SIGTERM."""
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
