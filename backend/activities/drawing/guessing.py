"""Judges guesses, and finds texts that give an answer away. Full and half width, traditional and
simplified characters, punctuation and spaces make no difference. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA, Levenshtein

from backend.chinese import (
    folded,
    letters,
    normalised,
    readings,
    syllables,
    without_tones,
    zhuyin,
    zhuyin_letters,
)

EXACT, NEAR, WRONG = "exact", "near", "wrong"

# The shares of the drawing time after which each hint is given.
CHARACTERS_FROM, CATEGORY_FROM, INITIALS_FROM, CHARACTER_FROM = 0.0, 0.25, 0.5, 0.75
HINT_LEVELS = (CHARACTERS_FROM, CATEGORY_FROM, INITIALS_FROM, CHARACTER_FROM)


@dataclass(frozen=True)
class Hints:
    """The hints that guessers have at a moment; hints not yet given are None.

    `characters` is the length of the answer without the marks within it, `initials` the first
    letter of each syllable, and `pattern` the answer with all characters but one as `＿`.
    """

    characters: int
    category: str | None = None
    initials: str | None = None
    pattern: str | None = None


def verdict(guess: str, answer: str) -> str:
    """Return `exact`, `near` or `wrong`.

    A guess is near if it sounds the same, differs in one character, or contains the answer.
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

    It is strict in doubtful cases, because a player can easily write something else.
    """
    told, right = normalised(text), normalised(answer)
    if not told or not right:
        return False
    wanted = syllables(letters(answer))
    return right in told or _sounds_in(letters(text), wanted) or _spelled_in(text, wanted)


def _sounds_in(told: str, wanted: Sequence[str]) -> bool:
    """Return whether consecutive characters can be read as these syllables."""
    sounds = [readings(character) for character in told]
    return any(
        all(syllable in sounds[start + at] for at, syllable in enumerate(wanted))
        for start in range(len(sounds) - len(wanted) + 1)
    )


def _spelled_in(text: str, wanted: Sequence[str]) -> bool:
    """Say whether the Latin letters of a text, or a mixture of both, spell these syllables."""
    plain = _plain(text)
    if not any("a" <= letter <= "z" for letter in plain):
        return False
    spelled = "".join(wanted)
    latin = "".join(letter for letter in plain if "a" <= letter <= "z")
    mixed = "".join(syllables("".join(c for c in letters(plain) if not c.isdigit())))
    return spelled in latin or spelled in mixed


def gives_away(text: str, answer: str) -> bool:
    """Return whether a text of a player who knows the answer helps others to find it.

    Besides what `leaks` finds, these count: a near guess, one character of the answer, a text that
    sounds like a part of it, characters that sound nearly like all of it, the answer backwards, a
    syllable of it in Zhuyin, and pinyin that is written with look-alike letters, with repeated
    letters, or with a letter too many, missing, wrong or in the wrong place.
    """
    told, wanted = letters(text), syllables(letters(answer))
    return (
        leaks(text, answer)
        or verdict(text, answer) != WRONG
        or not _pieces(normalised(text)).isdisjoint(_pieces(normalised(answer)))
        or _sounds_in(told, wanted[::-1])
        or _sounds_like_a_part(told, wanted)
        or _sounds_nearly(told, wanted)
        or any(syllable in zhuyin_letters(text) for syllable in zhuyin(letters(answer)))
        or _spells(text, wanted)
    )


def _pieces(text: str) -> frozenset[str]:
    """Return the Chinese characters of a text, and its Latin words and numbers as wholes."""
    return frozenset(re.findall(r"[a-z]+|[0-9]+|[^a-z0-9]", text))


def _sounds_nearly(told: str, wanted: Sequence[str]) -> bool:
    """Return whether consecutive characters sound nearly like these syllables, for speakers who do
    not distinguish 三 from 山, 您 from 零, or 真 from 睁."""
    near = [_near(syllable) for syllable in wanted]
    sounds = [frozenset(map(_near, readings(character))) for character in told]
    return any(
        all(syllable in sounds[start + at] for at, syllable in enumerate(near))
        for start in range(len(sounds) - len(near) + 1)
    )


def _near(syllable: str) -> str:
    """Return the common form of a syllable and of those that many people pronounce alike."""
    return re.sub("^n", "l", re.sub("(?<=[zcs])h|(?<=n)g", "", syllable))


def _sounds_like_a_part(told: str, wanted: Sequence[str]) -> bool:
    """Say whether the whole text can be read as syllables that follow each other in the answer."""
    if not told or len(told) > len(wanted):
        return False
    sounds = [readings(character) for character in told]
    parts = [
        part
        for order in (wanted, wanted[::-1])
        for start in range(len(order) - len(sounds) + 1)
        for part in [order[start : start + len(sounds)]]
    ]
    return any(
        all(syllable in sound for syllable, sound in zip(part, sounds, strict=True))
        for part in parts
    )


# Letters that Unicode names after a Latin one: ꜱ, ɥ, ʂ, 🅢, and those that flags are made of.
_NAMED_LETTER = re.compile(
    r"(?:REGIONAL INDICATOR SYMBOL|(?:.* )?LATIN(?: .*)?) LETTER (?:[A-Z]{2,} )*([A-Z])(?: WITH .*)?"
)


@lru_cache(maxsize=4096)
def _latin_letter(character: str) -> str:
    found = _NAMED_LETTER.fullmatch(unicodedata.name(character, ""))
    return found[1].lower() if found else character


def _plain(text: str) -> str:
    """Return a text with plain Latin letters for those with tones, strokes, hooks or frames."""
    return "".join(
        letter if letter.isascii() else _latin_letter(letter)
        for letter in without_tones(folded(text))
    )


# Substitutes for letters of pinyin: digits, signs, and Cyrillic and Greek letters that look the
# same.
_LOOK_ALIKES = {
    "a": "4@аαɑ",
    "b": "68вьβ",
    "c": "сς(",
    "d": "ԁ",
    "e": "3еєε",
    "f": "ƒ",
    "g": "96ɡ",
    "h": "һнη",
    "i": "1!|lіιı",
    "j": "јʝ",
    "k": "кκ",
    "l": "1|iӏ",
    "m": "мμ",
    "n": "пηи",
    "o": "0оοσ",
    "p": "рρ",
    "q": "9ԛ",
    "r": "гя",
    "s": "5$ѕ",
    "t": "7+тτ",
    "u": "vμυц",
    "v": "uνü",
    "w": "шωԝ",
    "x": "хχ*",
    "y": "уγ",
    "z": "2зᴢ",
}
# Characters allowed between two letters of a spelled-out word: signs, spaces, tones.
_BETWEEN = r"[\W\d_]*"
# Next to a letter of these, letters are a part of some other word; next to a Chinese one they are not.
_OF_A_WORD = "[a-zα-ωа-я]"
_SHORTEST_SPELLING = 4


@lru_cache(maxsize=1024)
def _spelling(wanted: tuple[str, ...]) -> re.Pattern[str]:
    """Return a pattern that matches pinyin of an answer.

    It matches the whole answer or its reverse (by letters, by syllables, within each syllable)
    anywhere in a text, and its syllables and its initial letters where they stand as words of their
    own.
    """
    whole = "".join(wanted)
    within = "".join(syllable[::-1] for syllable in wanted)
    anywhere = [whole, whole[::-1], "".join(wanted[::-1]), within]
    words = [syllable for syllable in wanted if len(syllable) > 1]
    if len(wanted) > 1:
        words.append("".join(syllable[0] for syllable in wanted))
    alone = "|".join(_written(word) for word in words)
    patterns = [_written(word) for word in anywhere if word]
    if alone:
        patterns.append(rf"(?<!{_OF_A_WORD})(?:{alone})(?!{_OF_A_WORD})")
    return re.compile("|".join(patterns) or r"(?!)")


def _written(word: str) -> str:
    classes = [f"[{re.escape(letter + _LOOK_ALIKES.get(letter, ''))}]" for letter in word]
    return _BETWEEN.join(classes)


def _spells(text: str, wanted: Sequence[str]) -> bool:
    """Say whether Latin letters, or what looks like them, spell the answer, a part of it, or nearly the
    answer."""
    plain = _plain(text)
    if _spelling(tuple(wanted)).search(plain):
        return True
    spelled = "".join(wanted)
    latin = "".join(letter for letter in plain if "a" <= letter <= "z")
    if len(spelled) < _SHORTEST_SPELLING:
        return False
    loose, loosely_typed = _loosely(spelled), _loosely(latin)
    if loose in loosely_typed or _is_nearly_in(spelled, latin):
        return True
    return len(loose) > _SHORTEST_SPELLING + 1 and _is_nearly_in(loose, loosely_typed)


def _is_nearly_in(word: str, text: str) -> bool:
    """Say whether a part of a text is a word, or differs from it in one letter or in the order of
    two."""
    return len(text) >= len(word) - 1 and any(
        OSA.distance(text[start : start + length], word, score_cutoff=1) <= 1
        for length in range(len(word) - 1, len(word) + 2)
        for start in range(max(1, len(text) - length + 1))
    )


def _loosely(text: str) -> str:
    """Return pinyin as many people pronounce it, see `_near`, with each run of a letter as one."""
    return re.sub(r"(.)\1+", r"\1", re.sub("(?<=[zcs])h|(?<=n)g", "", text))


def hint_level(share: float) -> int:
    """Return how many hints are given after this share of the time."""
    return sum(share >= from_share for from_share in HINT_LEVELS)


def hints(answer: str, category: str, share: float, place: int) -> Hints:
    """Return the hints after a share of the time; `place` chooses the character that is shown."""
    level = hint_level(share)
    characters = sum(letter.isalnum() for letter in answer)
    shows_one = level >= 4 and characters > 1
    return Hints(
        characters=characters,
        category=category if level >= 2 else None,
        initials=_initials(answer) if level >= 3 else None,
        pattern=_pattern(answer, place) if shows_one else None,
    )


def _initials(answer: str) -> str:
    return "".join(syllable[0].upper() for syllable in syllables(answer) if syllable[0].isalnum())


def _pattern(answer: str, place: int) -> str:
    """Return the answer with one character shown, and with the marks within it."""
    places = [at for at, letter in enumerate(answer) if letter.isalnum()]
    hidden = set(places) - {places[place % len(places)]}
    return "".join("＿" if at in hidden else letter for at, letter in enumerate(answer))
