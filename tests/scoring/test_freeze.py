"""Frozen means frozen on every read path; hosts look at the live board."""

from collections.abc import Callable
from typing import Any

import pytest
import redis
from flask import Flask

from backend.events.models import Player
from backend.events.visibility import View
from backend.scoring.leaderboard import prefix
from tests.scoring.board_evening import BoardEvening
from tests.support import Centre, FakeClock, Phone, at_once, boards_prefix, hunt_of

ONE_DATABASE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@pytest.fixture
def evening(centre: Centre) -> BoardEvening:
    """Return an evening with three players who have 10, 20 and 30 points."""
    return BoardEvening(centre)


def reads(evening: BoardEvening) -> list[str]:
    """Return the path of every GET of the API, with the evening's ids."""
    document = evening.app.test_client().get("/api/openapi.json").json
    activity = hunt_of(evening.event).rpartition("/")[2]
    boards = ["event", "day", "week", f"activity-{activity}", "day-2026-11-22", "week-2026-W47"]
    found = []
    for path, methods in document["paths"].items():
        if "get" not in methods or path.endswith("/stream"):
            continue
        places = {
            "event_id": evening.event["id"],
            "activity_id": activity,
            "dig_id": 1,
            "round_id": 1,
            "turn_id": 1,
            "draw_id": 1,
            "item_id": 1,
            "suggestion_id": 1,
            "poll_id": 1,
            "bank": "business",
            "pack": "everyday",
            "media_id": 1,
            "cover_id": 1,
            "team_id": Player.get_by_id(evening.players[0]).team_id,
            "person_id": 1,
            "post_id": 1,
            "submission_id": 1,
            "picture_id": 1,
            "card_id": 1,
            "table": "buses",
            "number": 1,
            "secret": "none",
        }
        if "{board}" in path:
            for board in boards:
                filled = path.format(**places, board=board)
                found += [
                    filled + query for query in ("", "?scope=teams", "?around=me", "?top=200")
                ]
        else:
            found.append(path.format(**places))
    return [path.removeprefix("/api/v1") for path in found]


def everything(evening: BoardEvening, phone: Phone) -> dict[str, Any]:
    """Return what somebody reads anywhere."""
    read = {}
    for path in reads(evening):
        answer = phone.get(path)
        body = answer.json if answer.is_json else answer.data
        if isinstance(body, dict):
            body.pop("request_id", None)
        read[path] = (answer.status_code, body)
    return read


def test_nothing_that_players_read_moves_during_a_freeze(
    evening: BoardEvening, clock: FakeClock
) -> None:
    # Phones are shown a number of players that is up to a second old, and all have just joined.
    clock.advance(1)
    evening.does("freeze")
    before = [everything(evening, phone) for phone in evening.phones]
    screen = evening.snapshot()
    host = everything(evening, evening.host)
    clock.advance(1)
    evening.give(0, 5000)
    evening.give(2, -7)
    assert [everything(evening, phone) for phone in evening.phones] == before
    assert evening.snapshot() == {**screen, "server_time": evening.snapshot()["server_time"]}
    assert everything(evening, evening.host) != host


@ONE_DATABASE
def test_those_reads_do_move_without_a_freeze(evening: BoardEvening) -> None:
    before, screen = everything(evening, evening.phones[0]), evening.snapshot()
    evening.give(0, 5000)
    after = everything(evening, evening.phones[0])
    moved = {path for path, answer in after.items() if answer != before[path]}
    event = f"/events/{evening.event['id']}"
    for path in (f"{event}/me", f"{event}/receipts", f"{event}/leaderboards/day?scope=teams"):
        assert path in moved
    assert evening.snapshot() != screen


@ONE_DATABASE
def test_host_sees_the_live_board(evening: BoardEvening) -> None:
    evening.does("freeze")
    evening.give(0, 5000)
    assert evening.points(evening.host) == [5010, 30, 20]
    assert evening.board(evening.host)["frozen"] is False
    live = evening.snapshot(View.HOST)
    assert [row["points"] for row in live["boards"]["players"]["rows"]] == [5010, 30, 20]
    assert live["event"]["frozen"] is True


@ONE_DATABASE
def test_players_are_told_that_it_is_frozen(evening: BoardEvening) -> None:
    phone = evening.phones[0]
    assert evening.board(phone)["frozen"] is False
    evening.does("freeze")
    assert evening.board(phone)["frozen"] is True
    assert evening.standing(0) == {"points": 10, "rank": 3, "frozen": True}
    assert phone.ok("GET", evening.path)["frozen"] is True
    assert phone.ok("GET", f"{evening.path}/receipts")["frozen"] is True
    assert evening.snapshot()["event"]["frozen"] is True


