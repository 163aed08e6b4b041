"""A whole Linka for the bench: real processes on free ports, over data of its own."""

import subprocess
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path

import redis

from backend import metric_files, processes
from backend.clock import SystemClock
from backend.config import Settings, load_settings
from backend.db import Database
from backend.live.client import connect_redis
from backend.live.embedded import PrivateRedis
from backend.parts import scoring
from backend.processes import Child
from backend.sample import load_sample
from backend.scoring.boards import Boards
from backend.scoring.scorekeeper import Scorekeeper
from tests.bench.processor import Meter
from tests.support import free_port, wait_for

WORKERS = 2
STOP_SECONDS = 15


class Installation:
    """Redis, emulator, worker and server, started in a folder; `close` stops all of them.

    Opening one binds the tables to its database, so that one is open at a time.
    """

    def __init__(
        self,
        folder: Path,
        database_url: str = "",
        workers: int = WORKERS,
        postgres_pid: int | None = None,
    ) -> None:
        self.environ = {
            "LINKA_ENV": "development",
            "LINKA_BIND": f"127.0.0.1:{free_port()}",
            "LINKA_DATA_DIR": str(folder),
            "LINKA_DATABASE_URL": database_url,
            "LINKA_REDIS_URL": "",
            "LINKA_WECHAT_URL": f"http://127.0.0.1:{free_port()}",
            "LINKA_WORKERS": str(workers),
            # As `linka up` does: the metrics of all processes are kept in files.
            metric_files.FOLDER: str(folder / "metrics"),
        }
        self.settings: Settings = load_settings(self.environ)
        self.redis_server = PrivateRedis(self.settings.data_dir)
        self.clock = SystemClock()
        self.database = Database(self.settings.database_url)
        self._pids = {} if postgres_pid is None else {"database": postgres_pid}
        self._closing = ExitStack()
        self._closing.callback(self.database.close)

    def open(self) -> None:
        """Load the sample centre and start everything."""
        metric_files.prepare(Path(self.environ[metric_files.FOLDER]))
        self.database.migrate()
        load_sample(self.settings, self.database, self.clock)
        self.redis_server.start()
        self._closing.callback(self.redis_server.stop)
        assert self.redis_server.pid is not None
        self._pids["redis"] = self.redis_server.pid
        wechat_port = int(self.settings.wechat_url.rpartition(":")[2])
        emulator = processes.emulator(self.settings)
        self._start(emulator, wechat_port)
        self._pids["emulator"] = pid_of(emulator)
        self._start(processes.worker(), None)
        server = processes.web_server(self.settings)
        self._start(server, self.settings.port)
        self._pids["workers"] = pid_of(server)

    def meter(self) -> Meter:
        """Begin to measure the processor time of gunicorn, database, Redis and emulator."""
        return Meter(self._pids)

    def _start(self, child: Child, port: int | None) -> None:
        child.environ = {**self.environ, **child.environ}
        self._closing.enter_context(running(child, port))

    @cached_property
    def redis(self) -> redis.Redis:
        """A client of its Redis."""
        client = connect_redis(self.settings)
        self._closing.callback(client.close)
        return client

    @cached_property
    def _scoring(self) -> tuple[Scorekeeper, Boards]:
        return scoring(self.settings, self.database, self.redis)

    @property
    def scores(self) -> Scorekeeper:
        """The scorekeeper over its data."""
        return self._scoring[0]

    @property
    def boards(self) -> Boards:
        """The boards over its data."""
        return self._scoring[1]

    def close(self) -> None:
        """Stop everything."""
        self._closing.close()


def pid_of(child: Child) -> int:
    """Return the process of a child that was started."""
    assert child.process is not None
    return child.process.pid


def running(child: Child, port: int | None) -> ExitStack:
    """Start a process, wait until it listens, and return what stops it."""
    child.start()
    assert child.process is not None
    stop = ExitStack()
    stop.callback(_end, child.process)
    if port is not None:
        wait_for(port, child.process)
    return stop


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def baseline(settings: Settings) -> tuple[Child, int]:
    """Return B under the very gunicorn command of the server, and its port."""
    port = free_port()
    command = list(processes.web_server(settings).command)
    command[command.index("--bind") + 1] = f"127.0.0.1:{port}"
    command[-1] = "tests.bench.bare:app"
    return Child("baseline", command), port
