"""Reads the rows of an .xlsx file as a person sees them, and what else the file has.

Read with the standard library's XML parser instead of openpyxl: openpyxl's streaming mode tells
nothing of hidden rows and merged cells, its other mode builds an object per cell, and both make an
object of every style, of which a few kilobytes can hold a million.
"""

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from backend.errors import Sentence
from backend.sheets.archive import BROKEN, Archive, Finished, broken_workbook, too_much
from backend.sheets.errors import BadSheet
from backend.sheets.formats import BUILT_IN, GENERAL, Format
from backend.sheets.text import clean

EXCEL_LAST_ROW = 1_048_576
MAX_SHEETS = 1_000
MAX_MERGES = 50_000
MAX_MERGED_CELLS = 300_000
MAX_FORMATS = 1_000
MAX_PIECES_SHOWN = 1_000_000
# Limits for all texts together, and for one text as it is stored: Excel allows 32,767 characters,
# which escapes make at most seven times as long.
MAX_CHARACTERS = 10_000_000
LONGEST_STORED = 230_000
DIGITS_KEPT_BELOW = 1e15
# The titles of the sheet of notes that `write_template` and `write_book` add. It is never read.
GUIDE_TITLE, NOTES_TITLE = "填写说明", "说明"

_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_EPOCH = datetime(1899, 12, 30)


_NO_RESULT = Sentence(
    "公式没有结果，请在 Excel 里打开并保存",
    "is a formula without a result; please open the file in Excel and save it",
)
_LONGER_THAN_EXCEL_ALLOWS = Sentence("太长", "is too long")
_DIGITS_LOST = Sentence(
    "数字超过 15 位，Excel 已丢掉后面的位，请把单元格改成文本后重新填写",
    "is a number of more than 15 digits, of which Excel has lost the last ones; "
    "please make the cell a text and fill it in again",
)


