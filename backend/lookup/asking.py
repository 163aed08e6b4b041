"""Finds out what a text asks for: which table, which day, which meal. Pure, except that
dictionaries are loaded for the sound of Chinese.

A word is found by its characters, by its sound (班車, banche and 搬车 are 班车), and otherwise by
its sound with a typing error.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from rapidfuzz import fuzz

from backend.chinese import folded, normalised, syllables, without_tones
from backend.lookup.models import BUSES, CANTEEN, SHIFTS

TOPICS = {
    BUSES: ("班车", "通勤车", "接送车", "下一班", "末班车", "首班车", "几点发车"),
    SHIFTS: (
        "班表",
        "排班",
        "班次",
        "上什么班",
        "我的班",
        "几点上班",
        "几点下班",
        "谁在班",
        "值班",
    ),
    CANTEEN: ("饭堂", "食堂", "吃什么", "吃啥", "菜单", "菜谱", "伙食"),
}
MEALS = {
    "早餐": ("早餐", "早饭", "早点", "早上吃"),
    "午餐": ("午餐", "午饭", "中餐", "中饭", "中午吃"),
    "晚餐": ("晚餐", "晚饭", "晚上吃", "今晚吃", "明晚吃"),
    "夜宵": ("夜宵", "宵夜"),
}
_NEXT = ("下一班", "下班车", "最近一班", "现在几点有车")
_ON_DUTY = ("谁在班", "谁上班", "谁值班", "在岗", "值班")
_WEEK = ("这周", "本周", "这个星期", "一周", "七天")
# Longer words first, because 大后天 contains 后天.
_DAYS = {
    "大后天": 3,
    "后天": 2,
    "明天": 1,
    "明日": 1,
    "明早": 1,
    "明晚": 1,
    "昨天": -1,
    "今天": 0,
    "今日": 0,
}
_TODAY = ("今晚", "今早", "现在", "当前")
_FILLERS = (
    *("请问一下", "请问", "我想问", "我想知道", "我想查", "我要查", "查一下", "帮我查", "麻烦"),
    *(
        "怎么办理",
        "怎么办",
        "怎么弄",
        "怎么",
        "怎样",
        "如何",
        "在哪里",
        "在哪儿",
        "在哪",
        "需要什么",
    ),
    *("是多少", "多少", "是什么", "有哪些", "吗", "呢", "呀", "啊", "的"),
)
# What texts about buses say besides the stop: anywhere in the text, before the stop, after it, and
# in its place.
_ABOUT_BUSES = (
    *(
        "下一班车",
        "下一趟车",
        "下一趟",
        "最近一班车",
        "最后一班车",
        "最后一班",
        "最晚",
        "最近",
        "马上",
    ),
    *(
        "还有多久",
        "还有",
        "多久",
        "什么时候",
        "时刻表",
        "有没有",
        "几分钟",
        "几点钟",
        "几点",
        "几时",
    ),
    *("发车", "出发", "早上", "上午", "中午", "下午", "晚上", "我们", "可以"),
)
_TOWARDS = ("从", "到", "去", "往")
_BEFORE_PLACES = (*_TOWARDS, "在", "坐", "乘", "等", "有", "是", "我", "要", "想")
_AFTER_PLACES = (*_TOWARDS, "上车", "坐", "有", "是", "开", "走", "来", "了", "没")
_NO_PLACES = ("车站", "站点")
# A shorter sound is part of too many others.
LEAST_SOUND = 5
SHORTEST_PLACE = 2
# In percent: one wrong letter out of six.
TYPING_ERROR = 83

_WEEKDAY = re.compile("(下个?)?(?:周|星期|礼拜)([一二三四五六日天1-7])")
_DATE = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})[日号]?")
# 1 号线 and 3 号门 are no days.
_DAY_OF_MONTH = re.compile(r"(\d{1,2})[日号](?![线楼门厅院])")
_WRITTEN_DATE = re.compile(r"(?:(\d{4})[-/.])?(\d{1,2})[-/.](\d{1,2})")


@dataclass(frozen=True)
class Phrase:
    """A text in the form in which it is compared: its characters without question words, and its
    sound.
    """

    text: str
    sound: str


@dataclass(frozen=True)
class AskedText:
    """What a text asks for.

    `day` is None if no day is named; `no_such_day` is a date that no calendar has, as it was written
    (2月30日). `is_week` asks for seven days.
    """

    phrase: Phrase
    topics: tuple[str, ...]
    day: date | None
    meal: str | None
    is_week: bool
    is_next: bool
    is_on_duty: bool
    no_such_day: str = ""


def phrase(text: str) -> Phrase:
    """Return a text as it is compared."""
    compared = normalised(text)
    for filler in _FILLERS:
        compared = compared.replace(filler, "")
    return Phrase(compared or normalised(text), sound(compared or text))


def sound(text: str) -> str:
    """Return the pronunciation of a text, in small letters without tones and spaces."""
    return "".join(
        letter for letter in without_tones("".join(syllables(text))).casefold() if letter.isalnum()
    )


def holds(asked: Phrase, word: str) -> bool:
    """Return whether a text contains a word, by its characters or by its sound."""
    compared, read = _compared(word)
    return compared in asked.text or (len(read) >= LEAST_SOUND and read in asked.sound)


def ask(text: str, today: date) -> AskedText:
    """Return what a text asks for on a business day of the centre."""
    asked = phrase(text)
    topics = [topic for topic, words in TOPICS.items() if _any(asked, words)]
    meal = _first(asked, MEALS)
    if meal and CANTEEN not in topics:
        topics.append(CANTEEN)
    if not topics:
        topics = [topic for topic, words in TOPICS.items() if _nearly(asked, words)]
    return AskedText(
        phrase=asked,
        topics=tuple(topics),
        day=_day(text, asked, today),
        meal=meal,
        is_week=_any(asked, _WEEK),
        is_next=_any(asked, _NEXT),
        is_on_duty=_any(asked, _ON_DUTY),
        no_such_day=_no_such_day(text, today),
    )


def place_of(asked: Phrase, is_next: bool) -> str:
    """Return what a text about buses names as its stop; empty if it names none.

    Texts about the next bus name it in any place, others after a word such as 从 or 去.
    """
    if not is_next and not any(word in asked.text for word in _TOWARDS):
        return ""
    words = [*_ABOUT_BUSES, *_NEXT, *TOPICS[BUSES], *_DAYS, *_WEEK, *_TODAY]
    left = _WEEKDAY.sub("", _DATE.sub("", asked.text))
    for word in sorted(words, key=len, reverse=True):
        left = left.replace(_compared(word)[0], "")
        if left.isascii() and len(_compared(word)[1]) >= LEAST_SOUND:
            left = left.replace(_compared(word)[1], "")
    before = None
    while left != before:
        before = left
        for word in _BEFORE_PLACES:
            left = left.removeprefix(word)
        for word in _AFTER_PLACES:
            left = left.removesuffix(word)
    return "" if len(left) < SHORTEST_PLACE or left in _NO_PLACES or left.isdigit() else left


@lru_cache(maxsize=4096)
def _compared(word: str) -> tuple[str, str]:
    return normalised(word), sound(word)


def _any(asked: Phrase, words: Iterable[str]) -> bool:
    return any(holds(asked, word) for word in words)


def _first(asked: Phrase, names: Mapping[str, Iterable[str]]) -> str | None:
    return next((name for name, words in names.items() if _any(asked, words)), None)


def _nearly(asked: Phrase, words: Iterable[str]) -> bool:
    """Return whether a text in pinyin is one of the words with a typing error."""
    if not asked.text.isascii() or len(asked.sound) < LEAST_SOUND:
        return False
    reads = (_compared(word)[1] for word in words)
    return any(
        len(read) > LEAST_SOUND and fuzz.ratio(read, asked.sound) >= TYPING_ERROR for read in reads
    )


def _written_date(text: str) -> re.Match[str] | None:
    written = folded(text).replace(" ", "")
    return _DATE.search(written) or _WRITTEN_DATE.search(written)


def _no_such_day(text: str, today: date) -> str:
    found = _written_date(text)
    if found and _of_date(found[1], int(found[2]), int(found[3]), today) is None:
        return found[0]
    return ""


def _day(text: str, asked: Phrase, today: date) -> date | None:
    written = folded(text).replace(" ", "")
    found = _written_date(text)
    if found:
        return _of_date(found[1], int(found[2]), int(found[3]), today)
    found = _WEEKDAY.search(normalised(text))
    if found:
        return _of_weekday(found[2], bool(found[1]), today)
    found = _DAY_OF_MONTH.search(written)
    if found:
        return _of_month(int(found[1]), today)
    for word, days in _DAYS.items():
        if holds(asked, word):
            return today + timedelta(days=days)
    return today if _any(asked, _TODAY) else None


def _of_date(year: str | None, month: int, day: int, today: date) -> date | None:
    """Return a date; without a year it is the one nearest to today."""
    years = [int(year)] if year else [today.year - 1, today.year, today.year + 1]
    found = [made for one in years if (made := _made(one, month, day))]
    return min(found, key=lambda one: abs(one - today), default=None)


def _of_month(day: int, today: date) -> date | None:
    """Return the day of this month, or of the next if it is past."""
    this = _made(today.year, today.month, day)
    if this is not None and this >= today:
        return this
    month = today.month % 12 + 1
    return _made(today.year + (month == 1), month, day)


def _of_weekday(name: str, is_next: bool, today: date) -> date:
    """Return the day of this week, from today on, or of the next week (下周三)."""
    number = "一二三四五六日".find(name.replace("天", "日")) + 1 or int(name)
    if is_next:
        return today + timedelta(days=7 - today.isoweekday() + number)
    return today + timedelta(days=(number - today.isoweekday()) % 7)


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
