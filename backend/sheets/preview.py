"""What an import would do, row by row, shown to a person before anything is written.

A preview has a seal. A person who confirms the import sends the seal, and the import is refused if
it would now do something else than the preview showed.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backend.errors import LinkaError, Sentence
from backend.sheets.errors import BadRows, RowError
from backend.sheets.reading import Sheet

ADDED, CHANGED, RETURNED, UNCHANGED, WRONG = "added", "changed", "returned", "unchanged", "wrong"
OUTCOMES = (ADDED, CHANGED, RETURNED, UNCHANGED, WRONG)


class ImportMoved(LinkaError):
    """The import would now do something else than its preview showed; nothing was written."""

    slug = "import_moved"
    status = 409
    zh = "预览之后文件或系统里的内容有变，本次没有写入，请重新预览。"
    en = "The file or the data changed after the preview; nothing was written. Preview it again."


@dataclass(frozen=True)
class Outcome:
    """The outcome of a row: one of `OUTCOMES`, and which of its fields change, and how."""

    word: str
    changes: tuple[Sentence, ...] = ()


@dataclass(frozen=True)
class RowFindings:
    """What an importer found in a sheet; outcomes are by the number of the row.

    A row without an outcome is `unchanged`. `gone` are names of rows that the file lacks and the
    import would therefore end.
    """

    outcomes: Mapping[int, Outcome]
    errors: Sequence[RowError] = ()
    warnings: Sequence[RowError] = ()
    notes: Sequence[Sentence] = ()
    gone: Sequence[str] = ()


@dataclass(frozen=True)
class PreviewRow:
    """A row: its number as Excel shows it, its cells as they were read, and its outcome."""

    row: int
    cells: tuple[str, ...]
    outcome: Outcome
    errors: tuple[Sentence, ...]
    warnings: tuple[Sentence, ...]


@dataclass(frozen=True)
class ImportPreview:
    """All rows of a file with what an import would do; `columns` name the cells."""

    columns: tuple[str, ...]
    rows: tuple[PreviewRow, ...]
    notes: tuple[Sentence, ...]
    gone: tuple[str, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many rows have which outcome."""
        found = dict.fromkeys(OUTCOMES, 0)
        for row in self.rows:
            found[row.outcome.word] += 1
        return found

    @property
    def is_importable(self) -> bool:
        """Whether no row is wrong."""
        return not any(row.errors for row in self.rows)

    @property
    def seal(self) -> str:
        """A digest of exactly what was shown: 64 hexadecimal digits."""
        told = [
            (row.row, row.cells, row.outcome.word, _zh(row.outcome.changes)) for row in self.rows
        ]
        return hashlib.sha256(repr((self.columns, told, self.gone)).encode()).hexdigest()

    def require(self, agreed: str | None) -> None:
        """Raise `ImportMoved` if another preview was agreed to; None means that no preview was."""
        if agreed is not None and agreed != self.seal:
            raise ImportMoved


def preview_of(sheet: Sheet, columns: Sequence[str], findings: RowFindings) -> ImportPreview:
    """Return the preview of a sheet; `columns` are the importer's columns in their order."""
    errors, warnings = _by_row(findings.errors), _by_row(findings.warnings)
    shown = tuple(name for name in columns if name in sheet.columns)
    rows = sorted((*sheet.rows, *sheet.unreadable), key=lambda row: row.number)
    return ImportPreview(
        columns=shown,
        rows=tuple(
            PreviewRow(
                row=row.number,
                cells=tuple(row[name] for name in shown),
                outcome=Outcome(WRONG)
                if row.number in errors
                else findings.outcomes.get(row.number, Outcome(UNCHANGED)),
                errors=errors.get(row.number, ()),
                warnings=warnings.get(row.number, ()),
            )
            for row in rows
        ),
        notes=tuple(findings.notes),
        gone=tuple(findings.gone),
    )


@dataclass(frozen=True)
class NewRows:
    """What importing a sheet adds: the facts of new rows by row number, and the errors of rows."""

    sheet: Sheet
    columns: Sequence[str]
    facts: Mapping[int, dict[str, Any]]
    errors: Sequence[RowError]

    def preview(self) -> ImportPreview:
        """Return the preview of the import."""
        outcomes = {row: Outcome(ADDED) for row in self.facts}
        findings = RowFindings(outcomes, self.errors, notes=self.sheet.notes)
        return preview_of(self.sheet, self.columns, findings)

    def require(self, agreed: str | None) -> None:
        """Raise `BadRows` for wrong rows, and `ImportMoved` if another preview was agreed to."""
        if self.errors:
            raise BadRows(self.errors)
        self.preview().require(agreed)


def _by_row(errors: Sequence[RowError]) -> dict[int, tuple[Sentence, ...]]:
    found: dict[int, tuple[Sentence, ...]] = {}
    for error in errors:
        found[error.row] = (*found.get(error.row, ()), error.in_row)
    return found


def _zh(sentences: Sequence[Sentence]) -> tuple[str, ...]:
    return tuple(sentence.zh for sentence in sentences)
