"""Test players of a rehearsal play everything through the services for people, and leave no trace."""

from typing import Any

import pytest
from flask import Flask

from backend.activities import KINDS
from backend.activities.contest.models import ContestAnswer
from backend.activities.drawing.models import DrawingTurn
from backend.activities.hunt.models import HuntAnswer
from backend.activities.keywords.models import KeywordHit
from backend.activities.polls.models import PollBallot
from backend.config import DEVELOPMENT_SECRET_KEY
from backend.events.kinds import Tools
from backend.events.models import Event, Player
from backend.identity.models import Account, AuditLine, Staff, Team
from backend.identity.roster import new_slips
from backend.keys import Secret
from backend.phones import crowd
from backend.phones.crowd import Crowd
from tests.support import Centre, FakeClock, at_once, refused

ONE_DATABASE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


class Rehearsed:
    """An open rehearsal of a whole evening with a crowd of test players, and its host."""

    def __init__(self, centre: Centre, app: Flask, clock: FakeClock) -> None:
        self.clock = clock
        self.host = centre.host()
        self.event = centre.open_event(self.host, "evening", rehearsal=True)
        self.path = f"/events/{self.event['id']}"
        found = app.extensions
        scores, feed = found["linka.scores"], found["linka.feed"]
        tools = Tools(scores, feed, found["linka.redis"], Secret(DEVELOPMENT_SECRET_KEY))
        self.plays = found["linka.plays"]
        self.crowd = Crowd(KINDS, self.plays, tools, clock)

    def has(self, count: int) -> Any:
        """Set its number of test players."""
        return self.host.put(f"{self.path}/test-players", {"count": count})

    def of(self, kind: str) -> int:
        """Return the activity of a kind."""
        return next(int(one["id"]) for one in self.event["activities"] if one["kind"] == kind)

    def goes_on(self, steps: int = 12) -> int:
        """Let time pass, and return how many test players did something."""
        acted = 0
        for _ in range(steps):
            self.clock.advance(3)
            for activity in self.event["activities"]:
                if activity["kind"] in self.plays:
                    self.plays[activity["kind"]].advance(activity["id"], self.clock.now())
            acted += self.crowd.step()
        return acted


@pytest.fixture
def rehearsed(centre: Centre, app: Flask, clock: FakeClock) -> Rehearsed:
    """Return an open rehearsal without test players."""
    return Rehearsed(centre, app, clock)


def people() -> int:
    """Return how many test players there are in the roster."""
    return int(Staff.select().where(Staff.test_event_id.is_null(False)).count())


def test_they_play_every_activity_that_is_on(rehearsed: Rehearsed) -> None:
    rehearsed.has(6)
    rehearsed.goes_on(3)
    assert Player.select().where(Player.name.startswith("测试")).count() == 6
    host = rehearsed.host
    polls, words = f"/polls/{rehearsed.of('polls')}", f"/keywords/{rehearsed.of('keywords')}"
    poll = host.ok("GET", polls)["items"][0]["id"]
    host.ok("POST", f"{polls}/polls/{poll}/actions", {"action": "open"})
    word = host.ok("GET", f"{words}/words")[0]["id"]
    host.ok("POST", f"{words}/open", {"word_ids": [word]})
    host.ok("POST", f"/drawings/{rehearsed.of('drawing')}/begin", {})
    contest = f"/contests/{rehearsed.of('contest')}/actions"
    host.ok("POST", contest, {"action": "begin"})
    host.ok("POST", contest, {"action": "next", "position": 1})
    rehearsed.goes_on(6)
    assert ContestAnswer.select().count() > 0
    rehearsed.goes_on(12)
    host.ok("POST", f"/drawings/{rehearsed.of('drawing')}/finish", {})
    rehearsed.goes_on(12)
    assert PollBallot.select().count() == 6
    assert KeywordHit.select().count() > 0
    assert HuntAnswer.select().count() > 0
    assert DrawingTurn.select().where(DrawingTurn.choice.is_null(False)).count() > 0
    board = host.ok("GET", f"{rehearsed.path}/leaderboards/event")
    assert board["total"] == 6
    assert {row["name"][:2] for row in board["rows"]} == {"测试"}


