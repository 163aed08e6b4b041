"""Connects to Redis: to one server, to the primary that Sentinel names, or to a cluster.

All clients use the breakers of `backend.live.breaker`. None of them connects before its first call,
so that everything can start while Redis is away.
"""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any, cast

from redis import BlockingConnectionPool, ConnectionPool, Redis, RedisCluster
from redis.backoff import NoBackoff
from redis.cluster import ClusterNode
from redis.commands.core import Script
from redis.connection import (
    Connection,
    SSLConnection,
    UnixDomainSocketConnection,
    parse_url,
)
from redis.exceptions import ConnectionError as NoConnection
from redis.exceptions import RedisClusterException
from redis.retry import Retry
from redis.sentinel import SentinelConnectionPool

from backend import redis_address
from backend.config import Settings
from backend.live import embedded
from backend.live.breaker import (
    REPLY_SECONDS,
    GuardedMaster,
    GuardedMasterTls,
    GuardedTcp,
    GuardedTls,
    GuardedUnix,
)
from backend.live.sentinels import Sentinels
from backend.redis_address import RedisAddress

# Each watched event uses one or two connections all the time.
MOST_CONNECTIONS = 200
# How long a caller waits for a connection when all are in use.
FREE_SECONDS = 0.4
CONNECT_SECONDS = 0.3

_GUARDED: dict[type, type] = {
    Connection: GuardedTcp,
    SSLConnection: GuardedTls,
    UnixDomainSocketConnection: GuardedUnix,
}


def connect(address: str) -> Redis:
    """Return a client for an address as in `LINKA_REDIS_URL`."""
    found = redis_address.parse(address)
    if found.is_cluster:
        # It has those methods of a client that are used here; redis-py has no common base class.
        return cast(Redis, LazyCluster(lambda: Cluster.of(found)))
    return Redis.from_pool(_sentinel_pool(found) if found.service else _pool(found))


def connect_redis(settings: Settings) -> Redis:
    """Return a client of the configured Redis, or of the private one; it connects at the first
    call."""
    return connect(embedded.url_of(settings))


def is_cluster(client: Redis) -> bool:
    """Return whether a client is one of a cluster."""
    return isinstance(client, LazyCluster)


def _once() -> Retry:
    """Retry a call once at most: an idle connection may have been closed meanwhile."""
    return Retry(NoBackoff(), 1)


def _common() -> dict[str, Any]:
    """Return what all connections have in common."""
    return {
        "socket_timeout": REPLY_SECONDS,
        "socket_connect_timeout": CONNECT_SECONDS,
        "max_connections": MOST_CONNECTIONS,
        # A connection does not tell the server the name and version of redis-py. The library reads
        # the version from a file for each connection, which takes a millisecond.
        "driver_info": None,
    }


def _guarded(options: dict[str, Any]) -> dict[str, Any]:
    """Return options of a pool whose connections use the breaker."""
    plain = options.get("connection_class", Connection)
    return {**options, "connection_class": _GUARDED[plain]}


def _pool(address: RedisAddress) -> ConnectionPool:
    options = _guarded(parse_url(address.url) | _common())
    return BlockingConnectionPool(timeout=FREE_SECONDS, retry=_once(), **options)


def _sentinel_pool(address: RedisAddress) -> ConnectionPool:
    options = parse_url(address.url) | _common()
    for name in ("host", "port"):
        options.pop(name)
    is_tls = options.pop("connection_class", Connection) is SSLConnection
    own_password = options.pop("sentinel_password", None)
    sentinel = Sentinels(())
    for host, port in address.nodes:
        asking = {**_common(), "host": host, "port": port, "password": own_password}
        kind = GuardedTls if is_tls else GuardedTcp
        tls = {name: value for name, value in options.items() if name.startswith("ssl_")}
        pool = BlockingConnectionPool(
            timeout=FREE_SECONDS, connection_class=kind, retry=_once(), **asking, **tls
        )
        sentinel.sentinels.append(Redis.from_pool(pool))
    return SentinelConnectionPool(
        address.service,
        sentinel,
        connection_class=GuardedMasterTls if is_tls else GuardedMaster,
        retry=_once(),
        **options,
    )


class _NodePool(ConnectionPool):
    """The connections to one node of a cluster."""

    def __init__(self, opened: "list[_NodePool]", **options: Any) -> None:
        super().__init__(**_guarded(options))
        opened.append(self)


class Cluster(RedisCluster):
    """A client of a cluster. Errors of the cluster are `RedisError`, as with other clients."""

    _pools: list[_NodePool]

    @classmethod
    def of(cls, address: RedisAddress) -> "Cluster":
        """Connect; raises `RedisError`."""
        nodes = [ClusterNode(host, port) for host, port in address.nodes[1:]]
        pools: list[_NodePool] = []
        try:
            made = cls(
                url=address.url,
                startup_nodes=nodes,
                connection_pool_class=partial(_NodePool, pools),
                retry=_once(),
                require_full_coverage=False,
                **_common(),
            )
        except RedisClusterException as error:
            # What the last node answered says more, such as a password that is wrong.
            cause = error.__cause__
            raise (cause if isinstance(cause, NoConnection) else NoConnection(str(error))) from None
        except IndexError:
            # The library looks for the first primary; a new cluster has none before it has slots.
            raise NoConnection("no node of the cluster has slots") from None
        made._pools = pools
        return made

    def close(self) -> None:
        """Close all connections, including those to nodes that have left the cluster."""
        super().close()
        for pool in getattr(self, "_pools", ()):
            pool.disconnect()

    def execute_command(self, *args: Any, **kwargs: Any) -> Any:
        """Run a command; raises `RedisError`."""
        try:
            return super().execute_command(*args, **kwargs)
        except RedisClusterException as error:
            raise NoConnection(str(error)) from None

    def pipeline(self, transaction: Any = None, shard_hint: Any = None) -> Any:
        """Return a pipeline, whose `execute` raises `RedisError`."""
        pipe = super().pipeline(transaction, shard_hint)
        execute = pipe.execute

        def translated(*args: Any, **kwargs: Any) -> Any:
            try:
                return execute(*args, **kwargs)
            except RedisClusterException as error:
                raise NoConnection(str(error)) from None

        pipe.execute = translated
        return pipe


class LazyCluster:
    """A `Cluster` that connects at its first call."""

    def __init__(self, connect_now: Callable[[], Cluster]) -> None:
        self._connect_now = connect_now
        self._opened: Cluster | None = None
        self._lock = threading.Lock()

    def opened(self) -> Cluster:
        """Return the client; raises `RedisError` while no node can be reached."""
        with self._lock:
            if self._opened is None:
                self._opened = self._connect_now()
            return self._opened

    def register_script(self, script: str | bytes) -> Script:
        """Return a script without connecting."""
        text = script.encode() if isinstance(script, str) else script
        return Script(cast(Any, self), text)

    def close(self) -> None:
        """Close all connections."""
        if self._opened is not None:
            self._opened.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.opened(), name)
