"""While Redis is away no points are lost and nobody is blocked; afterwards the board is right."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from flask import Flask

from backend import metrics
from backend.app import create_app
from backend.config import Settings
from backend.live.embedded import PrivateRedis
from backend.live.trips import RoundTrips
from backend.scoring.models import ScoreEntry
from backend.scoring.reconciler import Reconciler
from tests.support import Centre, FakeClock, Keys, Phone, hunt_of, refused

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PrivateRedis]:
    """Return a Redis of this test's own, which it may stop and start."""
    made = PrivateRedis(tmp_path)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def app(settings: Settings, clock: FakeClock, server: PrivateRedis) -> Iterator[Flask]:
    """Return the application over that Redis."""
    made = create_app(dataclasses.replace(settings, redis_url=f"unix://{server.socket}"), clock)
    yield made
    made.extensions["linka.redis"].close()
    made.extensions["linka.database"].close()


class Evening:
    """An open event with a player who has a question open."""

    def __init__(self, centre: Centre, server: PrivateRedis) -> None:
        self._app, self._server = centre.app, server
        self.host, self.player = centre.host(), centre.people(1)[0]
        self.event = centre.open_event(self.host)
        self.path = f"/events/{self.event['id']}"
        self.player_id = centre.join(self.event, self.player)[0]["id"]
        self.hunt = hunt_of(self.event)
        self.dig = self.player.ok("POST", f"{self.hunt}/digs", {"site": "lake"})

    def answer(self) -> Any:
        """Answer the open question rightly."""
        path = f"{self.hunt}/digs/{self.dig['id']}/answer"
        return self.player.ok("POST", path, {"choice": Keys().right(self.dig)})

    def adjust(self, points: int) -> Any:
        """Give the player points."""
        body = {"player_id": self.player_id, "points": points, "reason": "布置会场"}
        return self.host.ok("POST", f"{self.path}/adjustments", body, Idempotency_Key=f"k{points}")

    def worker(self) -> Reconciler:
        """Return what a worker that has just started looks at boards with."""
        names = ("boards", "redis", "clock")
        return Reconciler(*(self._app.extensions[f"linka.{name}"] for name in names))

    def restart(self) -> None:
        """Bring Redis back, and let the worker look once."""
        self._server.start()
        self.worker().step()

    def is_clean(self) -> bool:
        """Say whether ledger, standings and boards agree."""
        return not self._app.extensions["linka.boards"].verify(self.event["id"]).differences

    def points(self) -> list[float]:
        """Return the points on the board."""
        board = self.host.ok("GET", f"{self.path}/leaderboards/event")
        return [row["points"] for row in board["rows"]]


@pytest.fixture
def evening(centre: Centre, server: PrivateRedis) -> Evening:
    """Return the evening."""
    return Evening(centre, server)


def test_answer_counts_without_a_rank(evening: Evening, server: PrivateRedis) -> None:
    server.stop()
    answer = evening.answer()
    assert answer["verdict"] == "correct"
    assert answer["score"]["rank"] is None
    assert answer["score"]["points"] >= answer["points"] > 0


def test_answers_and_adjustments_are_on_the_board_after_redis_is_back(
    evening: Evening, server: PrivateRedis
) -> None:
    evening.adjust(5)
    server.stop()
    points = evening.answer()["score"]["points"]
    evening.adjust(7)
    evening.restart()
    assert evening.points() == [points + 7]
    assert evening.is_clean()


def test_lag_of_the_boards_is_the_age_of_the_oldest_points_that_are_not_on_them(
    evening: Evening, server: PrivateRedis, clock: FakeClock
) -> None:
    worker = evening.worker()
    clock.advance(10)
    worker.step()
    server.stop()
    worker.look()
    assert worker.lag_seconds() == metrics.BOARD_LAG._value.get() == 0
    evening.answer()
    clock.advance(7)
    evening.adjust(5)
    worker.look()
    assert worker.lag_seconds() == metrics.BOARD_LAG._value.get() == 7
    server.start()
    worker.look()
    assert metrics.BOARD_LAG._value.get() == 0


