"""Redis with Sentinel and as a cluster: a primary is lost during a game, or hangs for a while; the
game goes on and loses nothing.
"""

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Self

import pytest
from flask import Flask
from redis import Redis, RedisError

from backend.activities.shake.counts import Counts
from backend.activities.shake.tally import ShakeTally
from backend.app import create_app
from backend.cluster import valkey
from backend.config import Settings
from backend.events.play import Speaker
from backend.live import checks
from backend.live.client import LazyCluster, connect
from backend.live.feed import key
from backend.scoring.reconciler import Reconciler
from tests.faults.servers import Server, cluster, serving, watched
from tests.installation import until
from tests.shake.evening import Evening
from tests.support import Centre, FakeClock, Keys, hunt_of

# Five seconds on a machine with nothing else to do.
WRITABLE_SECONDS = 15
PEOPLE = 4

Loses = Callable[[Redis, int], Server]


@contextmanager
def _sentinels(folder: Path) -> Iterator[tuple[str, Loses]]:
    with watched(folder) as (primary, _, sentinels):
        address = valkey.url([one.port for one in sentinels])
        yield address, lambda client, event_id: primary


@contextmanager
def _nodes(folder: Path) -> Iterator[tuple[str, Loses]]:
    with cluster(folder) as servers:
        yield _address_of(servers), partial(_holder, servers)


def _address_of(servers: list[Server]) -> str:
    nodes = ",".join(f"127.0.0.1:{one.port}" for one in servers[:3])
    return f"redis+cluster://{nodes}"


def _holder(servers: list[Server], client: Redis, event_id: int) -> Server:
    """Return the server of a cluster that has the keys of an event."""
    assert isinstance(client, LazyCluster)
    node = client.opened().get_node_from_key(key(event_id))
    return next(one for one in servers if node and one.port == node.port)


@contextmanager
def _without_replicas(folder: Path) -> Iterator[tuple[str, Loses]]:
    with serving(folder) as server:

        def wants_replicas(client: Redis, event_id: int) -> Server:
            client.config_set("min-replicas-to-write", 1)
            return server

        yield server.url, wants_replicas


@pytest.fixture(params=[_sentinels, _nodes], ids=["sentinel", "cluster"])
def servers(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Loses]]:
    """Return the address of servers, and what finds the one that has an event."""
    with request.param(tmp_path) as made:
        yield made


@pytest.fixture
def app(settings: Settings, clock: FakeClock, servers: tuple[str, Loses]) -> Iterator[Flask]:
    """Return the application over these servers."""
    made = create_app(dataclasses.replace(settings, redis_url=servers[0]), clock)
    yield made
    made.extensions["linka.redis"].close()
    made.extensions["linka.database"].close()


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_game_goes_on_without_a_primary(
    centre: Centre, app: Flask, clock: FakeClock, servers: tuple[str, Loses]
) -> None:
    client: Redis = app.extensions["linka.redis"]
    assert checks.state(client) == "ok"
    host, phones = centre.host(), centre.people(PEOPLE)
    event = centre.open_event(host)
    centre.join(event, *phones)
    path = f"{hunt_of(event)}/digs"
    digs = [(phone, phone.ok("POST", path, {"site": "lake"})) for phone in phones]
    told = [_answer(event, phone, dig) for phone, dig in digs[:2]]
    assert all(said["score"]["rank"] for said in told)
    reconciler = Reconciler(app.extensions["linka.boards"], client, clock)
    reconciler.step()
    servers[1](client, event["id"]).kill()
    # An answer counts whether or not Redis is available.
    assert all(_answer(event, phone, dig)["points"] > 0 for phone, dig in digs[2:])
    until(lambda: _is_writable(client, event["id"]), WRITABLE_SECONDS, "Redis takes writes again")
    until(lambda: _steps(reconciler), WRITABLE_SECONDS, "the boards are compared")
    assert checks.state(client) == "ok"
    assert not app.extensions["linka.boards"].verify(event["id"]).differences
    rows = host.ok("GET", f"/events/{event['id']}/leaderboards/event")["rows"]
    assert len([row for row in rows if row["points"] > 0]) == PEOPLE
    app.extensions["linka.feed"].publish(event["id"], "board")
    assert app.extensions["linka.feed"].last_seq(event["id"]) != "0-0"
    ticket = phones[0].ok("POST", f"/events/{event['id']}/tickets")["ticket"]
    assert app.extensions["linka.tickets"].take(ticket).event_id == event["id"]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize("servers", [_without_replicas], indirect=True)
