"""Invisible characters: which they are, and how a text looks without them."""

import sys
import unicodedata

import pytest

from backend.visible import DEFAULT_IGNORABLE, bare, half_width, longest_form, shown

# What Unicode has under these names, in versions 14.0 to 17.0.
CHARACTERS_IN_DEFAULT_IGNORABLE = 4174
BIDI_CONTROL = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
HANGUL_FILLERS = "\u115f\u1160\u3164\uffa0"
OTHERS = "\u00ad\u034f\u17b4\u180b\u180e\u200b\u2060\u2800\ufe0f\ufeff\ufff9\U000e0041\U000e0100"
# Format characters that are drawn: signs over numbers and verses.
DRAWN = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"

EVERY_CHARACTER = [chr(number) for number in range(sys.maxunicode + 1)]


def test_list_has_as_many_characters_as_unicode_says() -> None:
    numbers = [number for first, last in DEFAULT_IGNORABLE for number in range(first, last + 1)]
    assert len(numbers) == len(set(numbers)) == CHARACTERS_IN_DEFAULT_IGNORABLE


@pytest.mark.parametrize("text", [BIDI_CONTROL, HANGUL_FILLERS, OTHERS])
def test_what_is_invisible_is_dropped(text: str) -> None:
    for character in text:
        assert (bare(f"山{character}峰"), shown(f"山{character}峰")) == ("山峰", "山峰"), ascii(
            text
        )


def test_every_format_character_and_every_control_character_is_in_the_list() -> None:
    kept = [one for one in EVERY_CHARACTER if unicodedata.category(one) in ("Cf", "Cc", "Cs")]
    assert "".join(filter(bare, kept)) == "\t\n" + DRAWN


def test_folding_to_half_width_makes_no_invisible_character() -> None:
    for character in filter(bare, EVERY_CHARACTER):
        folded = unicodedata.normalize("NFKC", character)
        assert bare(folded) == folded, ascii(character)


@pytest.mark.parametrize(
    "text",
    ["", " ", "\u3000", "\u202e\ufeff", "\u3164", "\u2800\u2800", "\u200d", "\ufe0f", "\ud800"],
)
def test_text_with_nothing_visible_is_empty(text: str) -> None:
    assert shown(text) == half_width(text) == ""


@pytest.mark.parametrize(
    "emoji",
    [
        "👨\u200d👩\u200d👧",
        "🏳\ufe0f\u200d🌈",
        "👩🏽\u200d🚒",
        "🤷\u200d♂\ufe0f",
        "❤\ufe0f",
        "1\ufe0f\u20e3",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "🇨🇳",
    ],
)
def test_emoji_is_shown_whole(emoji: str) -> None:
    assert shown(f"好\u200b{emoji}的") == f"好{emoji}的"
    assert bare(emoji) == bare(bare(emoji)) != ""


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("山\u200d峰", "山峰"),
        ("👍\u200d", "👍"),
        ("\u200d👍", "👍"),
        ("👍\ufe0f\ufe0f", "👍\ufe0f"),
        ("山\ufe0f", "山"),
        ("🏴\U000e0067\U000e0062", "🏴"),
        ("👍\U000e0067\U000e0062\U000e0065\U000e007f", "👍"),
        ("\u202e敏陈\u202c", "敏陈"),
        ("上\r\n中\u2028下\r末", "上\n中\n下\n末"),
        ("a\x00b\x0bc\x85d\ud800", "abc\nd"),
        (" \u200b 两端 \ufeff ", "两端"),
    ],
)
def test_what_holds_no_emoji_together_goes(text: str, left: str) -> None:
    assert shown(text) == left


def test_limit_counts_what_a_sign_unfolds_into() -> None:
    assert len(longest_form("\ufdfa")) == 18
    assert len(longest_form("e\u0301")) == 2
    assert len(longest_form("周年快乐")) == 4
