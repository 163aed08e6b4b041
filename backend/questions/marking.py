"""Marks answers: the verdict, and points by difficulty, speed and streak. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from backend.errors import Sentence

ACCURACY, LIGHT_SPEED, SPEED = "accuracy", "light_speed", "speed"

BASE_POINTS = {1: 40, 2: 50, 3: 60, 4: 80, 5: 100}
# The largest speed bonus, in percent of the base.
SPEED_PERCENT = {ACCURACY: 0, LIGHT_SPEED: 20, SPEED: 100}
SCORING_WORDS = {
    ACCURACY: "不看快慢，只看对错",
    LIGHT_SPEED: "答得快最多加两成",
    SPEED: "答得快最多加一倍",
}
# The third right answer in a row adds 5, each further one 5 more, up to 25.
STREAK_FROM, STREAK_STEP, STREAK_MOST = 3, 5, 25

TRUE_FALSE = "TF"
LETTERS = "ABCDEF"


KEY_NOT_OFFERED = Sentence(
    "答案须是这道题已有的选项。", "The key must be among the options of the question."
)


@dataclass(frozen=True)
class PointsPart:
    """One part of an answer's points: `correct`, `speed` or `streak`."""

    rule: str
    points: int


def verdict(key: Sequence[str], choice: Sequence[str]) -> bool:
    """Say whether a choice is right: exactly the letters of the key, in any order."""
    return set(key) == set(choice)


def points(
    scoring: str, difficulty: int, used_ms: int, limit_ms: int, streak: int
) -> tuple[PointsPart, ...]:
    """Return what a right answer earns, part by part; the part for speed is separate.

    `streak` counts this answer. The part for speed falls linearly from its maximum to 0 at the time
    limit.
    """
    base = BASE_POINTS[difficulty]
    left_ms = min(max(limit_ms - used_ms, 0), limit_ms)
    parts = [PointsPart("correct", base)]
    speed = base * SPEED_PERCENT[scoring] * left_ms // (100 * limit_ms)
    if speed:
        parts.append(PointsPart("speed", speed))
    if streak >= STREAK_FROM:
        parts.append(
            PointsPart("streak", min(STREAK_STEP * (streak - STREAK_FROM + 1), STREAK_MOST))
        )
    return tuple(parts)


def typical_points(scoring: str, asked: int, seconds: int, *, streaks: bool) -> tuple[int, int]:
    """Return what a typical player earns with so many questions: (right answers, points).

    Seven of ten answers are right, of medium difficulty, after half of the time.
    """
    right = total = streak = 0
    for number in range(asked):
        is_right = number * 7 % 10 < 7
        streak = streak + 1 if is_right else 0
        if is_right:
            parts = points(scoring, 3, seconds * 500, seconds * 1000, streak if streaks else 0)
            right, total = right + 1, total + sum(part.points for part in parts)
    return right, total


def guess(random: Random, kind: str, count: int) -> list[str]:
    """Return a random answer to a question with so many options."""
    if kind == "truefalse":
        return [random.choice(TRUE_FALSE)]  # nosec B311 # a game, not a secret
    wanted = random.randint(2, count) if kind == "multiple" else 1  # nosec B311 # a game, not a secret
    return sorted(random.sample(LETTERS[:count], wanted))  # nosec B311 # a game, not a secret


def key_fits(kind: str, count: int, key: Sequence[str]) -> bool:
    """Say whether a question of `count` options can have this key: one letter, or more if multiple."""
    offered = TRUE_FALSE if kind == "truefalse" else LETTERS[:count]
    enough = len(key) == 1 or (kind == "multiple" and len(key) > 1)
    return enough and len(set(key)) == len(key) and set(key) <= set(offered)
