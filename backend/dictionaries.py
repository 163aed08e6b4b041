"""Conversion and pronunciation of Chinese. Importing this module loads dictionaries, which takes
about a second."""

import warnings

import zhconv
from pypinyin import Style, lazy_pinyin, pinyin

# zhconv reads its dictionary at the first conversion and does not close the file, which causes a
# ResourceWarning. The first conversion is made here, with the warning ignored.
with warnings.catch_warnings():
    warnings.simplefilter("ignore", ResourceWarning)
    zhconv.convert("漢", "zh-hans")


def simplified(text: str) -> str:
    """Return a text in simplified writing, word by word: 乾淨 becomes 干净, 乾隆 stays."""
    return str(zhconv.convert(text, "zh-hans"))


def syllables(text: str) -> list[str]:
    """Return how a text is read, without tones; Latin words stay as they are."""
    return list(lazy_pinyin(text))


def zhuyin(text: str) -> list[str]:
    """Return how a text is read in Zhuyin, the Bopomofo of Taiwan, with tone marks."""
    return list(lazy_pinyin(text, style=Style.BOPOMOFO))


def readings(character: str) -> list[str]:
    """Return all ways in which one character can be read."""
    return list(pinyin(character, style=Style.NORMAL, heteronym=True)[0])
