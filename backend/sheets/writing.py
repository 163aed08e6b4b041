"""Writes .xlsx files that need no further editing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from backend.sheets.workbook import GUIDE_TITLE, NOTES_TITLE

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Moments are local times of the centre without a zone, because Excel has none.
Value = str | int | float | date | datetime | None


@dataclass(frozen=True)
class Column:
    """A column of a file that is written: its header, and its width in characters (汉字 count two)."""

    name: str
    width: int = 12


@dataclass(frozen=True)
class Worksheet:
    """A worksheet: its title, its columns and its rows."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Value]]


def write_sheet(title: str, columns: Sequence[Column], rows: Iterable[Sequence[Value]]) -> bytes:
    """Write an .xlsx file of one sheet, see `write_book`."""
    return write_book([Worksheet(title, columns, rows)])


def write_template(sheet: Worksheet, guide: Sequence[str]) -> bytes:
    """Write an .xlsx file to fill in; a second worksheet says how."""
    return _written([sheet], GUIDE_TITLE, guide)


def write_book(sheets: Iterable[Worksheet], notes: Sequence[str] = ()) -> bytes:
    """Write an .xlsx file of worksheets with frozen header rows; `notes` explain them in a last one.

    A text that begins with `=`, `+`, `-` or `@` is never written as a formula.
    """
    return _written(sheets, NOTES_TITLE, notes)


def _written(sheets: Iterable[Worksheet], title: str, notes: Sequence[str]) -> bytes:
    # Imported here, because openpyxl takes 8 MB and a tenth of a second, and most processes write
    # no file.
    from backend.sheets.excel import written  # noqa: PLC0415

    return written(sheets, title, notes)
