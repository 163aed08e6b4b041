"""Measures a server process once a second for `/metrics`."""

import threading
import time
from pathlib import Path

from flask import Flask

from backend import metrics
from backend.config import Settings
from backend.db import Database
from backend.live.hub import Hub
from backend.phones.open_sockets import OpenSockets

EVERY_SECONDS = 1.0


class Vitals:
    """The figures of this process that are not counted where they happen."""

    def __init__(self, app: Flask) -> None:
        self._sockets: OpenSockets = app.extensions["linka.sockets"]
        self._hub: Hub = app.extensions["linka.hub"]
        self._database: Database = app.extensions["linka.database"]
        settings: Settings = app.extensions["linka.settings"]
        self._wal = Path(settings.database_url.removeprefix("sqlite:///") + "-wal")

    def start(self) -> None:
        """Measure in a thread until the process ends."""
        threading.Thread(target=self._run, name="vitals", daemon=True).start()

    def _run(self) -> None:
        while True:
            due_at = time.monotonic() + EVERY_SECONDS
            time.sleep(EVERY_SECONDS)
            metrics.LOOP_LAG.observe(max(0.0, time.monotonic() - due_at))
            self.measure()

    def measure(self) -> None:
        """Measure once."""
        metrics.SOCKETS.set(len(self._sockets))
        metrics.STREAMS.set(self._hub.stream_count)
        metrics.POOL_USED.set(self._database.connections_used)
        if self._database.is_sqlite and self._wal.exists():
            metrics.WAL_BYTES.set(self._wal.stat().st_size)
