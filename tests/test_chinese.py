"""What two texts have in common however they were typed."""

import pytest

from backend.chinese import normalised, syllables, without_tones


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
    ],
)
def test_typed_otherwise_is_the_same(typed: str, meant: str) -> None:
    assert normalised(typed) == meant


def test_sound_has_no_tones() -> None:
    assert syllables("美多") == ("mei", "duo")
    assert without_tones("měi duō lǜ") == "mei duo lv"
