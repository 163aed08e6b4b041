"""What counts as guessed, what is close, and what gives an answer away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.activities.drawing.guessing import (
    EXACT,
    NEAR,
    WRONG,
    Hints,
    gives_away,
    hints,
    leaks,
    verdict,
)
from backend.chinese import normalised

TEXTS = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "Z"))
    | st.sampled_from("一苹果蘋漢雨羽"),
    max_size=12,
)
ANSWERS = st.text(st.sampled_from("苹果长颈鹿西瓜雨伞彩虹"), min_size=1, max_size=5)


@pytest.mark.parametrize(
    ("guess", "answer", "expected"),
    [
        ("长颈鹿", "长颈鹿", EXACT),
        ("長頸鹿", "长颈鹿", EXACT),
        (" 长 颈，鹿！", "长颈鹿", EXACT),
        ("ｗｉｆｉ", "WiFi", EXACT),
        ("Ｗｉ－Ｆｉ ６", "wifi6", EXACT),
        ("瓢虫", "蝴蝶", WRONG),
        ("平果", "苹果", NEAR),
        ("pingguo", "苹果", NEAR),
        ("水果", "苹果", NEAR),
        ("苹果树", "苹果", NEAR),
        ("大苹果", "苹果", NEAR),
        ("是不是苹果啊", "苹果", NEAR),
        ("长颈", "长颈鹿", NEAR),
        ("短颈鹿", "长颈鹿", NEAR),
        ("短尾鹿", "长颈鹿", WRONG),
        ("乔", "桥", NEAR),
        ("路", "桥", WRONG),
        ("大桥", "桥", NEAR),
        ("", "桥", WRONG),
        ("？！", "桥", WRONG),
        ("山\u3164峰", "山峰", EXACT),
        ("乾隆", "乾隆", EXACT),
        ("qianlong", "乾隆", NEAR),
        ("ganlong", "乾隆", WRONG),
        ("千龙", "乾隆", NEAR),
    ],
)
def test_verdict(guess: str, answer: str, expected: str) -> None:
    assert verdict(guess, answer) == expected


@pytest.mark.parametrize(
    "text",
    [
        "苹果",
        "就是苹 果呀",
        "苹。果",
        "蘋果",
        "平果",
        "萍国",
        "PING GUO",
        "ping2 guo3",
        "píng guǒ",
        "苹guo",
        "ｐｉｎｇｇｕｏ",
    ],
)
def test_answer_is_given_away(text: str) -> None:
    assert leaks(text, "苹果")


@pytest.mark.parametrize(
    "text", ["水果", "红红的，很好吃", "ping", "哈哈哈 666", "果子", "", "果苹"]
)
def test_other_words_give_nothing_away(text: str) -> None:
    assert not leaks(text, "苹果")


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("银杭", "银行"),
        ("山\u3164峰", "山峰"),
        ("乾\u202d隆", "乾隆"),
        ("qian long", "乾隆"),
        ("钱龙", "乾隆"),
        ("辽望塔", "瞭望塔"),
        ("lü se", "绿色"),
        ("lvse", "绿色"),
        ("WIFI", "WiFi"),
        ("喜安", "西安"),
    ],
)
def test_sounds_that_are_written_otherwise_give_it_away(text: str, answer: str) -> None:
    assert leaks(text, answer)


def test_sound_of_two_characters_is_not_that_of_one() -> None:
    assert not leaks("先来", "西安")


@pytest.mark.parametrize(
    ("answer", "initials"),
    [("乾隆", "QL"), ("瞭望塔", "LWT"), ("文徵明", "WZM"), ("钱锺书", "QZS")],
)
def test_initials_are_those_of_the_word_as_written(answer: str, initials: str) -> None:
    assert hints(answer, "人物", 0.5, 0).initials == initials


@given(TEXTS)
def test_normalising_again_changes_nothing(text: str) -> None:
    assert normalised(normalised(text)) == normalised(text)


@given(TEXTS)
def test_spaces_and_signs_make_no_difference(text: str) -> None:
    assert normalised("，".join(text) + " 。") == normalised(text)


@given(ANSWERS, st.sampled_from(["", "啊", "是不是", "…"]), st.sampled_from(["", " ", "。", "-"]))
def test_whatever_holds_the_answer_leaks_it(answer: str, around: str, between: str) -> None:
    assert leaks(around + between.join(answer) + around, answer)
    assert verdict(around + between.join(answer) + around, answer) in (EXACT, NEAR)


@given(TEXTS, ANSWERS)
def test_what_is_right_or_sounds_right_always_leaks(text: str, answer: str) -> None:
    if verdict(text, answer) == EXACT:
        assert leaks(text, answer)


# --- what those who know the word may not write


@pytest.mark.parametrize(
    "text",
    [
        "苹",
        "果",
        "水果",
        "果苹",
        "平",
        "国",
        "国平",
        "苹果",
        "平果",
        "ping",
        "guo!",
        "PG",
        "p-g",
        "guoping",
        "ouggnip",
        "pinguo",
        "pingguoo",
        "p1ngguo",
        "p!ng gu0",
        "\u0440ingguo",
        "ping2 guo3",
        "苹guo",
        "念ping哦",
        "首字母pg",
        "🇵🇮🇳🇬🇬🇺🇴",
        "🅟🅘🅝🅖",
        "🅿🅸🅽🅶🅶🆄🅾",
        "ᴘɪɴɢ",
        "ƥɨɲɠ",
        "ㄆㄧㄥˊ ㄍㄨㄛˇ",
        "ㄍㄨㄛ",
        "频锅",
        "贫过",
        "pignguo",
        "ppiinngguuoo",
        "piiiiingguooooo",
        "gnip oug",
    ],
)
def test_part_of_the_word_gives_it_away(text: str) -> None:
    assert gives_away(text, "苹果")


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("红红的，很好吃", "苹果"),
        ("哈哈哈 666", "苹果"),
        ("good", "苹果"),
        ("shopping", "苹果"),
        ("OK", "苹果"),
        ("haha", "哈密瓜"),
        ("是的", "钥匙"),
        ("", "苹果"),
        ("？！", "苹果"),
        ("666", "wifi6"),
        ("🇨🇳加油", "苹果"),
        ("ㄏㄏ", "苹果"),
        ("三个", "山峰"),
        ("nice", "骑车"),
        ("hhhhh", "苹果"),
    ],
)
def test_chat_gives_nothing_away(text: str, answer: str) -> None:
    assert not gives_away(text, answer)


def test_pinyin_that_gives_away_is_that_of_the_word_as_written() -> None:
    assert gives_away("qian", "乾隆")
    assert gives_away("qian1 l0ng", "乾隆")
    assert not gives_away("gan", "乾隆")


def test_pinyin_of_who_does_not_tell_sounds_apart_gives_away() -> None:
    assert gives_away("suesan", "雪山")
    assert gives_away("shanfenn", "山峰")


def test_near_miss_of_a_latin_word_gives_it_away() -> None:
    assert gives_away("wlfi", "WiFi")


@given(TEXTS, ANSWERS)
def test_what_leaks_or_is_near_always_gives_away(text: str, answer: str) -> None:
    if leaks(text, answer) or verdict(text, answer) != WRONG:
        assert gives_away(text, answer)


@given(ANSWERS)
def test_every_character_of_the_word_gives_it_away(answer: str) -> None:
    assert all(gives_away(character, answer) for character in answer)


# --- hints


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (0.0, Hints(3)),
        (0.25, Hints(3, "动物")),
        (0.5, Hints(3, "动物", "CJL")),
        (0.75, Hints(3, "动物", "CJL", "＿颈＿")),
        (1.0, Hints(3, "动物", "CJL", "＿颈＿")),
    ],
)
def test_hints_come_with_time(share: float, expected: Hints) -> None:
    assert hints("长颈鹿", "动物", share, 1) == expected


def test_answer_of_one_character_is_never_shown() -> None:
    assert hints("桥", "交通建筑", 1.0, 0) == Hints(1, "交通建筑", "Q")


@pytest.mark.parametrize(
    ("answer", "characters", "initials", "pattern"),
    [
        ("Wi-Fi", 4, "W", "＿i-＿＿"),
        ("4.5G", 3, "4", "＿.5＿"),
        ("5G 套餐", 4, "5TC", "＿G ＿＿"),
        ("买买提·阿里", 5, "MMTAL", "＿买＿·＿＿"),
    ],
)
def test_marks_within_an_answer_are_shown_and_not_counted(
    answer: str, characters: int, initials: str, pattern: str
) -> None:
    assert hints(answer, "业务", 1.0, 1) == Hints(characters, "业务", initials, pattern)


@given(ANSWERS, st.floats(0, 1), st.integers(0, 99))
def test_hints_never_hold_the_whole_answer(answer: str, share: float, place: int) -> None:
    given_hints = hints(answer, "动物", share, place)
    assert given_hints.pattern is None or (
        len(given_hints.pattern) == len(answer)
        and given_hints.pattern.count("＿") == len(answer) - 1
    )
