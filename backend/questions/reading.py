"""Reads question files: the columns, and the rules for each row. Pure: no database, no clock."""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from backend.errors import Sentence
from backend.sheets import BadRows, BadSheet, RowError, Sheet, SheetRow, plain, read_sheet
from backend.sheets.cells import RowReader
from backend.sheets.days import day_of, not_a_day
from backend.sheets.errors import ERRORS_SHOWN, repeats_row

LETTERS = "ABCDEF"
OPTION_COLUMNS = tuple(f"选项{letter}" for letter in LETTERS)
REQUIRED_COLUMNS = ("编号", "题型", "主题", "难度", "题干", "答案")
OPTIONAL_COLUMNS = (*OPTION_COLUMNS, "解析", "来源", "有效期", "审核人")

MAX_UPLOADED = 3_000

KINDS = {"单选": "single", "多选": "multiple", "判断": "truefalse"}
KIND_NAMES = {kind: name for name, kind in KINDS.items()}
TRUEFALSE_OPTIONS = ("对", "错")
TRUEFALSE_WORDS = {
    **dict.fromkeys(("对", "正确", "是", "√", "✓", "✔", "T", "TRUE"), "T"),
    **dict.fromkeys(("错", "错误", "否", "×", "✗", "✘", "X", "F", "FALSE"), "F"),
}

_BETWEEN_LETTERS = re.compile(r"[\s,、;/|.]+")


