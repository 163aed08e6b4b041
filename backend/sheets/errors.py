"""Refusals of tables: of the file as a whole, or of some rows."""

from collections.abc import Sequence
from dataclasses import dataclass

from backend.errors import LinkaError, Sentence

ERRORS_SHOWN = 500

EMPTY = Sentence("没有填写", "is empty")


def too_long(most: int) -> Sentence:
    """Return the message for a cell with more characters than allowed."""
    return Sentence(f"太长，最多 {most} 个字", f"is longer than {most} characters")


def repeats_row(first: int) -> Sentence:
    """Return the message for a cell whose value an earlier row has."""
    return Sentence(f"与第 {first} 行重复", f"repeats row {first}")


class BadSheet(LinkaError):
    """The file as a whole cannot be used; nothing was read from it."""

    slug = "bad_sheet"
    status = 422
    zh = "{reason}"
    en = "{reason_en}"

    def __init__(self, reason: Sentence) -> None:
        super().__init__(reason=reason.zh, reason_en=reason.en)


@dataclass(frozen=True)
class RowError:
    """An error in one cell, in words for the person who filled it in."""

    row: int
    column: str
    message: Sentence

    @property
    def in_row(self) -> Sentence:
        """The message with the name of the column in front."""
        return Sentence(f"{self.column}：{self.message.zh}", f"{self.column}: {self.message.en}")

    @property
    def in_table(self) -> Sentence:
        """The message with the row and the name of the column in front."""
        return Sentence(f"第 {self.row} 行 {self.in_row.zh}", f"Row {self.row}, {self.in_row.en}")


class BadRows(LinkaError):
    """Some rows have errors, so nothing was imported; `errors` lists all of them, `fields` the
    first ones."""

    slug = "bad_rows"
    status = 422
    zh = "表格里有 {count} 处错误，没有导入任何内容。"
    en = "The table has {count} errors; nothing was imported."

    def __init__(self, errors: Sequence[RowError]) -> None:
        self.errors = tuple(sorted(errors, key=lambda error: error.row))
        super().__init__(fields=_by_row(self.errors[:ERRORS_SHOWN]), count=len(errors))


def _by_row(errors: Sequence[RowError]) -> dict[str, list[Sentence]]:
    fields: dict[str, list[Sentence]] = {}
    for error in errors:
        fields.setdefault(str(error.row), []).append(error.in_row)
    return fields
