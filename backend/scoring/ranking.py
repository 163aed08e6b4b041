"""How scores are ordered: pure arithmetic, the same in Python here and in the scripts of the board.

More points rank first, then the earlier moment of reaching them; both equal share a rank, and the
next rank is skipped (1-2-2-4).
"""

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

Key = TypeVar("Key", bound=Hashable)

# A player's packed score: points above inverted time in ticks of 10 ms, 20 + 33 bits. The sum stays
# below 2**53, so a double holds it exactly.
TICK_MS = 10
TIME_BITS = 33
LAST_TICK = 2**TIME_BITS - 1
MAX_POINTS = 2**19 - 1

# A team's packed score: hundredths of points above inverted time in seconds, 27 + 26 bits.
TEAM_TIME_BITS = 26
TEAM_LAST_SECOND = 2**TEAM_TIME_BITS - 1
CENTI = 100


def pack(points: int, reached_at: int, began_at: int) -> int:
    """Return points and the moment of reaching them as one number, higher is better.

    Points of no player go beyond ±524,287; times before the event began count as its beginning.
    """
    tick = min(max((reached_at - began_at) // TICK_MS, 0), LAST_TICK)
    return points * 2**TIME_BITS + (LAST_TICK - tick)


def unpack(packed: float) -> tuple[int, int]:
    """Return (points, tick of reaching them)."""
    points = unpack_points(packed)
    return points, LAST_TICK - int(packed - points * 2**TIME_BITS)


def unpack_points(packed: float) -> int:
    """Return the points alone."""
    return math.floor(packed / 2**TIME_BITS)


def unpack_team(packed: float) -> float:
    """Return the team's points, with two decimals."""
    return math.floor(packed / 2**TEAM_TIME_BITS) / CENTI


@dataclass(frozen=True)
class Formula:
    """How a team's score comes from its members'.

    `mean`: sum over members divided by the number of those who came. `best_mean`: mean of the `best` highest.
    `participation`: sum divided by the team's head-count on the roster, here or not. `sum`.
    Every divisor is at least `minimum`, so that a team of one cannot win by being small.
    """

    kind: str = "best_mean"
    best: int = 5
    minimum: int = 5

    def sentence(self, language: str = "zh") -> str:
        """Return the formula as it is printed with the board."""
        zh, en = _SENTENCES[self.kind]
        return (en if language == "en" else zh).format(best=self.best, minimum=self.minimum)


_SENTENCES = {
    "mean": (
        "班组得分 = 组员总分 ÷ 实际参加人数（不足{minimum}人按{minimum}人计）",
        "Team score = sum of members ÷ members who came (at least {minimum})",
    ),
    "best_mean": (
        "班组得分 = 前{best}名组员的平均分（不足{minimum}人按{minimum}人计）",
        "Team score = mean of the best {best} members (divided by at least {minimum})",
    ),
    "participation": (
        "班组得分 = 组员总分 ÷ 在册人数（不足{minimum}人按{minimum}人计）",
        "Team score = sum of members ÷ head-count on the roster (at least {minimum})",
    ),
    "sum": ("班组得分 = 组员总分", "Team score = sum of members"),
}

KINDS = tuple(_SENTENCES)


def team_packed(formula: Formula, members: Sequence[float], came: int, headcount: int) -> int:
    """Return a team's packed score.

    `members` are the packed scores of members on this board, highest first; `came` is how many
    members came to the event, `headcount` the size on the roster. The time is the latest
    moment at which a counted member with points reached their score.
    """
    counted = members[: formula.best] if formula.kind == "best_mean" else members
    total, latest = 0, 0
    for packed in counted:
        points, tick = unpack(packed)
        total += points
        if points != 0:
            latest = max(latest, tick)
    score = math.floor(total * CENTI / _divisor(formula, came, headcount) + 0.5)
    seconds = min(latest // (1000 // TICK_MS), TEAM_LAST_SECOND)
    return score * 2**TEAM_TIME_BITS + (TEAM_LAST_SECOND - seconds)


def _divisor(formula: Formula, came: int, headcount: int) -> int:
    people = {
        "mean": came,
        "best_mean": min(formula.best, came),
        "participation": headcount,
        "sum": 1,
    }[formula.kind]
    return max(people, 1 if formula.kind == "sum" else formula.minimum, 1)


def ranks(scores: Sequence[Any]) -> list[int]:
    """Return the rank of each score, given best first; equal ones share a rank (1-2-2-4)."""
    result: list[int] = []
    for position, score in enumerate(scores):
        tied = position > 0 and scores[position - 1] == score
        result.append(result[-1] if tied else position + 1)
    return result


def places(values: Mapping[Key, Any]) -> dict[Key, int]:
    """Return the rank of each key, that of the highest value first; equal ones share a rank."""
    ordered = sorted(values, key=lambda key: values[key], reverse=True)
    return dict(zip(ordered, ranks([values[key] for key in ordered]), strict=True))
