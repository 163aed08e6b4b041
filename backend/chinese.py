"""What two Chinese texts have in common however they were typed: written, or by their sound. Pure.

Full and half width, small and capital letters, traditional and simplified characters, spaces and
punctuation make no difference.
"""

import unicodedata
from functools import cache, lru_cache
from types import ModuleType


@cache
def _dictionaries() -> ModuleType:
    """Return the dictionaries: they take a second to read, which no command should wait for."""
    from backend import dictionaries  # noqa: PLC0415

    return dictionaries


@lru_cache(maxsize=8192)
def _simplified(character: str) -> str:
    return str(_dictionaries().simplified(character))


def folded(text: str) -> str:
    """Return a text in half width and small letters."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def normalised(text: str) -> str:
    """Return what two texts have in common when a person would call them the same."""
    letters = (letter for letter in folded(text) if letter.isalnum())
    return "".join(_simplified(letter) for letter in letters)


@lru_cache(maxsize=1024)
def syllables(text: str) -> tuple[str, ...]:
    """Return how a text is read, without tones; Latin words stay as they are."""
    return tuple(_dictionaries().syllables(text))


@lru_cache(maxsize=8192)
def readings(character: str) -> frozenset[str]:
    """Return all ways in which one character can be read."""
    return frozenset(_dictionaries().readings(character))


def without_tones(text: str) -> str:
    """Return pinyin with tone marks as plain letters; ü is written v, as phones do."""
    text = unicodedata.normalize("NFD", unicodedata.normalize("NFC", text))
    text = text.replace("u\u0308", "v")
    return "".join(letter for letter in text if not unicodedata.combining(letter))