def test_repeat_while_redis_is_away_gives_the_same_answer(
    evening: Evening, server: PrivateRedis
) -> None:
    server.stop()
    first, entries = evening.answer(), ScoreEntry.select().count()
    assert evening.answer()["points"] == first["points"]
    assert ScoreEntry.select().count() == entries


def test_joining_works_and_is_shown_later(
    evening: Evening, centre: Centre, server: PrivateRedis
) -> None:
    late = centre.staff(list(centre.numbers())[1])
    server.stop()
    player = late.ok("POST", "/events/join", {"code": evening.event["join_code"]})["player"]
    evening.restart()
    board = evening.host.ok("GET", f"{evening.path}/leaderboards/event")
    assert (player["id"], player["name"]) in [(row["id"], row["name"]) for row in board["rows"]]
    assert evening.is_clean()


def test_kicking_works_and_is_shown_later(evening: Evening, server: PrivateRedis) -> None:
    server.stop()
    path = f"{evening.path}/players/{evening.player_id}"
    assert evening.host.ok("PUT", path, {"status": "kicked"})["status"] == "kicked"
    evening.restart()
    assert evening.points() == []
    assert evening.is_clean()


def test_host_runs_the_evening_all_the_same(evening: Evening, server: PrivateRedis) -> None:
    evening.adjust(5)
    server.stop()
    for action in ("pause", "resume", "freeze", "reveal"):
        evening.host.ok("POST", f"{evening.path}/transitions", {"action": action})
    evening.restart()
    assert evening.points() == [5]
    assert evening.is_clean()


def test_boards_say_that_they_are_away_and_come_back(
    evening: Evening, server: PrivateRedis
) -> None:
    server.stop()
    for path in ("/leaderboards/event", "/leaderboards/event?around=me", "/me"):
        answer = evening.player.get(evening.path + path)
        refused(answer, 503, "unavailable")
        assert answer.headers["Retry-After"]
    server.start()
    assert evening.player.get(f"{evening.path}/leaderboards/event").status_code == 200


def test_receipts_need_no_redis(evening: Evening, server: PrivateRedis) -> None:
    evening.adjust(5)
    server.stop()
    assert evening.player.ok("GET", f"{evening.path}/receipts")["total_points"] == 5


def test_redis_that_lost_everything_is_filled_again(
    evening: Evening, server: PrivateRedis, app: Flask
) -> None:
    evening.adjust(5)
    app.extensions["linka.redis"].flushall()
    evening.adjust(6)
    assert evening.points() == [11]
    assert evening.is_clean()


def test_connections_to_two_servers_are_like_a_redis_that_is_away(
    evening: Evening, app: Flask, redis_server: redis.Redis
) -> None:
    leaderboard = app.extensions["linka.scores"].leaderboard
    # As while a primary is replaced: one connection still goes to the old one.
    here, leaderboard._trips = leaderboard._trips, RoundTrips(redis_server)
    answer = evening.answer()
    assert answer["points"] > 0
    assert answer["score"]["rank"] is None
    refused(evening.player.get(f"{evening.path}/leaderboards/event"), 503, "unavailable")
    leaderboard._trips = here
    evening.worker().step()
    assert evening.points() == [answer["score"]["points"]]
    assert evening.is_clean()


def test_nobody_is_shown_a_list_kept_from_before_redis_lost_everything(
    evening: Evening, app: Flask
) -> None:
    for points in (1, 2):
        evening.adjust(points)
    assert evening.points() == [3]
    app.extensions["linka.redis"].flushall()
    for points in (3, 4, 5):
        evening.adjust(points)
        assert evening.points()[0] == sum(range(points + 1))


def test_screen_pairing_waits_for_redis(evening: Evening, app: Flask, server: PrivateRedis) -> None:
    server.stop()
    answer = Phone(app, "").post("/screens/pairings", {"event_id": evening.event["id"]})
    refused(answer, 503, "unavailable")
