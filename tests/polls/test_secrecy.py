"""Anonymous means that nobody can link a person to a choice, whatever the database holds."""

import random
import re
import sqlite3
from collections import Counter
from contextlib import closing
from typing import Any

import pytest

from backend.activities.polls.models import Poll, PollSignature
from backend.db import Database
from backend.events.visibility import View
from tests.polls.hall import Hall, receipt
from tests.support import as_json

PEOPLE = 60
# The share of right guesses without any link: with three options, a third.
BY_CHANCE = PEOPLE / 3


def choices_of(hall: Hall, poll: Poll) -> dict[int, int]:
    """Let many vote, one after the other, and return who voted for what."""
    rng = random.Random(4)
    people = hall.staff(PEOPLE)
    said = {player_id: rng.randrange(3) for player_id in people}
    for player_id, choice in said.items():
        hall.clock.advance(7)
        hall.cast(poll, player_id, choice)
    return said


def in_order_of(hall: Hall, order: str, table: str, columns: str, poll: Poll) -> list[Any]:
    """Return the rows of a table in the order in which the database returns them."""
    return hall.rows(f"SELECT {columns} FROM {table} WHERE poll_id = {poll.id}{order}")


def orders_of(database: Database) -> list[str]:
    """Return the orders in which rows can be read that might tell when they came."""
    if database.is_sqlite:
        return [""]
    return ["", " ORDER BY ctid", " ORDER BY xmin::text::bigint, ctid"]


def guessed_right(hall: Hall, poll: Poll, said: dict[int, int], order: str) -> int:
    """Return how many choices are guessed right by pairing voters and ballots in order; the better
    of two directions."""
    options = hall.options(poll)
    voters = [
        voter
        for (voter,) in in_order_of(hall, order, "poll_voter", "voter", poll)
        if voter.startswith("s")
    ]
    ballots = [choice for (choice,) in in_order_of(hall, order, "poll_ballot", "choice", poll)]
    staff_of = dict(hall.rows("SELECT staff_id, id FROM player"))
    truth = [f"[{options[said[staff_of[int(voter[1:])]]]}]" for voter in voters]
    hits = [
        sum(one == other for one, other in zip(truth, found, strict=True))
        for found in (ballots, ballots[::-1])
    ]
    return max(hits)


def test_dump_of_a_closed_poll_links_nobody_to_a_choice(hall: Hall) -> None:
    poll = hall.open()
    said = choices_of(hall, poll)
    hall.does(poll, "close")
    for order in orders_of(hall.database):
        assert guessed_right(hall, poll, said, order) < 2 * BY_CHANCE
    if not hall.database.is_sqlite:
        # One transaction wrote all of them.
        for table in ("poll_voter", "poll_ballot"):
            marks = in_order_of(hall, "", table, "DISTINCT xmin::text", poll)
            assert len(marks) == 1


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_transaction_of_a_voter_wrote_other_ballots_too(hall: Hall) -> None:
    poll = hall.open()
    choices_of(hall, poll)
    wrote = Counter(mark for (mark,) in in_order_of(hall, "", "poll_ballot", "xmin::text", poll))
    voted = Counter(mark for (mark,) in in_order_of(hall, "", "poll_voter", "xmin::text", poll))
    newest = max(wrote, key=int)
    assert wrote[newest] == 9  # the new ballot and its company
    assert voted[newest] == 10  # two names, and company


