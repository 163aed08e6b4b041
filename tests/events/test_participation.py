"""A leader reads who of the own team came to which event."""

import pytest
from flask import Flask

from backend.identity.grants import grant
from backend.identity.models import Staff
from tests.support import Centre, FakeClock, Phone, refused

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@pytest.fixture
def leader(centre: Centre, app: Flask, clock: FakeClock) -> Phone:
    """Return the phone of a team leader."""
    number = next(centre.numbers())
    grant("leader", number, database=app.extensions["linka.database"], now=clock.now())
    return centre.staff(number)


def test_leader_reads_who_came_and_who_did_not(centre: Centre, leader: Phone) -> None:
    host = centre.host()
    event = centre.open_event(host)
    centre.join(event, leader)
    found = leader.ok("GET", "/team/participation")
    own = Staff.get(Staff.number == next(centre.numbers()))
    mates = Staff.select().where(Staff.team == own.team, Staff.active, Staff.id != own.id)
    assert (found["team"], found["headcount"]) == (own.team.name, mates.count() + 1)
    (shown,) = found["events"]
    assert (shown["event_id"], shown["came"]) == (event["id"], 1)
    assert sorted(one["staff_number"] for one in shown["absent"]) == sorted(
        mate.number for mate in mates
    )


def test_kicked_people_did_not_come(centre: Centre, leader: Phone) -> None:
    host = centre.host()
    event = centre.open_event(host)
    (player,) = centre.join(event, leader)
    host.ok("PUT", f"/events/{event['id']}/players/{player['id']}", {"status": "kicked"})
    assert leader.ok("GET", "/team/participation")["events"][0]["came"] == 0


def test_rehearsals_and_drafts_are_no_events(centre: Centre, leader: Phone) -> None:
    host = centre.host()
    centre.open_event(host, rehearsal=True)
    host.ok("POST", "/events", {"template": "hunt"})
    assert leader.ok("GET", "/team/participation")["events"] == []


def test_leader_is_nothing_else(centre: Centre, leader: Phone) -> None:
    event = centre.open_event(centre.host())
    for path in (f"/events/{event['id']}/players", "/question-banks/lessons", "/audit"):
        refused(leader.get(path), 403, "forbidden")
    refused(centre.host().get("/team/participation"), 403, "forbidden")
