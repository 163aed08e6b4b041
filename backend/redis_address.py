"""Reads `LINKA_REDIS_URL`: one server, the servers of Sentinel, or those of a cluster."""

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from redis.connection import Connection, parse_url

SENTINEL_PORT = 26379
REDIS_PORT = 6379


@dataclass(frozen=True)
class RedisAddress:
    """The address of Redis.

    `url` names its first node in the form that redis-py reads, with the credentials and options of
    all nodes. `service` is the name by which Sentinel knows the servers; empty without Sentinel.
    """

    url: str
    nodes: tuple[tuple[str, int], ...] = ()
    service: str = ""
    is_cluster: bool = False


def parse(address: str) -> RedisAddress:
    """Read an address; raises `ValueError`, also for options that redis-py does not know."""
    found = _parsed(address)
    _check_options(found.url)
    return found


def _check_options(url: str) -> None:
    """Make a connection as redis-py would, without connecting."""
    options = parse_url(url)
    options.pop("sentinel_password", None)
    kind = options.pop("connection_class", Connection)
    try:
        kind(**options)
    except TypeError as error:
        raise ValueError(str(error)) from None


def _parsed(address: str) -> RedisAddress:
    parts = urlsplit(address)
    if parts.scheme == "unix":
        _require(len(parts.path) > 1)
        return RedisAddress(address)
    scheme, _, kind = parts.scheme.partition("+")
    _require(scheme in ("redis", "rediss") and kind in ("", "sentinel", "cluster"))
    if not kind:
        _require(bool(parts.hostname) and parts.port != 0)
        _require(re.fullmatch(r"(/[0-9]*)?", parts.path) is not None)
        return RedisAddress(address)
    login, at, hosts = parts.netloc.rpartition("@")
    nodes = _nodes(hosts, SENTINEL_PORT if kind == "sentinel" else REDIS_PORT)
    service, database = _service(parts) if kind == "sentinel" else ("", "")
    _require(kind == "sentinel" or parts.path in ("", "/", "/0"))
    host, port = nodes[0]
    shown = f"[{host}]" if ":" in host else host
    query = f"?{parts.query}" if parts.query else ""
    url = f"{scheme}://{login}{at}{shown}:{port}/{database}{query}"
    return RedisAddress(url, nodes, service, kind == "cluster")


def _service(parts: SplitResult) -> tuple[str, str]:
    """Return the service name and the database number of `/NAME` or `/NAME/NUMBER`."""
    found = re.fullmatch(r"/([A-Za-z0-9._-]+)(/[0-9]*)?", parts.path)
    if found is None:
        raise ValueError
    return found[1], (found[2] or "")[1:]


def _nodes(hosts: str, port: int) -> tuple[tuple[str, int], ...]:
    found = []
    for host in hosts.split(","):
        parts = urlsplit(f"//{host}")
        if not parts.hostname or parts.port == 0:
            raise ValueError
        found.append((parts.hostname, parts.port or port))
    return tuple(found)


def _require(holds: bool) -> None:
    if not holds:
        raise ValueError
