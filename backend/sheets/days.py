"""Reads days and times in the forms in which Excel and people write them."""

import re
from datetime import date, time, timedelta

from backend.errors import Sentence

# A weekday or a time may follow.
_DATE = re.compile(
    r"(\d{4})(?:[-/.]|年)(\d{1,2})(?:[-/.]|月)(\d{1,2})日?"
    r"(?:[ T]*(?:星期|周)[一二三四五六日天])?(?:[ T]*\d{1,2}[:时]\d\d(?:[:分](?:\d\d秒?)?)?)?"
    r"|(\d{4})(\d\d)(\d\d)"
)
# A year that has every day.
_LEAP_YEAR = 2000
_WITHOUT_YEAR = re.compile(r"\d{1,2}(?:[-/.]|月)\d{1,2}[日号]?")
_WITHOUT_DAY = re.compile(r"\d{4}(?:[-/.]|年)\d{1,2}月?")
# How Excel keeps a day, and shows one in a cell that is no date: days since the end of 1899.
_SERIAL = re.compile(r"[2-7]\d{4}")
_DAY_ZERO = date(1899, 12, 30)
_TIME = re.compile(r"(\d{1,2})(?::(\d\d)(?::\d\d)?|[点时](?:(\d{1,2})分?)?)")


def day_of(text: str) -> str | None:
    """Return a day as YYYY-MM-DD; None if the text, in half width, is no day."""
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    year, month, day = (int(part) for part in found.groups() if part)
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def birthday_of(text: str) -> str | None:
    """Return month and day as MM-DD, of a day with or without a year; None if the text, in half
    width, is neither."""
    day = day_of(text) or day_of(f"{_LEAP_YEAR}-{text.replace('号', '日')}")
    return day and day[len("YYYY-") :]


def is_without_year(text: str) -> bool:
    """Say whether a text, in half width, is a day without its year."""
    return _WITHOUT_YEAR.fullmatch(text) is not None


def not_a_day(text: str) -> Sentence:
    """Return the message for a text that is no day; that for a number says which day Excel means."""
    if _SERIAL.fullmatch(text):
        day = (_DAY_ZERO + timedelta(days=int(text))).isoformat()
        return Sentence(
            f"“{text}”是日期在 Excel 里的序号，应该是 {day}；请把单元格改成日期格式，或写成 {day}",
            f"“{text}” is the serial number of a date in Excel, probably {day}; "
            f"format the cell as a date, or write {day}",
        )
    if _WITHOUT_YEAR.fullmatch(text):
        reason = Sentence("没有写年份", "has no year")
    elif _WITHOUT_DAY.fullmatch(text):
        reason = Sentence("没有写哪一天", "has no day")
    else:
        reason = Sentence("不是日期", "is not a date")
    return Sentence(
        f"“{text}”{reason.zh}，请写成 2026-12-31 这样",
        f"“{text}” {reason.en}; write it like 2026-12-31",
    )


def time_of(text: str) -> str | None:
    """Return a time as HH:MM; None if the text, in half width, is no time."""
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    try:
        return f"{time(int(found[1]), int(found[2] or found[3] or 0)):%H:%M}"
    except ValueError:
        return None


def not_a_time(text: str) -> Sentence:
    """Return the message for a text that is no time."""
    return Sentence(
        f"“{text}”不是时间，请写成 07:30 这样", f"“{text}” is not a time; write it like 07:30"
    )
