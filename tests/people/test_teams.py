"""Pages of teams and people: who changes them, and what they show to whom."""

from typing import Any

import pytest
from flask import Flask

from backend.events.models import EventTeam, Player
from backend.identity.grants import grant
from backend.identity.models import AuditLine, Staff
from backend.scoring.models import Standing
from tests.posts.conftest import Desk, desk
from tests.support import HOST, START, Centre, FakeClock, Phone, picture_bytes, refused

__all__ = ["desk"]
MEMBER, MATE, STRANGER = "200003", "200004", "200002"
TEXTS = {"slogan": "一棒接一棒", "about": "五十五位同事，三个班次。"}


@pytest.fixture
def team() -> str:
    """Return the path of the team of 200003."""
    return f"/people/teams/{Staff.get(Staff.number == MEMBER).team_id}"


def shown(phone: Phone, team: str) -> dict[str, Any]:
    """Return a team as a phone is shown it."""
    found: dict[str, Any] = phone.ok("GET", team)
    return found


def test_leaders_of_the_team_and_hosts_change_its_page(
    app: Flask, centre: Centre, clock: FakeClock, team: str
) -> None:
    member, stranger, host = (centre.staff(one) for one in (MEMBER, STRANGER, HOST))
    for number in (MATE, STRANGER):
        grant("leader", number, database=app.extensions["linka.database"], now=clock.now())
    for phone in (member, stranger):
        refused(phone.put(team, TEXTS), 403, "forbidden")
        refused(phone.uploads(f"{team}/picture", picture_bytes()), 403, "forbidden")
        refused(phone.delete(f"{team}/picture"), 403, "forbidden")
    leader = centre.staff(MATE)
    assert leader.ok("PUT", team, TEXTS)["may_edit"]
    leader.upload(f"{team}/picture", picture_bytes())
    host.ok("PUT", team, {**TEXTS, "slogan": "句句有回响"})
    line = AuditLine.select().order_by(AuditLine.id.desc()).first()
    assert (line.action, line.detail["before"]) == ("team_described", TEXTS)
    found = shown(member, team)
    assert (found["slogan"], found["about"]) == ("句句有回响", TEXTS["about"])
    assert not found["may_edit"]
    assert member.get(found["picture_path"]).mimetype == "image/jpeg"
    assert found["members"][0] == {
        "id": Staff.get(Staff.number == MATE).id,
        "name": centre.roster[MATE]["姓名"],
        "is_leader": True,
    }
    assert found["people"] == len(found["members"])
    leader.ok("DELETE", f"{team}/picture")
    refused(member.get(f"{team}/picture"), 404, "not_found")
    assert shown(member, team)["picture_path"] is None


def test_list_has_the_teams_of_the_roster_alone(centre: Centre, team: str) -> None:
    host, member = centre.staff(HOST), centre.staff(MEMBER)
    event = host.ok("POST", "/events", {"template": "evening", "rehearsal": True})
    host.ok("PUT", f"/events/{event['id']}/test-players", {"count": 1})
    listed = member.ok("GET", "/people/teams")
    assert len(listed["items"]) == len({row["班组"] for row in centre.roster.values()})
    assert team.endswith(f"/{listed['own_id']}")
    test_player = Staff.get(Staff.test_event_id == event["id"])
    refused(member.get(f"/people/teams/{test_player.team_id}"), 404, "not_found")
    refused(member.get(f"/people/{test_player.id}"), 404, "not_found")
    refused(host.put(f"/people/teams/{test_player.team_id}", TEXTS), 404, "not_found")
    refused(centre.guest().get(team), 403, "staff_only")


def test_places_are_those_of_boards_that_the_reader_may_see(centre: Centre, team: str) -> None:
    host, member, mate = (centre.staff(one) for one in (HOST, MEMBER, MATE))
    event = centre.open_event(host)
    [player] = centre.join(event, member)

    def adjust(points: int, key: str) -> None:
        body = {"player_id": player["id"], "points": points, "reason": "补分"}
        path = f"/events/{event['id']}/adjustments"
        host.ok("POST", path, body, Idempotency_Key=key)

    assert shown(member, team)["results"] == []
    adjust(30, "a")
    [place] = shown(member, team)["results"]
    assert (place["title"], place["rank"], place["teams"]) == (event["title"], 1, 1)
    assert place["points"] > 0
    assert shown(mate, team)["results"] == []
    assert shown(host, team)["results"] == [place]
    host.ok("POST", f"/events/{event['id']}/transitions", {"action": "freeze"})
    adjust(50, "b")
    assert shown(member, team)["results"] == shown(host, team)["results"] == [place]


def test_the_last_of_many_teams_has_its_place(app: Flask, centre: Centre, team: str) -> None:
    host, member = centre.staff(HOST), centre.staff(MEMBER)
    event = centre.open_event(host)
    own, event_id = centre.join(event, member)[0]["id"], event["id"]
    body = {"player_id": own, "points": 30, "reason": "补分"}
    host.ok("POST", f"/events/{event_id}/adjustments", body, Idempotency_Key="a")
    others = range(10_001, 10_251)
    ahead = {"event": event_id, "joined_at": START}
    EventTeam.insert_many(
        [{"event": event_id, "team_id": one, "name": f"{one} 组", "headcount": 1} for one in others]
    ).execute()
    Player.insert_many(
        [
            {**ahead, "account_id": one, "staff_id": one, "name": "次仁", "team_id": one}
            for one in others
        ]
    ).execute()
    reached = {"board": "event", "reached_at": START, "version": 1, "updated_at": START}
    Standing.insert_many(
        [
            {**reached, "event": event_id, "player": player.id, "points": 500}
            for player in Player.select().where(Player.event == event_id, Player.id != own)
        ]
    ).execute()
    app.extensions["linka.boards"].rebuild(event_id, START)
    [place] = shown(member, team)["results"]
    assert (place["rank"], place["teams"]) == (251, 251)


def test_posts_about_somebody_are_shown_to_their_audience(
    centre: Centre, desk: Desk, team: str
) -> None:
    person = Staff.get(Staff.number == MEMBER)
    about = f"person:{person.id}"
    post_id = desk.publish(
        title="夜里接电话的人", about=f"person:{MEMBER}", audience=[f"team:{person.team.name}"]
    )
    desk.publish(title="话务五组", about=f"team:{person.team.name}")
    mate, stranger = centre.staff(MATE), centre.staff(STRANGER)
    assert [one["id"] for one in mate.ok("GET", f"/posts?about={about}")["items"]] == [post_id]
    assert stranger.ok("GET", f"/posts?about={about}")["items"] == []
    of_team = f"/posts?about=team:{person.team_id}"
    assert [one["title"] for one in stranger.ok("GET", of_team)["items"]] == ["话务五组"]
    refused(mate.get("/posts?about=team:话务五组"), 422, "invalid")
    said = mate.ok("GET", f"/posts/{post_id}")["about"]
    assert said == {"kind": "person", "id": person.id, "name": person.name}
    found = mate.ok("GET", f"/people/{person.id}")
    assert found == {
        "id": person.id,
        "name": person.name,
        "team": {"id": person.team_id, "name": person.team.name},
    }
    Staff.update(active=False).where(Staff.id == person.id).execute()
    refused(mate.get(f"/people/{person.id}"), 404, "not_found")
