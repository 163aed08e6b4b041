"""Finds out whether Redis can be used, and what is wrong if it cannot."""

import re
import secrets
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.exceptions import (
    AskError,
    AuthenticationError,
    AuthorizationError,
    ClusterDownError,
    NoPermissionError,
    OutOfMemoryError,
    ReadOnlyError,
    ResponseError,
)
from redis.retry import Retry
from redis.sentinel import SentinelConnectionPool

from backend.errors import Sentence
from backend.live.breaker import REPLY_SECONDS, NoReplicas
from backend.live.client import LazyCluster
from backend.live.sentinels import Sentinels
from backend.redis_address import REDIS_PORT, RedisAddress

KEPT_SECONDS = 60
LEAST_VERSION = (6, 2)
_MOST_NAMES = 10_000
_STATES = (
    (ReadOnlyError, "read_only"),
    ((AuthenticationError, AuthorizationError, NoPermissionError), "refused"),
    (AskError, "cluster"),
    (OutOfMemoryError, "full"),
    (NoReplicas, "no_replicas"),
)


def state(client: Redis) -> str:
    """Write to Redis, on a cluster to each primary, and return `ok` or what is wrong.

    `read_only`: a replica. `refused`: the password or the rights are wrong. `cluster`: a node of a
    cluster that was not called one. `sentinel`: Sentinel itself. `full`: no memory is left.
    `no_replicas`: a primary that too few replicas follow. `away`: no answer.
    """
    try:
        for key in _keys(client):
            client.set(key, secrets.token_hex(8), ex=KEPT_SECONDS)
    except ClusterDownError:
        return "away" if isinstance(client, LazyCluster) else "cluster"
    except RedisError as error:
        found = _state_of(error)
        # A server that was called a Sentinel does not know its commands either.
        return "away" if found == "sentinel" and _sentinels(client) else found
    return "ok"


def _keys(client: Redis) -> Iterator[str]:
    """Yield a key for each server that takes writes."""
    if not isinstance(client, LazyCluster):
        yield "linka:ready"
        return
    cluster = client.opened()
    missing = {node.name for node in cluster.get_primaries()}
    for number in range(_MOST_NAMES):
        if not missing:
            return
        key = f"linka:ready:{number}"
        node = cluster.get_node_from_key(key)
        if node is not None and node.name in missing:
            missing.remove(node.name)
            yield key


def _state_of(error: RedisError) -> str:
    for kinds, name in _STATES:
        if isinstance(error, kinds):
            return name
    text = str(error).lower()
    if "unknown command" in text:
        return "sentinel"
    return "refused" if "noauth" in text or "authentication" in text else "away"


def mistake(client: Redis, address: RedisAddress) -> Sentence | None:
    """Return a sentence about a wrong configuration of Redis; None if nothing is wrong with it.

    A server that is away is no mistake: it may be back soon. Nor is one that waits for replicas.
    """
    found = state(client)
    if found == "away":
        return _connection_mistake(client, address) or _sentinel_mistake(client, address)
    if found in _SENTENCES:
        return _SENTENCES[found]
    try:
        return next(filter(None, map(_unfit, described(client))), None)
    except RedisError:
        return None


_SENTENCES = {
    "read_only": Sentence(
        "它是只读副本：改用主节点，或用 redis+sentinel://…",
        "it is a read-only replica: name the primary, or redis+sentinel://…",
    ),
    "refused": Sentence(
        "它拒绝了用户名或密码，或权限不够，或只接受本机的连接（protected-mode）",
        "it refuses the user name or the password, gives this user too few rights, or takes"
        " calls from its own machine alone (protected-mode)",
    ),
    "cluster": Sentence(
        "它是集群的一个节点：用 redis+cluster://…",
        "it is a node of a cluster: use redis+cluster://…",
    ),
    "sentinel": Sentence(
        "它是 Sentinel：用 redis+sentinel://主机:端口,…/名称",
        "it is Sentinel: use redis+sentinel://HOST:PORT,…/NAME",
    ),
    "full": Sentence("它的内存满了（maxmemory）", "its memory is full (maxmemory)"),
}


def described(client: Redis) -> list[dict[str, Any]]:
    """Return what each server that takes writes reports about itself."""
    if not isinstance(client, LazyCluster):
        return [_info(client)]
    cluster = client.opened()
    return [_info(cluster.get_redis_connection(node)) for node in cluster.get_primaries()]


