"""What can be wrong with a table: the file as a whole, or some of its rows."""

from collections.abc import Sequence
from dataclasses import dataclass

from backend.errors import LinkaError

ERRORS_SHOWN = 500


class BadSheet(LinkaError):
    """The file as a whole cannot be used; nothing was read from it."""

    slug = "bad_sheet"
    status = 422
    zh = "{reason}"
    en = "{reason_en}"

    def __init__(self, reason: str, reason_en: str) -> None:
        super().__init__(reason=reason, reason_en=reason_en)


@dataclass(frozen=True)
class RowError:
    """What is wrong in one cell, in words for the person who filled it in."""

    row: int
    column: str
    message: str

    def __str__(self) -> str:
        return f"第 {self.row} 行 {self.column}：{self.message}"


class BadRows(LinkaError):
    """Some rows are wrong, so none was taken; `errors` lists every one, `fields` the first ones."""

    slug = "bad_rows"
    status = 422
    zh = "表格里有 {count} 处错误，没有导入任何内容。"
    en = "The table has {count} errors; nothing was imported."

    def __init__(self, errors: Sequence[RowError]) -> None:
        self.errors = tuple(sorted(errors, key=lambda error: error.row))
        super().__init__(fields=_by_row(self.errors[:ERRORS_SHOWN]), count=len(errors))


def _by_row(errors: Sequence[RowError]) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for error in errors:
        fields.setdefault(str(error.row), []).append(f"{error.column}：{error.message}")
    return fields
