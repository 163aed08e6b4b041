"""The rules of “摇一摇”: accepted counts, places, winners and points. Pure."""

import hashlib
import hmac
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from backend.scoring.ranking import places

VERSION = "shake-2"

RACE, TUG, LUCK, DRAW = "race", "tug", "luck", "draw"
# Races that are not shaken: players swipe banknotes away, or tap packets.
CASH, PACKETS = "cash", "packets"
GAMES = (CASH, PACKETS)
MODES = (RACE, TUG, LUCK, DRAW, *GAMES)

SHAKE, TAP, PRESS, SWIPE = "shake", "tap", "press", "swipe"
HOW = (SHAKE, TAP, PRESS, SWIPE)
# The actions that count in a game; in all other modes the first three count.
_WAYS = {CASH: (SWIPE, TAP, PRESS), PACKETS: (TAP, PRESS)}
# Default percents of a tap and of a press: a thumb tires sooner than an arm, and holding a button
# allows two presses of half a second in a second.
PERCENT = {SHAKE: 100, TAP: 125, PRESS: 300, SWIPE: 100}
# The highest plausible rate per second, on average over two seconds or longer.
FASTEST = {SHAKE: 12, TAP: 15, PRESS: 4, SWIPE: 12}
_LEAST_MS = 2000

# The range of luck, in percent of the count.
LUCK_LOW, LUCK_HIGH = 50, 150

Key = TypeVar("Key", bound=Hashable)


def first_way(mode: str) -> str:
    """Return the action by which a mode is meant to be played."""
    return _WAYS.get(mode, HOW)[0]


def percents(mode: str, tap: int, press: int) -> dict[str, int]:
    """Return what each action counts in a mode, in percent: 0 for one that does not count there.

    `tap` and `press` are the percentages of the settings. A tapped packet counts as much as a
    swiped banknote, because nobody can tap more packets than fall.
    """
    worth = {**PERCENT, TAP: PERCENT[SWIPE] if mode == PACKETS else tap, PRESS: press}
    ways = _WAYS.get(mode, (SHAKE, TAP, PRESS))
    return {how: worth[how] if how in ways else 0 for how in HOW}