def _info(client: Any) -> dict[str, Any]:
    found: dict[str, Any] = (
        client.info("server")
        | client.info("memory")
        | client.info("persistence")
        | client.info("replication")
    )
    return found


def _unfit(server: dict[str, Any]) -> Sentence | None:
    version = tuple(int(part) for part in re.findall("[0-9]+", str(server["redis_version"]))[:2])
    if version < LEAST_VERSION:
        found = server["redis_version"]
        return Sentence(
            f"它的版本是 {found}，要用 6.2 或更新的版本",
            f"it is version {found}: 6.2 or newer is needed",
        )
    policy = server.get("maxmemory_policy", "noeviction")
    if policy != "noeviction":
        return Sentence(
            f"maxmemory-policy 是 {policy}，会丢掉要用的数据：改成 noeviction",
            f"maxmemory-policy is {policy}, which drops what is needed: set noeviction",
        )
    return None


def _connection_mistake(client: Redis, address: RedisAddress) -> Sentence | None:
    """Return what is wrong with the address, as far as the failed connection shows."""
    is_unix = address.url.startswith("unix")
    try:
        client.ping()
    except RedisError as error:
        text = str(error).lower()
        if "db index is out of range" in text:
            return Sentence(
                "地址里的数据库编号，它没有",
                "it has no database with the number of the address",
            )
        if "unknown command" in text and address.service:
            return Sentence(
                "有一个地址是服务器，不是 Sentinel：写 Sentinel 的端口（26379）",
                "one of its hosts is a server, not Sentinel: name the Sentinels' ports (26379)",
            )
        if "cluster mode is not enabled" in text:
            return Sentence(
                "它是单独的服务器，不是集群的节点：用 redis://…",
                "it is a server alone, no node of a cluster: use redis://…",
            )
        if "certificate" in text and not is_unix:
            return Sentence(
                "它的证书不受信任：用 ?ssl_ca_certs=文件 写明签发机构",
                "its certificate is not trusted: name its authority with ?ssl_ca_certs=FILE",
            )
        closes = "connection closed by server" in text or "reset by peer" in text
        if closes and address.url.startswith("redis:"):
            return Sentence(
                "它断开了连接：可能要用 TLS（rediss://…）",
                "it closes the connection: it may want TLS (rediss://…)",
            )
    if address.url.startswith("rediss:") and _answers_without_tls(address):
        return Sentence(
            "它不用 TLS：把 rediss://… 改成 redis://…",
            "it does not speak TLS: use redis://… instead of rediss://…",
        )
    return None


def _sentinels(client: Redis) -> Sentinels | None:
    """Return the Sentinels that a client asks; None if it asks none."""
    pool = None if isinstance(client, LazyCluster) else client.connection_pool
    return pool.sentinel_manager if isinstance(pool, SentinelConnectionPool) else None


def _sentinel_mistake(client: Redis, address: RedisAddress) -> Sentence | None:
    """Return that all Sentinels that answer know other names alone, if it is so."""
    sentinels = _sentinels(client)
    watched = sentinels.watched() if sentinels else set()
    if not watched or address.service in watched:
        return None
    others = ", ".join(sorted(watched))
    return Sentence(
        f"这些 Sentinel 不管 {address.service}，只管 {others}",
        f"its Sentinels do not watch {address.service}, but {others}",
    )


def _answers_without_tls(address: RedisAddress) -> bool:
    """Return whether a server answers without TLS; such a server does not answer the TLS handshake."""
    parts = urlsplit(address.url)
    with Redis(
        host=parts.hostname or "",
        port=parts.port or REDIS_PORT,
        socket_timeout=REPLY_SECONDS,
        socket_connect_timeout=REPLY_SECONDS,
        retry=Retry(NoBackoff(), 0),
    ) as plain:
        try:
            plain.ping()
        except ResponseError:
            return True
        except RedisError as error:
            return isinstance(error, AuthenticationError)
    return True


def server_ids(client: Redis) -> frozenset[str]:
    """Return the run ids of all servers that take writes. Raises `RedisError`.

    A new id means that the newest writes may have been lost.
    """
    if not isinstance(client, LazyCluster):
        return frozenset([str(client.info("server")["run_id"])])
    cluster = client.opened()
    nodes = [cluster.get_redis_connection(node) for node in cluster.get_primaries()]
    return frozenset(str(node.info("server")["run_id"]) for node in nodes)
