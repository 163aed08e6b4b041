"""Measures a server process once a second for `/metrics`."""

import itertools
import threading
import time
from contextlib import suppress
from pathlib import Path

from flask import Flask
from redis import RedisError

from backend import metrics
from backend.clock import Clock
from backend.config import Settings
from backend.db import Database
from backend.live.hub import Hub
from backend.live.nodes import Nodes
from backend.phones.open_sockets import OpenSockets

EVERY_SECONDS = 1.0
SHOWN_EVERY_SECONDS = 15


class Vitals:
    """The metrics of this process that are measured rather than counted."""

    def __init__(self, app: Flask) -> None:
        self._sockets: OpenSockets = app.extensions["linka.sockets"]
        self._hub: Hub = app.extensions["linka.hub"]
        self._database: Database = app.extensions["linka.database"]
        settings: Settings = app.extensions["linka.settings"]
        self._nodes = Nodes(app.extensions["linka.redis"], settings.bind)
        self._clock: Clock = app.extensions["linka.clock"]
        self._wal = Path(settings.database_url.removeprefix("sqlite:///") + "-wal")

    def start(self) -> None:
        """Measure in a thread until the process ends."""
        threading.Thread(target=self._run, name="vitals", daemon=True).start()

    def _run(self) -> None:
        for second in itertools.count():
            if second % SHOWN_EVERY_SECONDS == 0:
                self._show()
            due_at = time.monotonic() + EVERY_SECONDS
            time.sleep(EVERY_SECONDS)
            metrics.LOOP_LAG.observe(max(0.0, time.monotonic() - due_at))
            self.measure()

    def _show(self) -> None:
        """Store in Redis that this server runs, for `linka doctor`."""
        with suppress(RedisError):
            self._nodes.show(self._clock.now())

    def measure(self) -> None:
        """Measure once."""
        metrics.SOCKETS.set(len(self._sockets))
        metrics.STREAMS.set(self._hub.stream_count)
        metrics.POOL_USED.set(self._database.connections_used)
        if self._database.is_sqlite and self._wal.exists():
            metrics.WAL_BYTES.set(self._wal.stat().st_size)