def test_order_of_ballots_says_nothing_while_the_poll_is_open(hall: Hall) -> None:
    poll = hall.open()
    said = choices_of(hall, poll)
    for order in orders_of(hall.database):
        assert guessed_right(hall, poll, said, order) < 2 * BY_CHANCE


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_ballot_holds_nothing_but_its_choice(hall: Hall) -> None:
    poll, [ann], secret = hall.open(daily_quota=2), hall.staff(), receipt()
    hall.cast(poll, ann, 1, receipt=secret)
    columns = {
        table: [row[1] for row in hall.rows(f"PRAGMA table_info({table})")]
        for table in ("poll_ballot", "poll_voter")
    }
    assert columns["poll_ballot"] == ["poll_id", "key", "choice"]
    assert columns["poll_voter"] == ["poll_id", "day", "voter", "nth"]
    assert PollSignature.select().count() == 0
    assert {row[0] for row in hall.rows("SELECT day FROM poll_voter")} == {"2026-11-22"}
    dump = as_json([hall.rows(f"SELECT * FROM {table}") for table in columns])
    assert secret not in dump
    assert str(hall.clock.now()) not in dump


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_nothing_that_is_told_names_a_choice_with_a_person(hall: Hall) -> None:
    poll, people = hall.open(), hall.staff(8)
    for at, one in enumerate(people):
        hall.cast(poll, one, at % 3)
        hall.tries(poll, one, 0)
        hall.count()
    told = as_json([message.data for message in hall.messages("activity")])
    assert set(told) <= set(as_json([f'{{"activity_id": {hall.activity.id}}}'] * 9))
    assert "choice" not in as_json(hall.rows("SELECT * FROM poll_refusal"))
    audit = as_json(hall.rows("SELECT action, subject, detail FROM audit_line"))
    assert "ballot" not in audit and "player" not in audit


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_own_anonymous_ballot_is_seen_with_its_receipt_alone(hall: Hall) -> None:
    poll, [ann], secret = hall.open(), hall.staff(), receipt()
    hall.cast(poll, ann, 1, receipt=secret)
    own = hall.play.own(hall.activity.id, ann, hall.clock.now())
    assert own == {"poll_id": poll.id, "ballots_left": 0, "ballots": []}


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_choices_are_told_by_fives(hall: Hall) -> None:
    poll = hall.open()
    counted = []
    for _ in range(12):
        hall.vote(poll, 0)
        hall.count()
        results = hall.results(poll, View.HOST)
        counted.append(results.get("counted", results["state"]))
    assert counted == ["too_few"] * 4 + [5] * 5 + [10] * 3
    assert hall.turnout(poll)["valid"] == 12
    hall.does(poll, "close")
    assert hall.votes(poll) == [12, 0, 0]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_anonymous_poll_of_four_is_never_told(hall: Hall) -> None:
    poll = hall.open()
    hall.vote(poll, 0, 0, 1, 2)
    hall.does(poll, "close")
    hall.does(poll, "show")
    for eyes in View:
        assert hall.results(poll, eyes) == {"state": "too_few"}
    assert hall.turnout(poll)["valid"] == 4


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_guests_are_told_apart_by_number_alone(hall: Hall) -> None:
    poll = hall.open(guests_allowed=True)
    [guest] = hall.guests()
    hall.cast(poll, guest, 2)
    hall.vote(poll, 0, 0, 1, 1, 2, 2)
    hall.does(poll, "close")
    assert {row["guest_votes"] for row in hall.results(poll, View.HOST)["rows"]} == {None}
    turnout = hall.turnout(poll)
    assert (turnout["staff"], turnout["guests"]) == (6, 1)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_key_of_a_ballot_stands_in_no_other_place(hall: Hall) -> None:
    poll = hall.open(changes_allowed=True, guests_allowed=True)
    for one in [*hall.staff(8), *hall.guests(4)]:
        first = receipt()
        hall.cast(poll, one, one % 3, receipt=first)
        hall.cast(poll, one, (one + 1) % 3, replaces=first)
        hall.count()
    hall.does(poll, "close")
    with closing(sqlite3.connect(hall.database.url.removeprefix("sqlite:///"))) as opened:
        whole = "\n".join(opened.iterdump())
    keys = [key for (key,) in hall.rows("SELECT key FROM poll_ballot")]
    assert len(keys) == 12
    assert {whole.count(key) for key in keys} == {1}
    lines = [line for line in whole.splitlines() if "poll_ballot" in line or "poll_voter" in line]
    rows = [line for line in lines if line.startswith("INSERT")]
    # 12 ballots, 12 accounts, 8 of them staff: and nowhere in them a moment in milliseconds.
    assert len(rows) == 12 + 12 + 8
    assert not any(re.search(r"\b1[78]\d{11}\b", line) for line in rows)
