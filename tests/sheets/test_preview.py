"""The preview of an import: what it would do."""

import pytest

from backend.errors import Sentence
from backend.sheets import RowError, read_sheet
from backend.sheets.preview import (
    ADDED,
    CHANGED,
    ImportMoved,
    ImportPreview,
    Outcome,
    RowFindings,
    preview_of,
)

COLUMNS = ("奖品", "数量")
MUST_BE_A_NUMBER = RowError(3, "数量", Sentence("须为整数", "is not a whole number"))


def preview(text: str, *errors: RowError, **outcomes: Outcome) -> ImportPreview:
    """Return the preview of a CSV file; the outcomes are by `row2`, `row3`."""
    sheet = read_sheet(text.encode(), COLUMNS[:1], COLUMNS[1:])
    by_row = {int(name.removeprefix("row")): outcome for name, outcome in outcomes.items()}
    return preview_of(sheet, COLUMNS, RowFindings(by_row, (*sheet.errors, *errors)))


def test_row_is_shown_with_its_cells_and_what_becomes_of_it() -> None:
    found = preview("奖品,数量\n杯子,3\n雨伞,十\n", MUST_BE_A_NUMBER, row2=Outcome(ADDED))
    first, second = found.rows
    assert (first.row, first.cells, first.outcome.word) == (2, ("杯子", "3"), "added")
    assert (second.cells, second.outcome.word) == (("雨伞", "十"), "wrong")
    assert [error.zh for error in second.errors] == ["数量：须为整数"]
    assert (found.counts["added"], found.counts["wrong"]) == (1, 1)
    assert not found.is_importable


def test_row_with_an_unreadable_cell_is_shown_with_the_others() -> None:
    [row] = preview("奖品,数量\n杯子,#REF!\n").rows
    assert row.cells == ("杯子", "#REF!")
    assert row.outcome.word == "wrong"


def test_cell_that_is_too_long_is_shown_by_its_beginning() -> None:
    [row] = preview(f"奖品,数量\n{'长' * 5000},1\n").rows
    assert row.cells[0].startswith("长长") and len(row.cells[0]) < 200


def test_column_that_the_file_does_not_have_is_not_shown() -> None:
    assert preview("奖品\n杯子\n").columns == ("奖品",)


@pytest.mark.parametrize(
    "other",
    [
        preview("奖品,数量\n杯子,4\n", row2=Outcome(ADDED)),
        preview("奖品,数量\n杯子,3\n", row2=Outcome(CHANGED)),
        preview("奖品,数量\n杯子,3\n", row2=Outcome(ADDED, (Sentence("数量：1 → 3", ""),))),
        preview("奖品,数量\n\n杯子,3\n", row3=Outcome(ADDED)),
    ],
)
def test_another_preview_has_another_seal(other: ImportPreview) -> None:
    agreed = preview("奖品,数量\n杯子,3\n", row2=Outcome(ADDED)).seal
    preview("奖品,数量\n杯子,3\n", row2=Outcome(ADDED)).require(agreed)
    with pytest.raises(ImportMoved):
        other.require(agreed)