def test_primary_without_replicas_is_like_a_redis_that_is_away(
    centre: Centre, app: Flask, clock: FakeClock, servers: tuple[str, Loses]
) -> None:
    client: Redis = app.extensions["linka.redis"]
    evening = Evening(centre, clock)
    shaker, round_id = evening.shaker(), evening.start()
    clock.advance(5)
    event = centre.open_event(evening.host)
    centre.join(event, shaker.phone)
    dig = shaker.phone.ok("POST", f"{hunt_of(event)}/digs", {"site": "lake"})
    servers[1](client, event["id"])
    assert checks.state(client) == "no_replicas"
    said = _answer(event, shaker.phone, dig)
    assert said["points"] > 0
    assert said["score"]["rank"] is None
    refused = evening.posting(shaker.phone, round_id, 1, how="shake")
    assert (refused.status_code, refused.json["error"]) == (503, "unavailable")
    client.config_set("min-replicas-to-write", 0)
    taken = evening.posting(shaker.phone, round_id, 1, how="shake")
    assert taken.json["accepted"] == 1
    Reconciler(app.extensions["linka.boards"], client, clock).step()
    assert not app.extensions["linka.boards"].verify(event["id"]).differences
    [row] = evening.host.ok("GET", f"/events/{event['id']}/leaderboards/event")["rows"]
    assert row["points"] == said["score"]["points"]


def _answer(event: dict[str, Any], phone: Any, dig: dict[str, Any]) -> Any:
    path = f"{hunt_of(event)}/digs/{dig['id']}/answer"
    return phone.ok("POST", path, {"choice": Keys().right(dig)})


def _is_writable(client: Redis, event_id: int) -> bool:
    try:
        return bool(client.set(f"linka:{{e{event_id}}}:test", "1", ex=60))
    except RedisError:
        return False


def _steps(reconciler: Reconciler) -> bool:
    try:
        reconciler.step()
    except RedisError:
        return False
    return True


def test_reports_to_a_hung_primary_that_goes_on_are_kept_by_its_successor(tmp_path: Path) -> None:
    with watched(tmp_path) as (primary, replicas, sentinels):
        address = valkey.url([one.port for one in sentinels])
        with _Reporter(address) as sleeper, _Reporter(address) as newcomer:
            assert sleeper.is_heard(1)
            primary.process.pause()
            successor = until(lambda: _leader(replicas), WRITABLE_SECONDS, "a replica takes over")
            primary.process.go_on()
            # The connection of this process still stands. The old primary takes writes for as long
            # as its other replica has not moved.
            sleeper.is_heard(1)
            until(lambda: newcomer.is_heard(2), WRITABLE_SECONDS, "a report is taken")
            assert newcomer.counts.items() <= newcomer.kept_by(successor).items()
            until(lambda: _has_replica(successor), WRITABLE_SECONDS, "the other replica moves")
            until(lambda: sleeper.is_heard(3), WRITABLE_SECONDS, "a report is taken")
            assert sleeper.counts.items() <= sleeper.kept_by(successor).items()
            assert _role(primary) == "master"
            assert 3 not in sleeper.kept_by(primary)


def test_counts_that_the_successor_in_a_cluster_never_got_are_sent_again(tmp_path: Path) -> None:
    with cluster(tmp_path) as servers, _Reporter(_address_of(servers)) as reporter:
        assert reporter.is_heard(1)
        primary = _holder(servers, reporter.client, 1)
        successor = servers[servers.index(primary) + 3]
        successor.process.pause()
        with primary.client() as client:
            client.execute_command("CLIENT", "KILL", "TYPE", "replica")
        assert reporter.is_heard(2)
        primary.process.pause()
        successor.process.go_on()
        until(lambda: reporter.is_heard(3), WRITABLE_SECONDS, "a report is taken")
        assert _role(successor) == "master"
        assert reporter.counts.items() <= reporter.kept_by(successor).items()
        primary.process.go_on()


class _Reporter:
    """A process that reports shakes, each time one more of a player."""

    def __init__(self, address: str) -> None:
        self.client = connect(address)
        self._tally = ShakeTally(Counts(self.client), "linka:{e1}:shake:1-1")
        self.counts: Counter[int] = Counter()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._tally.close()
        self.client.close()

    def is_heard(self, player_id: int) -> bool:
        """Report; returns whether it was acknowledged."""
        self.counts[player_id] += 1
        shaker = Speaker(player_id, 1, "", None, None, is_staff=True, account_id=player_id)
        self._tally.put(shaker, self.counts[player_id], None, self.counts[player_id])
        try:
            self._tally.keep()
        except RedisError:
            return False
        return True

    def kept_by(self, server: Server) -> dict[int, int]:
        """Return the counts by player that a server has."""
        with server.client() as client:
            found = client.zrange(self._tally.key, 0, -1, withscores=True)
        return {int(name): int(count) for name, count in found if name != b"begun"}


def _leader(servers: list[Server]) -> Server | None:
    return next((one for one in servers if _role(one) == "master"), None)


def _role(server: Server) -> Any:
    with server.client() as client:
        return client.info("replication")["role"]


def _has_replica(server: Server) -> bool:
    with server.client() as client:
        return bool(client.info("replication")["min_slaves_good_slaves"])
