"""Chinese texts are compared however they were typed."""

import pytest

from backend.chinese import is_simplified, normalised, syllables, without_tones


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("周年快樂", "周年快乐"),
        (" 周 年，快 乐！！", "周年快乐"),
        ("ＬＩＮＫＡ　２０２６", "linka2026"),
        ("Linka-2026", "linka2026"),
        ("①②", "12"),
        ("😀！？", ""),
        ("", ""),
        ("笨\u3164蛋", "笨蛋"),
        ("周\u202d年\u202c快\u2800乐", "周年快乐"),
        ("\u115f\uffa0", ""),
        ("乾隆", "干隆"),
        ("看著", "看着"),
        ("藉口", "借口"),
    ],
)
def test_typed_otherwise_is_the_same(typed: str, meant: str) -> None:
    assert normalised(typed) == meant


def test_sound_has_no_tones() -> None:
    assert syllables("美多") == ("mei", "duo")
    assert without_tones("měi duō lǜ") == "mei duo lv"


@pytest.mark.parametrize(
    ("word", "sound"),
    [
        ("乾隆", "qian long"),
        ("乾坤", "qian kun"),
        ("瞭望塔", "liao wang ta"),
        ("文徵明", "wen zheng ming"),
        ("钱锺书", "qian zhong shu"),
        ("干净", "gan jing"),
    ],
)
def test_simplified_word_is_read_as_it_is_written(word: str, sound: str) -> None:
    assert is_simplified(word)
    assert " ".join(syllables(word)) == sound


@pytest.mark.parametrize(
    ("word", "sound"),
    [
        ("乾淨", "gan jing"),
        ("餅乾", "bing gan"),
        ("頭髮", "tou fa"),
        ("乾隆皇帝萬歲", "qian long huang di wan sui"),
    ],
)
def test_traditional_word_is_read_as_the_simplified_one(word: str, sound: str) -> None:
    assert not is_simplified(word)
    assert " ".join(syllables(word)) == sound
