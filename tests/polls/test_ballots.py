"""One ballot per person in every case, and the counts of refused ballots."""

from typing import Any

import pytest

from backend.activities.polls.models import PollBallot, PollVoter
from backend.errors import LinkaError
from backend.events.models import Event, Player
from backend.events.visibility import View
from tests.polls.hall import Hall, receipt
from tests.support import ENDS, at_once, bind_seats, end_rights

on_sqlite = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def test_ballot_counts_and_its_repeat_gets_the_first_answer(hall: Hall) -> None:
    poll, [ann] = hall.open(), hall.staff()
    secret = receipt()
    first = hall.cast(poll, ann, 1, receipt=secret)
    assert (first.choice, first.is_new) == ((hall.options(poll)[1],), True)
    again = hall.cast(poll, ann, 1, receipt=secret)
    assert (again.choice, again.is_new) == (first.choice, False)
    hall.does(poll, "close")
    assert hall.cast(poll, ann, 1, receipt=secret).choice == first.choice
    assert (PollBallot.select().count(), hall.refused(poll)) == (1, {})


def test_second_ballot_is_refused_and_counted_as_a_duplicate(hall: Hall) -> None:
    poll, [ann] = hall.open(), hall.staff()
    hall.cast(poll, ann, 0)
    assert hall.tries(poll, ann, 0) == "already_voted"
    assert hall.tries(poll, ann, 1) == "already_voted"
    assert PollBallot.select().count() == 1
    assert hall.refused(poll) == {"duplicate": 2}


@pytest.mark.parametrize("anonymous", [True, False])
def test_ballots_of_a_person_at_once_count_once(hall: Hall, anonymous: bool) -> None:
    poll, people = hall.open(anonymous=anonymous), hall.staff(3)
    plays = [hall.play, hall.another_play()]
    givens = [hall.given(poll, one, [at % 3]) for one in people for at in range(6)]

    def cast(at: int) -> str:
        try:
            plays[at % 2].cast(givens[at], "10.0.0.1")
        except LinkaError as refusal:
            return refusal.slug
        return "taken"

    said = at_once([lambda at=at: cast(at) for at in range(len(givens))])
    assert sorted(said) == ["already_voted"] * 15 + ["taken"] * 3
    assert PollBallot.select().count() == 3
    assert hall.refused(poll) == {"duplicate": 15}


def test_repeats_at_once_are_one_ballot_and_all_get_its_answer(hall: Hall) -> None:
    poll, [ann] = hall.open(), hall.staff()
    plays = [hall.play, hall.another_play()]
    given = hall.given(poll, ann, [2])
    answers = at_once([lambda at=at: plays[at % 2].cast(given, "") for at in range(10)])
    assert {answer.choice for answer in answers} == {(hall.options(poll)[2],)}
    assert [answer.is_new for answer in answers].count(True) == 1
    assert (PollBallot.select().count(), hall.refused(poll)) == (1, {})


def test_guest_who_becomes_staff_has_voted(hall: Hall) -> None:
    poll, [ann] = hall.open(guests_allowed=True), hall.guests()
    hall.cast(poll, ann, 0)
    Player.update(staff_id=77).where(Player.id == ann).execute()
    bind_seats(hall.database)
    assert hall.tries(poll, ann, 1) == "already_voted"


def test_person_with_another_account_has_voted(hall: Hall) -> None:
    poll, [ann] = hall.open(), hall.staff()
    hall.cast(poll, ann, 0)
    Player.update(account_id=9999).where(Player.id == ann).execute()
    bind_seats(hall.database)
    assert hall.tries(poll, ann, 1) == "already_voted"


@pytest.mark.parametrize("how", ENDS)
def test_who_is_no_longer_staff_has_no_ballot_but_the_one_that_was_cast(
    hall: Hall, how: str
) -> None:
    poll, [ann, bob] = hall.open(guests_allowed=True), hall.staff(2)
    secret = receipt()
    hall.cast(poll, ann, 1, receipt=secret)
    for player_id in (ann, bob):
        end_rights(hall.database, player_id, how)
    assert not hall.cast(poll, ann, 1, receipt=secret).is_new
    assert hall.tries(poll, bob, 0) == "staff_only"
    assert hall.refused(poll) == {"not_allowed": 1}


