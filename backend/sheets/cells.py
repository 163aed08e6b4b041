"""Reads the cells of one row as texts, numbers, days, times and 是 or 否, and collects their
errors.
"""

from backend.errors import Sentence
from backend.sheets.days import day_of, not_a_day, not_a_time, time_of
from backend.sheets.errors import EMPTY, RowError, too_long
from backend.sheets.reading import SheetRow
from backend.sheets.text import plain
from backend.visible import longest_form

_YES = frozenset(("是", "可以", "可", "对", "要", "√", "✓", "Y", "YES", "TRUE", "1"))
_NO = frozenset(("", "否", "不可以", "不可", "不是", "不", "×", "N", "NO", "FALSE", "0"))


class RowReader:
    """Reads a row; `errors` collects an error for each wrong cell."""

    def __init__(self, row: SheetRow) -> None:
        self.row = row
        self.errors: list[RowError] = []

    def wrong(self, column: str, message: Sentence) -> None:
        """Add an error."""
        self.errors.append(RowError(self.row.number, column, message))

    def text(self, column: str, most: int, *, required: bool = True) -> str:
        """Return a text; one of more than `most` characters is an error."""
        text = self.row[column]
        if required and not text:
            self.wrong(column, EMPTY)
        if len(longest_form(text)) > most:
            self.wrong(column, too_long(most))
        return text

    def number(self, column: str, low: int, high: int, *, required: bool = True) -> int | None:
        """Return a whole number within bounds; None for an empty or a wrong cell."""
        text = plain(self.row[column])
        if not text:
            if required:
                self.wrong(column, EMPTY)
            return None
        if text.isdecimal() and len(text) <= len(str(high)) and low <= int(text) <= high:
            return int(text)
        self.wrong(
            column,
            Sentence(
                f"“{text}”须为 {low}–{high} 的整数",
                f"“{text}” is not a whole number from {low} to {high}",
            ),
        )
        return None

    def yes(self, column: str) -> bool:
        """Return whether a cell says 是; an empty one counts as 否."""
        text = plain(self.row[column]).upper()
        if text not in _YES | _NO:
            self.wrong(column, Sentence(f"“{text}”须为 是 或 否", f"“{text}” is neither 是 nor 否"))
        return text in _YES

    def day(self, column: str, *, required: bool = True) -> str:
        """Return a day as YYYY-MM-DD; empty for an empty or a wrong cell."""
        text = plain(self.row[column])
        if not text:
            if required:
                self.wrong(column, EMPTY)
            return ""
        day = day_of(text)
        if day is None:
            self.wrong(column, not_a_day(text))
        return day or ""

    def time(self, column: str) -> str:
        """Return a time as HH:MM; empty for an empty or a wrong cell."""
        text = plain(self.row[column])
        time = time_of(text) if text else ""
        if time is None:
            self.wrong(column, not_a_time(text))
        return time or ""
