"""Compares Chinese texts by their characters or their sound, however they were typed. Pure.

Full and half width, small and capital letters, traditional and simplified characters, spaces,
punctuation and invisible characters make no difference.
"""

import unicodedata
from functools import cache, lru_cache
from types import ModuleType

from backend.visible import bare

# Characters of simplified writing that a conversion would change, because they are traditional ones
# for something else or variants that only names have: those of 通用规范汉字表 and of GB 2312.
_STANDARD = frozenset("乾瞭徵夥麽於锺钜馀昇祕陞甦脩蒐釐氾扞吒拚捱摺劄榘渖甯菸薹谘醣醯镟麴麹薳爇")

# Traditional writing has one character where simplified writing has two, depending on the word.
_BY_WORD = {"著": "着", "藉": "借"}


@cache
def _dictionaries() -> ModuleType:
    """Return the dictionaries, loaded at the first call, because loading takes a second."""
    from backend import dictionaries  # noqa: PLC0415

    return dictionaries


@lru_cache(maxsize=8192)
def _simplified(character: str) -> str:
    return str(_dictionaries().simplified(character))


def folded(text: str) -> str:
    """Return a text in half width and small letters, without invisible characters."""
    text = unicodedata.normalize("NFKC", bare(text)).casefold()
    return unicodedata.normalize("NFKC", text)


def letters(text: str) -> str:
    """Return the letters and digits of a text, folded, in the characters in which it is written."""
    return "".join(letter for letter in folded(text) if letter.isalnum())


def normalised(text: str) -> str:
    """Return the form in which two texts are equal if a person would call them the same.

    Use it for comparing only: 乾隆 becomes 干隆. For the sound of a text pass its original form to
    `syllables`.
    """
    return "".join(_compared(letter) for letter in letters(text))


def _compared(letter: str) -> str:
    return _BY_WORD.get(letter) or _simplified(letter)


def is_simplified(text: str) -> bool:
    """Say whether no character of a text is only traditional: 乾隆 and 钱锺书 are simplified."""
    return all(_is_simplified(character) for character in text)


def _is_simplified(character: str) -> bool:
    return character in _STANDARD or _simplified(character) == character


@lru_cache(maxsize=1024)
def syllables(text: str) -> tuple[str, ...]:
    """Return how a text is read, without tones; Latin words stay as they are.

    Pass the text as it is written, not normalised. A text with traditional characters is simplified
    word by word first: 乾淨 is read as 干净, and 乾隆 as itself.
    """
    if not is_simplified(text):
        text = _dictionaries().simplified(text)
    return tuple(_dictionaries().syllables(text))


@lru_cache(maxsize=1024)
def zhuyin(text: str) -> tuple[str, ...]:
    """Return how a text is read in Zhuyin (ㄕㄢ), without tones; pass it as for `syllables`."""
    if not is_simplified(text):
        text = _dictionaries().simplified(text)
    read = (zhuyin_letters(syllable) for syllable in _dictionaries().zhuyin(text))
    return tuple(syllable for syllable in read if syllable)


def zhuyin_letters(text: str) -> str:
    """Return the letters of Zhuyin in a text."""
    return "".join(letter for letter in text if "\u3105" <= letter <= "\u312f")


@lru_cache(maxsize=8192)
def readings(character: str) -> frozenset[str]:
    """Return all ways in which one character can be read, as it is written and simplified."""
    written, simplified = character, _simplified(character)
    return frozenset(_dictionaries().readings(written) + _dictionaries().readings(simplified))


def without_tones(text: str) -> str:
    """Return pinyin with tone marks as plain letters; ü is written v, as phones do."""
    text = unicodedata.normalize("NFD", unicodedata.normalize("NFC", text))
    text = text.replace("u\u0308", "v")
    return "".join(letter for letter in text if not unicodedata.combining(letter))