@on_sqlite
def test_account_that_is_no_longer_staff_has_voted(hall: Hall) -> None:
    poll, [ann] = hall.open(guests_allowed=True), hall.staff()
    hall.cast(poll, ann, 0)
    Player.update(staff_id=None).where(Player.id == ann).execute()
    assert hall.tries(poll, ann, 1) == "already_voted"


@on_sqlite
@pytest.mark.parametrize(
    ("facts", "choice", "said"),
    [
        ({}, [0], "taken"),
        ({}, [], "bad_ballot"),
        ({}, [0, 1], "bad_ballot"),
        ({}, [99], "bad_ballot"),
        ({"method": "multiple", "most_choices": 2}, [2, 0], "taken"),
        ({"method": "multiple", "most_choices": 2}, [0, 1, 2], "bad_ballot"),
        ({"method": "multiple", "most_choices": 2}, [0, 0], "bad_ballot"),
        ({"method": "ranked"}, [2, 0], "taken"),
        ({"method": "ranked", "most_choices": 2}, [2, 0, 1], "bad_ballot"),
    ],
)
def test_choice_must_be_as_the_poll_wants_it(
    hall: Hall, facts: dict[str, Any], choice: list[int], said: str
) -> None:
    poll, [ann] = hall.open(**facts), hall.staff()
    assert hall.tries(poll, ann, *choice) == said
    assert hall.refused(poll) == ({} if said == "taken" else {"invalid": 1})
    assert PollVoter.select().count() == (2 if said == "taken" else 0)


@on_sqlite
def test_guests_vote_where_they_are_invited_and_are_counted_apart(hall: Hall) -> None:
    staff_only, open_to_all = hall.open(), hall.open(guests_allowed=True, anonymous=False)
    [guest], colleagues = hall.guests(), hall.staff(2)
    assert hall.tries(staff_only, guest, 0) == "guests_not_invited"
    assert hall.refused(staff_only) == {"not_allowed": 1}
    for one in (guest, *colleagues):
        hall.cast(open_to_all, one, 0)
    hall.does(open_to_all, "close")
    turnout = hall.turnout(open_to_all)
    assert (turnout["valid"], turnout["staff"], turnout["guests"]) == (3, 2, 1)
    row = hall.results(open_to_all, View.HOST)["rows"][0]
    assert (row["votes"], row["guest_votes"]) == (3, 1)


@on_sqlite
def test_nobody_votes_before_the_opening_nor_after_the_end(hall: Hall) -> None:
    poll, [ann] = hall.draft(), hall.staff()
    assert hall.tries(poll, ann, 0) == "unknown_poll"
    hall.does(poll, "open")
    hall.does(poll, "close")
    assert hall.tries(poll, ann, 0) == "poll_closed"
    assert hall.refused(poll) == {"closed": 1}


@on_sqlite
@pytest.mark.parametrize(
    ("change", "said"),
    [({"pauses": [[1, None]]}, "event_paused"), ({"state": "closed"}, "event_closed")],
)
def test_event_that_stands_still_takes_no_ballots(
    hall: Hall, change: dict[str, Any], said: str
) -> None:
    poll, [ann] = hall.open(), hall.staff()
    Event.update(**change).where(Event.id == hall.event.id).execute()
    assert hall.tries(poll, ann, 0) == said
    assert hall.refused(poll) == {"closed": 1}


@on_sqlite
@pytest.mark.parametrize("status", ["kicked", "banned"])
def test_who_was_removed_cannot_vote(hall: Hall, status: str) -> None:
    poll, [ann] = hall.open(), hall.staff()
    Player.update(status=status).where(Player.id == ann).execute()
    assert hall.tries(poll, ann, 0) == status
    assert hall.refused(poll) == {"not_allowed": 1}


@on_sqlite
def test_daily_quota_is_given_anew_with_each_business_day(hall: Hall) -> None:
    poll, [ann] = hall.open(daily_quota=2), hall.staff()
    said = [hall.tries(poll, ann, 0) for _ in range(3)]
    assert said == ["taken", "taken", "ballots_used_up"]
    hall.clock.advance(17 * 3600)  # three in the morning: the night shift's day is not over
    assert hall.tries(poll, ann, 0) == "ballots_used_up"
    hall.clock.advance(2 * 3600)
    assert [hall.tries(poll, ann, 1) for _ in range(3)] == said
    assert hall.refused(poll) == {"quota": 3}
    assert PollBallot.select().count() == 4


