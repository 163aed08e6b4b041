"""Which servers run, and their versions of Linka: for `linka doctor`.

Redis key `linka:nodes`: a hash of `{host:port: "<version> <ms>"}`, the moment of the last sign of
life.
"""

import socket
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from redis import Redis

KEY = "linka:nodes"
KEPT_SECONDS = 24 * 3600
GONE_MS = 60_000


@dataclass(frozen=True)
class Node:
    """A server, by host and port."""

    name: str
    version: str
    seen_at: int


def own_version() -> str:
    """Return the installed version of Linka."""
    return version("linka")


class Nodes:
    """The servers that use one Redis. Every method raises `RedisError`."""

    def __init__(self, redis: Redis, bind: str) -> None:
        self._redis = redis
        self._name = f"{socket.gethostname()} {bind}"

    def show(self, now: int) -> None:
        """Store that the server of this process runs."""
        self._redis.hset(KEY, self._name, f"{own_version()} {now}")
        self._redis.expire(KEY, KEPT_SECONDS)

    def running(self, now: int) -> list[Node]:
        """Return the servers with a sign of life within the last minute.

        Also those whose clocks are ahead.
        """
        rows: Any = self._redis.hgetall(KEY)
        found = []
        for name, value in rows.items():
            release, _, seen_at = value.decode().rpartition(" ")
            found.append(Node(name.decode(), release, int(seen_at)))
        return sorted((one for one in found if now - one.seen_at < GONE_MS), key=lambda n: n.name)