class Unreadable(Exception):
    """A cell cannot be read; `sentence` is the reason, for the person who filled it in."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence.en)
        self.sentence = sentence


class StoredCell(NamedTuple):
    """A cell as the file keeps it: its type, its value, its style, whether it is a formula."""

    type: str
    value: str
    style: int
    is_formula: bool


@dataclass(frozen=True)
class SheetLine:
    """A row that is not empty; `text` gives a cell as a person sees it, or raises `Unreadable`."""

    number: int
    hidden: bool
    cells: Mapping[int, StoredCell | Sentence | str]
    show: Callable[[Any], str]

    def text(self, column: int) -> str:
        """Return the text of a cell, empty when there is none; columns are counted from 0."""
        stored = self.cells.get(column)
        return "" if stored is None else self.show(stored)


@dataclass(frozen=True)
class Table:
    """The first visible worksheet of a workbook: its rows and what else there is."""

    title: str
    lines: Sequence[SheetLine]
    hidden_columns: frozenset[int]
    unread: tuple[str, ...]
    unread_hidden: tuple[str, ...]


def read_workbook(data: bytes, max_rows: int, max_columns: int) -> Table:
    """Read the first visible worksheet. Raises `BadSheet`, also for more rows than `max_rows`."""
    try:
        return _Workbook(Archive(data)).table(max_rows, max_columns)
    except BROKEN:
        raise broken_workbook() from None


@dataclass
class _Entry:
    """A worksheet as the workbook lists it."""

    title: str
    part: str
    is_visible: bool


class _Workbook:
    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._part = self._main_part()
        self._outline = _Outline()
        archive.parse(self._part, self._outline)
        self._relations = archive.relations(self._part)
        self._strings = _Strings()
        self._styles = _Styles()
        self._formats: dict[str, Format] = {}
        self._pieces_left = MAX_PIECES_SHOWN
        self._characters_left = MAX_CHARACTERS

    def _main_part(self) -> str:
        relations = self._archive.relations("").values()
        found = next((one.part for one in relations if one.type == "officeDocument"), "")
        part = found or "xl/workbook.xml"
        if part.endswith(".bin"):
            raise BadSheet(
                Sentence(
                    "这是二进制工作簿（.xlsb），请在 Excel 里另存为 .xlsx 再导入。",
                    "This is a binary workbook (.xlsb); save it as .xlsx.",
                )
            )
        if not self._archive.has(part) or part.startswith(("word/", "ppt/")):
            raise _no_workbook(self._archive)
        return part

    def table(self, max_rows: int, max_columns: int) -> Table:
        entries = self._entries()
        chosen = next((entry for entry in entries if entry.is_visible), None)
        if chosen is None:
            raise broken_workbook()
        for relation in self._relations.values():
            if relation.type == "sharedStrings":
                self._archive.parse(relation.part, self._strings)
            elif relation.type == "styles":
                self._archive.parse(relation.part, self._styles)
        sheet = _Worksheet(max_rows, max_columns)
        self._archive.parse(chosen.part, sheet)
        sheet.fill_merges()
        others = [entry for entry in entries if entry is not chosen and self._has_content(entry)]
        return Table(
            title=chosen.title,
            lines=[SheetLine(row.number, row.hidden, row.cells, self._text) for row in sheet.rows],
            hidden_columns=frozenset(sheet.hidden_columns),
            unread=tuple(entry.title for entry in others if entry.is_visible),
            unread_hidden=tuple(entry.title for entry in others if not entry.is_visible),
        )

    def _entries(self) -> list[_Entry]:
        found = []
        for title, relation_id, state in self._outline.sheets:
            relation = self._relations[relation_id]
            if relation.type == "worksheet":
                found.append(_Entry(title, relation.part, state == "visible"))
        return found

    def _has_content(self, entry: _Entry) -> bool:
        if entry.title in (GUIDE_TITLE, NOTES_TITLE):
            return False
        look = _ContentFinder()
        try:
            self._archive.parse(entry.part, look)
        except BadSheet:
            # A sheet that is too large to search counts as not empty.
            return True
        return look.found

    def _text(self, stored: StoredCell | Sentence) -> str:
        """Return a cell as a person sees it; raises `Unreadable`."""
        if isinstance(stored, Sentence):
            raise Unreadable(stored)
        try:
            return self._shown(*stored)
        except BROKEN:
            raise broken_workbook() from None

    def _shown(self, kind: str, value: str, style: int, is_formula: bool) -> str:
        if is_formula and not value and kind != "str":
            raise Unreadable(_NO_RESULT)
        if kind == "s":
            value = self._strings.found[int(value)]
        self._characters_left -= len(value)
        if self._characters_left < 0:
            raise too_much()
        if len(value) > LONGEST_STORED:
            raise Unreadable(_LONGER_THAN_EXCEL_ALLOWS)
        if kind in ("s", "str", "inlineStr"):
            return clean(self._format(style).text(unescaped(value)))
        if kind == "b":
            return "TRUE" if value in ("1", "true") else "FALSE"
        if kind == "e":
            raise Unreadable(formula_error(value))
        if kind == "d":
            return self._day(value, style)
        return self._number(float(value), style) if value else ""

    def _number(self, value: float, style: int) -> str:
        if not math.isfinite(value):
            raise broken_workbook()
        if abs(value) >= DIGITS_KEPT_BELOW:
            raise Unreadable(_DIGITS_LOST)
        shown = self._format(style).number(value, since_1904=self._outline.since_1904)
        return clean(shown)

    def _day(self, value: str, style: int) -> str:
        """Return a day or moment that the file keeps in ISO 8601, as Strict Open XML does."""
        try:
            moment = datetime.fromisoformat(value.removesuffix("Z")).replace(tzinfo=None)
        except ValueError:
            return value
        format_ = self._format(style)
        if not format_.is_clock:
            return value.removesuffix("Z").removesuffix("T00:00:00")
        since = moment - _EPOCH
        return clean(format_.number(since.days + since.seconds / 86_400))

    def _format(self, style: int) -> Format:
        code = self._styles.code(style)
        found = self._formats.get(code)
        if found is None:
            if len(self._formats) >= MAX_FORMATS:
                raise too_much()
            found = self._formats[code] = Format(code)
        self._pieces_left -= found.pieces
        if self._pieces_left < 0:
            raise too_much()
        return found


def _no_workbook(archive: Archive) -> BadSheet:
    if archive.has("mimetype") and b"opendocument.spreadsheet" in archive.text("mimetype"):
        return BadSheet(
            Sentence(
                "这是 OpenDocument 表格（.ods），请另存为 .xlsx 再导入。",
                "This is an OpenDocument spreadsheet (.ods); save it as .xlsx.",
            )
        )
    if archive.has_folder("word") or archive.has_folder("ppt"):
        return BadSheet(
            Sentence(
                "这是 Word 或 PowerPoint 文件，不是工作簿，请用 Excel 的 .xlsx 文件。",
                "This is a Word or PowerPoint file and no workbook; use an .xlsx file.",
            )
        )
    return broken_workbook()


def unescaped(text: str) -> str:
    """Return a text of a workbook without its escapes: `_x000D_` is a carriage return."""
    if "_x" not in text:
        return text
    undone = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return undone.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def escaped(text: str) -> str:
    """Return a text as a workbook must store it, with text that looks like an escape escaped
    itself."""
    return _ESCAPED.sub(lambda found: f"_x005F{found[0]}", text)


# --- the parts


class _Outline:
    """Reads the workbook's own part: its worksheets and its calendar."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str, str]] = []
        self.since_1904 = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "workbookPr":
            self.since_1904 = attributes.get("date1904") in ("1", "true")
        elif name == "sheet":
            relation_id = next(
                value for key, value in attributes.items() if key.rpartition(":")[2] == "id"
            )
            state = attributes.get("state", "visible")
            self.sheets.append((unescaped(attributes["name"]), relation_id, state))
            if len(self.sheets) > MAX_SHEETS:
                raise too_much()

    def end(self, name: str) -> None:
        """Nothing ends that matters."""

    def text(self, text: str) -> None:
        """No text matters."""


