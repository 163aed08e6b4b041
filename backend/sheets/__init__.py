"""Tables that people keep: rows out of Excel and CSV files, and Excel files out of rows.

Bytes in, bytes out. Nothing here knows what the columns mean; the importers of the roster and of
the question banks do. What a file is, its content says: its name is never looked at.
"""

from backend.sheets.errors import BadRows, BadSheet, RowError
from backend.sheets.reading import Sheet, SheetRow, read_sheet
from backend.sheets.text import clean, plain
from backend.sheets.writing import EXCEL, Column, write_sheet

__all__ = [
    "EXCEL",
    "BadRows",
    "BadSheet",
    "Column",
    "SheetRow",
    "RowError",
    "Sheet",
    "clean",
    "plain",
    "read_sheet",
    "write_sheet",
]
