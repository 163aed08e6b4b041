"""Binding: a person proves once who they are; guessing is limited, one person has one account."""

import pytest
from flask import Flask

from backend.config import Settings
from backend.identity.binding import FREE_TRIES, TRIES_PER_ACCOUNT, WINDOW_SECONDS, unbind
from backend.identity.invites import InviteCodes
from backend.identity.models import AuditLine, BindingAttempt, Staff
from tests.support import ADMIN, HOST, Centre, FakeClock, Phone, at_once, refused

pytestmark = pytest.mark.usefixtures("unknown")

ONE_DATABASE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def pair(centre: Centre, number: str) -> dict[str, str]:
    """Return what somebody types to bind."""
    return {"staff_number": number, "invite_code": centre.roster[number]["邀请码"]}


def wrong(number: str, code: str = "WRONG-1") -> dict[str, str]:
    """Return what somebody types who guesses."""
    return {"staff_number": number, "invite_code": code}


def bound_to(number: str) -> int | None:
    """Return the account that a person is bound to."""
    account_id: int | None = Staff.get(Staff.number == number).account_id
    return account_id


@pytest.fixture
def number(centre: Centre) -> str:
    """Return the 工号 of somebody without a role."""
    return next(centre.numbers())


def test_right_pair_makes_a_guest_staff(centre: Centre, number: str, clock: FakeClock) -> None:
    phone = centre.guest()
    me = phone.ok("POST", "/me/binding", pair(centre, number))
    row = centre.roster[number]
    assert me["account"]["is_staff"] is True
    assert me["staff"] == {
        "number": number,
        "name": row["姓名"],
        "team": row["班组"],
        "shift": row["班次"],
    }
    assert phone.ok("GET", "/me") == me
    assert Staff.get(Staff.number == number).bound_at == clock.now()


@ONE_DATABASE
def test_pair_with_invisible_characters_is_the_pair_without(centre: Centre, number: str) -> None:
    typed = pair(centre, number)
    pasted = {name: f"\u202d{text[:3]}\u3164{text[3:]}\u202c" for name, text in typed.items()}
    me = centre.guest().ok("POST", "/me/binding", pasted)
    assert me["staff"]["number"] == number


@ONE_DATABASE
def test_number_without_a_visible_character_is_none(centre: Centre, number: str) -> None:
    answer = centre.guest().post("/me/binding", {**pair(centre, number), "staff_number": "\u3164"})
    refused(answer, 422, "invalid")
    assert answer.json and list(answer.json["errors"]) == ["staff_number"]
    assert BindingAttempt.select().count() == 0


def test_roles_come_with_the_person(centre: Centre) -> None:
    me = centre.guest().ok("POST", "/me/binding", pair(centre, HOST))
    assert me["roles"] == [{"role": "host", "event_id": None}]


@ONE_DATABASE
def test_wrong_pair_is_refused_without_saying_which_half(centre: Centre, number: str) -> None:
    phone = centre.guest()
    wrong_code = phone.post("/me/binding", wrong(number))
    wrong_number = phone.post("/me/binding", wrong("999999", centre.roster[number]["邀请码"]))
    for answer in (wrong_code, wrong_number):
        refused(answer, 403, "binding_refused")
    assert wrong_code.json["message"] == wrong_number.json["message"]
    assert bound_to(number) is None


@ONE_DATABASE
def test_another_person_s_code_is_refused(centre: Centre) -> None:
    mine, theirs = list(centre.numbers())[:2]
    body = wrong(mine, centre.roster[theirs]["邀请码"])
    refused(centre.guest().post("/me/binding", body), 403, "binding_refused")


@ONE_DATABASE
def test_person_who_left_cannot_bind(centre: Centre, number: str) -> None:
    Staff.update(active=False).where(Staff.number == number).execute()
    refused(centre.guest().post("/me/binding", pair(centre, number)), 403, "binding_refused")


@ONE_DATABASE
def test_person_who_leaves_is_a_guest_again(centre: Centre, number: str) -> None:
    phone = centre.staff(number)
    Staff.update(active=False).where(Staff.number == number).execute()
    assert phone.ok("GET", "/me")["staff"] is None


@ONE_DATABASE
@pytest.mark.parametrize("typed", [" a20001 ", "Ａ２０００１", "ａ20001"])
def test_number_and_code_may_be_typed_in_any_width_and_case(
    centre: Centre, settings: Settings, number: str, typed: str
) -> None:
    sealed = InviteCodes(settings.secret).seal("A20001", "LINKA-7")
    lettered = Staff.update(number="A20001", invite_digest=sealed)
    lettered.where(Staff.number == number).execute()
    body = {"staff_number": typed, "invite_code": " linka－７"}
    assert centre.guest().ok("POST", "/me/binding", body)["staff"]["number"] == "A20001"