class _Strings:
    """Reads the texts that cells share."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._in_text = False
        self._texts: list[str] = []
        self._phonetic = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "t":
            self._in_text = not self._phonetic
        elif name == "rPh":
            self._phonetic = True

    def end(self, name: str) -> None:
        if name == "t":
            self._in_text = False
        elif name == "rPh":
            self._phonetic = False
        elif name == "si":
            self.found.append("".join(self._texts))
            self._texts = []

    def text(self, text: str) -> None:
        if self._in_text:
            self._texts.append(text)


class _Styles:
    """Reads which number format each style of cells has; all else of the styles is skipped."""

    def __init__(self) -> None:
        self._own: dict[int, str] = {}
        self._format_ids: list[int] = []
        self._in_cell_styles = False

    def code(self, style: int) -> str:
        """Return the format of a style."""
        if style >= len(self._format_ids):
            return GENERAL
        format_id = self._format_ids[style]
        return self._own.get(format_id) or BUILT_IN.get(format_id, GENERAL)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt" and not self._in_cell_styles:
            self._own[int(attributes["numFmtId"])] = unescaped(attributes["formatCode"])
        elif name == "cellXfs":
            self._in_cell_styles = True
        elif name == "xf" and self._in_cell_styles:
            self._format_ids.append(int(attributes.get("numFmtId", "0")))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            raise Finished

    def text(self, text: str) -> None:
        """No text matters."""


class _ContentFinder:
    """Finds out whether a worksheet has a cell with content."""

    def __init__(self) -> None:
        self.found = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name in ("v", "is", "f"):
            self.found = True
            raise Finished

    def end(self, name: str) -> None:
        if name == "sheetData":
            raise Finished

    def text(self, text: str) -> None:
        """No text matters."""


@dataclass
class _Row:
    """A row of a worksheet with its cells by column, counted from 0."""

    number: int
    hidden: bool
    cells: dict[int, StoredCell | Sentence] = field(default_factory=dict)


class _Merge(NamedTuple):
    """A rectangle of merged cells; rows are counted from 1, columns from 0."""

    top: int
    left: int
    bottom: int
    right: int
    name: str


class _Worksheet:
    """Reads the rows of a worksheet that are not empty, its merged cells and hidden columns."""

    def __init__(self, max_rows: int, max_columns: int) -> None:
        self.rows: list[_Row] = []
        self.hidden_columns: set[int] = set()
        self._in_text = False
        self._max_rows = max_rows
        self._max_columns = max_columns
        self._merges: list[_Merge] = []
        self._row = _Row(0, False)
        self._columns: dict[str, int] = {}
        self._column = -1
        self._type = "n"
        self._style = 0
        self._is_formula = False
        self._phonetic = False
        self._texts: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._start_cell(attributes)
        elif name == "v" or name == "t":
            self._in_text = self._column < self._max_columns and not self._phonetic
        elif name == "f":
            self._is_formula = True
        elif name == "row":
            self._start_row(attributes)
        elif name == "rPh":
            self._phonetic = True
        elif name == "col":
            self._take_column(attributes)
        elif name == "mergeCell":
            self._take_merge(attributes["ref"])

    def end(self, name: str) -> None:
        if name == "c":
            self._end_cell()
        elif name == "v" or name == "t":
            self._in_text = False
        elif name == "rPh":
            self._phonetic = False
        elif name == "row":
            self._end_row()
        elif name == "mergeCells":
            raise Finished

    def text(self, text: str) -> None:
        if self._in_text:
            self._texts.append(text)

    def _start_row(self, attributes: dict[str, str]) -> None:
        number = int(attributes["r"]) if "r" in attributes else self._row.number + 1
        if not self._row.number < number <= EXCEL_LAST_ROW:
            raise broken_workbook()
        hidden = attributes.get("hidden") in ("1", "true") or _is_nothing(attributes.get("ht"))
        self._row = _Row(number, hidden)
        self._column = -1

    def _end_row(self) -> None:
        if self._row.cells:
            if len(self.rows) >= self._max_rows:
                raise too_many_rows(self._max_rows)
            self.rows.append(self._row)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        if reference is None:
            self._column += 1
        else:
            letters = reference.rstrip("0123456789")
            column = self._columns.get(letters)
            if column is None:
                column = self._columns[letters] = _column_at(letters)
            self._column = column
        self._type = attributes.get("t", "n")
        self._style = int(attributes.get("s", "0"))
        self._is_formula = False
        self._texts = []

    def _end_cell(self) -> None:
        if self._column < self._max_columns and (self._texts or self._is_formula):
            value = "".join(self._texts)
            self._row.cells[self._column] = StoredCell(
                self._type, value, self._style, self._is_formula
            )

    def _take_column(self, attributes: dict[str, str]) -> None:
        if attributes.get("hidden") in ("1", "true") or _is_nothing(attributes.get("width")):
            first, last = int(attributes["min"]), int(attributes["max"])
            self.hidden_columns.update(range(max(first, 1) - 1, min(last, self._max_columns)))

    def _take_merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        top, left = _row_and_column(first)
        bottom, right = _row_and_column(last or first)
        self._merges.append(_Merge(top, left, bottom, right, reference))
        if len(self._merges) > MAX_MERGES:
            raise too_much()

    def fill_merges(self) -> None:
        """Give each row of merged cells their value, in the leftmost column of them.

        The other cells become unreadable with a reason, because the value may or may not be meant
        for their columns, too.
        """
        numbers = [row.number for row in self.rows]
        filled: set[tuple[int, int]] = set()
        for merge in self._merges:
            start, stop = bisect_left(numbers, merge.top), bisect_right(numbers, merge.bottom)
            value = None
            if start < stop and numbers[start] == merge.top:
                value = self.rows[start].cells.get(merge.left)
            if value is None:
                continue
            reason = _merged(merge.name)
            for at in range(start, stop):
                for column in range(merge.left, min(merge.right + 1, self._max_columns)):
                    if (at, column) in filled:
                        # Merged cells never overlap in a file that Excel wrote.
                        raise broken_workbook()
                    filled.add((at, column))
                    self.rows[at].cells[column] = value if column == merge.left else reason
                if len(filled) > MAX_MERGED_CELLS:
                    raise too_much()


def _merged(area: str) -> Sentence:
    return Sentence(
        f"与左边的单元格合并了（{area}），请取消合并后分别填写",
        f"is merged with the cell to its left ({area}); please unmerge them and fill in both",
    )


def formula_error(value: str) -> Sentence:
    """Return the reason why a cell with an error such as `#N/A` cannot be read."""
    return Sentence(
        f"是公式错误 {value}，请先在 Excel 里改正",
        f"is the formula error {value}; please correct it in Excel first",
    )


def too_many_rows(most: int) -> BadSheet:
    """Return the refusal of a table with more rows than are taken at once."""
    return BadSheet(
        Sentence(
            f"行数太多，一次最多 {most} 行，请分成几个文件。",
            f"More than {most} rows; split the file.",
        )
    )


def _is_nothing(size: str | None) -> bool:
    """Say whether a height or width, as the file keeps it, is zero."""
    return size is not None and float(size) == 0


def _row_and_column(reference: str) -> tuple[int, int]:
    found = _REFERENCE.fullmatch(reference.replace("$", ""))
    if found is None:
        raise broken_workbook()
    return int(found[2]), _column_at(found[1])


def _column_at(letters: str) -> int:
    if not 1 <= len(letters) <= 3 or not letters.isascii() or not letters.isupper():
        raise broken_workbook()
    at = 0
    for letter in letters:
        at = at * 26 + ord(letter) - ord("A") + 1
    return at - 1
