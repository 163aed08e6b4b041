"""Counts polls. All viewers see the same stored count.

Of an anonymous poll the choices are counted at the fifth ballot and then only when five more came:
two tallies that differ by one ballot would reveal that ballot. The end counts everything, if there
are five ballots at all.
"""

import json
from collections import Counter
from dataclasses import asdict
from typing import Any

import peewee

from backend.activities.polls import rules
from backend.activities.polls.models import (
    Poll,
    PollBallot,
    PollOption,
    PollSignature,
    PollTally,
    PollVoter,
)
from backend.activities.polls.rules import FEWEST, PollOutcome, Round


def count(poll: Poll, *, final: bool = False) -> PollTally:
    """Count a locked poll in the caller's transaction and store the tally."""
    before = PollTally.get_or_none(PollTally.poll == poll)
    piles = _piles(PollBallot.poll == poll)
    ballots = sum(piles.values())
    # Every voter has a name that begins with `a`, staff another one with `s`.
    staff, everybody = _names(poll, "s"), _names(poll, "a")
    facts: dict[str, Any] = {
        "casts": poll.casts,
        "ballots": ballots,
        "staff": staff,
        "guests": everybody - staff,
        "counted": before.counted if before else 0,
        "outcome": before.outcome if before else None,
    }
    if _may_tell(poll, ballots, facts["counted"], final):
        facts |= {"counted": ballots, "outcome": _outcome(poll, piles)}
    PollTally.delete().where(PollTally.poll == poll).execute()
    return PollTally.create(poll=poll, **facts)


def _may_tell(poll: Poll, ballots: int, counted: int, final: bool) -> bool:
    if not poll.anonymous:
        return True
    return ballots >= FEWEST and (final or ballots - counted >= FEWEST)


def _piles(condition: peewee.Expression) -> Counter[rules.Choice]:
    """Return how many of the ballots that match have each choice."""
    rows = PollBallot.select(PollBallot.choice, peewee.fn.COUNT(PollBallot.key))
    rows = rows.where(condition).group_by(PollBallot.choice)
    return Counter({tuple(json.loads(choice)): int(number) for choice, number in rows.tuples()})


def _names(poll: Poll, prefix: str) -> int:
    names = PollVoter.select().where(PollVoter.poll == poll, PollVoter.voter.startswith(prefix))
    return int(names.count())


def _outcome(poll: Poll, piles: Counter[rules.Choice]) -> dict[str, Any]:
    options = [
        option_id
        for (option_id,) in PollOption.select(PollOption.id)
        .where(PollOption.poll == poll)
        .order_by(PollOption.number)
        .tuples()
    ]
    found = _written(rules.outcome(poll.method, options, piles))
    if not poll.anonymous and poll.method != rules.RANKED:
        signed = PollSignature.select(PollSignature.key).where(
            PollSignature.poll == poll, PollSignature.is_guest
        )
        guests = _piles((PollBallot.poll == poll) & PollBallot.key.in_(signed))
        found["guest_votes"] = _keys(rules.outcome(poll.method, options, guests).votes)
    return found


def _keys(numbers: dict[int, int]) -> dict[str, int]:
    return {str(key): value for key, value in numbers.items()}


def _written(found: PollOutcome) -> dict[str, Any]:
    return {
        "votes": _keys(found.votes),
        "places": _keys(found.places),
        "rounds": [{**asdict(one), "votes": _keys(one.votes)} for one in found.rounds],
    }


def _read(numbers: dict[str, int]) -> dict[int, int]:
    return {int(key): value for key, value in numbers.items()}


def outcome_of(tally: PollTally | None) -> PollOutcome | None:
    """Return the counts of the choices in a tally, None if they may not be shown yet."""
    if tally is None or tally.outcome is None:
        return None
    rounds = [
        Round(_read(one["votes"]), one["out"], one["exhausted"]) for one in tally.outcome["rounds"]
    ]
    return PollOutcome(_read(tally.outcome["votes"]), _read(tally.outcome["places"]), rounds)


def guest_votes_of(tally: PollTally) -> dict[int, int] | None:
    """Return the votes of guests, None in anonymous and in ranked polls."""
    found = (tally.outcome or {}).get("guest_votes")
    return None if found is None else _read(found)
