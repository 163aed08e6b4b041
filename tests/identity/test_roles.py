"""Roles: what a person may do, everywhere or for one event; pure, and over HTTP."""

import pytest
from flask import Flask

from backend.errors import Forbidden
from backend.identity.grants import grant, revoke
from backend.identity.principal import Person, Principal
from tests.support import ADMIN, TRAINER, Centre, FakeClock, Phone, refused

ONE_DATABASE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
PERSON = Person(1, "200001", "陈敏春", 1, "话务一组", "早班")


def holding(*roles: tuple[str, int]) -> Principal:
    """Return somebody with these roles."""
    return Principal(1, "", PERSON, roles)


@pytest.mark.parametrize(
    ("roles", "asked", "is_held"),
    [
        ((), ("host", 0), False),
        ((("host", 0),), ("host", 0), True),
        ((("host", 0),), ("host", 42), True),
        ((("host", 42),), ("host", 42), True),
        ((("host", 42),), ("host", 43), False),
        ((("host", 42),), ("host", 0), False),
        ((("trainer", 0),), ("host", 42), False),
        ((("host", 0),), ("trainer", 0), False),
        ((("host", 0),), ("admin", 0), False),
        ((("admin", 0),), ("host", 42), True),
        ((("admin", 0),), ("trainer", 0), True),
        ((("admin", 42),), ("host", 42), True),
        ((("admin", 42),), ("host", 43), False),
        ((("trainer", 0), ("host", 42)), ("host", 42), True),
    ],
)
def test_role_holds_where_it_was_given(
    roles: tuple[tuple[str, int], ...], asked: tuple[str, int], is_held: bool
) -> None:
    assert holding(*roles).has(*asked) == is_held


def test_requiring_a_role_that_is_not_held_is_refused() -> None:
    holding(("host", 42)).require("host", 42)
    with pytest.raises(Forbidden):
        holding(("host", 42)).require("host", 43)


def test_any_role_anywhere_is_enough_where_it_is_asked_for() -> None:
    holding(("host", 42)).require_any("trainer", "host")
    holding(("admin", 0)).require_any("trainer")
    with pytest.raises(Forbidden):
        holding(("host", 42)).require_any("trainer")


# --- over HTTP


@pytest.fixture
def helper(centre: Centre) -> Phone:
    """Return the phone of somebody who is given roles by the tests."""
    return centre.staff(next(centre.numbers()))


def give(app: Flask, clock: FakeClock, helper: Phone, role: str, event_id: int = 0) -> None:
    number = helper.user.removeprefix("staff-")
    database = app.extensions["linka.database"]
    assert grant(role, number, event_id, database=database, now=clock.now())


def test_role_counts_from_the_next_request_on(
    centre: Centre, app: Flask, clock: FakeClock, helper: Phone
) -> None:
    refused(helper.post("/events", {"template": "hunt"}), 403, "forbidden")
    give(app, clock, helper, "host")
    assert helper.post("/events", {"template": "hunt"}).status_code == 201
    number = helper.user.removeprefix("staff-")
    revoke("host", number, database=app.extensions["linka.database"], now=clock.now())
    refused(helper.post("/events", {"template": "hunt"}), 403, "forbidden")


def test_host_of_one_event_runs_that_one_and_no_other(
    centre: Centre, app: Flask, clock: FakeClock, helper: Phone
) -> None:
    mine, theirs = (centre.host().ok("POST", "/events", {"template": "hunt"}) for _ in range(2))
    give(app, clock, helper, "host", mine["id"])
    path = "/events/{}/transitions"
    assert helper.ok("POST", path.format(mine["id"]), {"action": "open"})["state"] == "open"
    refused(helper.post(path.format(theirs["id"]), {"action": "open"}), 403, "forbidden")
    assert centre.host().ok("GET", f"/events/{theirs['id']}")["state"] == "draft"


@ONE_DATABASE
def test_host_of_one_event_cannot_touch_another_s_players_or_points(
    centre: Centre, app: Flask, clock: FakeClock, helper: Phone
) -> None:
    mine, theirs = (centre.open_event(centre.host()) for _ in range(2))
    give(app, clock, helper, "host", mine["id"])
    player = centre.join(theirs, centre.staff(list(centre.numbers())[1]))[0]
    kick = helper.put(f"/events/{theirs['id']}/players/{player['id']}", {"status": "banned"})
    refused(kick, 403, "forbidden")
    body = {"player_id": player["id"], "points": 5, "reason": "偏心"}
    points = f"/events/{theirs['id']}/adjustments"
    refused(helper.post(points, body, Idempotency_Key="a"), 403, "forbidden")
    # Nor by way of the event that is theirs to host.
    kick = helper.put(f"/events/{mine['id']}/players/{player['id']}", {"status": "banned"})
    refused(kick, 404, "not_found")
    points = f"/events/{mine['id']}/adjustments"
    refused(helper.post(points, body, Idempotency_Key="a"), 404, "not_found")


@ONE_DATABASE
def test_host_of_one_event_sees_it_in_the_list_and_makes_none(
    centre: Centre, app: Flask, clock: FakeClock, helper: Phone
) -> None:
    mine, _ = (centre.host().ok("POST", "/events", {"template": "hunt"}) for _ in range(2))
    give(app, clock, helper, "host", mine["id"])
    assert [event["id"] for event in helper.ok("GET", "/events")["items"]] == [mine["id"]]
    assert helper.ok("GET", "/event-templates")
    refused(helper.post("/events", {"template": "hunt"}), 403, "forbidden")


@ONE_DATABASE
def test_trainer_is_no_host_and_admin_is_everything(centre: Centre) -> None:
    trainer, admin = centre.staff(TRAINER), centre.staff(ADMIN)
    refused(trainer.post("/events", {"template": "hunt"}), 403, "forbidden")
    event = admin.ok("POST", "/events", {"template": "hunt"})
    refused(trainer.get(f"/events/{event['id']}/players"), 403, "forbidden")
    assert admin.get(f"/events/{event['id']}/players").status_code == 200


@ONE_DATABASE
def test_roles_are_shown_to_their_holder(
    centre: Centre, app: Flask, clock: FakeClock, helper: Phone
) -> None:
    give(app, clock, helper, "host", 42)
    give(app, clock, helper, "trainer")
    roles = helper.ok("GET", "/me")["roles"]
    assert {(role["role"], role["event_id"]) for role in roles} == {("host", 42), ("trainer", None)}


@ONE_DATABASE
def test_unbound_person_has_no_roles(centre: Centre) -> None:
    host = centre.host()
    centre.staff(ADMIN).delete("/staff/900002/binding")
    again = centre.guest(host.user)
    assert again.ok("GET", "/me")["roles"] == []
    refused(again.get("/event-templates"), 403, "forbidden")