@dataclass(frozen=True)
class QuestionDraft:
    """A question as a row of a file has it, normalised as the table `question` keeps it."""

    row: int = field(compare=False)
    code: str
    kind: str
    topic: str
    difficulty: int
    stem: str
    options: tuple[str, ...]
    key: tuple[str, ...]
    explanation: str
    source: str
    expires_on: str | None
    reviewer: str

    def content(self) -> dict[str, object]:
        """Return the columns whose change makes a new version."""
        return {
            "kind": self.kind,
            "topic": self.topic,
            "difficulty": self.difficulty,
            "stem": self.stem,
            "options": list(self.options),
            "key": list(self.key),
            "explanation": self.explanation,
            "source": self.source,
            "expires_on": self.expires_on,
            "reviewer": self.reviewer,
        }

    def digest(self) -> str:
        """Return the digest of the content, which differs if the content does."""
        text = json.dumps(self.content(), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class QuestionFile:
    """A file that was read on a business day: questions, errors and warnings.

    `sheet` is the table as it was read.
    """

    today: str
    drafts: tuple[QuestionDraft, ...]
    errors: tuple[RowError, ...]
    warnings: tuple[RowError, ...]
    sheet: Sheet = field(repr=False)

    @property
    def notes(self) -> tuple[Sentence, ...]:
        """Notes about the file as a whole, such as sheets that were not read."""
        return self.sheet.notes


def read_questions(data: bytes, today: str) -> QuestionFile:
    """Read questions from an .xlsx or CSV file; `today` (YYYY-MM-DD) tells what has expired.

    Raises `BadSheet` if the file is not such a table; errors in rows are in the result.
    """
    sheet = read_sheet(data, REQUIRED_COLUMNS, OPTIONAL_COLUMNS)
    readers = [_RowReader(row, today) for row in sheet.rows]
    drafts = [reader.draft() for reader in readers]
    partial = [_RowReader(row, today) for row in _with_stand_ins(sheet)]
    every = sorted(drafts + [reader.draft() for reader in partial], key=lambda draft: draft.row)
    found = [error for reader in readers + partial for error in reader.errors]
    found += _repeated(every, "编号", lambda draft: draft.code)
    found += _repeated(every, "题干", lambda draft: stem_key(draft.stem))
    unreadable = {(error.row, error.column) for error in sheet.errors}
    errors = [*sheet.errors, *(one for one in found if (one.row, one.column) not in unreadable)]
    warnings = [warning for reader in readers for warning in reader.warnings]
    return QuestionFile(
        today=today,
        drafts=tuple(drafts),
        errors=tuple(sorted(errors, key=lambda e: e.row)),
        warnings=tuple(warnings),
        sheet=sheet,
    )


def _with_stand_ins(sheet: Sheet) -> list[SheetRow]:
    """Return the rows with cells that cannot be read, so that their other cells can be judged.

    Each of these cells has a text of its own, which is neither empty nor the same as another.
    """
    stand_ins: dict[int, dict[str, str]] = {}
    for error in sheet.errors:
        stand_ins.setdefault(error.row, {})[error.column] = f"#{error.row}{error.column}"
    return [SheetRow(row.number, row.cells | stand_ins[row.number]) for row in sheet.unreadable]


def read_upload(data: bytes, today: str) -> QuestionFile:
    """Read uploaded questions.

    Raises what `read_for_preview` raises, and `BadRows` with the first of the wrong rows.
    """
    parsed = read_for_preview(data, today)
    if parsed.errors:
        refusal = BadRows(parsed.errors)
        # Only the first errors are sent to the worker; the others would not be shown.
        refusal.errors = refusal.errors[:ERRORS_SHOWN]
        raise refusal
    return parsed


def read_for_preview(data: bytes, today: str) -> QuestionFile:
    """Read uploaded questions, wrong rows included; raises `BadSheet`.

    The limit of rows is lower than for the command, because a worker imports them between requests.
    """
    parsed = read_questions(data, today)
    if len(parsed.drafts) > MAX_UPLOADED:
        raise BadSheet(
            Sentence(
                f"题目太多，一次最多上传 {MAX_UPLOADED} 题，请分成几个文件。",
                f"More than {MAX_UPLOADED} questions; split the file.",
            )
        )
    return parsed


def stem_key(stem: str) -> str:
    """Return the normal form of a stem, equal for stems that a person would call the same."""
    return "".join(plain(stem).split())


def _repeated(
    drafts: list[QuestionDraft], column: str, key_of: Callable[[QuestionDraft], str]
) -> list[RowError]:
    first_rows: dict[str, int] = {}
    errors = []
    for draft in drafts:
        key = key_of(draft)
        first = first_rows.setdefault(key, draft.row)
        if key and first != draft.row:
            errors.append(RowError(draft.row, column, repeats_row(first)))
    return errors


class _RowReader(RowReader):
    """Reads one row and collects all its errors."""

    def __init__(self, row: SheetRow, today: str) -> None:
        super().__init__(row)
        self.today = today
        self.warnings: list[RowError] = []

    def draft(self) -> QuestionDraft:
        """Return the question; it may be incomplete if there are errors."""
        kind = self._kind()
        options, key = self._answers(kind)
        return QuestionDraft(
            row=self.row.number,
            code=plain(self.text("编号", 40)),
            kind=kind,
            topic=self.text("主题", 40),
            difficulty=self._difficulty(),
            stem=self.text("题干", 1000),
            options=options,
            key=key,
            explanation=self._explanation(),
            source=self.text("来源", 200, required=False),
            expires_on=self._expires_on(),
            reviewer=self.text("审核人", 40, required=False),
        )

    def _explanation(self) -> str:
        text = self.text("解析", 2000, required=False)
        if not text:
            message = Sentence(
                "没有解析，答错的人看不到原因",
                "is empty: those who answer wrong are shown no reason",
            )
            self.warnings.append(RowError(self.row.number, "解析", message))
        return text

    def _kind(self) -> str:
        name = plain(self.text("题型", 10))
        kind = KINDS.get(name.removesuffix("题"), "")
        if name and not kind:
            self.wrong(
                "题型",
                Sentence(
                    f"不认识“{name}”，须为 {'、'.join(KINDS)}",
                    f"“{name}” is none of {'、'.join(KINDS)}",
                ),
            )
        return kind

    def _difficulty(self) -> int:
        text = plain(self.text("难度", 10))
        if text in ("1", "2", "3", "4", "5"):
            return int(text)
        if text:
            self.wrong(
                "难度",
                Sentence(f"“{text}”须为 1–5 的整数", f"“{text}” is not a whole number from 1 to 5"),
            )
        return 0

    def _expires_on(self) -> str | None:
        text = plain(self.row["有效期"])
        if not text:
            return None
        day = day_of(text)
        if day is None:
            self.wrong("有效期", not_a_day(text))
        elif day < self.today:
            message = Sentence(f"{day} 已过有效期", f"{day} is past")
            self.warnings.append(RowError(self.row.number, "有效期", message))
        return day

    def _answers(self, kind: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        answer = plain(self.text("答案", 40)).upper()
        if kind == "truefalse":
            return TRUEFALSE_OPTIONS, self._truefalse_key(answer)
        options = self._options(required=bool(kind))
        judged = kind and answer and options
        return options, self._letters(kind, answer, options) if judged else ()

    def _truefalse_key(self, answer: str) -> tuple[str, ...]:
        """Return the key; some files offer A 对 and B 错 and answer with a letter, which is accepted,
        too."""
        offered = [self.row[column] for column in OPTION_COLUMNS]
        words = [TRUEFALSE_WORDS.get(plain(text).upper()) for text in offered if text]
        if words and (None in words or sorted(map(str, words)) != ["F", "T"]):
            self.wrong(
                "选项A",
                Sentence(
                    "判断题不用填选项（或只填 对、错）",
                    "a true-or-false question has no options (or 对 and 错 only)",
                ),
            )
            return ()
        by_letter = dict(zip(LETTERS, words, strict=False))
        word = TRUEFALSE_WORDS.get(answer) or by_letter.get(answer)
        if word is None and answer:
            self.wrong(
                "答案",
                Sentence(
                    f"判断题的答案须为 对 或 错，不能是“{answer}”",
                    f"the key of a true-or-false question is 对 or 错, not “{answer}”",
                ),
            )
        return (word,) if word else ()

    def _options(self, *, required: bool) -> tuple[str, ...]:
        texts = [self.text(column, 200, required=False) for column in OPTION_COLUMNS]
        options = [text for text in texts if text]
        gap = next((at for at, text in enumerate(texts) if not text), len(texts))
        if gap < len(options):
            self.wrong(
                OPTION_COLUMNS[gap],
                Sentence("空着，后面的选项却有内容", "is empty, but a later option is not"),
            )
            return ()
        if required and len(options) < 2:
            self.wrong(
                OPTION_COLUMNS[gap],
                Sentence("至少要有两个选项", "needs a value: there must be two options at least"),
            )
            return ()
        seen: dict[str, str] = {}
        for column, text in zip(OPTION_COLUMNS, texts, strict=True):
            first = seen.setdefault(plain(text), column)
            if text and first != column:
                self.wrong(column, Sentence(f"与{first}相同", f"is the same as {first}"))
        return tuple(options)

    def _letters(self, kind: str, answer: str, options: tuple[str, ...]) -> tuple[str, ...]:
        letters = _BETWEEN_LETTERS.sub("", answer)
        unknown = sorted(set(letters) - set(LETTERS))
        missing = sorted(set(letters) & set(LETTERS[len(options) :]))
        if unknown or not letters:
            self.wrong(
                "答案",
                Sentence(
                    f"“{answer}”须由选项字母 A–F 组成",
                    f"“{answer}” must consist of the letters A to F",
                ),
            )
        elif missing:
            self.wrong(
                "答案",
                Sentence(
                    f"选了 {'、'.join(missing)}，却没有这个选项",
                    f"names {', '.join(missing)}, which is not an option",
                ),
            )
        elif len(set(letters)) < len(letters):
            self.wrong(
                "答案", Sentence(f"“{answer}”里有重复的字母", f"“{answer}” has a letter twice")
            )
        elif kind == "single" and len(letters) != 1:
            self.wrong(
                "答案", Sentence("单选题只能有一个答案", "a single choice has one right option")
            )
        elif kind == "multiple" and len(letters) < 2:
            self.wrong(
                "答案",
                Sentence(
                    "多选题至少要有两个答案", "a multiple choice has two right options at least"
                ),
            )
        return tuple(sorted(letters))