@ONE_DATABASE
@pytest.mark.parametrize(
    "body",
    [
        {},
        {"staff_number": "200001"},
        {"staff_number": "", "invite_code": "x"},
        {"staff_number": "2" * 21, "invite_code": "x"},
        {"staff_number": 200001, "invite_code": "x"},
        {"staff_number": "200001", "invite_code": "x", "admin": True},
    ],
)
def test_malformed_pair_is_no_attempt(centre: Centre, body: dict[str, object]) -> None:
    refused(centre.guest().post("/me/binding", body), 422, "invalid")
    assert BindingAttempt.select().count() == 0


# --- one account per person, one person per account


def test_binding_again_is_harmless(centre: Centre, number: str) -> None:
    phone = centre.guest()
    first = phone.ok("POST", "/me/binding", pair(centre, number))
    for _ in range(TRIES_PER_ACCOUNT + 1):
        assert phone.ok("POST", "/me/binding", pair(centre, number)) == first


def test_bound_account_cannot_become_somebody_else(centre: Centre) -> None:
    mine, theirs = list(centre.numbers())[:2]
    phone = centre.staff(mine)
    refused(phone.post("/me/binding", pair(centre, theirs)), 409, "already_bound")
    assert phone.ok("GET", "/me")["staff"]["number"] == mine
    assert bound_to(theirs) is None


def test_bound_person_cannot_be_taken(centre: Centre, number: str) -> None:
    owner = centre.staff(number).ok("GET", "/me")["account"]["id"]
    refused(centre.guest().post("/me/binding", pair(centre, number)), 409, "staff_taken")
    assert bound_to(number) == owner


def test_ten_accounts_at_once_bind_one_person_once(centre: Centre, number: str) -> None:
    phones = [centre.guest(f"guest-{i}") for i in range(10)]
    body = pair(centre, number)
    answers = at_once([lambda p=p: p.post("/me/binding", body) for p in phones])
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [200] + [409] * 9
    slugs = {answer.json["error"] for answer in answers if answer.status_code == 409}
    assert slugs == {"staff_taken"}


def test_one_account_at_once_binds_one_of_four_people(centre: Centre) -> None:
    phone = centre.guest()
    bodies = [pair(centre, number) for number in list(centre.numbers())[:4]]
    answers = at_once([lambda b=b: phone.post("/me/binding", b) for b in bodies])
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    assert Staff.select().where(Staff.account.is_null(False)).count() == 1


# --- limits


def tries(phone: Phone, number: str, count: int) -> list[int]:
    """Guess so many times and return the statuses."""
    return [
        phone.post("/me/binding", wrong(number, f"GUESS-{i}")).status_code for i in range(count)
    ]


@ONE_DATABASE
def test_each_try_beyond_three_waits_twice_as_long(
    centre: Centre, number: str, clock: FakeClock
) -> None:
    phone = centre.guest()
    assert tries(phone, number, FREE_TRIES) == [403] * FREE_TRIES
    for minutes in (1, 2, 4):
        answer = phone.post("/me/binding", pair(centre, number))
        refused(answer, 429, "too_many_attempts")
        assert answer.headers["Retry-After"] == str(minutes * 60)
        assert f"{minutes} 分钟" in answer.json["message"]
        clock.advance(minutes * 60 - 1)
        assert tries(phone, number, 1) == [429]
        clock.advance(1)
        phone = centre.guest()
        assert tries(phone, number, 1) == [403]
    clock.advance(8 * 60)
    phone = centre.guest()
    assert phone.post("/me/binding", pair(centre, number)).status_code == 200


@ONE_DATABASE
def test_try_that_comes_too_early_does_not_make_the_wait_longer(
    centre: Centre, number: str, clock: FakeClock
) -> None:
    phone = centre.guest()
    tries(phone, number, FREE_TRIES)
    assert tries(phone, number, 20) == [429] * 20
    clock.advance(60)
    assert phone.post("/me/binding", pair(centre, number)).status_code == 200


@ONE_DATABASE
def test_account_has_ten_tries_a_day_whatever_the_numbers(centre: Centre, clock: FakeClock) -> None:
    phone, numbers = centre.guest(), list(centre.numbers())
    guessed = [tries(phone, number, 1)[0] for number in numbers[: TRIES_PER_ACCOUNT + 5]]
    assert guessed == [403] * TRIES_PER_ACCOUNT + [429] * 5
    answer = phone.post("/me/binding", pair(centre, numbers[0]))
    refused(answer, 429, "too_many_attempts")
    assert answer.headers["Retry-After"] == str(WINDOW_SECONDS)
    clock.advance(WINDOW_SECONDS)
    assert centre.guest().post("/me/binding", pair(centre, numbers[0])).status_code == 200


@ONE_DATABASE
def test_guesses_of_any_number_of_accounts_keep_the_right_person_from_nothing(
    centre: Centre, number: str
) -> None:
    for guesser in range(5):
        tries(centre.guest(f"guest-{guesser}"), number, TRIES_PER_ACCOUNT)
    owner = centre.guest("owner")
    assert owner.post("/me/binding", pair(centre, number)).status_code == 200


