"""The cells of an .xlsx file as texts; a file that is broken, or a trap, is refused."""

import io
import re
import warnings
import zipfile
import zlib
from datetime import date, datetime, time
from typing import IO, Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from backend.sheets.errors import BadSheet
from backend.sheets.text import clean

MAX_UNPACKED_BYTES = 60_000_000
MAX_PARTS = 500
MAX_TAGS_OF_PART = 2_000_000
CHUNK_BYTES = 1_000_000
EXCEL_LAST_ROW = 1_048_576

_ONLY_ZEROS = re.compile("0+")
# What openpyxl lets through when a workbook is not what it claims to be.
_BROKEN_WORKBOOK = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    ParseError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    OverflowError,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    zlib.error,
    InvalidFileException,
)


def workbook_rows(data: bytes, max_rows: int, max_columns: int) -> list[tuple[int, list[str]]]:
    """Return (row number, texts) of the first visible worksheet's rows that are not empty.

    Stops one row after `max_rows`. Raises `BadSheet`.
    """
    # openpyxl warns of every feature that it will not keep; we keep none.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            _check_archive(data)
            workbook = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            try:
                return _worksheet_rows(workbook, max_rows, max_columns)
            finally:
                workbook.close()
        except _BROKEN_WORKBOOK:
            raise _broken_workbook() from None


def _broken_workbook() -> BadSheet:
    return BadSheet(
        "这个 Excel 文件已损坏或不是工作簿，请在 Excel 里另存为 .xlsx 再试。",
        "This Excel file is broken or no workbook; save it again as .xlsx.",
    )


def _check_archive(data: bytes) -> None:
    """Refuse XML that declares entities, and a zip bomb, before any of it is parsed.

    Bytes alone do not tell: a few kilobytes can unpack to millions of empty cells, each of which
    costs the parser a hundred times its own size.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
            raise _too_much()
        for part in parts:
            with archive.open(part) as opened:
                _check_part(opened)


def _check_part(opened: IO[bytes]) -> None:
    chunk = opened.read(CHUNK_BYTES)
    if b"<!DOCTYPE" in chunk:
        raise _broken_workbook()
    tags = 0
    while chunk:
        tags += chunk.count(b"<")
        if tags > MAX_TAGS_OF_PART:
            raise _too_much()
        chunk = opened.read(CHUNK_BYTES)


def _too_much() -> BadSheet:
    return BadSheet("这个 Excel 文件展开后太大。", "This Excel file unpacks to too much.")


def _worksheet_rows(workbook: Any, max_rows: int, max_columns: int) -> list[tuple[int, list[str]]]:
    visible = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
    if not visible:
        raise _broken_workbook()
    # The size that a file states is often wrong, and rows beyond Excel's last one are no rows.
    visible[0].reset_dimensions()
    rows = []
    previous = None
    cells_by_row = visible[0].iter_rows(max_row=EXCEL_LAST_ROW, max_col=max_columns)
    for number, cells in enumerate(cells_by_row, 1):
        # A gap of many rows is one tuple, again and again: look at it once.
        if cells is not previous and any(cell.value is not None for cell in cells):
            rows.append((number, [_cell_text(cell) for cell in cells]))
        previous = cells
        if len(rows) > max_rows:
            break
    return rows


def _cell_text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return _number_text(value, cell.number_format)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    return clean(str(value))


def _number_text(value: float, number_format: str) -> str:
    """Write a number as the person sees it: whole where it is whole, zeros in front kept."""
    text = f"{value:.15g}" if isinstance(value, float) else str(value)
    if "e" in text and float(value).is_integer():
        text = str(int(value))
    return text.zfill(len(number_format)) if _ONLY_ZEROS.fullmatch(number_format) else text
