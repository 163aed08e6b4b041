"""The rules of announced words: how a reply is matched, and what holds at a moment. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from backend.chinese import folded, letters, normalised, syllables, without_tones
from backend.events.lifecycle import Pauses, played_ms

VERSION = "keywords-1"

PREPARED, OPEN, GONE, OVER = "prepared", "open", "gone", "over"
HIT, DECOY, WRONG = "hit", "decoy", "wrong"
PLACES_GONE, TOO_LATE, ENOUGH = "places_gone", "too_late", "enough"
OUTCOMES = (HIT, DECOY, WRONG, PLACES_GONE, TOO_LATE, ENOUGH)

LONGEST = 20
# The largest number of words in a list.
LONGEST_LIST = 50
MOST_OTHERS = 10
# The lower and upper limits of the settings of a word.
POINTS, PLACES, SECONDS = (0, 1000), (1, 2000), (5, 3600)


def spellings(text: str, others: Sequence[str], pinyin: bool) -> list[str]:
    """Return the normal forms of all spellings of a word; empty if it has no letter."""
    written = [letters(word) for word in (text, *others)]
    keys = [normalised(word) for word in written]
    if pinyin:
        keys += [normalised("".join(syllables(word))) for word in written]
    return list(dict.fromkeys(key for key in keys if key))


def heard(reply: str) -> tuple[str, str]:
    """Return the normal form of a reply, and that of the reply without tones of pinyin."""
    return normalised(reply), normalised(without_tones(folded(reply)))


@dataclass(frozen=True)
class WordFacts:
    """What is stored about a word. `taken` is how many places of it are given."""

    opened_at: int | None
    closed_at: int | None
    seconds: int
    places: int
    decoy: bool
    taken: int


def left_ms(word: WordFacts, pauses: Pauses, now: int) -> int:
    """Return how much of a word's time is left; pauses do not count."""
    if word.opened_at is None or word.closed_at is not None:
        return 0
    return max(0, word.seconds * 1000 - played_ms(pauses, word.opened_at, now))


def state(word: WordFacts, pauses: Pauses, now: int) -> str:
    """Return `prepared`, `open`, `gone` (no place is left) or `over`.

    A decoy has no places: it looks like a word that nobody has hit.
    """
    if word.opened_at is None:
        return PREPARED
    if not word.decoy and word.taken >= word.places:
        return GONE
    return OPEN if left_ms(word, pauses, now) > 0 else OVER


def outcome(word: WordFacts, hits: int, most: int | None, pauses: Pauses, at: int) -> str:
    """Return the result of a player's first reply to this word. `hits` is how many words of the
    activity the player has hit, `most` the limit. A reply to a decoy is no hit, so it does not
    count towards the limit.
    """
    holds = state(word, pauses, at)
    if holds == PREPARED:
        return WRONG
    if holds == OVER:
        return TOO_LATE
    if word.decoy:
        return DECOY
    if most is not None and hits >= most:
        return ENOUGH
    return PLACES_GONE if holds == GONE else HIT
