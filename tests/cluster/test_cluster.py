"""`linka cluster` and `linka chaos`: an evening on many processes, which are killed."""

import json
import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from backend.cli import main
from backend.cluster import parts, postgresql, programs
from backend.cluster.cluster import PORTS
from backend.config import load_settings
from backend.db import Database, open_database
from backend.postgres import FOR_COMMANDS
from tests.conftest import FAST_FOLDER
from tests.installation import LINKA, until
from tests.support import free_port

START_SECONDS = 120
STOP_SECONDS = 30
# Five seconds on an idle machine.
WRITABLE_SECONDS = 15
RESTARTED = ("node", "restart")
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
                    *(LINKA, "cluster", "--port", str(free_port(*range(1, PORTS)))),
                    *("--nodes", "2", "--workers", "1"),
                ],
                env=self._environ,
                stdout=output,
                stderr=output,
            )

    def said(self) -> str:
        """Return its output."""
        return self._output.read_text(encoding="utf-8")

    def logs(self) -> str:
        """Return its output, and the last lines in the log of each part."""
        logs = sorted((self.folder / "log").glob("*.log"))
        ends = [f"{log.name}: {log.read_text(encoding='utf-8')[-1500:]}" for log in logs]
        return "\n".join([self.said(), *ends])

    def is_ready(self) -> bool:
        """Return whether all parts work; fails if it has ended."""
        assert self.process.poll() is None, self.logs()
        return "林卡集群已就绪" in self.said()

    def linka(self, *command: str) -> Result:
        """Run a command to its end."""
        return CliRunner().invoke(main, [*command, "--folder", str(self.folder)])


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


def test_killed_and_restarted_parts_cost_no_acknowledged_answer(cluster: Started) -> None:
    options = [word for kind in KILLED for word in ("--part", kind)]
    hows = ("--how", "kill", "--how", "restart")
    done = cluster.linka(
        *("chaos", *hows, "--every", "1", "--minutes", "0.25", "--phones", "20", "--kind", "hunt"),
        *options,
    )
    assert done.exit_code == 0, done.output + cluster.said()
    found = json.loads((cluster.folder / "chaos.json").read_text())
    rows = {(row["kind"], row["how"]): row for row in found}
    assert set(rows) == {RESTARTED, *((kind, "kill") for kind in KILLED)}
    assert sum(row["lost"] + row["doubled"] for row in rows.values()) == 0
    assert rows[RESTARTED]["errors"] == 0
    assert rows["valkey", "kill"]["longest_unready"] < WRITABLE_SECONDS


def test_replica_is_not_written_to_and_serves_what_only_reads(
    cluster: Started, tmp_path: Path
) -> None:
    [replica] = parts.read(cluster.folder).of_kind("replica")
    [primary] = parts.read(cluster.folder).of_kind("postgresql")
    until(lambda: postgresql.follows(replica.port), WRITABLE_SECONDS, "the replica follows")
    both = f"postgresql://linka@127.0.0.1:{replica.port},127.0.0.1:{primary.port}/linka"
    opened = Database(both, FOR_COMMANDS)
    assert opened.read("SELECT pg_is_in_recovery()") == [(False,)]
    assert not opened.is_behind_pooler
    opened.close()
    given = parts.read(cluster.folder).environ
    assert given["LINKA_REPORTS_DATABASE_URL"] == postgresql.url(replica.port)
    reading = open_database(load_settings(given), FOR_COMMANDS)
    assert reading.for_report(lambda: reading.read("SELECT pg_is_in_recovery()")) == [(True,)]
    reading.close()
    environ = {
        "LINKA_DATA_DIR": str(tmp_path),
        "LINKA_DATABASE_URL": postgresql.url(replica.port),
    }
    done = CliRunner().invoke(main, ["backup", str(tmp_path / "copy.zip")], env=environ)
    assert done.exit_code == 0, done.output


def test_everything_ends_with_the_command(cluster: Started) -> None:
    ours = [process for part in parts.read(cluster.folder).parts for process in part.processes()]
    assert len(ours) > len(KILLED)
    cluster.process.send_signal(signal.SIGTERM)
    assert cluster.process.wait(STOP_SECONDS) == 0
    assert not [process for process in ours if process.is_running()]
    assert "no cluster runs" in cluster.linka("chaos").output