@ONE_DATABASE
def test_everybody_acts_though_steps_come_late(
    rehearsed: Rehearsed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At each step all are due again, and a third of them has time."""
    monkeypatch.setattr(crowd, "MOST_A_STEP", 2)
    rehearsed.has(6)
    for _ in range(3):
        rehearsed.clock.advance(60)
        rehearsed.crowd.step()
    assert Player.select().where(Player.name.startswith("测试")).count() == 6


def test_way_to_the_evening_takes_all_of_them_away(rehearsed: Rehearsed) -> None:
    teams = Team.select().count()
    rehearsed.has(25)
    rehearsed.goes_on(4)
    accounts = Account.select().where(Account.appid == "test")
    assert (accounts.count(), people()) == (25, 25)
    rehearsed.host.ok("POST", f"{rehearsed.path}/evening", {})
    assert (accounts.count(), people(), Player.select().count()) == (0, 0, 0)
    assert Team.select().count() == teams
    assert rehearsed.goes_on(3) == 0


@ONE_DATABASE
def test_fewer_take_the_last_ones_away_and_others_stay(
    rehearsed: Rehearsed, centre: Centre, app: Flask
) -> None:
    person = centre.people(1)[0]
    centre.join(rehearsed.event, person)
    rehearsed.has(5)
    rehearsed.goes_on(6)
    assert rehearsed.has(2).json == {"count": 2}
    assert sorted(player.name for player in Player.select())[:2] == ["测试001", "测试002"]
    assert Player.select().count() == 3
    listed = rehearsed.host.ok("GET", f"{rehearsed.path}/players")["items"]
    assert {one["name"] for one in listed if one["is_test"]} == {"测试001", "测试002"}
    assert not app.extensions["linka.boards"].verify(rehearsed.event["id"]).differences
    assert rehearsed.has(0).json == {"count": 0}
    assert [player.staff_number for player in Player.select()] == [next(centre.numbers())]


@ONE_DATABASE
def test_repeats_at_once_make_them_once(rehearsed: Rehearsed) -> None:
    assert {answer.status_code for answer in at_once([lambda: rehearsed.has(9)] * 3)} == {200}
    assert people() == 9
    assert AuditLine.select().where(AuditLine.action == "test_players").count() == 1


@ONE_DATABASE
def test_real_event_gets_none_and_nobody_acts_in_it(rehearsed: Rehearsed, centre: Centre) -> None:
    event = centre.open_event(rehearsed.host)
    answer = rehearsed.host.put(f"/events/{event['id']}/test-players", {"count": 1})
    refused(answer, 409, "not_a_rehearsal")
    rehearsed.has(3)
    Event.update(rehearsal=False).where(Event.id == rehearsed.event["id"]).execute()
    assert rehearsed.goes_on(3) == 0
    assert Player.select().count() == 0


@ONE_DATABASE
def test_paused_rehearsal_rests(rehearsed: Rehearsed) -> None:
    rehearsed.has(3)
    rehearsed.host.ok("POST", f"{rehearsed.path}/transitions", {"action": "pause"})
    assert rehearsed.goes_on(3) == 0


@ONE_DATABASE
@pytest.mark.parametrize("count", [-1, 201, 1.5, "3"])
def test_number_has_bounds(rehearsed: Rehearsed, count: object) -> None:
    refused(rehearsed.has(count), 422, "invalid")  # type: ignore[arg-type]


@ONE_DATABASE
def test_roster_does_not_know_them(rehearsed: Rehearsed) -> None:
    before = len(new_slips([]))
    rehearsed.has(4)
    assert len(new_slips([])) == before


@ONE_DATABASE
def test_wiped_rehearsal_is_joined_by_them_again(rehearsed: Rehearsed) -> None:
    rehearsed.has(3)
    rehearsed.goes_on(2)
    assert rehearsed.host.delete(f"{rehearsed.path}/data").status_code == 204
    assert Player.select().count() == 0
    rehearsed.goes_on(3)
    assert Player.select().count() == 3
