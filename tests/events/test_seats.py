"""The roster of the moment decides whose seat it is, also in events that were joined before."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from backend.events.models import Player
from backend.identity.binding import unbind
from backend.identity.models import AuditLine, Staff
from tests.support import ADMIN, Centre, FakeClock, Keys, Phone, at_once, hunt_of, refused

ONE_DATABASE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
NUMBER, OTHER = "200010", "200011"


@pytest.fixture
def event(centre: Centre) -> dict[str, Any]:
    """Return an open event."""
    return centre.open_event(centre.host())


@pytest.fixture
def keys() -> Keys:
    """Return the answer keys."""
    return Keys()


def join(phone: Phone, event: dict[str, Any]) -> Any:
    """Ask to join."""
    return phone.post("/events/join", {"code": event["join_code"]})


def undo(centre: Centre, number: str) -> None:
    """Let an admin undo a binding."""
    centre.staff(ADMIN).ok("DELETE", f"/staff/{number}/binding")


def bound(centre: Centre, number: str, user: str) -> Phone:
    """Bind somebody's WeChat account to a person."""
    phone = centre.guest(user)
    body = {"staff_number": number, "invite_code": centre.roster[number]["邀请码"]}
    phone.ok("POST", "/me/binding", body)
    return phone


def leaves(number: str) -> None:
    """Let a person leave, as an import of the roster does."""
    Staff.update(active=False).where(Staff.number == number).execute()


def earned(phone: Phone, event: dict[str, Any], keys: Keys) -> int:
    """Answer a question rightly; returns the points."""
    dig = phone.ok("POST", f"{hunt_of(event)}/digs", {"site": "lake"})
    answer = {"choice": keys.right(dig)}
    phone.ok("POST", f"{hunt_of(event)}/digs/{dig['id']}/answer", answer)
    return int(phone.ok("GET", f"/events/{event['id']}/me")["standing"]["points"])


def is_clean(app: Flask, event: dict[str, Any]) -> bool:
    """Say whether ledger, standings and boards agree."""
    return not app.extensions["linka.boards"].verify(event["id"]).differences


def test_person_with_another_account_has_the_seat_and_its_points(
    centre: Centre, event: dict[str, Any], app: Flask, keys: Keys
) -> None:
    old = bound(centre, NUMBER, "old-phone")
    seat = join(old, event).json["player"]
    points = earned(old, event, keys)
    undo(centre, NUMBER)
    new = bound(centre, NUMBER, "new-phone")
    assert join(new, event).json["player"] == seat
    assert new.ok("GET", f"/events/{event['id']}/me")["standing"]["points"] == points
    assert AuditLine.select().where(AuditLine.action == "player_moved").count() == 1
    assert is_clean(app, event)
    old = centre.guest("old-phone")
    refused(old.get(f"/events/{event['id']}/me"), 403, "not_a_player")
    refused(old.get(f"/events/{event['id']}/receipts"), 403, "not_a_player")
    assert old.ok("GET", "/events")["items"] == []


@ONE_DATABASE
def test_seat_follows_the_person_without_a_join(
    centre: Centre, event: dict[str, Any], keys: Keys
) -> None:
    old = bound(centre, NUMBER, "old-phone")
    join(old, event)
    points = earned(old, event, keys)
    undo(centre, NUMBER)
    new = bound(centre, NUMBER, "new-phone")
    assert new.ok("GET", f"/events/{event['id']}/me")["standing"]["points"] == points
    assert new.ok("GET", "/events")["items"][0]["join_code"] == event["join_code"]


def test_who_lost_the_binding_joins_as_a_guest_with_nothing(
    centre: Centre, event: dict[str, Any], app: Flask, keys: Keys
) -> None:
    old = bound(centre, NUMBER, "old-phone")
    seat = join(old, event).json["player"]
    earned(old, event, keys)
    undo(centre, NUMBER)
    old = centre.guest("old-phone")
    refused(old.get(f"/events/{event['id']}"), 403, "not_a_player")
    guest = join(old, event).json["player"]
    assert guest["id"] != seat["id"]
    assert (guest["team"], guest["staff_number"]) == (None, None)
    own = old.ok("GET", f"/events/{event['id']}/me")
    assert own["standing"]["points"] is None
    refused(old.post(f"{hunt_of(event)}/digs", {"site": "lake"}), 403, "staff_only")
    assert is_clean(app, event)


def test_account_that_becomes_another_person_has_that_seat(
    centre: Centre, event: dict[str, Any], keys: Keys
) -> None:
    phone, other = bound(centre, NUMBER, "phone"), bound(centre, OTHER, "other")
    join(phone, event)
    earned(phone, event, keys)
    seat = join(other, event).json["player"]
    undo(centre, NUMBER)
    undo(centre, OTHER)
    phone = bound(centre, OTHER, "phone")
    assert join(phone, event).json["player"] == seat
    assert phone.ok("GET", f"/events/{event['id']}/me")["standing"]["points"] == 0
    again = bound(centre, NUMBER, "third")
    assert again.ok("GET", f"/events/{event['id']}/me")["standing"]["points"] > 0


def test_guest_who_becomes_a_person_that_plays_has_their_seat(
    centre: Centre, event: dict[str, Any]
) -> None:
    seat = join(bound(centre, NUMBER, "old-phone"), event).json["player"]
    guest = join(centre.guest("new-phone"), event).json["player"]
    undo(centre, NUMBER)
    phone = bound(centre, NUMBER, "new-phone")
    assert phone.ok("GET", f"/events/{event['id']}/me")["player"] == seat
    assert join(phone, event).json["player"]["id"] == seat["id"] != guest["id"]


