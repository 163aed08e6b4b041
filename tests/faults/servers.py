"""Redis servers for one test on ports of this machine: a single one, a replica, Sentinel, a
cluster.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import redis

from backend.cluster import valkey
from tests.installation import Process, until
from tests.support import free_port

START_SECONDS = 20


class Server:
    """A server on a port; `pause`, `go_on` and `kill` are those of its process."""

    def __init__(
        self, folder: Path, *arguments: str, sentinel: str = "", replicated: bool = False
    ) -> None:
        # The cluster bus is 10,000 above.
        self.port = free_port(10_000)
        self.folder = Path(tempfile.mkdtemp(dir=folder))
        commanded = valkey.replicated_command if replicated else valkey.server_command
        command = commanded(self.folder, self.port, *arguments)
        if sentinel:
            # Sentinel rewrites its configuration, so it needs a file.
            file = self.folder / "sentinel.conf"
            file.write_text(sentinel, encoding="utf-8")
            command = valkey.sentinel_command(file, self.port)
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        self.process = Process(self._process.pid, 0, "")

    @property
    def url(self) -> str:
        """Its address."""
        return f"redis://127.0.0.1:{self.port}"

    def client(self, **options: Any) -> redis.Redis:
        """Return a client of it."""
        return redis.Redis(port=self.port, socket_timeout=5, **options)

    def answers(self) -> bool:
        """Return whether it answers, if only to ask for a password."""
        try:
            with self.client() as client:
                return bool(client.ping())
        except redis.AuthenticationError:
            return True
        except redis.ResponseError:
            return True
        except redis.RedisError:
            return False

    def kill(self) -> None:
        """Kill it."""
        self.process.go_on()
        self.process.kill()
        self._process.wait(10)

    def remove(self) -> None:
        """Kill it and remove its folder."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def serving(
    folder: Path, *arguments: str, sentinel: str = "", replicated: bool = False
) -> Iterator[Server]:
    """Run a server during the block; a `replicated` one has the settings of `deploy/valkey.conf`."""
    server = Server(folder, *arguments, sentinel=sentinel, replicated=replicated)
    try:
        until(server.answers, START_SECONDS, "a Redis server")
        yield server
    finally:
        server.remove()


@contextmanager
def watched(folder: Path) -> Iterator[tuple[Server, list[Server], list[Server]]]:
    """Run a primary and its replicas, watched by three Sentinels as `linka`, during the block."""
    with ExitStack() as stack:
        primary = stack.enter_context(serving(folder, replicated=True))
        follows = ("--replicaof", "127.0.0.1", str(primary.port))
        replicas = [
            stack.enter_context(serving(folder, *follows, replicated=True))
            for _ in range(valkey.REPLICAS)
        ]
        until(lambda: valkey.is_primary(primary.port), START_SECONDS, "the replicas")
        watching = valkey.sentinel_configuration(primary.port)
        sentinels = [stack.enter_context(serving(folder, sentinel=watching)) for _ in range(3)]
        until(
            lambda: all(valkey.sees_all(one.port) for one in sentinels),
            START_SECONDS,
            "three Sentinels",
        )
        yield primary, replicas, sentinels


@contextmanager
def cluster(folder: Path) -> Iterator[list[Server]]:
    """Run a cluster of three primaries and a replica of each during the block, the primaries first."""
    own = ("--cluster-enabled", "yes", "--cluster-node-timeout", "1000", "--appendonly", "no")
    with ExitStack() as stack:
        servers = [stack.enter_context(serving(folder, *own)) for _ in range(6)]
        primaries, replicas = servers[:3], servers[3:]
        bounds = (0, 5461, 10_923, 16_384)
        for place, primary in enumerate(primaries):
            with primary.client() as client:
                client.execute_command(
                    "CLUSTER", "ADDSLOTSRANGE", bounds[place], bounds[place + 1] - 1
                )
                client.execute_command("CLUSTER", "SET-CONFIG-EPOCH", place + 1)
        with primaries[0].client() as client:
            for other in servers[1:]:
                client.execute_command("CLUSTER", "MEET", "127.0.0.1", other.port)
        until(lambda: all(_knows(server, 6) for server in servers), START_SECONDS, "six nodes")
        for primary, replica in zip(primaries, replicas, strict=True):
            with primary.client() as client:
                name = client.execute_command("CLUSTER", "MYID")
            with replica.client() as client:
                client.execute_command("CLUSTER", "REPLICATE", name)
        until(
            lambda: all(valkey.follows(one.port) for one in replicas),
            START_SECONDS,
            "three replicas",
        )
        until(lambda: all(map(_is_whole, servers)), START_SECONDS, "a whole cluster")
        yield servers


def _knows(server: Server, nodes: int) -> bool:
    return _cluster_info(server)["cluster_known_nodes"] == str(nodes)


def _is_whole(server: Server) -> bool:
    return _cluster_info(server)["cluster_state"] == "ok"


def _cluster_info(server: Server) -> dict[str, str]:
    with server.client() as client:
        found: Any = client.execute_command("CLUSTER", "INFO")
    return dict(line.split(":", 1) for line in found.decode().splitlines())
