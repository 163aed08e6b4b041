"""The rules of the hunt: time, options, and which question comes next. Pure."""

import random
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from backend.questions.marking import LETTERS, TRUE_FALSE

VERSION = "hunt-1"


def used_for_speed(used_ms: int, snoozed_ms: int | None, snooze_seconds: int) -> int:
    """Return the time that counts for speed, which a snooze neither lengthens nor shortens.

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
    """Convert the letters that a player saw into the bank's; None for a letter that was not shown."""
    if order == TRUE_FALSE:
        return sorted(set(shown)) if set(shown) <= set(TRUE_FALSE) else None
    labels = LETTERS[: len(order)]
    if not set(shown) <= set(labels):
        return None
    return sorted(order[labels.index(letter)] for letter in set(shown))


def to_shown(order: str, letters: Sequence[str]) -> list[str]:
    """Convert the bank's letters into those that a player saw."""
    if order == TRUE_FALSE:
        return list(letters)
    return sorted(LETTERS[order.index(letter)] for letter in letters)


class Candidate(NamedTuple):
    """A question that could come next, and how often this player has had it."""

    question_id: int
    topic: str
    seen: int


def pick(
    candidates: Sequence[Candidate], results: Mapping[str, tuple[int, int]], rng: random.Random
) -> int | None:
    """Return the next question: each once before any is repeated, weak topics more often.

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
    """Return the weight of a topic: from 1 (all right) to 4 (all wrong), 2.5 if unknown."""
    return 1 + 3 * (wrong + 0.5) / (answered + 1)


def finds(roll: float, chance: float) -> bool:
    """Say whether a roll between 0 and 1 finds a treasure of this chance."""
    return roll < chance