@ONE_DATABASE
def test_widths_of_a_number_share_its_tries(centre: Centre, number: str) -> None:
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in number)
    phone = centre.guest()
    tries(phone, wide, FREE_TRIES)
    refused(phone.post("/me/binding", wrong(number)), 429, "too_many_attempts")


@ONE_DATABASE
def test_success_gives_the_tries_back(centre: Centre, number: str) -> None:
    phone = centre.guest()
    tries(phone, number, FREE_TRIES - 1)
    assert phone.post("/me/binding", pair(centre, number)).status_code == 200
    assert BindingAttempt.select().count() == 0


@ONE_DATABASE
def test_success_does_not_give_the_tries_for_others_back(centre: Centre, number: str) -> None:
    phone = centre.guest()
    others = [n for n in centre.numbers() if n != number]
    judged = []
    for other in others[: TRIES_PER_ACCOUNT + 1]:
        phone.post("/me/binding", pair(centre, number))
        judged += tries(phone, other, 1)
    assert judged == [403] * TRIES_PER_ACCOUNT + [429]


def test_fifty_guesses_of_one_account_at_once_are_three(centre: Centre, number: str) -> None:
    phone = centre.guest()
    bodies = [wrong(number, f"GUESS-{i}") for i in range(50)]
    answers = at_once([lambda b=b: phone.post("/me/binding", b).status_code for b in bodies])
    assert set(answers) == {403, 429}
    assert answers.count(403) == FREE_TRIES
    assert BindingAttempt.select().count() == FREE_TRIES


def test_fifty_guesses_of_one_account_at_many_numbers_at_once_are_ten(centre: Centre) -> None:
    phone = centre.guest()
    bodies = [wrong(number) for number in list(centre.numbers())[:50]]
    answers = at_once([lambda b=b: phone.post("/me/binding", b).status_code for b in bodies])
    assert answers.count(403) == TRIES_PER_ACCOUNT
    assert answers.count(429) == len(bodies) - TRIES_PER_ACCOUNT


def test_right_person_binds_while_many_guess(centre: Centre, number: str) -> None:
    guessers = [centre.guest(f"guest-{i}") for i in range(20)]
    owner, body = centre.guest("owner"), pair(centre, number)
    calls = [lambda p=p: p.post("/me/binding", wrong(number)) for p in guessers]
    calls.insert(10, lambda: owner.post("/me/binding", body))
    assert at_once(calls)[10].status_code == 200


# --- unbinding


def test_admin_unbinds_and_the_old_token_is_dead(centre: Centre, number: str) -> None:
    phone, admin = centre.staff(number), centre.staff(ADMIN)
    assert admin.delete(f"/staff/{number}/binding").status_code == 204
    refused(phone.get("/me"), 401, "signed_out")
    assert bound_to(number) is None


def test_unbinding_leaves_a_line(centre: Centre, number: str, clock: FakeClock) -> None:
    account_id = centre.staff(number).ok("GET", "/me")["account"]["id"]
    admin = centre.staff(ADMIN)
    admin.delete(f"/staff/{number}/binding")
    line = AuditLine.select().where(AuditLine.action == "unbind").get()
    assert (line.at, line.subject) == (clock.now(), f"staff:{number}")
    assert line.actor_id == admin.ok("GET", "/me")["account"]["id"]
    assert line.detail == {"account_id": account_id}


def test_unbound_person_binds_another_account(centre: Centre, number: str) -> None:
    centre.staff(number)
    centre.staff(ADMIN).delete(f"/staff/{number}/binding")
    me = centre.guest("new-phone").ok("POST", "/me/binding", pair(centre, number))
    assert me["staff"]["number"] == number


@ONE_DATABASE
@pytest.mark.parametrize("who", ["guest", "host", "owner"])
def test_nobody_but_an_admin_unbinds(centre: Centre, number: str, who: str) -> None:
    owner = centre.staff(number)
    phone = {"guest": centre.guest, "host": centre.host, "owner": lambda: owner}[who]()
    refused(phone.delete(f"/staff/{number}/binding"), 403, "forbidden")
    assert bound_to(number) is not None


@ONE_DATABASE
def test_unbinding_nobody_is_not_found(centre: Centre, number: str) -> None:
    admin = centre.staff(ADMIN)
    refused(admin.delete(f"/staff/{number}/binding"), 404, "not_found")
    refused(admin.delete("/staff/999999/binding"), 404, "not_found")
    assert AuditLine.select().where(AuditLine.action == "unbind").count() == 0


@ONE_DATABASE
def test_admin_may_type_the_number_in_full_width(centre: Centre, number: str) -> None:
    centre.staff(number)
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in number)
    assert centre.staff(ADMIN).delete(f"/staff/{wide}/binding").status_code == 204
    assert bound_to(number) is None


@ONE_DATABASE
def test_operator_unbinds_from_the_shell(
    centre: Centre, number: str, app: Flask, clock: FakeClock
) -> None:
    centre.staff(number)
    unbind(app.extensions["linka.database"], number, None, clock.now())
    line = AuditLine.select().where(AuditLine.action == "unbind").get()
    assert line.actor_id is None
