"""Reads a table by its header row, from an .xlsx file or from CSV."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from backend.errors import Sentence
from backend.sheets.days import day_of, is_without_year, not_a_day
from backend.sheets.errors import BadSheet, RowError, too_long
from backend.sheets.text import clean, plain
from backend.sheets.workbook import (
    SheetLine,
    Table,
    Unreadable,
    formula_error,
    read_workbook,
    too_many_rows,
)

# Stands among the optional columns for every column that is headed by a day; each of them is read
# under its day as YYYY-MM-DD.
EACH_DAY = "每一天"
MAX_BYTES = 20_000_000
MAX_ROWS = 20_000
MAX_COLUMNS = 100
MAX_CELL_CHARACTERS = 4_000
TOO_LONG_SHOWN = 100
HEADER_WITHIN_ROWS = 10
LONGEST_HEADER = 100
# Of a header that lacks columns, so many unknown cells are named, by so many of their characters.
MOST_NAMED, LONGEST_NAMED = 6, 20
MAX_CSV_LINES = 1_000_000
RANGES_SHOWN = 20
FORMULA_ERRORS = frozenset(
    ("#N/A", "#VALUE!", "#REF!", "#DIV/0!", "#NUM!", "#NAME?", "#NULL!", "#SPILL!", "#CALC!")
)

_OLD_WORKBOOK = Sentence(
    "这是旧版 .xls 或加了密码的工作簿，请另存为不加密的 .xlsx 再导入。",
    "This is an old .xls or an encrypted workbook; save it as a plain .xlsx.",
)
_WEB_PAGE = Sentence(
    "这是网页（HTML）格式的文件，只是名字像 Excel；请用 Excel 打开它，另存为 .xlsx 再导入。",
    "This is a web page (HTML) with the name of a workbook; open it in Excel and save it as .xlsx.",
)
_XML_SPREADSHEET = Sentence(
    "这是 XML 文件（如 XML 电子表格 2003），请用 Excel 打开它，另存为 .xlsx 再导入。",
    "This is an XML file such as an XML Spreadsheet 2003; open it in Excel and save it as .xlsx.",
)
KNOWN_BY_THEIR_START = (
    (b"\xd0\xcf\x11\xe0", _OLD_WORKBOOK),
    (b"\x09\x08\x10\x00", _OLD_WORKBOOK),
    (
        b"%PDF",
        Sentence(
            "这是 PDF 文件，请用 Excel 的 .xlsx 文件或 CSV。",
            "This is a PDF file; use an .xlsx file or CSV.",
        ),
    ),
    (
        b"{\\rtf",
        Sentence(
            "这是 RTF 文本，请用 Excel 的 .xlsx 文件或 CSV。",
            "This is RTF text; use an .xlsx file or CSV.",
        ),
    ),
)
_WEB_PAGE_START = re.compile(
    r"(<\?xml[^>]*>\s*)?<(!doctype html|html)|<[!a-z]|mime-version:", re.IGNORECASE
)


@dataclass(frozen=True)
class SheetRow:
    """A row: its number as Excel shows it, and its cleaned cells by column name."""

    number: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        """Return a cell's text; empty when the cell, or the whole column, is missing."""
        return self.cells.get(column, "")


@dataclass(frozen=True)
class Sheet:
    """The rows of a table that are not empty, and which of the columns it has at all.

    Rows with a cell that cannot be read are in `unreadable`, without that cell; `errors` lists these
    cells. `notes` are sentences about parts of the file that were not read or are hidden.
    `is_partial` means that rows or visible worksheets were left out.
    """

    columns: frozenset[str]
    rows: tuple[SheetRow, ...]
    errors: tuple[RowError, ...]
    notes: tuple[Sentence, ...] = ()
    is_partial: bool = False
    unreadable: tuple[SheetRow, ...] = ()


def days_of(sheet: Sheet) -> list[str]:
    """Return the days that head columns of a sheet, see `EACH_DAY`."""
    return sorted(name for name in sheet.columns if day_of(name))


def read_sheet(data: bytes, required: Sequence[str], optional: Sequence[str] = ()) -> Sheet:
    """Read the first visible worksheet of an .xlsx file, or a CSV file, by its header row.

    A cell is the text that a person sees. Columns that are not asked for and hidden rows are left
    out, hidden columns are read; `notes` says so. Raises `BadSheet`.
    """
    if len(data) > MAX_BYTES:
        raise BadSheet(Sentence("文件太大，最多 20 MB。", "The file is larger than 20 MB."))
    if not data.startswith(b"PK\x03\x04"):
        return _TableReader(_csv_lines(_csv_text(data)), required, optional).sheet()
    table = read_workbook(data, MAX_ROWS + HEADER_WITHIN_ROWS, MAX_COLUMNS)
    return _TableReader(iter(table.lines), required, optional, table).sheet()


