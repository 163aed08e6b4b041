"""Reads tables that hosts upload, and writes tables that they download, in a child process.

A table of some thousand rows takes seconds. Every request for one shares the child process for
`long` calls, and gives its database connection back while it waits.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from flask import Response

from backend.offload.steps import in_steps
from backend.sheets import EXCEL, Sheet, read_sheet
from backend.sheets.writing import Worksheet, write_book
from backend.web import current
from backend.web.downloads import download

Result = TypeVar("Result")


def read_apart(read: Callable[..., Result], *arguments: Any) -> Result:
    """Return what a function of a module reads from a file, called in a child process.

    Raises what it raises as a `LinkaError`, and what `OffloadProcess.run` raises.
    """
    current.database().release()
    return current.offload().long.run(read, *arguments)


def uploaded_sheet(files: Mapping[str, Any], columns: tuple[Sequence[str], Sequence[str]]) -> Sheet:
    """Return the table of an `ImportFile`; `columns` are the required and the optional ones.

    Raises what `read_sheet` and `OffloadProcess.run` raise.
    """
    return read_apart(read_sheet, files["file"].read(), *columns)


def excel(name: str, sheets: Iterable[Worksheet], notes: Sequence[str] = ()) -> Response:
    """Return an .xlsx file of worksheets to be kept under a name; see `write_book`.

    The rows are read here, in steps, and the file is written in a child process. Raises what
    `OffloadProcess.run` raises.
    """
    book = [replace(sheet, rows=list(in_steps(sheet.rows))) for sheet in sheets]
    current.database().release()
    return download(current.offload().long.run(write_book, book, notes), name, EXCEL)