@ONE_DATABASE
def test_who_left_may_not_dig_and_plays_on_when_back(
    centre: Centre, event: dict[str, Any], keys: Keys
) -> None:
    phone = bound(centre, NUMBER, "phone")
    join(phone, event)
    points = earned(phone, event, keys)
    leaves(NUMBER)
    refused(phone.post(f"{hunt_of(event)}/digs", {"site": "lake"}), 403, "not_a_player")
    board = centre.host().ok("GET", f"/events/{event['id']}/leaderboards/event")
    assert [row["points"] for row in board["rows"]] == [points]
    Staff.update(active=True).where(Staff.number == NUMBER).execute()
    assert earned(phone, event, keys) > points


@ONE_DATABASE
@pytest.mark.parametrize("how", ["unbound", "left"])
def test_open_question_is_not_answered_by_who_is_no_longer_staff(
    centre: Centre, event: dict[str, Any], keys: Keys, how: str
) -> None:
    phone = bound(centre, NUMBER, "phone")
    join(phone, event)
    dig = phone.ok("POST", f"{hunt_of(event)}/digs", {"site": "lake"})
    path, body = f"{hunt_of(event)}/digs/{dig['id']}/answer", {"choice": keys.right(dig)}
    if how == "left":
        leaves(NUMBER)
    else:
        undo(centre, NUMBER)
        refused(phone.post(path, body), 401, "signed_out")
        phone = centre.guest("phone")
    refused(phone.post(path, body), 403, "staff_only")


@ONE_DATABASE
def test_repeat_of_an_acknowledged_answer_is_told_again_to_who_left(
    centre: Centre, event: dict[str, Any], keys: Keys
) -> None:
    phone = bound(centre, NUMBER, "phone")
    join(phone, event)
    dig = phone.ok("POST", f"{hunt_of(event)}/digs", {"site": "lake"})
    path, body = f"{hunt_of(event)}/digs/{dig['id']}/answer", {"choice": keys.right(dig)}
    first = phone.ok("POST", path, body)
    leaves(NUMBER)
    assert phone.ok("POST", path, body)["points"] == first["points"]


@ONE_DATABASE
def test_ban_outlasts_a_binding(centre: Centre, event: dict[str, Any]) -> None:
    seat = join(bound(centre, NUMBER, "old-phone"), event).json["player"]
    path = f"/events/{event['id']}/players/{seat['id']}"
    centre.host().ok("PUT", path, {"status": "banned"})
    undo(centre, NUMBER)
    refused(join(centre.guest("old-phone"), event), 403, "banned")
    refused(join(bound(centre, NUMBER, "new-phone"), event), 403, "banned")


@ONE_DATABASE
def test_banned_guest_is_not_let_in_as_staff(centre: Centre, event: dict[str, Any]) -> None:
    guest = join(centre.guest("phone"), event).json["player"]
    path = f"/events/{event['id']}/players/{guest['id']}"
    centre.host().ok("PUT", path, {"status": "banned"})
    refused(join(bound(centre, NUMBER, "phone"), event), 403, "banned")


# --- at the same moment


def test_seat_that_many_claim_at_once_is_one_seat(
    centre: Centre, event: dict[str, Any], app: Flask
) -> None:
    old = bound(centre, NUMBER, "old-phone")
    join(old, event)
    undo(centre, NUMBER)
    old, new = centre.guest("old-phone"), bound(centre, NUMBER, "new-phone")
    answers = at_once([lambda phone=phone: join(phone, event) for phone in (old, new) * 8])
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json["player"]["id"] for answer in answers}) == 2
    assert Player.select().where(Player.staff_number == NUMBER).count() == 1
    assert new.ok("GET", f"/events/{event['id']}/me")["player"]["staff_number"] == NUMBER
    assert is_clean(app, event)


def test_guest_who_becomes_staff_and_joins_often_at_once_is_one_player(
    centre: Centre, event: dict[str, Any], app: Flask
) -> None:
    join(centre.guest("phone"), event)
    phone = bound(centre, NUMBER, "phone")
    calls: list[Callable[[], Any]] = [
        lambda: join(phone, event),
        lambda: phone.get(f"/events/{event['id']}/me"),
    ]
    assert {answer.status_code for answer in at_once(calls * 8)} == {200}
    assert Player.select().where(Player.event == event["id"]).count() == 1
    assert is_clean(app, event)


def test_answer_at_the_moment_of_an_unbinding_counts_or_is_refused(
    centre: Centre, event: dict[str, Any], app: Flask, keys: Keys, clock: FakeClock
) -> None:
    phones = [bound(centre, number, number) for number in (NUMBER, OTHER)]
    digs = []
    for phone in phones:
        join(phone, event)
        digs.append(phone.ok("POST", f"{hunt_of(event)}/digs", {"site": "lake"}))
    database = app.extensions["linka.database"]
    answers = [
        lambda phone=phone, dig=dig: phone.post(
            f"{hunt_of(event)}/digs/{dig['id']}/answer", {"choice": keys.right(dig)}
        )
        for phone, dig in zip(phones, digs, strict=True)
    ]
    undoing = [
        lambda number=number: unbind(database, number, None, clock.now())
        for number in (NUMBER, OTHER)
    ]
    outcomes = at_once([*answers, *undoing])[:2]
    assert {answer.status_code for answer in outcomes} <= {200, 401, 403}
    # An answer may also find a treasure, which is an entry of its own.
    counted = database.read("SELECT COUNT(*) FROM score_entry WHERE reason = 'answer'")[0][0]
    assert counted == sum(answer.status_code == 200 for answer in outcomes)
    assert is_clean(app, event)
    for phone, dig, first in zip(phones, digs, outcomes, strict=True):
        later = phone.post(f"{hunt_of(event)}/digs/{dig['id']}/answer", {"choice": keys.right(dig)})
        assert later.status_code == 401, first.status_code
