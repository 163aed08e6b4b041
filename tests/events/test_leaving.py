"""Export and erasure of a person's data; a new account after the erasure gains nothing."""

from typing import Any

import pytest

from backend.events.leaving import ERASED_NAME
from backend.events.models import Player
from backend.identity.models import Account, AuditLine, Staff
from tests.support import Centre, FakeClock, Phone, refused

ONE_DATABASE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
MEANT = {"confirm": "erase"}


def erase(phone: Phone) -> Any:
    """Ask to be erased."""
    return phone.call("DELETE", "/me", MEANT)


class Evening:
    """An event in which somebody of the staff has five points."""

    def __init__(self, centre: Centre) -> None:
        self.host = centre.host()
        [self.player] = centre.people(1)
        self.event = centre.open_event(self.host)
        [self.joined] = centre.join(self.event, self.player)
        self.path = f"/events/{self.event['id']}"
        self.host.ok(
            "POST",
            f"{self.path}/adjustments",
            {"player_id": self.joined["id"], "points": 5, "reason": "帮忙"},
            Idempotency_Key="a-key-1",
        )
        self.me = self.player.ok("GET", "/me")

    def close(self) -> None:
        """Let it be over."""
        self.host.ok("POST", f"{self.path}/transitions", {"action": "close"})

    def rows(self) -> list[dict[str, Any]]:
        """Return the board."""
        rows: list[dict[str, Any]] = self.host.ok("GET", f"{self.path}/leaderboards/event")["rows"]
        return rows


@pytest.fixture
def evening(centre: Centre) -> Evening:
    """Return the evening."""
    return Evening(centre)


def test_erased_account_has_no_name_and_its_points_stay(evening: Evening) -> None:
    evening.close()
    assert evening.rows()[0]["name"] == evening.me["staff"]["name"]
    assert erase(evening.player).status_code == 204
    refused(evening.player.get("/me"), 401, "signed_out")
    row = evening.rows()[0]
    assert (row["name"], row["points"]) == (ERASED_NAME, 5)
    account = Account.get_by_id(evening.me["account"]["id"])
    assert (account.unionid, account.nickname, account.session_key) == (None, "", "")
    assert account.openid == f"erased-{account.id}"
    player = Player.get_by_id(evening.joined["id"])
    assert (player.name, player.staff_number) == (ERASED_NAME, None)
    assert Staff.get(Staff.number == evening.me["staff"]["number"]).account_id is None
    line = AuditLine.get(AuditLine.action == "account_erased")
    assert (line.actor_id, line.subject) == (account.id, f"account:{account.id}")


@ONE_DATABASE
def test_person_who_comes_back_is_a_new_account_that_can_bind(
    evening: Evening, centre: Centre, clock: FakeClock
) -> None:
    evening.close()
    erase(evening.player)
    number = evening.me["staff"]["number"]
    clock.advance(1)
    again = centre.guest(f"staff-{number}")
    assert again.ok("GET", "/me")["account"]["id"] != evening.me["account"]["id"]
    body = {"staff_number": number, "invite_code": centre.roster[number]["邀请码"]}
    assert again.ok("POST", "/me/binding", body)["staff"]["number"] == number


@ONE_DATABASE
def test_nobody_is_erased_while_their_event_runs_or_is_frozen(evening: Evening) -> None:
    refused(erase(evening.player), 409, "erasure_waits")
    evening.host.ok("POST", f"{evening.path}/transitions", {"action": "freeze"})
    evening.close()
    refused(erase(evening.player), 409, "erasure_waits")
    assert evening.player.ok("GET", "/me") == evening.me


@ONE_DATABASE
def test_erasing_gives_no_new_tries_to_bind(centre: Centre, clock: FakeClock) -> None:
    guest, number = centre.guest(), next(centre.numbers())
    guest.post("/me/binding", {"staff_number": number, "invite_code": "WRONG-1"})
    refused(erase(guest), 409, "erasure_waits")
    clock.advance(24 * 3600)
    assert erase(centre.guest()).status_code == 204


@ONE_DATABASE
@pytest.mark.parametrize(
    ("body", "status"),
    [
        (None, 400),
        ({}, 422),
        ({"confirm": True}, 422),
        ({"confirm": "yes"}, 422),
        ({"sure": "erase"}, 422),
    ],
)
def test_erasing_must_be_meant(centre: Centre, body: Any, status: int) -> None:
    guest = centre.guest()
    assert guest.call("DELETE", "/me", body).status_code == status
    assert guest.get("/me").status_code == 200


@ONE_DATABASE
def test_export_holds_what_is_stored_and_games_when_they_are_over(evening: Evening) -> None:
    [running] = evening.player.ok("GET", "/me/export")["events"]
    assert running["records"] is None
    assert running["player"]["name"] == evening.me["staff"]["name"]
    evening.close()
    export = evening.player.ok("GET", "/me/export")
    assert export["staff"]["number"] == evening.me["staff"]["number"]
    assert export["account"]["id"] == evening.me["account"]["id"]
    [entry] = export["events"][0]["records"]["score_entry"]
    assert (entry["points"], entry["player"]) == (5, evening.joined["id"])
    account = Account.get_by_id(evening.me["account"]["id"])
    text = evening.player.get("/me/export").text
    assert account.openid not in text and account.session_key not in text


@ONE_DATABASE
def test_export_is_of_the_caller_alone(evening: Evening, centre: Centre) -> None:
    evening.close()
    export = centre.guest().ok("GET", "/me/export")
    assert (export["staff"], export["events"], export["audit"]) == (None, [], [])


@ONE_DATABASE
def test_account_that_lost_its_person_takes_nothing_of_the_seat_along(
    evening: Evening, centre: Centre
) -> None:
    evening.close()
    assert len(evening.player.ok("GET", "/me/export")["events"]) == 1
    number = evening.me["staff"]["number"]
    Staff.update(account=None).where(Staff.number == number).execute()
    assert evening.player.ok("GET", "/me/export")["events"] == []
    assert erase(evening.player).status_code == 204
    assert evening.rows()[0]["name"] == evening.me["staff"]["name"]
