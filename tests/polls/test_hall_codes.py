"""A poll that asks for the hall's code takes ballots from those who see the screen."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.activities.polls import following, hall_codes
from backend.activities.polls.models import Poll
from backend.events.visibility import View
from tests.polls.contest import Contest
from tests.polls.hall import Hall, receipt
from tests.support import as_json, refused

SALT = "0f" * 16
# Beyond it an account waits for the next minute.
WRONG_TRIES = 5


def read(hall: Hall) -> str:
    """Return the code that is on the screen."""
    return str(hall.shown(View.SCREEN)["current_hall_code"]["code"])


@given(now=st.integers(60_000, 2**45))
def test_code_is_six_digits_that_hold_for_this_minute_and_the_next(now: int) -> None:
    code = hall_codes.code_at(SALT, now)
    assert len(code) == 6 and code.isdecimal()
    assert hall_codes.is_right(SALT, f" {code[:3]} {code[3:]} ", now)
    assert hall_codes.is_right(SALT, code, hall_codes.changes_at(now))
    assert not hall_codes.is_right(SALT, None, now)
    assert not hall_codes.is_right(SALT, "", now)
    assert now < hall_codes.changes_at(now) <= now + 60_000


def test_codes_differ_by_minute_and_by_poll() -> None:
    codes = {hall_codes.code_at(SALT, minute * 60_000) for minute in range(100)}
    assert len(codes) > 95
    assert hall_codes.code_at("0e" * 16, 0) != hall_codes.code_at(SALT, 0)


def test_ballot_takes_the_code_of_this_minute_or_the_last(hall: Hall) -> None:
    poll = hall.open(hall_code=True)
    people = hall.staff(4)
    assert hall.tries(poll, people[0], 0) == "wrong_hall_code"
    code = read(hall)
    assert hall.tries(poll, people[0], 0, hall_code="x") == "wrong_hall_code"
    assert hall.tries(poll, people[0], 0, hall_code=code) == "taken"
    hall.clock.advance(60)
    assert hall.tries(poll, people[1], 0, hall_code=code) == "taken"
    hall.clock.advance(60)
    assert hall.tries(poll, people[2], 0, hall_code=code) == "wrong_hall_code"
    assert read(hall) != code
    assert hall.refused(poll) == {}


def test_repeat_is_answered_after_the_code_has_changed(hall: Hall) -> None:
    poll, [ann], secret = hall.open(hall_code=True), hall.staff(), receipt()
    code = read(hall)
    hall.cast(poll, ann, 1, receipt=secret, hall_code=code)
    hall.clock.advance(600)
    again = hall.cast(poll, ann, 1, receipt=secret, hall_code=code)
    assert not again.is_new
    assert again.choice == (hall.options(poll)[1],)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_code_is_for_screens_and_hosts_while_the_poll_is_open(hall: Hall) -> None:
    poll = hall.open(hall_code=True)
    for eyes in (View.PUBLIC, View.OWN):
        assert "current_hall_code" not in hall.shown(eyes)
    assert (
        hall.shown(View.HOST)["current_hall_code"] == hall.shown(View.SCREEN)["current_hall_code"]
    )
    assert "请输入大屏幕上的现场码" in hall.shown(View.PUBLIC)["notice"]
    hall.does(poll, "close")
    assert hall.shown(View.SCREEN)["current_hall_code"] is None
    hall.open()
    assert hall.shown(View.SCREEN)["current_hall_code"] is None


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_runoff_asks_for_the_code_too_with_codes_of_its_own(hall: Hall) -> None:
    poll = hall.open(hall_code=True, places=1)
    code = read(hall)
    for player_id, choice in zip(hall.staff(6), (0, 0, 0, 1, 1, 1), strict=True):
        hall.cast(poll, player_id, choice, hall_code=code)
    hall.does(poll, "close")
    runoff, _ = following.make_runoff(hall.database, hall.activity, poll.id, 1, hall.clock.now())
    salts = [Poll.get_by_id(one.id).hall_salt for one in (poll, runoff)]
    assert None not in salts and len(set(salts)) == 2


def told(contest: Contest, path: str) -> Any:
    """Return the code as the host reads it."""
    return contest.host.ok("GET", path)["current_hall_code"]["code"]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_guests_vote_with_the_code_and_no_phone_is_told_it(contest: Contest) -> None:
    path = contest.make(hall_code=True, guests_allowed=True)
    code, first = told(contest, path), contest.options(path)[0]
    seen = contest.guest.ok("GET", path)
    assert seen["hall_code"] is True
    polls = contest.guest.ok("GET", contest.path)
    assert code not in as_json([seen, polls])
    ballot = {"choice": [first], "receipt": receipt()}
    refused(contest.guest.post(f"{path}/ballots", ballot), 403, "wrong_hall_code")
    contest.guest.ok("POST", f"{path}/ballots", {**ballot, "hall_code": code})


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_wrong_codes_are_counted_by_account_and_repeats_are_answered(contest: Contest) -> None:
    path = contest.make(hall_code=True)
    code, first = told(contest, path), contest.options(path)[0]
    ann, bob = contest.staff[:2]
    right = {"choice": [first], "receipt": receipt(), "hall_code": code}
    wrong = {"choice": [first], "hall_code": "xxxxxx"}
    ann.ok("POST", f"{path}/ballots", right)
    for phone in (ann, bob):
        for _ in range(WRONG_TRIES):
            answer = phone.post(f"{path}/ballots", {**wrong, "receipt": receipt()})
            refused(answer, 403, "wrong_hall_code")
    ann.ok("POST", f"{path}/ballots", right)
    late = bob.post(f"{path}/ballots", {**right, "receipt": receipt()})
    refused(late, 429, "too_many_requests")