def test_daily_quota_holds_for_ballots_at_once(hall: Hall) -> None:
    poll, [ann] = hall.open(daily_quota=3), hall.staff()
    plays = [hall.play, hall.another_play()]
    givens = [hall.given(poll, ann, [0]) for _ in range(8)]

    def cast(at: int) -> bool:
        try:
            return plays[at % 2].cast(givens[at], "").is_new
        except LinkaError:
            return False

    assert sum(at_once([lambda at=at: cast(at) for at in range(8)])) == 3
    assert PollBallot.select().count() == 3


@pytest.mark.parametrize("anonymous", [True, False])
def test_mind_is_changed_with_the_receipt_of_the_first_ballot(hall: Hall, anonymous: bool) -> None:
    poll = hall.open(changes_allowed=True, anonymous=anonymous)
    [ann], first, second = hall.staff(), receipt(), receipt()
    hall.vote(poll, 2, 2, 2, 2, 2)
    hall.cast(poll, ann, 0, receipt=first)
    hall.cast(poll, ann, 1, receipt=second, replaces=first)
    assert not hall.cast(poll, ann, 1, receipt=second, replaces=first).is_new
    # A late repeat of the first ballot does not undo the change.
    assert hall.tries(poll, ann, 0, receipt=first) == "already_voted"
    hall.does(poll, "close")
    assert hall.votes(poll) == [0, 1, 5]


@on_sqlite
def test_mind_is_not_changed_where_that_is_not_allowed(hall: Hall) -> None:
    poll, [ann], first = hall.open(), hall.staff(), receipt()
    hall.cast(poll, ann, 0, receipt=first)
    assert hall.tries(poll, ann, 1, replaces=first) == "already_voted"
    assert hall.tries(poll, ann, 1, receipt=first) == "already_voted"


@on_sqlite
def test_anonymous_ballot_is_changed_by_its_receipt_alone(hall: Hall) -> None:
    poll, [ann] = hall.open(changes_allowed=True), hall.staff()
    hall.cast(poll, ann, 0)
    [[key]] = hall.rows("SELECT key FROM poll_ballot")
    for guessed in (receipt(), key):
        assert hall.tries(poll, ann, 1, replaces=guessed) == "already_voted"


@on_sqlite
def test_named_ballot_is_changed_from_another_phone_by_its_key(hall: Hall) -> None:
    poll, (ann, bob) = hall.open(changes_allowed=True, anonymous=False), hall.staff(2)
    hall.cast(poll, ann, 0)
    own = hall.play.own(hall.activity.id, ann, hall.clock.now())
    assert own and own["ballots_left"] == 0
    [ballot] = own["ballots"]
    assert hall.tries(poll, bob, 2, replaces=ballot["key"]) == "receipt_taken"
    assert hall.tries(poll, ann, 1, replaces=ballot["key"]) == "taken"
    hall.does(poll, "close")
    assert hall.votes(poll) == [0, 1, 0]
    assert hall.refused(poll) == {"duplicate": 1}


@on_sqlite
@pytest.mark.parametrize("anonymous", [True, False])
def test_receipt_of_somebody_else_is_no_ballot(hall: Hall, anonymous: bool) -> None:
    poll, (ann, bob), secret = hall.open(anonymous=anonymous), hall.staff(2), receipt()
    hall.cast(poll, ann, 0, receipt=secret)
    assert hall.tries(poll, bob, 0, receipt=secret) == "receipt_taken"
    assert hall.tries(poll, bob, 0) == "taken"


def test_closing_while_people_vote_counts_just_those_that_were_taken(hall: Hall) -> None:
    poll, people = hall.open(), hall.staff(20)
    plays = [hall.play, hall.another_play()]
    givens = [hall.given(poll, one, [at % 3]) for at, one in enumerate(people)]

    def cast(at: int) -> bool:
        try:
            return plays[at % 2].cast(givens[at], "").is_new
        except LinkaError as refusal:
            assert refusal.slug == "poll_closed"
            return False

    calls: list[Any] = [lambda at=at: cast(at) for at in range(20)]
    said = at_once([*calls[:10], lambda: hall.does(poll, "close"), *calls[10:]])
    taken = sum(answer is True for answer in said)
    turnout = hall.turnout(poll)
    assert (turnout["valid"], turnout["refused"]) == (taken, 20 - taken)
    assert PollBallot.select().count() == taken
