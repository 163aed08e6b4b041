"""Conversion and pronunciation of Chinese. Importing this module loads dictionaries, which takes
0.3 s."""

import os
import sys
import warnings
from pathlib import Path

import orjson

from backend.phrases import Phrases

# zhconv finds its file without setuptools' pkg_resources, whose import takes 0.2 s, if it is missing.
sys.modules["pkg_resources"] = None  # type: ignore[assignment]
from zhconv import zhconv  # noqa: E402

del sys.modules["pkg_resources"]

# pypinyin reads both when it is imported. Its dictionary of phrases takes 40 MB; ours takes its place.
os.environ["PYPINYIN_NO_DICT_COPY"] = "1"
os.environ["PYPINYIN_NO_PHRASES"] = "1"

import pypinyin  # noqa: E402
from pypinyin import Style, converter, lazy_pinyin, pinyin  # noqa: E402
from pypinyin.constants import PINYIN_DICT  # noqa: E402
from pypinyin.seg import mmseg, simpleseg  # noqa: E402


class _Beginnings(mmseg.PrefixSet):
    """The beginnings of all phrases, by which pypinyin finds the phrases of a text."""

    def __init__(self, phrases: Phrases) -> None:
        self._phrases = phrases

    def __contains__(self, text: str) -> bool:
        return self._phrases.has_beginning(text)


def _use_packed_phrases() -> None:
    """Give pypinyin its dictionary of phrases in a form that takes less memory."""
    file = Path(pypinyin.__file__).with_name("phrases_dict.json")
    phrases = Phrases(orjson.loads(file.read_bytes()))
    for module in (converter, mmseg, simpleseg):
        vars(module)["PHRASES_DICT"] = phrases
    mmseg.seg = mmseg.Seg(_Beginnings(phrases), no_non_phrases=True)


def _share_readings() -> None:
    """Let characters that are read alike share one string."""
    known: dict[str, str] = {}
    for character, read in PINYIN_DICT.items():
        PINYIN_DICT[character] = known.setdefault(read, read)


def _load_simplifications() -> None:
    """Load zhconv's dictionaries, and keep the one that is used.

    zhconv loads them at the first conversion and does not close the file, which causes a
    ResourceWarning.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        zhconv.convert("漢", "zh-hans")
    zhconv.zhcdicts = {"zh2Hans": zhconv.zhcdicts["zh2Hans"]}


_use_packed_phrases()
_share_readings()
_load_simplifications()


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
