"""How a reply is compared with a word, and the state of a word at each moment."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.activities.keywords import rules
from backend.activities.keywords.rules import WordFacts

SECOND = 1000


def facts(**changes: object) -> WordFacts:
    """Return a word of two places that was opened at 0 for ten seconds."""
    usual = {
        "opened_at": 0,
        "closed_at": None,
        "seconds": 10,
        "places": 2,
        "decoy": False,
        "taken": 0,
    }
    return WordFacts(**{**usual, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("reply", "matches"),
    [
        ("周年快乐", True),
        ("周年快樂", True),
        (" 周 年 快 乐 ！", True),
        ("【周年快乐】", True),
        ("周年 Linka", False),
        ("周年", False),
        ("周年快乐快乐", False),
        ("ｌｉｎｋａ　２０", True),
        ("LINKA-20", True),
        ("zhouniankuaile", True),
        ("Zhōu Nián Kuài Lè", True),
        ("zhou nian kuai", False),
        ("洲年快乐", False),
        ("周年\u3164快乐", True),
        ("\u202d周年快乐\u202c", True),
        ("", False),
        ("\u3164", False),
        ("！！！", False),
    ],
)
def test_reply_is_compared_as_a_person_would(reply: str, matches: bool) -> None:
    keys = rules.spellings("周年快乐", ["Linka20"], pinyin=True)
    assert any(heard in keys for heard in rules.heard(reply)) is matches


def test_pinyin_counts_only_where_it_is_wanted() -> None:
    keys = rules.spellings("周年快乐", [], pinyin=False)
    assert keys == ["周年快乐"]


def test_pinyin_is_that_of_the_word_as_written() -> None:
    assert rules.spellings("乾隆", ["頭髮"], pinyin=True) == ["干隆", "头发", "qianlong", "toufa"]


def test_word_without_a_letter_cannot_be_written() -> None:
    assert rules.spellings("？！", ["🎉", "\u3164"], pinyin=True) == []


@pytest.mark.parametrize(
    ("word", "now", "expected"),
    [
        (facts(opened_at=None), 5 * SECOND, rules.PREPARED),
        (facts(), 0, rules.OPEN),
        (facts(), 10 * SECOND - 1, rules.OPEN),
        (facts(), 10 * SECOND, rules.OVER),
        (facts(closed_at=3 * SECOND), 2 * SECOND, rules.OVER),
        (facts(taken=1), SECOND, rules.OPEN),
        (facts(taken=2), SECOND, rules.GONE),
        (facts(taken=2), 10 * SECOND, rules.GONE),
        (facts(taken=99, decoy=True), SECOND, rules.OPEN),
    ],
)
def test_state_follows_from_facts_and_the_moment(word: WordFacts, now: int, expected: str) -> None:
    assert rules.state(word, [], now) == expected


@given(paused=st.integers(0, 60_000), used=st.integers(0, 9_999))
def test_pause_puts_the_end_off(paused: int, used: int) -> None:
    pauses = [[used, used + paused]]
    assert rules.left_ms(facts(), pauses, used + paused) == 10 * SECOND - used
    assert rules.state(facts(), pauses, 10 * SECOND + paused) == rules.OVER


@pytest.mark.parametrize(
    ("word", "hits", "most", "expected"),
    [
        (facts(), 0, 1, rules.HIT),
        (facts(), 0, None, rules.HIT),
        (facts(taken=1), 0, 1, rules.HIT),
        (facts(taken=2), 0, 1, rules.PLACES_GONE),
        (facts(), 1, 1, rules.ENOUGH),
        (facts(), 7, None, rules.HIT),
        (facts(decoy=True), 1, 1, rules.DECOY),
        (facts(closed_at=0), 0, 1, rules.TOO_LATE),
        (facts(opened_at=None), 0, 1, rules.WRONG),
    ],
)
def test_first_reply_of_a_word(word: WordFacts, hits: int, most: int | None, expected: str) -> None:
    assert rules.outcome(word, hits, most, [], SECOND) == expected
