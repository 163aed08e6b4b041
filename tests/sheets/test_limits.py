"""Hostile files end within seconds of processor time, in words, whatever they are made of."""

import time
from collections.abc import Callable

import pytest

from backend.sheets import BadSheet, read_sheet
from tests.sheets.books import book, row, sheet, styles, text

# Ten times what they take on a machine at rest.
MOST_SECONDS = 8
COLUMNS = "ABCDEFGHIJ"
SMALL = row(1, "A") + row(2, "1")


def table(cell: Callable[[str, int], str], rows: int) -> str:
    """Return rows of ten cells below a header."""
    lines = [
        f'<row r="{at}">{"".join(cell(column, at) for column in COLUMNS)}</row>'
        for at in range(2, rows + 2)
    ]
    return row(1, *COLUMNS) + "".join(lines)


def fraction(column: str, at: int) -> str:
    return f'<c r="{column}{at}" s="1"><v>0.{at}{at}</v></c>'


def shared(column: str, at: int) -> str:
    return f'<c r="{column}{at}" t="s"><v>0</v></c>'


def merges(*references: str) -> str:
    listed = "".join(f'<mergeCell ref="{reference}"/>' for reference in references)
    return f"<mergeCells>{listed}</mergeCells>"


STRING = "<sst><si><t>x</t></si></sst>"
LONG_TAG = " ".join(f"a{at}='1'" for at in range(300_000))
HOSTILE = {
    "empty cells": lambda: book(sheet(SMALL, "<row><c/></row>" * 500_000)),
    "styles": lambda: book(sheet(SMALL), styles=styles(bulk="<xf/>" * 1_000_000)),
    "nested in a sheet": lambda: book(sheet("<a>" * 100_000 + "</a>" * 100_000)),
    "nested in styles": lambda: book(sheet(SMALL), styles="<a>" * 100_000 + "</a>" * 100_000),
    "shared texts": lambda: book(sheet(SMALL), strings=f"<sst>{'<si/>' * 1_000_001}</sst>"),
    "one tag": lambda: book(sheet(f"<row {LONG_TAG}/>")),
    "a comment": lambda: book(sheet(f"<!--{'-x' * 2_000_000}-->")),
    "sheets": lambda: book(*[sheet(SMALL)] * 1_001),
    "merged cells": lambda: book(sheet(SMALL, after=merges(*["A2:B3"] * 50_001))),
    "merged cells over all": lambda: book(
        sheet(table(shared, 3_500), after=merges("A2:XFD1048576")), strings=STRING
    ),
    "merged cells that overlap": lambda: book(
        sheet(SMALL, after=merges(*["A2:B3"] * 10_000)), strings=STRING
    ),
    "formats": lambda: book(
        sheet(table(fraction, 4_000)), styles=styles(f"# {'?' * 15}/{'?' * 15}")
    ),
    "different formats": lambda: book(
        sheet(
            row(1, "A"),
            *(f'<row><c s="{at}"><v>1.5</v></c></row>' for at in range(1, 2_000)),
        ),
        styles=styles(*(f'0.0"{at}"' for at in range(2_000))),
    ),
    "one long text everywhere": lambda: book(
        sheet(table(shared, 20)), strings=f"<sst><si><t>{'_x0041_' * 30_000}</t></si></sst>"
    ),
    "a text of megabytes": lambda: book(sheet(row(1, "A"), row(2, text("A2", "x" * 21_000_000)))),
    "entries of the archive": lambda: b"PK\x03\x04" + b"PK\x01\x02" * 100_000,
    "lines of a CSV file": lambda: b"A\n1" + b"\n" * 19_000_000,
}  # fmt: skip


@pytest.mark.parametrize("made_of", HOSTILE)
def test_hostile_file_is_refused_soon(made_of: str) -> None:
    data = HOSTILE[made_of]()
    started = time.process_time()
    with pytest.raises(BadSheet) as refused:
        read_sheet(data, "A", COLUMNS[1:])
    assert time.process_time() - started < MOST_SECONDS
    assert refused.value.message("zh").endswith("。")


HARMLESS = {
    "600,000 empty rows": lambda: book(sheet(SMALL, "<row/>" * 600_000)),
    "wrong dimension": lambda: book(sheet(SMALL, before='<dimension ref="A1:XFD1048576"/>')),
    "last cell of Excel": lambda: book(
        sheet(SMALL, row(1_048_576, text("XFD1048576", "x")))
    ),
    "thousands of styles": lambda: book(
        sheet(SMALL), styles=styles(bulk=f"<cellStyleXfs>{'<xf/>' * 64_000}</cellStyleXfs>")
    ),
    "hundreds of pictures": lambda: book(sheet(SMALL), media=600),
    "a second sheet that cannot be looked through": lambda: book(sheet(SMALL), sheet("<a>" * 100 + "</a>" * 100)),
}  # fmt: skip


@pytest.mark.parametrize("made_of", HARMLESS)
def test_odd_file_that_people_make_is_read(made_of: str) -> None:
    data = HARMLESS[made_of]()
    started = time.process_time()
    assert [line["A"] for line in read_sheet(data, "A").rows] == ["1"]
    assert time.process_time() - started < MOST_SECONDS
