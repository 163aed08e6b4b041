"""Joining by code: a repeat changes nothing, late players are admitted, and the team is that of the
moment."""

from typing import Any

import pytest
from flask import Flask

from backend.clock import to_iso
from backend.events.models import Event, EventTeam, Player
from backend.identity.models import Staff, Team
from backend.report.attendance import attendance, who_came
from backend.scoring.models import Standing
from tests.support import Centre, FakeClock, Phone, at_once, refused

ONE_DATABASE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@pytest.fixture
def event(centre: Centre) -> dict[str, Any]:
    """Return an open event."""
    return centre.open_event(centre.host())


def join(phone: Phone, event: dict[str, Any]) -> Any:
    """Ask to join."""
    return phone.post("/events/join", {"code": event["join_code"]})


def came(player_id: int) -> int | None:
    """Return when a player came."""
    moment: int | None = Player.get_by_id(player_id).came_at
    return moment


def is_clean(app: Flask, event: dict[str, Any]) -> bool:
    """Say whether ledger, standings and boards agree."""
    return not app.extensions["linka.boards"].verify(event["id"]).differences


def test_player_has_the_team_and_shift_of_the_moment(
    centre: Centre, event: dict[str, Any], clock: FakeClock
) -> None:
    number = next(centre.numbers())
    row = centre.roster[number]
    player = join(centre.staff(number), event).json["player"]
    assert (player["name"], player["staff_number"]) == (row["姓名"], number)
    assert (player["team"]["name"], player["shift"]) == (row["班组"], row["班次"])
    assert (player["status"], player["joined_at"]) == ("active", to_iso(clock.now()))


def test_who_changes_teams_keeps_the_team_of_the_event(
    centre: Centre, event: dict[str, Any]
) -> None:
    phone = centre.people(1)[0]
    before = join(phone, event).json["player"]["team"]
    other = Team.select().where(Team.id != before["id"]).first()
    Staff.update(team=other).where(Staff.number == phone.user.removeprefix("staff-")).execute()
    assert phone.ok("GET", "/me")["staff"]["team"] == other.name
    assert join(phone, event).json["player"]["team"] == before


def test_joining_again_gives_the_same_player(
    centre: Centre, event: dict[str, Any], clock: FakeClock
) -> None:
    phone = centre.people(1)[0]
    first = join(phone, event).json
    clock.advance(60)
    second = join(phone, event).json
    assert second["player"] == first["player"]
    assert second["event"]["player_count"] == 1


def test_joining_20_times_at_once_makes_one_player(
    centre: Centre, event: dict[str, Any], app: Flask
) -> None:
    phone = centre.people(1)[0]
    answers = at_once([lambda: join(phone, event)] * 20)
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json["player"]["id"] for answer in answers}) == 1
    assert (Player.select().count(), Standing.select().count()) == (1, 1)
    assert is_clean(app, event)


def test_twenty_people_join_at_once(
    centre: Centre, event: dict[str, Any], app: Flask, clock: FakeClock
) -> None:
    phones = centre.people(20)
    answers = at_once([lambda p=phone: join(p, event).status_code for phone in phones])
    assert set(answers) == {200}
    # Phones are shown a number that is up to a second old.
    clock.advance(1)
    assert phones[0].ok("GET", f"/events/{event['id']}")["player_count"] == 20
    assert is_clean(app, event)


@ONE_DATABASE
def test_team_s_head_count_is_that_of_the_roster(centre: Centre, event: dict[str, Any]) -> None:
    number = next(centre.numbers())
    team = centre.roster[number]["班组"]
    join(centre.staff(number), event)
    seated = EventTeam.get(EventTeam.name == team)
    assert seated.headcount == sum(row["班组"] == team for row in centre.roster.values())


@ONE_DATABASE
@pytest.mark.parametrize("change", [str.lower, lambda code: f" {code} "])
def test_code_may_be_typed_carelessly(centre: Centre, event: dict[str, Any], change: Any) -> None:
    typed = {"join_code": change(event["join_code"])}
    assert join(centre.guest(), typed).status_code == 200


@ONE_DATABASE
def test_unknown_code_is_refused(centre: Centre) -> None:
    refused(join(centre.guest(), {"join_code": "NOSUCH"}), 404, "unknown_join_code")


@ONE_DATABASE
def test_guessing_codes_is_limited(centre: Centre) -> None:
    # Twice the rate within moments: at least one of the two windows it can touch is full.
    guesser = centre.guest("guesser")
    statuses = [join(guesser, {"join_code": f"GUESS{i}"}).status_code for i in range(61)]
    assert set(statuses) == {404, 429}
    assert join(centre.guest("other"), {"join_code": "NOSUCH"}).status_code == 404


@ONE_DATABASE
def test_draft_cannot_be_joined(centre: Centre) -> None:
    event = centre.host().ok("POST", "/events", {"template": "hunt"})
    refused(join(centre.guest(), event), 409, "event_not_open")
    assert Player.select().count() == 0


@ONE_DATABASE
def test_early_joiners_have_a_seat_and_play_from_the_opening_on(
    centre: Centre, clock: FakeClock, app: Flask
) -> None:
    host = centre.host()
    event = host.ok("POST", "/events", {"template": "hunt"})
    path = f"/events/{event['id']}"
    opening = to_iso(clock.now() + 60_000)
    host.ok("PUT", path, {"version": event["version"], "opens_at": opening})
    host.ok("POST", f"{path}/transitions", {"action": "schedule"})
    early = centre.people(1)[0]
    seat = join(early, event).json["player"]
    digs = f"/hunts/{event['activities'][0]['id']}/digs"
    refused(early.post(digs, {"site": "tent"}), 409, "event_not_open")
    assert early.ok("GET", path)["state"] == "scheduled"
    clock.advance(60)
    assert early.post(digs, {"site": "tent"}).status_code == 201
    assert join(early, event).json["player"] == seat
    assert is_clean(app, event)


