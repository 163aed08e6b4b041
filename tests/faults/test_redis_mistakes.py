"""A Redis that cannot be used is not ready, and the start prints one line about it."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from backend import redis_address
from backend.live import checks
from backend.live.client import connect
from backend.screen import landing
from tests.faults.servers import Server, serving
from tests.installation import Installation
from tests.support import free_port


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a server that can be used."""
    with serving(tmp_path_factory.mktemp("good")) as server:
        yield server


@contextmanager
def _replica(folder: Path, good: Server) -> Iterator[str]:
    with serving(folder, "--replicaof", "127.0.0.1", str(good.port)) as server:
        yield server.url


@contextmanager
def _with_password(folder: Path, _: Server) -> Iterator[str]:
    with serving(folder, "--requirepass", "hush") as server:
        yield server.url.replace("//", "//:loud@")


@contextmanager
def _without_password(folder: Path, _: Server) -> Iterator[str]:
    with serving(folder, "--requirepass", "hush") as server:
        yield server.url


@contextmanager
def _sentinel(folder: Path, good: Server) -> Iterator[str]:
    watching = f"sentinel monitor linka 127.0.0.1 {good.port} 1\n"
    with serving(folder, sentinel=watching) as server:
        yield server.url


@contextmanager
def _node(folder: Path, _: Server) -> Iterator[str]:
    with serving(folder, "--cluster-enabled", "yes") as server, server.client() as client:
        # The slots of the keys that are written belong to another node.
        client.execute_command("CLUSTER", "ADDSLOTSRANGE", 0, 100)
        client.config_set("cluster-require-full-coverage", "no")
        yield server.url


@contextmanager
def _evicting(folder: Path, _: Server) -> Iterator[str]:
    with serving(folder, "--maxmemory-policy", "allkeys-lru") as server:
        yield server.url


@contextmanager
def _plain(folder: Path, _: Server) -> Iterator[str]:
    with serving(folder) as server:
        yield server.url.replace("redis:", "rediss:")


@contextmanager
def _server_as_sentinel(_: Path, good: Server) -> Iterator[str]:
    yield f"redis+sentinel://127.0.0.1:{good.port}/linka"


@contextmanager
def _other_name(folder: Path, good: Server) -> Iterator[str]:
    watching = f"sentinel monitor linka 127.0.0.1 {good.port} 1\n"
    with serving(folder, sentinel=watching) as server:
        yield f"redis+sentinel://127.0.0.1:{server.port}/linak"


@contextmanager
def _server_as_cluster(_: Path, good: Server) -> Iterator[str]:
    yield f"redis+cluster://127.0.0.1:{good.port}"


@contextmanager
def _cluster_with_password(folder: Path, _: Server) -> Iterator[str]:
    with serving(folder, "--cluster-enabled", "yes", "--requirepass", "hush") as server:
        with server.client(password="hush") as client:
            client.execute_command("CLUSTER", "ADDSLOTSRANGE", 0, 16383)
        yield f"redis+cluster://:loud@127.0.0.1:{server.port}"


@contextmanager
def _no_such_database(_: Path, good: Server) -> Iterator[str]:
    yield f"{good.url}/99"


Mistake = Callable[[Path, Server], AbstractContextManager[str]]


@pytest.mark.parametrize(
    ("made", "state", "named"),
    [
        (_replica, "read_only", "read-only replica"),
        (_with_password, "refused", "password"),
        (_without_password, "refused", "password"),
        (_sentinel, "sentinel", r"redis\+sentinel://"),
        (_node, "cluster", r"redis\+cluster://"),
        (_evicting, "ok", "noeviction"),
        (_plain, "away", "TLS"),
        (_server_as_sentinel, "away", "a server, not Sentinel"),
        (_other_name, "away", "do not watch linak, but linka"),
        (_server_as_cluster, "away", "no node of a cluster"),
        (_cluster_with_password, "refused", "password"),
        (_no_such_database, "away", "no database with the number"),
    ],
)
def test_mistake_is_no_readiness_and_named(
    tmp_path: Path, good: Server, made: Mistake, state: str, named: str
) -> None:
    with made(tmp_path, good) as address:
        client = connect(address)
        assert checks.state(client) == state
        assert state in landing.STATES
        sentence = checks.mistake(client, redis_address.parse(address))
        client.close()
    assert sentence is not None
    assert re.search(named, sentence.en), sentence
    # Hosts' names and settings may be English, no words of a sentence.
    assert re.search("[\u4e00-\u9fff]", sentence.zh), sentence
    assert not re.search("[a-z]+ [a-z]+ [a-z]+", sentence.zh), sentence
    assert "\n" not in sentence.en + sentence.zh


def test_good_server_is_no_mistake(good: Server) -> None:
    client = connect(good.url)
    assert checks.state(client) == "ok"
    assert checks.mistake(client, redis_address.parse(good.url)) is None
    client.close()


def test_server_that_waits_for_its_replicas_is_not_ready_and_no_mistake(tmp_path: Path) -> None:
    with serving(tmp_path, replicated=True) as server:
        client = connect(server.url)
        assert checks.state(client) == "no_replicas"
        assert checks.mistake(client, redis_address.parse(server.url)) is None
        client.close()


def test_cluster_without_slots_is_away_and_no_mistake(tmp_path: Path) -> None:
    with serving(tmp_path, "--cluster-enabled", "yes") as server:
        address = f"redis+cluster://127.0.0.1:{server.port}"
        client = connect(address)
        assert checks.state(client) == "away"
        assert checks.mistake(client, redis_address.parse(address)) is None
        client.close()


def test_server_that_is_away_is_no_mistake() -> None:
    address = f"redis://127.0.0.1:{free_port()}"
    client = connect(address)
    assert checks.state(client) == "away"
    assert checks.mistake(client, redis_address.parse(address)) is None


def test_server_does_not_start_with_a_mistake(
    install: Callable[..., Installation], tmp_path: Path, good: Server
) -> None:
    with _evicting(tmp_path, good) as address:
        found = install(LINKA_REDIS_URL=address).linka("serve")
    assert found.returncode == 2
    [line] = found.stderr.splitlines()
    assert line.startswith("linka: LINKA_REDIS_URL cannot be used: maxmemory-policy is allkeys-lru")
