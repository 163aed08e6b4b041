"""From `linka up` to a server that is ready, on existing data; the memory of all its processes."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import urllib3

from tests.bench.figures import Figure
from tests.bench.installation import Installation
from tests.bench.live import LiveScenario, limit
from tests.bench.scenarios import require
from tests.support import free_port

START_SECONDS = 120
# What a process does after it is ready, such as its first look at the boards, is done by then.
SETTLE_SECONDS = 5.0
STOP_SECONDS = 30
_http = urllib3.PoolManager(retries=False, timeout=2)


class Start(LiveScenario):
    """Seconds from the command to `/readyz`; megabytes (PSS) of supervisor, Redis, emulator, fork
    server, gunicorn with two workers, and `linka worker`, before anybody has logged in."""

    name = "start_seconds"
    most_seconds = 3.0
    most_megabytes = 250.0

    def measure(
        self, place: Installation, bare_port: int, step: Callable[[], object]
    ) -> list[Figure]:
        """Start once so that there are data, and then again and again."""
        folder = place.settings.data_dir / "started"
        self._started(folder)
        found = []
        for _ in range(self.repeats):
            found.append(self._started(folder))
            step()
            step()
        return [
            limit(self.name, self.most_seconds, [took for took, _ in found], unit="s"),
            limit("memory_all", self.most_megabytes, [size for _, size in found], unit="MB"),
        ]

    def _started(self, folder: Path) -> tuple[float, float]:
        """Start everything and stop it; returns the seconds and the megabytes."""
        port = free_port(1000)
        # As in an installation, the code is compiled once.
        left_out = ("LINKA_", "PYTHONDONTWRITEBYTECODE")
        own = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
        environ = {**own, "LINKA_BIND": f"127.0.0.1:{port}", "LINKA_DATA_DIR": str(folder)}
        began = time.monotonic()
        up = subprocess.Popen(
            [Path(sys.executable).parent / "linka", "up"], env=environ, stdout=subprocess.DEVNULL
        )
        try:
            while not _is_ready(port):
                late = time.monotonic() - began > START_SECONDS
                require(up.poll() is None and not late, "linka up does not get ready")
                time.sleep(0.02)
            took = time.monotonic() - began
            time.sleep(SETTLE_SECONDS)
            return took, _megabytes(psutil.Process(up.pid))
        finally:
            up.terminate()
            up.wait(STOP_SECONDS)


def _is_ready(port: int) -> bool:
    try:
        return _http.request("GET", f"http://127.0.0.1:{port}/readyz").status == 200
    except urllib3.exceptions.HTTPError:
        return False


def _megabytes(process: psutil.Process) -> float:
    """Return the memory of a process and all below it; pages that several have count once."""
    every = [process, *process.children(recursive=True)]
    return float(sum(one.memory_full_info().pss for one in every)) / 1e6
