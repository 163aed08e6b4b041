"""The rules of the hunt: verdicts, points, time, and which question comes next. Pure."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

VERSION = "hunt-1"

ACCURACY, LIGHT_SPEED, SPEED = "accuracy", "light_speed", "speed"

BASE_POINTS = {1: 40, 2: 50, 3: 60, 4: 80, 5: 100}
# What a speed bonus can add at most, in percent of the base.
SPEED_PERCENT = {ACCURACY: 0, LIGHT_SPEED: 20, SPEED: 100}
# The third right answer in a row adds 5, each further one 5 more, up to 25.
STREAK_FROM, STREAK_STEP, STREAK_MOST = 3, 5, 25

TRUE_FALSE = "TF"
LETTERS = "ABCDEF"


@dataclass(frozen=True)
class Part:
    """One part of an answer's points: `correct`, `speed` or `streak`."""

    rule: str
    points: int


def verdict(key: Sequence[str], choice: Sequence[str]) -> bool:
    """Say whether a choice is right: exactly the letters of the key, in any order."""
    return set(key) == set(choice)


def points(
    scoring: str, difficulty: int, used_ms: int, limit_ms: int, streak: int
) -> tuple[Part, ...]:
    """Return what a right answer earns, part by part; correctness stands apart from speed.

    `streak` counts this answer. The speed part falls evenly from its most to 0 at the limit.
    """
    base = BASE_POINTS[difficulty]
    left_ms = min(max(limit_ms - used_ms, 0), limit_ms)
    parts = [Part("correct", base)]
    speed = base * SPEED_PERCENT[scoring] * left_ms // (100 * limit_ms)
    if speed:
        parts.append(Part("speed", speed))
    if streak >= STREAK_FROM:
        parts.append(Part("streak", min(STREAK_STEP * (streak - STREAK_FROM + 1), STREAK_MOST)))
    return tuple(parts)


def used_for_speed(used_ms: int, snoozed_ms: int | None, snooze_seconds: int) -> int:
    """Return the time that counts for speed: a call neither costs nor gives any.

    With a snooze it is the time used without the snooze, and at least what was used before it.
    """
    if snoozed_ms is None:
        return used_ms
    return max(snoozed_ms, used_ms - snooze_seconds * 1000)


def option_order(kind: str, count: int, rng: random.Random) -> str:
    """Return a player's own order of the options, as their letters in the bank: `CADB`."""
    if kind == "truefalse":
        return TRUE_FALSE
    letters = list(LETTERS[:count])
    rng.shuffle(letters)
    return "".join(letters)


def to_bank(order: str, shown: Sequence[str]) -> list[str] | None:
    """Turn the letters that a player saw into the bank's; None for a letter never shown."""
    if order == TRUE_FALSE:
        return sorted(set(shown)) if set(shown) <= set(TRUE_FALSE) else None
    labels = LETTERS[: len(order)]
    if not set(shown) <= set(labels):
        return None
    return sorted(order[labels.index(letter)] for letter in set(shown))


def to_shown(order: str, letters: Sequence[str]) -> list[str]:
    """Turn the bank's letters into those that a player saw."""
    if order == TRUE_FALSE:
        return list(letters)
    return sorted(LETTERS[order.index(letter)] for letter in letters)


def key_fits(kind: str, count: int, key: Sequence[str]) -> bool:
    """Say whether a question of `count` options can have this key: one letter, or more if multiple."""
    offered = TRUE_FALSE if kind == "truefalse" else LETTERS[:count]
    enough = len(key) == 1 or (kind == "multiple" and len(key) > 1)
    return enough and len(set(key)) == len(key) and set(key) <= set(offered)


@dataclass(frozen=True)
class Candidate:
    """A question that could come next, and how often this player has had it."""

    question_id: int
    topic: str
    seen: int


def pick(
    candidates: Sequence[Candidate], results: Mapping[str, tuple[int, int]], rng: random.Random
) -> int | None:
    """Return the next question: none twice before all came once; weak topics come more often.

    `results` is {topic: (answered, wrong)} of this player. A topic always answered wrong weighs
    four times one always answered right; one never asked lies between.
    """
    if not candidates:
        return None
    fewest = min(candidate.seen for candidate in candidates)
    fresh = sorted(
        (candidate for candidate in candidates if candidate.seen == fewest),
        key=lambda candidate: candidate.question_id,
    )
    by_topic: dict[str, list[Candidate]] = {}
    for candidate in fresh:
        by_topic.setdefault(candidate.topic, []).append(candidate)
    topics = sorted(by_topic)
    weights = [topic_weight(*results.get(topic, (0, 0))) for topic in topics]
    topic = rng.choices(topics, weights)[0]
    return rng.choice(by_topic[topic]).question_id


def topic_weight(answered: int, wrong: int) -> float:
    """Return how much a topic weighs: from 1 (all right) to 4 (all wrong), 2.5 when unknown."""
    return 1 + 3 * (wrong + 0.5) / (answered + 1)


def finds(roll: float, chance: float) -> bool:
    """Say whether a roll between 0 and 1 finds a treasure of this chance."""
    return roll < chance