def accepted(count: int, percent: int, cap_per_second: int, played_ms: int, seconds: int) -> int:
    """Return how much of a cumulative count is accepted after this much of a round.

    Taps and presses are first multiplied by their percent; then the count is limited to the cap for
    the time played. A player's count in a round is the highest of all their reports, so that
    repeats, old ones and another order change nothing.
    """
    within_ms = min(max(played_ms, 0), seconds * 1000)
    return min(max(count, 0) * percent // 100, cap_per_second * within_ms // 1000)


def claimed_rate(count: int, how: str, played_ms: int) -> int | None:
    """Return the rate that a phone claims, in tenths per second, if it is implausible, else None."""
    over_ms = max(played_ms, _LEAST_MS)
    if count * 1000 <= FASTEST[how] * over_ms:
        return None
    return count * 10_000 // over_ms


def luck_percent(seed: str, player_id: int) -> int:
    """Return the luck of a player, from 50 to 150 percent, all equally likely."""
    return LUCK_LOW + _roll(seed, LUCK, player_id) % (LUCK_HIGH - LUCK_LOW + 1)


def drawn(seed: str, pool: Iterable[int], count: int) -> list[int]:
    """Return the winners of a draw in their order; fewer if the pool is too small."""
    return sorted(pool, key=lambda player_id: (_roll(seed, DRAW, player_id), player_id))[:count]


def _roll(seed: str, purpose: str, player_id: int) -> int:
    """Return a pseudo-random number that follows from the seed."""
    digest = hmac.digest(seed.encode(), f"{purpose}:{player_id}".encode(), hashlib.sha256)
    return int.from_bytes(digest)


def team_mean(total: int, people: int, minimum: int) -> Fraction:
    """Return a team's result: the mean of those who took part, divided by at least `minimum`."""
    return Fraction(total, max(people, minimum, 1))


@dataclass(frozen=True)
class RoundPoints:
    """What a round earns: points by place, of people and of teams; for a win in a draw; for taking
    part at all. `team_minimum` keeps a single fast player from winning as a team."""

    points_by_place: Sequence[int]
    team_points_by_place: Sequence[int]
    draw_points: int
    participation_points: int
    team_minimum: int


@dataclass(frozen=True)
class PlayedRound:
    """A round as it is ranked."""

    mode: str
    seed: str
    winner_count: int = 0
    at_least: int = 0


@dataclass(frozen=True)
class Shaker:
    """A player with a count; players with a count of 0 are left out.

    One whose phone claimed more than a hand can do is not `plausible`: they rank behind all others,
    win no draw, and add nothing to their team.
    """

    player_id: int
    team_id: int | None
    count: int
    plausible: bool = True


@dataclass(frozen=True)
class Result:
    """The result of a shaker. `value` is what was ranked, `place` None for those who did not win a
    draw."""

    shaker: Shaker
    value: int
    place: int | None
    points: int


def ranked(played: PlayedRound, shakers: Sequence[Shaker], terms: RoundPoints) -> list[Result]:
    """Return the results of a round, by player; the order of the shakers makes no difference."""
    return sorted(_RANKINGS[played.mode](played, shakers, terms), key=_player_id)


def winners(played: PlayedRound, shakers: Iterable[Shaker]) -> list[int]:
    """Return the winners of a draw in their order, nobody in other modes."""
    if played.mode != DRAW:
        return []
    pool = [
        one.player_id for one in shakers if one.plausible and one.count >= max(played.at_least, 1)
    ]
    return drawn(played.seed, pool, played.winner_count)


def team_places(shakers: Iterable[Shaker], minimum: int) -> dict[int, int]:
    """Return the places of the teams."""
    counts: dict[int, list[int]] = {}
    for one in shakers:
        if one.team_id is not None:
            counted = counts.setdefault(one.team_id, [])
            counted += [one.count] if one.plausible else []
    return places(
        {team: team_mean(sum(members), len(members), minimum) for team, members in counts.items()}
    )


def _player_id(result: Result) -> int:
    return result.shaker.player_id


def _by_value(
    value_of: Callable[[Shaker], int], shakers: Sequence[Shaker], terms: RoundPoints
) -> list[Result]:
    values = {one.player_id: value_of(one) for one in shakers}
    place_of = places({one.player_id: (one.plausible, values[one.player_id]) for one in shakers})
    return [
        Result(
            one,
            values[one.player_id],
            place_of[one.player_id],
            _points(terms, terms.points_by_place, place_of[one.player_id]),
        )
        for one in shakers
    ]


def _race(played: PlayedRound, shakers: Sequence[Shaker], terms: RoundPoints) -> list[Result]:
    return _by_value(lambda one: one.count, shakers, terms)


def _luck(played: PlayedRound, shakers: Sequence[Shaker], terms: RoundPoints) -> list[Result]:
    return _by_value(
        lambda one: one.count * luck_percent(played.seed, one.player_id) // 100, shakers, terms
    )


def _tug(played: PlayedRound, shakers: Sequence[Shaker], terms: RoundPoints) -> list[Result]:
    place_of = team_places(shakers, terms.team_minimum)
    return [
        Result(
            one,
            one.count,
            place_of[one.team_id],
            _points(terms, terms.team_points_by_place, place_of[one.team_id]),
        )
        for one in shakers
        if one.team_id is not None
    ]


def _draw(played: PlayedRound, shakers: Sequence[Shaker], terms: RoundPoints) -> list[Result]:
    won = set(winners(played, shakers))
    return [
        Result(
            one,
            one.count,
            1 if one.player_id in won else None,
            terms.participation_points + (terms.draw_points if one.player_id in won else 0),
        )
        for one in shakers
    ]


_RANKINGS: dict[str, Callable[[PlayedRound, Sequence[Shaker], RoundPoints], list[Result]]] = {
    RACE: _race,
    CASH: _race,
    PACKETS: _race,
    LUCK: _luck,
    TUG: _tug,
    DRAW: _draw,
}


def _points(terms: RoundPoints, table: Sequence[int], place: int) -> int:
    return terms.participation_points + (table[place - 1] if place <= len(table) else 0)
