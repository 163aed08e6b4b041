"""Starts a cluster, keeps its parts running and describes them in its folder."""

import shutil
import socket
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import click

from backend import processes
from backend.clock import SystemClock
from backend.cluster import nginx, parts, postgresql, probes, programs, valkey
from backend.cluster.parts import ClusterPart, RunningCluster
from backend.config import load_settings, own_folder
from backend.db import Database
from backend.errors import OperatorError
from backend.processes import Child, Supervisor, supervise
from backend.sample import load_sample

SENTINELS = 3
MOST_NODES, MOST_WORKERS = 6, 6
PORTS = 17
START_SECONDS = 90


class LocalCluster:
    """A cluster that keeps its data in a folder and uses consecutive ports.

    The first port is nginx's, which all clients use.
    """

    def __init__(self, folder: Path, first_port: int, nodes: int, workers: int) -> None:
        self._folder = folder
        self._port = first_port
        self._workers = workers
        ports = iter(range(first_port + 1, first_port + PORTS))
        self._nodes = [next(ports) for _ in range(nodes)]
        self._wechat, self._pgbouncer = next(ports), next(ports)
        self._primary, self._replica = next(ports), next(ports)
        self._valkey = [next(ports) for _ in range(1 + valkey.REPLICAS)]
        self._sentinels = [next(ports) for _ in range(SENTINELS)]
        self._parts: list[ClusterPart] = []
        self._noted: list[parts.KnownPart] = []

    @property
    def url(self) -> str:
        """The address for clients."""
        return f"http://127.0.0.1:{self._port}"

    def run(self) -> None:
        """Start everything and keep it running until SIGTERM or SIGINT; raises `OperatorError`."""
        self._require_programs()
        for port in range(self._port, self._port + PORTS):
            processes.require_free("127.0.0.1", port, "--port")
        shutil.rmtree(self._folder, ignore_errors=True)
        own_folder(self._folder)
        (self._folder / "log").mkdir()
        home = postgresql.DataFolder(self._folder)
        try:
            supervise(None, partial(self._start, home))
        finally:
            (self._folder / parts.FILE).unlink(missing_ok=True)
            home.remove()

    @staticmethod
    def _require_programs() -> None:
        missing = programs.missing()
        if missing:
            raise OperatorError(
                f"not installed: {', '.join(missing)}; on Debian: apt-get install {' '.join(missing)}"
            )

    def _environ(self, node_port: int | None = None) -> dict[str, str]:
        """Return the settings of a node, or those of a process that is not a node."""
        name = f"node-{node_port}" if node_port else "other"
        return {
            "LINKA_ENV": "development",
            "LINKA_BIND": f"127.0.0.1:{node_port or self._port}",
            "LINKA_DATA_DIR": str(self._folder / name),
            "LINKA_DATABASE_URL": postgresql.url(self._pgbouncer),
            "LINKA_DATABASE_CONNECTIONS": "20",
            "LINKA_REPORTS_DATABASE_URL": postgresql.url(self._replica),
            "LINKA_REDIS_URL": valkey.url(self._sentinels),
            "LINKA_WECHAT_URL": f"http://127.0.0.1:{self._wechat}",
            "LINKA_WORKERS": "1",
            "LINKA_PROXIES": "1",
        }

    def _start(self, home: postgresql.DataFolder, supervisor: Supervisor) -> None:
        """Start all parts, each after the parts that it needs."""
        for made in (self._stores(), self._databases(home), self._linka(home)):
            self._begin_all(supervisor, made)
        supervisor.call_until_true(self._note)
        self._note()
        for line in self._addresses():
            click.echo(line)

    def _begin_all(self, supervisor: Supervisor, made: Iterable[ClusterPart]) -> None:
        """Start parts, then wait until all of them work."""
        began = time.monotonic()
        begun = []
        for part in made:
            supervisor.start(part.child)
            self._parts.append(part)
            begun.append(part)
        for part in begun:
            _wait_for(part)
            took = time.monotonic() - began
            click.echo(f"✓ {part.name:<12} {_address(part):<22} {took:5.1f} s")

    def _log(self, name: str) -> Path:
        return self._folder / "log" / f"{name}.log"

    # --- Valkey

    def _stores(self) -> Iterator[ClusterPart]:
        first, *others = self._valkey
        yield self._store("valkey-1", first)
        _until(partial(valkey.answers, first), "valkey-1")
        for number, port in enumerate(others, 2):
            yield self._store(f"valkey-{number}", port, "--replicaof", "127.0.0.1", str(first))
        # A Sentinel asks for replicas when it starts, and then not again for ten seconds.
        _until(partial(valkey.is_primary, first), "valkey-1 with its replicas")
        for number, port in enumerate(self._sentinels, 1):
            yield self._sentinel(f"sentinel-{number}", port)

    def _store(self, name: str, port: int, *more: str) -> ClusterPart:
        folder = self._folder / name
        folder.mkdir()
        command = valkey.replicated_command(folder, port, *more)
        child = Child(name, command, log=self._log(name), pause_seconds=valkey.AWAY_SECONDS)
        return ClusterPart(name, "valkey", port, child, partial(valkey.answers, port))

    def _sentinel(self, name: str, port: int) -> ClusterPart:
        folder = self._folder / name
        folder.mkdir()
        file = folder / "sentinel.conf"
        file.write_text(valkey.sentinel_configuration(self._valkey[0]))
        child = Child(name, valkey.sentinel_command(file, port), log=self._log(name))
        return ClusterPart(name, "sentinel", port, child, partial(valkey.sees_all, port))

    # --- PostgreSQL

    def _databases(self, home: postgresql.DataFolder) -> Iterator[ClusterPart]:
        child = postgresql.primary(home, self._primary, self._log("postgresql"))
        works = partial(postgresql.answers, self._primary, "postgres")
        yield ClusterPart("postgresql", "postgresql", self._primary, child, works)
        _until(works, "postgresql")
        postgresql.make_database(self._primary)
        child = postgresql.replica(home, self._replica, self._primary, self._log("replica"))
        yield ClusterPart(
            "replica", "replica", self._replica, child, partial(postgresql.follows, self._replica)
        )
        self._fill()

    def _fill(self) -> None:
        """Create the tables and load the sample centre."""
        database = Database(postgresql.url(self._primary))
        try:
            database.migrate()
            load_sample(load_settings(self._environ()), database, SystemClock())
        finally:
            database.close()

    # --- Linka

    def _linka(self, home: postgresql.DataFolder) -> Iterator[ClusterPart]:
        bouncer = postgresql.pgbouncer(home, self._pgbouncer, self._primary, self._log("pgbouncer"))
        works = partial(postgresql.answers, self._pgbouncer)
        yield ClusterPart("pgbouncer", "pgbouncer", self._pgbouncer, bouncer, works)
        _until(works, "pgbouncer")
        emulator = self._own(processes.emulator(load_settings(self._environ())), "wechat")
        yield ClusterPart(
            "wechat", "wechat", self._wechat, emulator, partial(_listens, self._wechat)
        )
        for number in range(1, self._workers + 1):
            worker = self._own(processes.worker(), f"worker-{number}")
            yield ClusterPart(worker.name, "worker", 0, worker, partial(_runs, worker))
        for number, port in enumerate(self._nodes, 1):
            server = processes.web_server(load_settings(self._environ(port)))
            node = self._own(server, f"node-{number}", port)
            yield ClusterPart(node.name, "node", port, node, partial(probes.is_ready, port))
        yield self._proxy()

    def _own(self, child: Child, name: str, port: int | None = None) -> Child:
        """Give a process of Linka its name in the cluster, its settings and its log."""
        return replace(
            child, name=name, environ={**child.environ, **self._environ(port)}, log=self._log(name)
        )

    def _proxy(self) -> ClusterPart:
        folder = self._folder / "nginx"
        folder.mkdir()
        (folder / "nginx.conf").write_text(
            nginx.configuration(folder, self._port, [f"127.0.0.1:{port}" for port in self._nodes]),
            encoding="utf-8",
        )
        child = Child("nginx", nginx.command(folder), log=self._log("nginx"))
        return ClusterPart("nginx", "nginx", self._port, child, partial(_is_healthy, self._port))

    # --- what others see

    def _note(self) -> bool:
        """Describe the parts in the folder again when a part has a new process."""
        found = list(parts.known(self._parts))
        if found != self._noted:
            self._noted = found
            running = RunningCluster(
                self.url, self._environ(), postgresql.url(self._primary), tuple(found)
            )
            parts.write(self._folder, running)
        return False

    def _addresses(self) -> Iterator[str]:
        yield f"林卡集群已就绪：{self.url}  控制台：{self.url}/host/  数据与日志：{self._folder}"
        yield f"数据库：{postgresql.url(self._pgbouncer)}（主库 {self._primary}，副本 {self._replica}）"
        yield f"Redis：{valkey.url(self._sentinels)}"
        yield f"让模拟手机来玩：linka-stub play --url {self.url} --wechat http://127.0.0.1:{self._wechat}"
        yield "逐个杀掉部件：linka chaos；按 Ctrl-C 全部停止"


def _address(part: ClusterPart) -> str:
    return f"127.0.0.1:{part.port}" if part.port else ""


def _wait_for(part: ClusterPart) -> None:
    def works() -> bool:
        if part.child.has_ended():
            raise OperatorError(f"{part.name} did not start; see {part.child.log}")
        return part.works()

    _until(works, part.name)


def _until(holds: Callable[[], bool], name: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not holds():
        if time.monotonic() > deadline:
            raise OperatorError(f"{name} does not work after {START_SECONDS} s")
        time.sleep(0.05)


def _runs(child: Child) -> bool:
    return not child.has_ended()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _is_healthy(port: int) -> bool:
    return probes.answers(f"http://127.0.0.1:{port}/healthz")
