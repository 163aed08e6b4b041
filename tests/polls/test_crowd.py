"""Three thousand people vote: with double taps, replays, and many who come too late."""

import random

from backend.activities.polls.ballots import CastBallot
from backend.errors import LinkaError
from tests.polls.hall import Hall
from tests.support import at_once

AT_ONCE = 32


def test_chorus_contest_counts_every_valid_ballot_and_no_other(hall: Hall) -> None:
    # PostgreSQL, which writes other ballots anew with each, is shown a fifth of them.
    share = 1 if hall.database.is_sqlite else 5
    staff, guests = 2400 // share, 600 // share
    # Of the people: those who send their ballot again, who try a second one, who come too late.
    replays, duplicates, late_ones = 300 // share, 300 // share, 150 // share
    rng = random.Random(2615)
    poll = hall.open(options=8, method="multiple", most_choices=3, guests_allowed=True, places=3)
    people = [*hall.staff(staff), *hall.guests(guests)]
    late, on_time = people[:late_ones], people[late_ones:]
    ballots = [hall.given(poll, one, rng.sample(range(8), rng.randint(1, 3))) for one in on_time]
    again = rng.sample(ballots, replays)
    others = [hall.given(poll, one.player_id, [0]) for one in rng.sample(ballots, duplicates)]
    plays = [hall.play, hall.another_play()]

    def send(at: int, given: list[CastBallot]) -> int:
        refused = 0
        for one in given:
            try:
                plays[at % 2].cast(one, f"10.0.{at}.1")
            except LinkaError as refusal:
                assert refusal.slug in ("already_voted", "poll_closed")
                refused += 1
        return refused

    def send_all(ballots: list[CastBallot]) -> int:
        shares = [ballots[at::AT_ONCE] for at in range(AT_ONCE)]
        return sum(at_once([lambda at=at: send(at, shares[at]) for at in range(AT_ONCE)]))

    mixed = ballots + again
    rng.shuffle(mixed)
    assert send_all(mixed) == 0
    assert send_all(others) == duplicates
    hall.does(poll, "close")
    assert send_all([hall.given(poll, one, [1]) for one in late]) == late_ones
    assert send_all(again) == 0

    turnout = hall.turnout(poll)
    assert turnout["valid"] == staff + guests - late_ones
    assert (turnout["staff"], turnout["guests"]) == (staff - late_ones, guests)
    assert hall.refused(poll) == {"duplicate": duplicates, "closed": late_ones}
    options = hall.options(poll)
    assert hall.votes(poll) == [sum(option in one.choice for one in ballots) for option in options]