@ONE_DATABASE
def test_receipts_of_the_freeze_wait_for_the_reveal(
    evening: BoardEvening, clock: FakeClock
) -> None:
    evening.does("freeze")
    clock.advance(1)
    evening.give(0, 5000)
    receipt = evening.phones[0].ok("GET", f"{evening.path}/receipts")
    assert [item["points"] for item in receipt["items"]] == [10]
    query = f"?player_id={evening.players[0]}"
    assert evening.host.ok("GET", f"{evening.path}/receipts{query}")["total_points"] == 5010
    evening.does("reveal", step=60)
    assert evening.phones[0].ok("GET", f"{evening.path}/receipts")["total_points"] == 5010


@ONE_DATABASE
@pytest.mark.parametrize("seconds", [-5, 0, 5])
def test_receipt_and_frozen_board_agree_on_what_was_under_way(
    evening: BoardEvening, clock: FakeClock, seconds: int
) -> None:
    clock.advance(seconds)
    evening.give(0, 100)  # written before the freeze, whatever its moment says
    clock.advance(-seconds)
    evening.does("freeze")
    clock.advance(seconds)
    evening.give(0, 5000)
    own = evening.phones[0]
    receipt = own.ok("GET", f"{evening.path}/receipts")
    assert [item["points"] for item in receipt["items"]] == [10, 100]
    assert receipt["total_points"] == evening.standing(0)["points"] == 110


@ONE_DATABASE
def test_who_joined_after_the_freeze_has_an_empty_receipt(
    evening: BoardEvening, centre: Centre
) -> None:
    evening.does("freeze")
    late = centre.people(4)[3]
    player = centre.join(evening.event, late)[0]["id"]
    body = {"player_id": player, "points": 70, "reason": "布置会场"}
    evening.host.ok("POST", f"{evening.path}/adjustments", body, Idempotency_Key="late")
    assert late.ok("GET", f"{evening.path}/receipts")["items"] == []


@ONE_DATABASE
def test_gains_are_not_handed_to_screens_but_to_hosts(evening: BoardEvening) -> None:
    assert len(evening.gains()) == 3
    evening.does("freeze")
    evening.give(0, 5000)
    assert evening.gains() == []
    assert len(evening.gains(View.HOST)) == 4


@ONE_DATABASE
def test_freezing_again_keeps_the_first_board(evening: BoardEvening) -> None:
    evening.does("freeze")
    evening.give(0, 5000)
    evening.does("freeze")
    assert evening.points(evening.phones[0]) == [30, 20, 10]


@ONE_DATABASE
def test_next_freeze_shows_what_was_earned_between(evening: BoardEvening) -> None:
    evening.does("freeze")
    evening.does("reveal", step=60)
    evening.give(0, 5000)
    assert evening.points(evening.phones[1]) == [5010, 30, 20]
    evening.does("freeze")
    evening.give(1, 9000)
    assert evening.points(evening.phones[1]) == [5010, 30, 20]
    assert evening.is_clean()


def _lose_the_live_board(client: redis.Redis, event_id: int) -> None:
    """Leave what is there when only the frozen twin has been built again."""
    here = boards_prefix(client, event_id)
    client.delete(prefix(event_id) + "whole", here + "cards", here + "players:event")


@ONE_DATABASE
@pytest.mark.parametrize("lose", [lambda client, _: client.flushall(), _lose_the_live_board])
def test_frozen_board_survives_the_loss_of_redis(
    evening: BoardEvening,
    app: Flask,
    clock: FakeClock,
    lose: Callable[[redis.Redis, int], object],
) -> None:
    evening.does("freeze")
    clock.advance(1)
    evening.give(0, 5000)
    before = [everything(evening, phone) for phone in evening.phones]
    lose(app.extensions["linka.redis"], evening.event["id"])
    after = [everything(evening, phone) for phone in evening.phones]
    for old, new in zip(before, after, strict=True):
        for path, (status, body) in new.items():
            if "/leaderboards/" in path:
                body["version"] = old[path][1]["version"]
            assert (status, body) == old[path]
    assert evening.is_clean()


@ONE_DATABASE
def test_host_who_plays_sees_the_own_standing_frozen(centre: Centre, evening: BoardEvening) -> None:
    centre.join(evening.event, evening.host)
    evening.does("freeze")
    own = evening.host.ok("GET", f"{evening.path}/me")
    evening.players.append(own["player"]["id"])
    evening.give(3, 5000)
    assert evening.host.ok("GET", f"{evening.path}/me") == own


def test_freezing_while_points_are_given_leaves_a_whole_board(evening: BoardEvening) -> None:
    calls = [lambda n=n: evening.give(n % 3, 100 + n) for n in range(12)]
    at_once([*calls, lambda: evening.does("freeze")])
    frozen = evening.points(evening.phones[0])
    evening.give(0, 5000)
    assert evening.points(evening.phones[0]) == frozen
    assert evening.is_clean()
