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
from backend.sheets.writing import Worksheet, write_book, write_template
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


def excel(
    title: str, sheets: Callable[[], Iterable[Worksheet]], notes: Sequence[str] = ()
) -> Response:
    """Return an .xlsx file of worksheets that is named by its title; see `write_book`.

    `sheets` reads them, see `Database.for_report`. The rows are read here, in steps, and the file is
    written in a child process. Raises what `OffloadProcess.run` raises.
    """
    database = current.database()
    book = database.for_report(
        lambda: [replace(sheet, rows=list(in_steps(sheet.rows))) for sheet in sheets()]
    )
    database.release()
    return download(current.offload().long.run(write_book, book, notes), f"{title}.xlsx", EXCEL)


def template(title: str, sheet: Worksheet, guide: Sequence[str]) -> Response:
    """Return an .xlsx file to fill in, named by the title of its table; see `write_template`.

    Raises what `OffloadProcess.run` raises.
    """
    current.database().release()
    made = current.offload().long.run(write_template, sheet, guide)
    return download(made, f"{title}模板.xlsx", EXCEL)
