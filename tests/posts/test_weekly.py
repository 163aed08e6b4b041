"""The weekly report: a draft made once each week from public facts, without the last places."""

from typing import Any

import pytest
from flask import Flask

from backend.clock import DAY_MS
from backend.events.models import Event, Player
from backend.identity.models import Staff
from backend.posts import weekly
from backend.posts.markdown import rendered
from backend.posts.models import Post, PostColumn
from backend.posts.writing import newest
from backend.scoring import ledger
from backend.scoring.ledger import Award, Calendar
from tests.posts.conftest import Desk
from tests.support import Centre, FakeClock, Phone, at_once

CALENDAR = Calendar("Asia/Shanghai", 6)
WEEK = 7 * DAY_MS
POINTS = (50, 40, 30, 20, 10)


class Season:
    """An open event in which people earn points in the past week."""

    def __init__(self, app: Flask, centre: Centre, clock: FakeClock) -> None:
        self.database = app.extensions["linka.database"]
        self.clock = clock
        self.event = centre.open_event(centre.host())
        self.phones = centre.people(len(POINTS))
        self.players: list[int] = [one["id"] for one in centre.join(self.event, *self.phones)]

    def earn(self, player_id: int, points: int, weeks_ago: int = 1) -> None:
        """Let a player earn points."""
        now = self.clock.now()
        at = now - weeks_ago * WEEK
        award = Award(
            event_id=self.event["id"],
            player_id=player_id,
            activity_id=None,
            points=points,
            reason="answer",
            source=f"test:{player_id}:{at}",
            rule_version="test-1",
            earned_at=at,
        )
        ledger.write(self.database, award, CALENDAR, now)

    def earn_all(self) -> None:
        """Let everybody earn points."""
        for player_id, points in zip(self.players, POINTS, strict=True):
            self.earn(player_id, points)

    def draft(self) -> Post | None:
        """Make the draft that is due."""
        return weekly.draft(self.database, CALENDAR, self.clock.now())

    def body(self) -> str:
        """Return the text of the draft that is due."""
        made = self.draft()
        assert made is not None
        text: str = newest(made).body
        return text


@pytest.fixture
def season(app: Flask, centre: Centre, clock: FakeClock, desk: Desk) -> Season:
    """Return an event in which nobody has earned points; no posts exist."""
    return Season(app, centre, clock)


def name_of(phone: Phone) -> str:
    """Return the name of a person."""
    found: dict[str, Any] = phone.ok("GET", "/me")
    return str(found["staff"]["name"])


def test_draft_is_made_once_and_waits_for_an_editor(season: Season, desk: Desk) -> None:
    season.earn_all()
    found = at_once([season.draft] * 3)
    [made] = [one for one in found if one is not None]
    assert season.draft() is None
    assert (made.state, made.column.title) == ("draft", "竞赛周报")
    assert newest(made).title.startswith("竞赛周报 · 第 ")
    assert "**150** 分" in newest(made).body
    desk.act(made.id, "submit")
    assert desk.act(made.id, "publish")["state"] == "published"


def test_people_stand_by_points_and_half_of_the_teams_is_told(season: Season) -> None:
    season.earn_all()
    body = season.body()
    best = body.split("## 表现突出的同事")[1]
    assert best.index(name_of(season.phones[0])) < best.index(name_of(season.phones[1]))
    assert not any(name_of(phone) in best for phone in season.phones[2:])
    teams = body.split("## 班组")[1].split("##")[0]
    last = Staff.select().join(Player, on=(Player.staff_id == Staff.id)).where(
        Player.id == season.players[4]
    ).get().team.name  # fmt: skip
    first = season.phones[0].ok("GET", "/me")["staff"]["team"]
    assert first in teams
    assert teams.count("|\n") <= 2 + weekly.TEAMS
    assert rendered(body).html.count('class="post-bar post-bar-12"') == 1
    assert last == first or teams.index(first) < (teams + last).index(last)


def test_weeks_without_a_worker_are_drafted_once_it_is_back(season: Season) -> None:
    season.earn(season.players[0], 5, weeks_ago=4)
    season.earn(season.players[0], 7, weeks_ago=3)
    season.earn(season.players[0], 9, weeks_ago=1)
    assert season.draft() is not None
    # A centre that had drafts before gets those of all weeks since then.
    season.clock.advance(3 * WEEK / 1000)
    season.earn(season.players[1], 11, weeks_ago=2)
    season.earn(season.players[1], 13, weeks_ago=1)
    texts = [newest(made).body for made in iter(season.draft, None)]
    assert ["**11** 分" in text for text in texts] == [True, False]
    assert "**13** 分" in texts[1]


def test_climb_and_newcomers_are_told_from_the_week_before(season: Season) -> None:
    early = season.players[:4]
    for player_id, points in zip(early, (40, 30, 20, 10), strict=True):
        season.earn(player_id, points, weeks_ago=2)
    for player_id, points in zip(season.players, (10, 20, 30, 50, 5), strict=True):
        season.earn(player_id, points)
    body = season.body()
    climb = body.split("## 进步最大")[1].split("##")[0]
    assert name_of(season.phones[3]) in climb
    assert "从上周第 4 名升到第 1 名" in climb
    new = body.split("## 新面孔")[1]
    assert name_of(season.phones[4]) in new
    assert name_of(season.phones[0]) not in new
    assert "比上周多 15%" in body


def test_frozen_events_rehearsals_and_removed_people_are_left_out(season: Season) -> None:
    season.earn_all()
    Player.update(status="kicked").where(Player.id == season.players[0]).execute()
    assert "**100** 分" in season.body()
    Post.delete().execute()
    Event.update(frozen_at=season.clock.now()).where(Event.id == season.event["id"]).execute()
    assert season.draft() is None
    Event.update(frozen_at=None, rehearsal=True).where(Event.id == season.event["id"]).execute()
    assert season.draft() is None


def test_nothing_is_drafted_without_points_or_in_a_closed_column(season: Season) -> None:
    assert season.draft() is None
    season.earn_all()
    PostColumn.update(active=False).where(PostColumn.title == weekly.TITLE).execute()
    assert season.draft() is None


def test_report_stays_in_its_column_when_a_centre_renames_it(
    season: Season, clock: FakeClock
) -> None:
    season.earn_all()
    first = season.draft()
    assert first is not None
    PostColumn.update(title="一周战报").where(PostColumn.id == first.column_id).execute()
    clock.advance(WEEK / 1000)
    season.earn(season.players[0], 5)
    second = season.draft()
    assert second is not None
    assert second.column_id == first.column_id


def test_names_are_shown_letter_by_letter(season: Season) -> None:
    season.earn_all()
    Staff.update(name="*扎西|_").where(
        Staff.id == Player.get_by_id(season.players[0]).staff_id
    ).execute()
    assert r"\*扎西\|\_" in season.body()
