"""Reading a table by its header row, from an .xlsx file or from CSV."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from backend.sheets.errors import BadSheet, RowError
from backend.sheets.text import clean, plain
from backend.sheets.workbook import workbook_rows

MAX_BYTES = 20_000_000
MAX_ROWS = 20_000
MAX_COLUMNS = 100
MAX_CELL_CHARACTERS = 4_000
HEADER_WITHIN_ROWS = 10
FORMULA_ERRORS = frozenset(
    ("#N/A", "#VALUE!", "#REF!", "#DIV/0!", "#NUM!", "#NAME?", "#NULL!", "#SPILL!", "#CALC!")
)


@dataclass(frozen=True)
class Row:
    """One row: its number as Excel shows it, and its cells by column name, cleaned."""

    number: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        """Return a cell's text; empty when the cell, or the whole column, is missing."""
        return self.cells.get(column, "")


@dataclass(frozen=True)
class Sheet:
    """The rows of a table that are not empty, and which of the columns it has at all.

    Rows with a cell that cannot be read are not among them; `errors` lists these cells.
    """

    columns: frozenset[str]
    rows: tuple[Row, ...]
    errors: tuple[RowError, ...]


def read_sheet(data: bytes, required: Sequence[str], optional: Sequence[str] = ()) -> Sheet:
    """Read the first visible worksheet of an .xlsx file, or a CSV file, by its header row.

    Columns that are not asked for are ignored. Raises `BadSheet`.
    """
    if len(data) > MAX_BYTES:
        raise BadSheet("文件太大，最多 20 MB。", "The file is larger than 20 MB.")
    numbered = _numbered_rows(data)
    positions = _find_header(numbered, required, optional)
    rows, errors = [], []
    seen = 0
    for number, texts in numbered:
        cells = {name: texts[at] if at < len(texts) else "" for name, at in positions.items()}
        if any(cells.values()):
            seen += 1
            wrong = [RowError(number, name, text) for name, text in _unreadable(cells)]
            errors += wrong
            if not wrong:
                rows.append(Row(number, cells))
        if seen > MAX_ROWS:
            raise BadSheet(
                f"行数太多，一次最多 {MAX_ROWS} 行，请分成几个文件。",
                f"More than {MAX_ROWS} rows; split the file.",
            )
    if not seen:
        raise BadSheet("表格里没有数据行。", "The table has no rows.")
    return Sheet(frozenset(positions), tuple(rows), tuple(errors))


def _unreadable(cells: dict[str, str]) -> Iterator[tuple[str, str]]:
    for name, text in cells.items():
        if len(text) > MAX_CELL_CHARACTERS:
            yield name, f"太长，最多 {MAX_CELL_CHARACTERS} 个字"
        elif text in FORMULA_ERRORS:
            yield name, f"是公式错误 {text}，请先在 Excel 里改正"


def _find_header(
    numbered: Iterator[tuple[int, list[str]]], required: Sequence[str], optional: Sequence[str]
) -> dict[str, int]:
    """Take rows until the header was read; a title above it is allowed."""
    wanted = {_header_key(name): name for name in (*required, *optional)}
    fewest_missing = list(required)
    for seen, (_, texts) in enumerate((row for row in numbered if any(row[1])), start=1):
        positions = _positions(texts, wanted)
        missing = [name for name in required if name not in positions]
        if not missing:
            return positions
        fewest_missing = min(fewest_missing, missing, key=len)
        if seen >= HEADER_WITHIN_ROWS:
            break
    names = "、".join(fewest_missing)
    raise BadSheet(f"表头里缺少这些列：{names}。", f"The header lacks these columns: {names}.")


def _positions(texts: list[str], wanted: dict[str, str]) -> dict[str, int]:
    positions: dict[str, int] = {}
    for at, text in enumerate(texts):
        name = wanted.get(_header_key(text))
        if name in positions:
            raise BadSheet(f"表头里“{name}”出现了两次。", f"The header has {name} twice.")
        if name is not None:
            positions[name] = at
    return positions


def _header_key(text: str) -> str:
    return "".join(plain(text).split()).strip("*").upper()


def _numbered_rows(data: bytes) -> Iterator[tuple[int, list[str]]]:
    if data.startswith(b"PK\x03\x04"):
        return iter(workbook_rows(data, MAX_ROWS + HEADER_WITHIN_ROWS, MAX_COLUMNS))
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise BadSheet(
            "这是旧版 .xls 或加了密码的工作簿，请另存为不加密的 .xlsx 再导入。",
            "This is an old .xls or an encrypted workbook; save it as a plain .xlsx.",
        )
    return _csv_rows(_decode(data))


def _decode(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\x00" in data:
        encodings = []
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadSheet(
        "看不懂这个文件，请用 .xlsx 或 CSV（UTF-8 或 GBK）。",
        "This is neither an .xlsx file nor CSV in UTF-8 or GBK.",
    )


def _csv_rows(text: str) -> Iterator[tuple[int, list[str]]]:
    first_line = text.lstrip().partition("\n")[0]
    delimiter = max(",\t;", key=first_line.count)
    try:
        for number, values in enumerate(csv.reader(io.StringIO(text, ""), delimiter=delimiter), 1):
            yield number, [clean(value) for value in values[:MAX_COLUMNS]]
    except csv.Error:
        raise BadSheet(
            "CSV 文件已损坏：可能有一个引号没有配对。",
            "The CSV file is broken: perhaps a quotation mark is never closed.",
        ) from None
