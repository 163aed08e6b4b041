"""Reads tables from Excel and CSV files, and writes Excel files.

Functions take and return bytes. The meaning of columns is left to the importers. The type of a file
is detected from its content, not from its name.
"""

from backend.sheets.errors import BadRows, BadSheet, RowError
from backend.sheets.reading import EACH_DAY, Sheet, SheetRow, days_of, read_sheet
from backend.sheets.text import clean, plain
from backend.sheets.writing import EXCEL, Column, write_sheet

__all__ = [
    "EACH_DAY",
    "EXCEL",
    "BadRows",
    "BadSheet",
    "Column",
    "SheetRow",
    "RowError",
    "Sheet",
    "clean",
    "days_of",
    "plain",
    "read_sheet",
    "write_sheet",
]
