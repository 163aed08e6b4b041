"""Hosts list, kick, ban and readmit players; boards change at once."""

from functools import partial
from typing import Any

import pytest
from flask import Flask

from backend.identity.models import AuditLine
from tests.support import Centre, FakeClock, Phone, at_once, refused

ONE_DATABASE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


class Evening:
    """An open event with three players of one team, who have 30, 20 and 10 points."""

    def __init__(self, centre: Centre) -> None:
        self.centre = centre
        self.host = centre.host()
        self.event = centre.open_event(self.host)
        self.path = f"/events/{self.event['id']}"
        self.phones = [centre.staff(number) for number in teammates(centre)[:3]]
        self.players = [player["id"] for player in centre.join(self.event, *self.phones)]
        for place, points in enumerate((30, 20, 10)):
            self.give(place, points)

    def give(self, place: int, points: int) -> None:
        """Give a player points."""
        body = {"player_id": self.players[place], "points": points, "reason": "帮忙"}
        key = f"{place}-{points}"
        self.host.ok("POST", f"{self.path}/adjustments", body, Idempotency_Key=key)

    def set(self, place: int, status: str) -> Any:
        """Ask for a player's status."""
        return self.host.put(f"{self.path}/players/{self.players[place]}", {"status": status})

    def board(self, scope: str = "players", phone: Phone | None = None) -> list[tuple[int, float]]:
        """Return (rank, points) of a board."""
        asked = f"{self.path}/leaderboards/event?scope={scope}"
        return [(r["rank"], r["points"]) for r in (phone or self.host).ok("GET", asked)["rows"]]

    def is_clean(self) -> bool:
        """Say whether ledger, standings and boards agree."""
        boards = self.centre.app.extensions["linka.boards"]
        return not boards.verify(self.event["id"]).differences


def teammates(centre: Centre) -> list[str]:
    """Return the 工号 of the people of one team."""
    team = centre.roster[next(centre.numbers())]["班组"]
    return [number for number in centre.numbers() if centre.roster[number]["班组"] == team]


@pytest.fixture
def evening(centre: Centre) -> Evening:
    """Return the evening."""
    return Evening(centre)


def test_hosts_see_who_plays(evening: Evening) -> None:
    page = evening.host.ok("GET", f"{evening.path}/players")
    assert [player["id"] for player in page["items"]] == evening.players
    assert page["total"] == 3
    assert page["items"][0]["staff_number"] == next(evening.centre.numbers())


@ONE_DATABASE
def test_players_are_listed_by_status(evening: Evening) -> None:
    evening.set(1, "kicked")
    kicked = evening.host.ok("GET", f"{evening.path}/players?status=kicked")
    assert [player["id"] for player in kicked["items"]] == evening.players[1:2]
    assert evening.host.ok("GET", f"{evening.path}/players?status=active")["total"] == 2
    refused(evening.host.get(f"{evening.path}/players?status=asleep"), 422, "invalid")


@pytest.mark.parametrize("status", ["kicked", "banned"])
def test_player_who_has_to_go_is_off_the_boards_at_once(evening: Evening, status: str) -> None:
    assert evening.board() == [(1, 30), (2, 20), (3, 10)]
    assert evening.board("teams") == [(1, 12.0)]
    evening.set(0, status)
    assert evening.board() == [(1, 20), (2, 10)]
    assert evening.board("teams") == [(1, 6.0)]
    assert evening.host.ok("GET", evening.path)["player_count"] == 2
    assert evening.is_clean()


@pytest.mark.parametrize("status", ["kicked", "banned"])
def test_player_who_is_welcomed_back_has_everything_again(evening: Evening, status: str) -> None:
    evening.set(0, status)
    assert evening.set(0, "active").json["status"] == "active"
    assert evening.board() == [(1, 30), (2, 20), (3, 10)]
    assert evening.board("teams") == [(1, 12.0)]
    names = [
        row["name"] for row in evening.host.ok("GET", f"{evening.path}/leaderboards/event")["rows"]
    ]
    assert all(names)
    assert evening.is_clean()


@ONE_DATABASE
@pytest.mark.parametrize("status", ["kicked", "banned"])
def test_player_who_had_to_go_sees_nothing(evening: Evening, status: str) -> None:
    evening.set(0, status)
    phone = evening.phones[0]
    for path in ("", "/me", "/receipts", "/leaderboards", "/leaderboards/event"):
        refused(phone.get(evening.path + path), 403, status)


def test_kicked_player_may_come_back(evening: Evening) -> None:
    evening.set(0, "kicked")
    joined = evening.centre.join(evening.event, evening.phones[0])[0]
    assert (joined["id"], joined["status"]) == (evening.players[0], "active")
    assert evening.board() == [(1, 30), (2, 20), (3, 10)]
    assert evening.is_clean()


