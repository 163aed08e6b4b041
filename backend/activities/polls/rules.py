"""The rules of polls: valid ballots, counting, places. Pure."""

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from backend.chinese import normalised
from backend.scoring.ranking import places

SINGLE, MULTIPLE, RANKED = "single", "multiple", "ranked"
METHODS = (SINGLE, MULTIPLE, RANKED)
BY_NUMBER, RANDOM, ROTATING = "number", "random", "rotating"
ORDERS = (BY_NUMBER, RANDOM, ROTATING)

# In an anonymous poll, no result is shown of fewer ballots, and none with fewer new ballots since
# the last.
FEWEST = 5

Choice = tuple[int, ...]
# How many ballots have the same choice.
Piles = Mapping[Choice, int]


def normal_choice(
    method: str, most: int, choice: Sequence[int], offered: Collection[int]
) -> Choice | None:
    """Return a choice in the form in which it is stored, None if the poll does not allow it.

    The order of a ranking is kept; other choices are sorted.
    """
    fits = 1 <= len(choice) <= most and len(set(choice)) == len(choice)
    if not fits or not set(choice) <= set(offered):
        return None
    return tuple(choice) if method == RANKED else tuple(sorted(choice))


@dataclass(frozen=True)
class Round:
    """A round of a ranked count: the votes of remaining options, the eliminated ones, exhausted
    ballots."""

    votes: dict[int, int]
    out: list[int]
    exhausted: int


@dataclass(frozen=True)
class PollOutcome:
    """The result of a poll. In a ranked poll, `votes` are those of an option's last round."""

    votes: dict[int, int]
    places: dict[int, int]
    rounds: list[Round]


def outcome(method: str, options: Sequence[int], piles: Piles) -> PollOutcome:
    """Count ballots. The result does not depend on the order of ballots or options."""
    if method == RANKED:
        return _instant_runoff(options, piles)
    votes = dict.fromkeys(options, 0)
    for choice, count in piles.items():
        for option in choice:
            votes[option] += count
    return PollOutcome(votes, places(votes), [])


def _instant_runoff(options: Sequence[int], piles: Piles) -> PollOutcome:
    """Count rankings by instant run-off: the option with the fewest votes is eliminated, and its
    ballots go to their next choices.

    Among options tied for the fewest votes, the one with fewer votes in the latest earlier round
    that differs is eliminated; if no round differs, all are eliminated together. If all remaining
    options are equal, they share the first place; ties are never decided by lot.
    """
    left = list(options)
    votes: dict[int, int] = dict.fromkeys(options, 0)
    places: dict[int, int] = {}
    rounds: list[Round] = []
    while left:
        now, exhausted = _first_votes(left, piles)
        votes |= now
        is_last = len(set(now.values())) == 1
        out = [] if is_last else _weakest(now, rounds)
        rounds.append(Round(now, out, exhausted))
        stay = [] if is_last else [option for option in left if option not in out]
        places |= dict.fromkeys(left if is_last else out, len(stay) + 1)
        left = stay
    return PollOutcome(votes, places, rounds)


def _first_votes(left: Sequence[int], piles: Piles) -> tuple[dict[int, int], int]:
    votes, exhausted = dict.fromkeys(left, 0), 0
    for ranking, count in piles.items():
        # A plain loop takes half the time of `next`, which matters for thousands of rankings in
        # many rounds.
        for option in ranking:
            if option in votes:
                votes[option] += count
                break
        else:
            exhausted += count
    return votes, exhausted


def _weakest(now: Mapping[int, int], before: Sequence[Round]) -> list[int]:
    weakest = list(now)
    for votes in (now, *(one.votes for one in reversed(before))):
        fewest = min(votes[option] for option in weakest)
        weakest = [option for option in weakest if votes[option] == fewest]
    return weakest


def tied(found: PollOutcome, places: int) -> list[int]:
    """Return the options tied for the last winning place; empty without a tie."""
    for place in set(found.places.values()):
        here = _at(found, place)
        if place <= places < place + len(here) - 1 and found.votes[here[0]] > 0:
            return here
    return []


def winners(found: PollOutcome, places: int) -> list[int]:
    """Return the options that certainly win one of the places; an option without votes never wins."""
    undecided = tied(found, places)
    return [option for option in qualified(found, places) if option not in undecided]


def qualified(found: PollOutcome, first: int) -> list[int]:
    """Return the best `first` options of a heat, the best first; options that share the last place
    all advance."""
    through = [option for option, place in found.places.items() if place <= first]
    return sorted(
        (option for option in through if found.votes[option] > 0), key=found.places.__getitem__
    )


def _at(found: PollOutcome, place: int) -> list[int]:
    return [option for option, own in found.places.items() if own == place]


def ordered(order: str, options: Sequence[int], poll_id: int, player_id: int | None) -> list[int]:
    """Return options, given by number, in the order in which a player sees them, always the same.

    Rotating: n players in a row begin with n different options, so that each option is equally
    often first, second and so on.
    """
    if order == BY_NUMBER or player_id is None or not options:
        return list(options)
    if order == ROTATING:
        first = player_id % len(options)
        return [*options[first:], *options[:first]]
    mixed = list(options)
    random.Random(f"{poll_id}:{player_id}").shuffle(mixed)  # nosec B311 # a game, not a secret
    return mixed


def matches(search: str, number: int, *texts: str) -> bool:
    """Return whether an entry matches a search: by its number, or by words in its texts."""
    wanted = normalised(search)
    is_number = wanted.isdecimal() and int(wanted) == number
    return is_number or any(wanted in normalised(text) for text in texts)
