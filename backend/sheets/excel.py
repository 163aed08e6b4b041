"""Writes worksheets as an .xlsx file with openpyxl; see `backend.sheets.writing`."""

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from backend.sheets.text import clean
from backend.sheets.workbook import escaped
from backend.sheets.writing import Value, Worksheet

_FORMULA_STARTS = ("=", "+", "-", "@")
_TEXT_ALIGNMENT = Alignment(vertical="top", wrap_text=True)


def written(sheets: Iterable[Worksheet], title: str, notes: Sequence[str]) -> bytes:
    """Return an .xlsx file of worksheets, and of notes in a last one with this title, if any."""
    workbook = openpyxl.Workbook(write_only=True)
    for sheet in sheets:
        _write(workbook, sheet)
    if notes:
        _write_notes(workbook, title, notes)
    written = io.BytesIO()
    workbook.save(written)
    return written.getvalue()


def _write(workbook: Any, sheet: Worksheet) -> None:
    opened = workbook.create_sheet(sheet.title)
    opened.freeze_panes = "A2"
    for at, column in enumerate(sheet.columns, 1):
        opened.column_dimensions[get_column_letter(at)].width = column.width
    opened.append([_header_cell(opened, column.name) for column in sheet.columns])
    for row in sheet.rows:
        opened.append([_cell(opened, value) for value in row])


def _header_cell(sheet: Any, name: str) -> Any:
    cell = _text_cell(sheet, clean(name))
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="FFF2D9A0")
    cell.alignment = Alignment(horizontal="center", vertical="center")
    return cell


def _cell(sheet: Any, value: Value) -> Any:
    if isinstance(value, datetime):
        cell = WriteOnlyCell(sheet, value)
        cell.number_format = "yyyy-mm-dd hh:mm:ss"
        return cell
    if not isinstance(value, str):
        return value
    text = clean(value)
    if not text:
        return None
    cell = _text_cell(sheet, text)
    cell.alignment = _TEXT_ALIGNMENT
    return cell


def _text_cell(sheet: Any, text: str) -> Any:
    """Return a cell that no program interprets as a formula."""
    cell = WriteOnlyCell(sheet, escaped(text))
    cell.data_type = "s"
    cell.number_format = "@"
    if text.startswith(_FORMULA_STARTS):
        # The mark that Excel sets for a text typed with an apostrophe in front.
        cell.quotePrefix = True
    return cell


def _write_notes(workbook: Any, title: str, notes: Sequence[str]) -> None:
    sheet = workbook.create_sheet(title)
    sheet.column_dimensions["A"].width = 90
    for note in notes:
        sheet.append([_cell(sheet, note)])
