"""Batches concurrent script calls into one round trip to Redis, see `backend.gathering`."""

import threading
import time
from collections.abc import Iterable, Sequence
from typing import Any

from redis import ConnectionPool, Redis, RedisError
from redis.backoff import NoBackoff
from redis.commands.core import Script
from redis.exceptions import (
    AskError,
    ClusterDownError,
    NoScriptError,
    RedisClusterException,
    ResponseError,
)
from redis.exceptions import ConnectionError as NoConnection
from redis.exceptions import TimeoutError as TimedOut
from redis.retry import Retry

from backend.gathering import Gathering
from backend.live.client import Cluster, LazyCluster

# A connection that was idle may have been closed meanwhile.
_TWICE = Retry(NoBackoff(), 1)
# While a cluster moves a node, it is asked this often which node has the keys.
_REFRESH_SECONDS = 0.2
# Errors of a cluster that mean that another node has the keys now.
_MOVED = (AskError, ClusterDownError, NoConnection, TimedOut)

Command = tuple[Any, ...]
Call = tuple[Script, Command]
Wanted = Sequence[tuple[Script, str, Iterable[Any]]]


class RoundTrips:
    """Runs scripts on connections of its own, one round trip at a time to each server.

    Identical calls in a round trip are made once, and an interrupted round trip is repeated, so the
    scripts must be idempotent. On a cluster all keys of one call must share a slot; the keys of an
    event do.
    """

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._lines: dict[str, _Line] = {}
        self._lock = threading.Lock()
        self._refreshed_at = 0.0

    def run(self, script: Script, key: str, arguments: Iterable[Any]) -> Any:
        """Run a script and return its reply; raises `RedisError`."""
        return self.run_all([(script, key, arguments)])[0]

    def run_all(self, wanted: Wanted) -> list[Any]:
        """Run scripts on one trip and return their replies; raises `RedisError` if one fails."""
        calls = [
            (script, ("EVALSHA", script.sha, 1, key, *arguments))
            for script, key, arguments in wanted
        ]
        if not isinstance(self._redis, LazyCluster):
            return self._line("", self._redis.connection_pool).run(calls)
        cluster = self._redis.opened()
        try:
            return self._line_to(cluster, wanted[0][1]).run(calls)
        except _MOVED:
            self._refresh(cluster)
            return self._line_to(cluster, wanted[0][1]).run(calls)

    def server_of(self, key: str) -> str:
        """Return the address of the server that got the last call with a key.

        A server that took the place of another one may lack the newest writes.
        """
        if isinstance(self._redis, LazyCluster):
            return self._line_to(self._redis.opened(), key).server
        return self._line("", self._redis.connection_pool).server

    def _line(self, node: str, pool: ConnectionPool) -> "_Line":
        line = self._lines.get(node)
        if line is None or line.pool is not pool:
            line = self._lines[node] = _Line(pool)
        return line

    def _line_to(self, cluster: Cluster, key: str) -> "_Line":
        """Return the line to the node of a cluster that has a key."""
        try:
            node = cluster.nodes_manager.get_node_from_slot(cluster.keyslot(key))
        except RedisClusterException as error:
            raise NoConnection(str(error)) from None
        return self._line(node.name, cluster.get_redis_connection(node).connection_pool)

    def _refresh(self, cluster: Cluster) -> None:
        """Ask the cluster which node has which keys, unless that was asked a moment ago."""
        with self._lock:
            if time.monotonic() - self._refreshed_at < _REFRESH_SECONDS:
                return
            self._refreshed_at = time.monotonic()
        try:
            cluster.nodes_manager.initialize()
        except RedisClusterException as error:
            raise NoConnection(str(error)) from None


class _Line:
    """The round trips to one server, on one connection."""

    def __init__(self, pool: ConnectionPool) -> None:
        self.pool = pool
        self._connection: Any = None
        self._gathering: Gathering[Sequence[Call], list[Any]] = Gathering(self._travel)

    @property
    def server(self) -> str:
        """The address of the server; empty for a Unix socket, and before the first call."""
        host, port = (getattr(self._connection, name, "") for name in ("host", "port"))
        return f"{host}:{port}" if host else ""

    def run(self, calls: Sequence[Call]) -> list[Any]:
        """Make calls on the next round trip and return their replies."""
        return self._gathering.do(calls)

    def _travel(self, wanted: Sequence[Sequence[Call]]) -> list[list[Any] | Exception]:
        scripts = {command: script for calls in wanted for script, command in calls}
        if self._connection is None:
            self._connection = self.pool.get_connection()
        connection = self._connection
        try:
            replies = _TWICE.call_with_retry(
                lambda: _exchange_scripts(connection, scripts), lambda _: connection.disconnect()
            )
        except BaseException:
            # Unread replies are left on the connection, so the next round trip opens a new one.
            connection.disconnect()
            raise
        return [_picked(calls, replies) for calls in wanted]


def _picked(calls: Sequence[Call], replies: dict[Command, Any]) -> list[Any] | Exception:
    """Return the replies to one caller's calls, or the first error among them."""
    own = [replies[command] for _, command in calls]
    return next((reply for reply in own if isinstance(reply, RedisError)), own)


def _exchange_scripts(connection: Any, scripts: dict[Command, Script]) -> dict[Command, Any]:
    """Return the reply to each command; scripts that Redis does not know are loaded."""
    replies = _exchange(connection, list(scripts))
    unknown = [key for key, reply in replies.items() if isinstance(reply, NoScriptError)]
    if unknown:
        texts = {scripts[command].script for command in unknown}
        _exchange(connection, [("SCRIPT", "LOAD", text) for text in texts])
        replies |= _exchange(connection, unknown)
    return replies


def _exchange(connection: Any, commands: Sequence[Command]) -> dict[Command, Any]:
    connection.send_packed_command(connection.pack_commands(commands))
    return {command: _reply(connection) for command in commands}


def _reply(connection: Any) -> Any:
    try:
        return connection.read_response()
    except ResponseError as error:
        return error
