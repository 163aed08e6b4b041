"""What a guess is worth and what gives an answer away: full and half width, traditional and
simplified characters, punctuation and spaces make no difference. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from backend.chinese import folded, letters, normalised, readings, syllables, without_tones

EXACT, NEAR, WRONG = "exact", "near", "wrong"

# The shares of the drawing time after which each hint is given.
CHARACTERS_FROM, CATEGORY_FROM, INITIALS_FROM, CHARACTER_FROM = 0.0, 0.25, 0.5, 0.75
HINT_LEVELS = (CHARACTERS_FROM, CATEGORY_FROM, INITIALS_FROM, CHARACTER_FROM)


@dataclass(frozen=True)
class Hints:
    """What guessers are told at a moment; what is not told yet is None.

    `characters` is the length of the answer, `initials` the first letter of each syllable, and
    `pattern` the answer with all characters but one as `＿`.
    """

    characters: int
    category: str | None = None
    initials: str | None = None
    pattern: str | None = None


def verdict(guess: str, answer: str) -> str:
    """Return `exact`, `near` or `wrong`.

    Near is what sounds the same, what is one character off, and what has the answer in it.
    """
    told, right = normalised(guess), normalised(answer)
    if told == right:
        return EXACT
    if not told:
        return WRONG
    if len(right) > 1 and Levenshtein.distance(told, right, score_cutoff=1) <= 1:
        return NEAR
    return NEAR if right in told or _sound(guess) == _sound(answer) else WRONG


def _sound(text: str) -> str:
    return "".join(syllables(letters(text)))


def leaks(text: str, answer: str) -> bool:
    """Say whether a text gives the answer away: written, by its sound, or spelled in pinyin.

    It is strict where it cannot know: to write something else instead costs nobody anything.
    """
    told, right = normalised(text), normalised(answer)
    if not told or not right:
        return False
    wanted = syllables(letters(answer))
    return right in told or _sounds_in(letters(text), wanted) or _spelled_in(text, wanted)


def _sounds_in(told: str, wanted: Sequence[str]) -> bool:
    """Say whether characters that follow each other can be read as these syllables."""
    sounds = [readings(character) for character in told]
    return any(
        all(syllable in sounds[start + at] for at, syllable in enumerate(wanted))
        for start in range(len(sounds) - len(wanted) + 1)
    )


def _spelled_in(text: str, wanted: Sequence[str]) -> bool:
    """Say whether the Latin letters of a text, or a mixture of both, spell these syllables."""
    plain = without_tones(folded(text))
    if not any("a" <= letter <= "z" for letter in plain):
        return False
    spelled = "".join(wanted)
    latin = "".join(letter for letter in plain if "a" <= letter <= "z")
    mixed = "".join(syllables("".join(c for c in letters(plain) if not c.isdigit())))
    return spelled in latin or spelled in mixed


def hint_level(share: float) -> int:
    """Return how many hints are given when this share of the time is gone."""
    return sum(share >= from_share for from_share in HINT_LEVELS)


def hints(answer: str, category: str, share: float, place: int) -> Hints:
    """Return the hints after a share of the time; `place` chooses the character that is shown."""
    level = hint_level(share)
    shows_one = level >= 4 and len(answer) > 1
    return Hints(
        characters=len(answer),
        category=category if level >= 2 else None,
        initials=_initials(answer) if level >= 3 else None,
        pattern=_pattern(answer, place) if shows_one else None,
    )


def _initials(answer: str) -> str:
    return "".join(syllable[0].upper() for syllable in syllables(answer))


def _pattern(answer: str, place: int) -> str:
    shown = place % len(answer)
    return "".join(letter if at == shown else "＿" for at, letter in enumerate(answer))