def test_boards_count_who_joins_early_from_when_their_phone_connects_during_the_event(
    centre: Centre, clock: FakeClock, app: Flask
) -> None:
    host = centre.host()
    mean = {"kind": "mean", "best": 5, "minimum": 1}
    event = host.ok("POST", "/events", {"template": "hunt", "team_formula": mean})
    path = f"/events/{event['id']}"
    opening = to_iso(clock.now() + 600_000)
    host.ok("PUT", path, {"version": event["version"], "opens_at": opening})
    host.ok("POST", f"{path}/transitions", {"action": "schedule"})
    early, absent, looking, late = centre.people(4)
    Staff.update(team=Staff.get_by_id(1).team_id).execute()
    seats = [join(one, event).json["player"]["id"] for one in (early, absent, looking)]
    early.ok("POST", f"{path}/tickets")
    assert early.ok("GET", f"{path}/me")["standing"]["rank"] is None
    assert [came(seat) for seat in seats] == [None] * 3
    clock.advance(601)
    opened = clock.now()
    for _ in range(2):
        early.ok("POST", f"{path}/tickets")
        looking.ok("GET", f"{path}/me")
        clock.advance(60)
    seats.append(join(late, event).json["player"]["id"])
    assert [came(seat) for seat in seats] == [opened, None, opened, clock.now()]
    present = who_came(Event.get_by_id(event["id"]))
    assert present == {seats[0], seats[2], seats[3]}
    assert attendance(Player.select(), present).staff.came == 3

    def team() -> tuple[float, int]:
        (row,) = host.ok("GET", f"{path}/leaderboards/event?scope=teams")["rows"]
        return row["points"], row["members"]

    gift = {"player_id": seats[0], "points": 12, "reason": "主持人加分"}
    host.ok("POST", f"{path}/adjustments", gift, Idempotency_Key="of-early")
    assert team() == (4, 3)
    assert absent.ok("GET", f"{path}/me")["standing"]["rank"] == 2
    assert team() == (3, 4)
    assert is_clean(app, event)


@ONE_DATABASE
def test_late_joiners_are_welcome_until_the_end(centre: Centre, clock: FakeClock) -> None:
    host = centre.host()
    event = centre.open_event(host, closes_at=to_iso(clock.now() + 60_000))
    first, late, too_late = centre.people(3)
    join(first, event)
    clock.advance(59.999)
    assert join(late, event).status_code == 200
    clock.advance(0.001)
    refused(join(too_late, event), 409, "event_closed")
    assert Player.select().count() == 2


@ONE_DATABASE
def test_event_can_be_joined_during_a_pause(centre: Centre, event: dict[str, Any]) -> None:
    centre.host().ok("POST", f"/events/{event['id']}/transitions", {"action": "pause"})
    assert join(centre.people(1)[0], event).status_code == 200


@ONE_DATABASE
def test_late_joiner_ranks_behind_the_zeros_of_others(
    centre: Centre, event: dict[str, Any], clock: FakeClock
) -> None:
    first, late = centre.people(2)
    join(first, event)
    clock.advance(1)
    join(late, event)
    ranks = [phone.ok("GET", f"/events/{event['id']}/me")["standing"] for phone in (first, late)]
    assert [(r["points"], r["rank"]) for r in ranks] == [(0, 1), (0, 2)]


@ONE_DATABASE
def test_event_is_closed_to_those_who_did_not_join(centre: Centre, event: dict[str, Any]) -> None:
    phone = centre.people(1)[0]
    refused(phone.get(f"/events/{event['id']}"), 403, "not_a_player")
    join(phone, event)
    assert phone.get(f"/events/{event['id']}").status_code == 200


# --- guests


def test_guest_joins_without_a_team_or_a_place_on_the_board(
    centre: Centre, event: dict[str, Any]
) -> None:
    guest = centre.guest()
    player = join(guest, event).json["player"]
    assert (player["team"], player["staff_number"], player["shift"]) == (None, None, "")
    board = guest.ok("GET", f"/events/{event['id']}/leaderboards/event")
    assert (board["total"], board["me"]) == (0, None)
    standing = guest.ok("GET", f"/events/{event['id']}/me")["standing"]
    assert standing == {"points": None, "rank": None, "frozen": False}


@pytest.mark.parametrize("comes_back_by", ["join", "look"])
def test_guest_who_binds_later_becomes_staff(
    centre: Centre, event: dict[str, Any], app: Flask, clock: FakeClock, comes_back_by: str
) -> None:
    guest = centre.guest("staff-200001")
    player = join(guest, event).json["player"]
    clock.advance(60)
    bound = centre.staff("200001")
    if comes_back_by == "join":
        join(bound, event)
    own = bound.ok("GET", f"/events/{event['id']}/me")
    assert own["player"]["id"] == player["id"]
    assert own["player"]["staff_number"] == "200001"
    assert own["player"]["team"]["name"] == centre.roster["200001"]["班组"]
    assert own["standing"] == {"points": 0, "rank": 1, "frozen": False}
    assert is_clean(app, event)


# --- one person, one player: see also test_seats


@ONE_DATABASE
def test_same_person_plays_in_two_events(centre: Centre, event: dict[str, Any]) -> None:
    other = centre.open_event(centre.host())
    phone = centre.people(1)[0]
    first, second = (join(phone, which).json["player"]["id"] for which in (event, other))
    assert first != second
    players = Player.select().where(Player.id << [first, second])
    assert len({player.account_id for player in players}) == 1
