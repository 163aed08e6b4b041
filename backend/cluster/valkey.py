"""Valkey or Redis of a cluster: a primary and two replicas, watched by Sentinels.

They have the configuration of `deploy/valkey.conf` and `deploy/sentinel.conf`.
"""

import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

import backend
from backend.errors import OperatorError
from backend.live.embedded import server_binary

DEPLOYED = Path(backend.__file__).parent.parent / "deploy"
SERVICE = "linka"
# One may be away: the primary takes writes while one follows it.
REPLICAS = 2
# How long a killed server stays away, so that Sentinel notices and makes the other one the primary.
# Started sooner, it would become a primary that lacks the newest data.
AWAY_SECONDS = 3


def server_command(folder: Path, port: int, *more: str) -> list[str]:
    """Return the command that runs a server with its data in a folder."""
    return [
        server_binary(),
        *("--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)),
        *("--save", "", "--daemonize", "no", "--repl-diskless-sync-delay", "0"),
        *more,
    ]


def replicated_command(folder: Path, port: int, *more: str) -> list[str]:
    """Return the command that runs a primary or a replica.

    Its configuration is a copy, which Sentinel rewrites.
    """
    file = Path(shutil.copy(DEPLOYED / "valkey.conf", folder))
    program, *options = server_command(folder, port, *more)
    return [program, str(file), *options]


def sentinel_command(file: Path, port: int) -> list[str]:
    """Return the command that runs a Sentinel; it rewrites its configuration itself."""
    return [
        *(server_binary(), str(file), "--sentinel"),
        *("--port", str(port), "--bind", "127.0.0.1", "--dir", str(file.parent)),
        *("--daemonize", "no"),
    ]


def sentinel_configuration(primary_port: int) -> str:
    """Return the configuration of one of three Sentinels.

    Two of them decide that a primary is gone.
    """
    deployed = (DEPLOYED / "sentinel.conf").read_text(encoding="utf-8")
    named, count = re.subn(
        rf"(?m)^(sentinel monitor {SERVICE}) \S+ [0-9]+ ",
        rf"\1 127.0.0.1 {primary_port} ",
        deployed,
    )
    if count != 1:
        raise OperatorError(f"sentinel.conf does not monitor {SERVICE}")
    return named


def url(sentinel_ports: Sequence[int]) -> str:
    """Return the value of `LINKA_REDIS_URL` for these Sentinels."""
    nodes = ",".join(f"127.0.0.1:{port}" for port in sentinel_ports)
    return f"redis+sentinel://{nodes}/{SERVICE}"


def client(port: int) -> redis.Redis:
    """Return a client of one server that does not retry."""
    return redis.Redis(port=port, socket_timeout=2, retry=Retry(NoBackoff(), 0))


def answers(port: int) -> bool:
    """Say whether a server answers."""
    try:
        with client(port) as opened:
            return bool(opened.ping())
    except redis.RedisError:
        return False


def follows(port: int) -> bool:
    """Return whether a replica has the data of its primary."""
    return _replication(port).get("master_link_status") == "up"


def is_primary(port: int) -> bool:
    """Return whether a server is a primary which all replicas follow."""
    found = _replication(port)
    return found.get("role") == "master" and found.get("min_slaves_good_slaves") == REPLICAS


def _replication(port: int) -> dict[str, Any]:
    try:
        with client(port) as opened:
            found: Any = opened.info("replication")
            return dict(found)
    except redis.RedisError:
        return {}


def sees_all(port: int) -> bool:
    """Return whether a Sentinel knows the two others and the replicas."""
    try:
        with client(port) as opened:
            found: Any = opened.sentinel_master(SERVICE)
    except redis.RedisError:
        return False
    return bool(found["num-other-sentinels"] == 2 and found["num-slaves"] == REPLICAS)
