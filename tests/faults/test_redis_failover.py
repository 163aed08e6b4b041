"""Redis with Sentinel and as a cluster: a primary is lost during a game, which goes on and loses
nothing.
"""

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from redis import Redis, RedisError

from backend.app import create_app
from backend.config import Settings
from backend.live import checks
from backend.live.client import LazyCluster
from backend.live.feed import key
from backend.scoring.reconciler import Reconciler
from tests.faults.servers import Server, cluster, watched_pair
from tests.installation import until
from tests.support import Centre, FakeClock, Keys, hunt_of

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

# Five seconds on a machine with nothing else to do.
WRITABLE_SECONDS = 15
PEOPLE = 4

Loses = Callable[[Redis, int], Server]


@contextmanager
def _sentinels(folder: Path) -> Iterator[tuple[str, Loses]]:
    with watched_pair(folder) as (primary, _, sentinels):
        nodes = ",".join(f"127.0.0.1:{one.port}" for one in sentinels)
        yield f"redis+sentinel://{nodes}/linka", lambda client, event_id: primary


@contextmanager
def _nodes(folder: Path) -> Iterator[tuple[str, Loses]]:
    with cluster(folder) as servers:

        def of_event(client: Redis, event_id: int) -> Server:
            assert isinstance(client, LazyCluster)
            node = client.opened().get_node_from_key(key(event_id))
            return next(one for one in servers if node and one.port == node.port)

        nodes = ",".join(f"127.0.0.1:{one.port}" for one in servers[:3])
        yield f"redis+cluster://{nodes}", of_event


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
