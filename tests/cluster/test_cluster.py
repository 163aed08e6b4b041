"""`linka cluster` and `linka chaos`: an evening on many processes, which are killed."""

import json
import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from click.testing import CliRunner, Result

from backend.cli import main
from backend.cluster import parts, programs
from backend.cluster.cluster import PORTS
from tests.conftest import FAST_FOLDER
from tests.installation import LINKA, until
from tests.support import free_port

START_SECONDS = 120
STOP_SECONDS = 30
# Five seconds on an idle machine.
WRITABLE_SECONDS = 15
KILLED = ("node", "worker", "valkey", "pgbouncer", "nginx", "replica")


class Started:
    """A cluster in processes of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "cluster"
        self._environ = {
            **{name: value for name, value in os.environ.items() if name[:6] != "LINKA_"},
            "LINKA_DATA_DIR": str(folder),
            # Where PostgreSQL's data go under root.
            "TMPDIR": str(folder),
        }
        self._output = folder / "output"
        with self._output.open("wb") as output:
            self.process = subprocess.Popen(
                [
                    *(LINKA, "cluster", "--port", str(_free_ports())),
                    *("--nodes", "2", "--workers", "1"),
                ],
                env=self._environ,
                stdout=output,
                stderr=output,
            )

    def said(self) -> str:
        """Return its output."""
        return self._output.read_text(encoding="utf-8")

    def is_ready(self) -> bool:
        """Return whether all parts work; fails if it has ended."""
        assert self.process.poll() is None, self.said()
        return "林卡集群已就绪" in self.said()

    def linka(self, *command: str) -> Result:
        """Run a command to its end."""
        return CliRunner().invoke(main, [*command, "--folder", str(self.folder)])


def _free_ports() -> int:
    """Return the first of as many free ports as a cluster takes."""
    while True:
        first = free_port()
        if first + PORTS < 65536 and not any(map(_is_taken, range(first, first + PORTS))):
            return first


def _is_taken(port: int) -> bool:
    taken = {found.laddr.port for found in psutil.net_connections("tcp") if found.laddr}
    return port in taken


@pytest.fixture(scope="module")
def cluster() -> Iterator[Started]:
    """Return a running cluster."""
    missing = programs.missing()
    if missing:
        reason = f"not installed: {', '.join(missing)}, see tests/install-system-packages"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with tempfile.TemporaryDirectory(dir=FAST_FOLDER, prefix="linka-cluster-test-") as folder:
        # PostgreSQL runs as another user under root, and that user has to enter the folder.
        Path(folder).chmod(0o755)
        started = Started(Path(folder))
        try:
            until(started.is_ready, START_SECONDS, "a cluster")
            yield started
        finally:
            started.process.terminate()
            started.process.wait(STOP_SECONDS)


def test_killed_parts_cost_no_acknowledged_answer(cluster: Started) -> None:
    options = [word for kind in KILLED for word in ("--part", kind)]
    done = cluster.linka(
        *("chaos", "--how", "kill", "--every", "1", "--minutes", "0.25", "--phones", "20"), *options
    )
    assert done.exit_code == 0, done.output + cluster.said()
    rows = {row["kind"]: row for row in json.loads((cluster.folder / "chaos.json").read_text())}
    assert set(rows) == set(KILLED)
    assert sum(row["lost"] + row["doubled"] for row in rows.values()) == 0
    assert rows["valkey"]["longest_unready"] < WRITABLE_SECONDS


def test_everything_ends_with_the_command(cluster: Started) -> None:
    ours = [process for part in parts.read(cluster.folder).parts for process in part.processes()]
    assert len(ours) > len(KILLED)
    cluster.process.send_signal(signal.SIGTERM)
    assert cluster.process.wait(STOP_SECONDS) == 0
    assert not [process for process in ours if process.is_running()]
    assert "no cluster runs" in cluster.linka("chaos").output
