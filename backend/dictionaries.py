"""Conversion and pronunciation of Chinese. Importing this module loads dictionaries, which takes
about a second."""

import os
import sys
import warnings

# zhconv finds its file without setuptools' pkg_resources, whose import takes 0.2 s, if it is missing.
sys.modules["pkg_resources"] = None  # type: ignore[assignment]
import zhconv  # noqa: E402

del sys.modules["pkg_resources"]

# pypinyin reads it when it is imported, and then keeps no second copy of its dictionaries.
os.environ["PYPINYIN_NO_DICT_COPY"] = "1"

from pypinyin import Style, lazy_pinyin, pinyin  # noqa: E402
from pypinyin.constants import PHRASES_DICT  # noqa: E402

# zhconv reads its dictionary at the first conversion and does not close the file, which causes a
# ResourceWarning. The first conversion is made here, with the warning ignored.
with warnings.catch_warnings():
    warnings.simplefilter("ignore", ResourceWarning)
    zhconv.convert("漢", "zh-hans")


def _share_readings() -> None:
    """Let the phrases share equal readings of their characters, which takes half of the memory.

    pypinyin keeps a list of its own for each character of 47,000 phrases. It copies what it finds
    there before it changes anything.
    """
    known: dict[tuple[str, ...], list[str]] = {}
    for phrase, characters in PHRASES_DICT.items():
        PHRASES_DICT[phrase] = [known.setdefault(tuple(one), one) for one in characters]


_share_readings()


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
