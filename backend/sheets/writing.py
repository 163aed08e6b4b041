"""Writing an .xlsx file that a person can hand on as it is."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from backend.sheets.text import clean

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMULA_STARTS = ("=", "+", "-", "@")
_TEXT_ALIGNMENT = Alignment(vertical="top", wrap_text=True)


@dataclass(frozen=True)
class Column:
    """A column of a file that is written: its header, and its width in characters (汉字 count two)."""

    name: str
    width: int = 12


def write_sheet(
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[str | int | float | date | None]],
    notes: Sequence[str] = (),
) -> bytes:
    """Write an .xlsx file with a frozen header row; `notes` become a second worksheet.

    Text stays text: a cell that begins with `=`, `+`, `-` or `@` is never a formula.
    """
    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet(title)
    sheet.freeze_panes = "A2"
    for at, column in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(at)].width = column.width
    sheet.append([_header_cell(sheet, column.name) for column in columns])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    if notes:
        _write_notes(workbook, notes)
    written = io.BytesIO()
    workbook.save(written)
    return written.getvalue()


def _header_cell(sheet: Any, name: str) -> Any:
    cell = WriteOnlyCell(sheet, name)
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="FFF2D9A0")
    cell.alignment = Alignment(horizontal="center", vertical="center")
    return cell


def _cell(sheet: Any, value: str | int | float | date | None) -> Any:
    if not isinstance(value, str):
        return value
    text = clean(value)
    if not text:
        return None
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    cell.number_format = "@"
    cell.alignment = _TEXT_ALIGNMENT
    if text.startswith(_FORMULA_STARTS):
        # The mark that Excel itself sets when a person types an apostrophe first.
        cell.quotePrefix = True
    return cell


def _write_notes(workbook: Any, notes: Sequence[str]) -> None:
    sheet = workbook.create_sheet("填写说明")
    sheet.column_dimensions["A"].width = 90
    for note in notes:
        sheet.append([_cell(sheet, note)])