class _TableReader:
    """Reads one table: finds its header, then reads the rows below."""

    def __init__(
        self,
        lines: Iterator[SheetLine],
        required: Sequence[str],
        optional: Sequence[str],
        table: Table | None = None,
    ) -> None:
        self._lines = lines
        self._required = required
        self._takes_days = EACH_DAY in optional
        self._wanted = {_header_key(name): name for name in (*required, *optional)}
        self._table = table
        self._headings: dict[int, str] = {}
        self._hidden: list[int] = []
        self._errors: list[RowError] = []
        self._unreadable: list[SheetRow] = []

    def sheet(self) -> Sheet:
        """Return what was read."""
        positions = self._find_header()
        rows: list[SheetRow] = []
        seen = 0
        for line in self._lines:
            cells, wrong = _cells(line, positions)
            if not wrong and not any(cells.values()):
                continue
            if self._is_header(cells):
                if not seen:
                    # The second row of a header, some cells of which reach down from the first.
                    positions |= self._positions(line)
                continue
            seen += 1
            if seen > MAX_ROWS:
                raise too_many_rows(MAX_ROWS)
            if line.hidden:
                self._hidden.append(line.number)
            elif wrong:
                self._errors += wrong
                self._unreadable.append(SheetRow(line.number, cells))
            else:
                rows.append(SheetRow(line.number, cells))
        notes = self._notes(positions)
        if not rows and not self._errors:
            raise BadSheet(
                Sentence(
                    "表格里没有数据行。" + "".join(note.zh for note in notes),
                    " ".join(["The table has no rows to read.", *(note.en for note in notes)]),
                )
            )
        return Sheet(
            columns=frozenset(positions),
            rows=tuple(rows),
            errors=tuple(self._errors),
            notes=notes,
            is_partial=bool(self._hidden or (self._table and self._table.unread)),
            unreadable=tuple(self._unreadable),
        )

    def _find_header(self) -> dict[str, int]:
        """Read lines up to the header, which may have a title above."""
        fewest_missing = list(self._required)
        nearest: SheetLine | None = None
        seen = 0
        for line in self._lines:
            positions = self._positions(line)
            missing = [name for name in self._required if name not in positions]
            if not missing:
                self._require_years(line)
                self._headings = {
                    at: plain(_text_or_nothing(line, at)) for at in sorted(line.cells)
                }
                return positions
            if nearest is None or _nearness(line, missing) > _nearness(nearest, fewest_missing):
                nearest, fewest_missing = line, missing
            seen += any(_text_or_nothing(line, column) for column in line.cells)
            if seen >= HEADER_WITHIN_ROWS:
                break
        names = "、".join(fewest_missing)
        where, where_en = "", ""
        if self._table and self._table.unread:
            title = self._table.title
            where = f"（只读第一张工作表“{title}”，要读的表请移到最前）"
            where_en = f" (only the first sheet {title} is read)"
        raise BadSheet(
            Sentence(
                f"表头里缺少这些列：{names}{where}。{self._found_instead(nearest, 'zh')}",
                f"The header lacks these columns: {names}{where_en}."
                f"{self._found_instead(nearest, 'en')}",
            )
        )

    def _found_instead(self, line: SheetLine | None, language: str) -> str:
        """Return a sentence with the cells of a row that name no column that is asked for."""
        if line is None:
            return ""
        texts = [plain(_text_or_nothing(line, at)) for at in sorted(line.cells)]
        unknown = [text for text in texts if text and _header_key(text) not in self._wanted]
        shown = "、".join(f"“{text[:LONGEST_NAMED]}”" for text in unknown[:MOST_NAMED])
        if not shown:
            return ""
        if language == "zh":
            return f"第 {line.number} 行的{shown}不是这张表的列名，请照模板改表头。"
        return f" Row {line.number} has {shown}, which are no columns of this table."

    def _positions(self, line: SheetLine) -> dict[str, int]:
        positions: dict[str, int] = {}
        for at in sorted(line.cells):
            text = _text_or_nothing(line, at)
            name = self._wanted.get(_header_key(text))
            if name is None and self._takes_days:
                name = day_of(plain(text))
            if name in positions:
                raise BadSheet(
                    Sentence(f"表头里“{name}”出现了两次。", f"The header has {name} twice.")
                )
            if name is not None:
                positions[name] = at
        return positions

    def _require_years(self, line: SheetLine) -> None:
        """Raise `BadSheet` for a header with a day that has no year."""
        texts = [plain(_text_or_nothing(line, at)) for at in sorted(line.cells)]
        if self._takes_days and (without := [text for text in texts if is_without_year(text)]):
            raise BadSheet(not_a_day(without[0]))

    def _is_header(self, cells: dict[str, str]) -> bool:
        """Return whether a row repeats the header, which people do on each printed page."""
        return all(
            self._wanted.get(_header_key(cells.get(name, ""))) == name for name in self._required
        )

    def _notes(self, positions: dict[str, int]) -> tuple[Sentence, ...]:
        notes = []
        if self._table is not None:
            unread = [Sentence(f"“{title}”", f"“{title}”") for title in self._table.unread]
            unread += [
                Sentence(f"“{title}”（隐藏的）", f"“{title}” (hidden)")
                for title in self._table.unread_hidden
            ]
            if unread:
                title = self._table.title
                notes.append(
                    Sentence(
                        f"只读了第一张工作表“{title}”，没有读取："
                        f"{'、'.join(name.zh for name in unread)}。",
                        f"Only the first worksheet “{title}” was read, not these: "
                        f"{', '.join(name.en for name in unread)}.",
                    )
                )
            hidden = self._table.hidden_columns
            names = [f"“{name}”" for name, at in positions.items() if at in hidden]
            if names:
                notes.append(
                    Sentence(
                        f"{'、'.join(names)}列是隐藏的，照样读取了。",
                        f"Hidden columns were read: {', '.join(names)}.",
                    )
                )
        read = positions.values()
        ignored = [text for at, text in self._headings.items() if text and at not in read]
        if ignored:
            shown = "、".join(f"“{text[:LONGEST_NAMED]}”" for text in ignored[:MOST_NAMED])
            notes.append(
                Sentence(
                    f"这些列不是这张表的列名，没有读取：{shown}。",
                    f"Columns that the table does not have were not read: {shown}.",
                )
            )
        if self._hidden:
            ranges = _ranges(self._hidden)
            notes.append(
                Sentence(
                    f"第 {ranges.zh} 行是隐藏的或被筛选掉的，没有读取。",
                    f"Hidden or filtered rows were not read: {ranges.en}.",
                )
            )
        return tuple(notes)