@ONE_DATABASE
def test_kicked_guest_may_come_back(evening: Evening, clock: FakeClock) -> None:
    guest = evening.centre.guest()
    evening.players.append(evening.centre.join(evening.event, guest)[0]["id"])
    evening.set(3, "kicked")
    refused(guest.get(evening.path), 403, "kicked")
    evening.centre.join(evening.event, guest)
    # Phones are shown a number that is up to a second old.
    clock.advance(1)
    assert guest.ok("GET", evening.path)["player_count"] == 4
    assert evening.is_clean()


def test_banned_player_may_not_come_back(evening: Evening) -> None:
    evening.set(0, "banned")
    code = {"code": evening.event["join_code"]}
    refused(evening.phones[0].post("/events/join", code), 403, "banned")
    # A second host, who still saw the player there, does not turn the ban into a kick.
    refused(evening.set(0, "kicked"), 409, "banned_meanwhile")
    refused(evening.phones[0].post("/events/join", code), 403, "banned")
    assert evening.board() == [(1, 20), (2, 10)]


def test_ban_and_kick_of_the_same_moment_leave_a_ban(evening: Evening) -> None:
    for _ in range(8):
        assert evening.set(0, "active").status_code == 200
        answers = at_once([partial(evening.set, 0, status) for status in ("banned", "kicked")])
        assert answers[0].status_code == 200
        assert answers[0].json["status"] == "banned"
        code = {"code": evening.event["join_code"]}
        refused(evening.phones[0].post("/events/join", code), 403, "banned")


@ONE_DATABASE
def test_last_player_of_a_team_takes_it_off_the_board(evening: Evening) -> None:
    for place in range(3):
        evening.set(place, "kicked")
    assert evening.board("teams") == []
    assert evening.is_clean()


def test_points_given_to_a_kicked_player_wait_for_the_return(evening: Evening) -> None:
    evening.set(2, "kicked")
    evening.give(2, 100)
    assert evening.board() == [(1, 30), (2, 20)]
    evening.set(2, "active")
    assert evening.board() == [(1, 110), (2, 30), (3, 20)]
    assert evening.is_clean()


@ONE_DATABASE
def test_change_of_status_leaves_one_line(evening: Evening, clock: FakeClock) -> None:
    for _ in range(2):
        evening.set(0, "banned")
    lines = list(AuditLine.select().where(AuditLine.action == "player_banned"))
    assert len(lines) == 1
    assert (lines[0].subject, lines[0].at) == (f"player:{evening.players[0]}", clock.now())
    assert lines[0].event_id == evening.event["id"]
    assert lines[0].detail["before"] == {"status": "active"}


@ONE_DATABASE
def test_player_of_another_event_is_not_found(evening: Evening) -> None:
    other = evening.centre.open_event(evening.host)
    path = f"/events/{other['id']}/players/{evening.players[0]}"
    refused(evening.host.put(path, {"status": "banned"}), 404, "not_found")
    assert evening.board()[0] == (1, 30)


# --- during a freeze


def transition(evening: Evening, action: str) -> None:
    evening.host.ok("POST", f"{evening.path}/transitions", {"action": action})


@ONE_DATABASE
def test_kicked_player_is_off_the_frozen_board_and_back_on_it(evening: Evening, app: Flask) -> None:
    transition(evening, "freeze")
    watcher = evening.phones[2]
    evening.set(0, "kicked")
    assert evening.board(phone=watcher) == [(1, 20), (2, 10)]
    assert evening.board("teams", watcher) == [(1, 6.0)]
    evening.set(0, "active")
    assert evening.board(phone=watcher) == [(1, 30), (2, 20), (3, 10)]
    assert evening.board("teams", watcher) == [(1, 12.0)]
    assert evening.is_clean()


@ONE_DATABASE
def test_kicked_player_who_joins_again_is_back_on_the_frozen_board(evening: Evening) -> None:
    transition(evening, "freeze")
    evening.set(0, "kicked")
    evening.centre.join(evening.event, evening.phones[0])
    assert evening.board(phone=evening.phones[2]) == [(1, 30), (2, 20), (3, 10)]
    assert evening.is_clean()


@ONE_DATABASE
def test_who_joins_during_a_freeze_is_on_the_board_after_it(evening: Evening) -> None:
    transition(evening, "freeze")
    late = evening.centre.staff(teammates(evening.centre)[5])
    evening.centre.join(evening.event, late)
    assert len(evening.board(phone=late)) == 3
    assert len(evening.board()) == 4
    assert evening.is_clean()
    for _ in range(11):
        transition(evening, "reveal")
    assert len(evening.board(phone=late)) == 4
    assert evening.is_clean()
