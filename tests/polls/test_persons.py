"""A person has one ballot however many accounts they come with, as far as unionid tells."""

from functools import partial

import pytest

from backend.activities.polls import view
from backend.activities.polls.models import Poll, PollVoter
from backend.activities.polls.persons import Persons
from backend.events.visibility import View
from backend.keys import Secret
from tests.polls.hall import Hall, receipt
from tests.support import as_json, at_once


def test_second_account_of_a_guest_is_refused(hall: Hall) -> None:
    poll = hall.open(guests_allowed=True)
    first, second, other = hall.guests(3)
    hall.has_account(first, "union-1")
    hall.has_account(second, "union-1")
    hall.has_account(other, "union-2")
    assert hall.tries(poll, first, 0) == "taken"
    assert hall.tries(poll, second, 1) == "already_voted"
    assert hall.tries(poll, other, 1) == "taken"
    hall.count()
    assert hall.turnout(poll)["valid"] == 2


def test_guest_account_of_somebody_who_is_staff_is_refused(hall: Hall) -> None:
    poll = hall.open(guests_allowed=True)
    [colleague], [second] = hall.staff(), hall.guests()
    hall.has_account(colleague, "union-1")
    hall.has_account(second, "union-1")
    assert hall.tries(poll, second, 1) == "vote_as_staff"
    assert hall.tries(poll, colleague, 0) == "taken"
    assert hall.tries(poll, second, 1) == "vote_as_staff"
    assert hall.refused(poll) == {"not_allowed": 2}


def test_two_accounts_of_a_person_at_once_have_one_ballot(hall: Hall) -> None:
    poll = hall.open(guests_allowed=True)
    people = hall.guests(6)
    for one in people:
        hall.has_account(one, "union-1")
    hall.given(poll, people[0], [0])
    plays = [hall.play, hall.another_play()]
    calls = [
        partial(hall.tries, poll, one, at % 3, play=plays[at % 2]) for at, one in enumerate(people)
    ]
    answers = at_once(calls)
    assert sorted(answers) == ["already_voted"] * 5 + ["taken"]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_daily_quota_is_of_the_person(hall: Hall) -> None:
    poll = hall.open(guests_allowed=True, daily_quota=2)
    first, second = hall.guests(2)
    hall.has_account(first, "union-1")
    hall.has_account(second, "union-1")
    tries = [hall.tries(poll, one, 0) for one in (first, second, first, second)]
    assert tries == ["taken", "taken", "ballots_used_up", "ballots_used_up"]
    own = hall.play.own(hall.activity.id, second, hall.clock.now())
    assert own is not None and own["ballots_left"] == 0


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_repeat_of_a_ballot_is_answered_for_the_account_that_gave_it(hall: Hall) -> None:
    poll, secret = hall.open(guests_allowed=True), receipt()
    first, second = hall.guests(2)
    hall.has_account(first, "union-1")
    hall.has_account(second, "union-1")
    hall.cast(poll, first, 0, receipt=secret)
    assert not hall.cast(poll, first, 0, receipt=secret).is_new


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_unionid_stands_in_no_poll_and_looks_different_in_each(hall: Hall) -> None:
    polls = [hall.open(guests_allowed=True) for _ in range(2)]
    [guest] = hall.guests()
    hall.has_account(guest, "union-1")
    for poll in polls:
        hall.cast(poll, guest, 0)
    names = [row.voter for row in PollVoter.select().where(PollVoter.voter.startswith("u"))]
    assert len(set(names)) == 2
    assert "union-1" not in as_json(names)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_notice_says_where_a_second_account_is_not_noticed(hall: Hall) -> None:
    poll = hall.open(guests_allowed=True)
    known, unknown = hall.guests(2)
    hall.has_account(known, "union-1")
    for eyes in (View.PUBLIC, View.SCREEN):
        assert hall.shown(eyes)["persons_known"] is True
    hall.has_account(unknown, None)
    for eyes in (View.PUBLIC, View.SCREEN):
        shown = hall.shown(eyes)
        assert shown["persons_known"] is False
        assert "同一人可能用两个微信号各投一票" in shown["notice"]
    staff_alone = hall.open()
    summary = view.summary(Poll.get_by_id(staff_alone.id))
    assert summary["persons_known"] is True
    assert "两个微信号" not in summary["notice"]
    assert view.summary(Poll.get_by_id(poll.id))["persons_known"] is False


def test_person_is_known_across_a_change_of_the_secret_key(hall: Hall) -> None:
    poll = hall.open(guests_allowed=True)
    old, changed = Secret("an old secret"), Secret("a new secret", "an old secret")
    before = Persons(old).names(poll, 1, None, "union-1")
    after = Persons(changed).names(poll, 2, None, "union-1")
    assert set(before) & set(after)
    assert not set(before) & set(Persons(changed).names(poll, 2, None, "union-2"))