def _ranges(numbers: Sequence[int]) -> Sentence:
    """Return ascending numbers in short form: 3、5–8."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    shown = [str(a) if a == b else f"{a}–{b}" for a, b in ranges[:RANGES_SHOWN]]
    if len(ranges) <= RANGES_SHOWN:
        return Sentence("、".join(shown), ", ".join(shown))
    return Sentence(
        f"{'、'.join(shown)}等 {len(numbers)} ",
        f"{', '.join(shown)} and more, {len(numbers)} in all",
    )


def _cells(line: SheetLine, positions: dict[str, int]) -> tuple[dict[str, str], list[RowError]]:
    """Return the cells of a line by column name, and the errors of cells that cannot be read."""
    cells: dict[str, str] = {}
    wrong: list[RowError] = []
    for name, at in positions.items():
        try:
            text = cells[name] = line.text(at)
        except Unreadable as reason:
            wrong.append(RowError(line.number, name, reason.sentence))
            continue
        if len(text) > MAX_CELL_CHARACTERS:
            cells[name] = text[:TOO_LONG_SHOWN] + "…"
            wrong.append(RowError(line.number, name, too_long(MAX_CELL_CHARACTERS)))
        elif text in FORMULA_ERRORS:
            wrong.append(RowError(line.number, name, formula_error(text)))
    return cells, wrong


def _text_or_nothing(line: SheetLine, column: int) -> str:
    try:
        return line.text(column)
    except Unreadable:
        return ""


def _nearness(line: SheetLine, missing: Sequence[str]) -> tuple[int, int]:
    """Order rows by how much they look like the header: few missing columns, then many cells."""
    return -len(missing), sum(bool(_text_or_nothing(line, at)) for at in line.cells)


def _header_key(text: str) -> str:
    if len(text) > LONGEST_HEADER:
        return ""
    return "".join(plain(text).split()).strip("*").upper()


def _csv_text(data: bytes) -> str:
    """Return the text of a CSV file; raises `BadSheet`, which names the type of another file."""
    for mark, name in KNOWN_BY_THEIR_START:
        if data.startswith(mark):
            raise BadSheet(name)
    text = _decode(data)
    start = text[:2000].lstrip()
    if _WEB_PAGE_START.match(start):
        raise BadSheet(_WEB_PAGE)
    if start.startswith("<?xml"):
        raise BadSheet(_XML_SPREADSHEET)
    return text


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
        Sentence(
            "看不懂这个文件，请用 .xlsx 或 CSV（UTF-8 或 GBK）。",
            "This is neither an .xlsx file nor CSV in UTF-8 or GBK.",
        )
    )


def _csv_lines(text: str) -> Iterator[SheetLine]:
    first_line = text.lstrip().partition("\n")[0]
    delimiter = max(",\t;", key=first_line.count)
    if text.count("\n") + text.count("\r") > MAX_CSV_LINES:
        raise too_many_rows(MAX_ROWS)
    filled = 0
    try:
        for number, values in enumerate(csv.reader(io.StringIO(text, ""), delimiter=delimiter), 1):
            cells = {at: value for at, value in enumerate(values[:MAX_COLUMNS]) if value}
            if cells:
                filled += 1
                if filled > MAX_ROWS + HEADER_WITHIN_ROWS:
                    raise too_many_rows(MAX_ROWS)
                yield SheetLine(number, False, cells, _csv_cell)
    except csv.Error:
        raise BadSheet(
            Sentence(
                "CSV 文件已损坏：可能有一个引号没有配对。",
                "The CSV file is broken: perhaps a quotation mark is never closed.",
            )
        ) from None


def _csv_cell(stored: object) -> str:
    return clean(str(stored))
