"""Reads word packs from a table, and imports them into the database."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from peewee import JOIN, fn

from backend.activities.drawing.models import PackWord, WordPack
from backend.activities.drawing.rules import Prompt
from backend.chinese import is_simplified, letters, normalised
from backend.db import Database
from backend.errors import Invalid, NotFound, Sentence
from backend.identity import audit
from backend.offload.steps import in_steps
from backend.sheets import BadRows, BadSheet, RowError, Sheet, SheetRow, plain, read_sheet
from backend.sheets.errors import EMPTY, repeats_row, too_long
from backend.sheets.preview import (
    ADDED,
    CHANGED,
    RETURNED,
    ImportPreview,
    Outcome,
    RowFindings,
    preview_of,
)
from backend.sheets.writing import Column, Worksheet
from backend.visible import longest_form, shown
from backend.web.forms import Choice

_WRONG_NAME = Sentence(
    "词库名须为 1–60 个字，首尾没有空格，其中没有看不见的字符",
    "The name must have 1 to 60 characters, none of them invisible, and no spaces around it.",
)

COLUMNS = ("词语", "类别", "难度")
MOST_CHARACTERS = 12
DIFFICULTIES = ("1", "2", "3")
MOST_UPLOADED = 2_000
SHEET_COLUMNS = (Column("词语", 20), Column("类别", 16), Column("难度", 8))
TEMPLATE = Worksheet(
    "词语", SHEET_COLUMNS, [("酥油茶", "吃喝", 1), ("雪山", "自然", 1), ("排班表", "工作", 3)]
)
TEMPLATE_NOTES = (
    "文件就是整个词库：导入以后，文件里没有的词不再出题。示例行看懂后请删掉。",
    f"词语：{MOST_CHARACTERS} 个字以内，只用简体字、字母和数字。",
    f"类别：{MOST_CHARACTERS} 个字以内，会作为提示给猜的人看。",
    "难度：1（容易）到 3（难）。",
)

# Wi-Fi, 4.5G, 买买提·阿里, 5G 套餐
_MARK_WITHIN = re.compile(r"(?<=[^\W_])[-‐.·•・ ](?=[^\W_])")


class UnknownPack(NotFound):
    """No word pack has this name."""

    slug = "unknown_pack"
    zh = "没有名为“{name}”的词库。"
    en = "There is no word pack named {name}."


@dataclass(frozen=True)
class PackDiff:
    """What an import changed in a pack; words that are not in the file are no longer offered."""

    added: int
    changed: int
    removed: int
    unchanged: int


@dataclass(frozen=True)
class PackFile:
    """A file that was read: words of correct rows by row number, and the errors of the others."""

    words: dict[int, Prompt]
    errors: tuple[RowError, ...]
    sheet: Sheet


def packs_to_choose() -> list[Choice]:
    """Return all packs, with how many words they offer."""
    count = fn.COUNT(PackWord.id)
    rows = (
        WordPack.select(WordPack, count.alias("words_offered"))
        .join(PackWord, JOIN.LEFT_OUTER, on=(PackWord.pack == WordPack.id) & PackWord.current)
        .group_by(WordPack.id)
        .order_by(WordPack.id)
    )
    return [
        Choice(row.name, f"{row.title or row.name}（{row.words_offered} 个词）") for row in rows
    ]


def read_words(
    data: bytes, on_note: Callable[[Sentence], None] = lambda note: None
) -> list[Prompt]:
    """Read words from an .xlsx or CSV file; raises `BadSheet`, or `BadRows` naming every error.

    `on_note` is called with notes about parts of the file that were not read.
    """
    found = read_pack(data)
    for note in found.sheet.notes:
        on_note(note)
    if found.errors:
        raise BadRows(found.errors)
    return list(found.words.values())


def read_upload(data: bytes) -> PackFile:
    """Read an uploaded file as `read_pack` does.

    Also raises `BadSheet` for more words than a worker may import between requests.
    """
    found = read_pack(data)
    if len(found.sheet.rows) > MOST_UPLOADED:
        raise BadSheet(
            Sentence(
                f"词太多，一次最多上传 {MOST_UPLOADED} 个。",
                f"More than {MOST_UPLOADED} words.",
            )
        )
    return found


def read_pack(data: bytes) -> PackFile:
    """Read words from an .xlsx or CSV file; keeps wrong rows, for the preview. Raises `BadSheet`."""
    sheet = read_sheet(data, COLUMNS)
    words: dict[int, Prompt] = {}
    errors = list(sheet.errors)
    first_rows: dict[str, int] = {}
    for row in sheet.rows:
        wrong = _errors_in(row)
        key = normalised(row["词语"])
        first = first_rows.setdefault(key, row.number)
        if key and first != row.number:
            wrong.append(RowError(row.number, "词语", repeats_row(first)))
        errors += wrong
        if not wrong:
            words[row.number] = Prompt(row["词语"], row["类别"], int(plain(row["难度"])))
    return PackFile(words, tuple(errors), sheet)


def preview(found: PackFile, name: str) -> ImportPreview:
    """Return what importing a file into a pack would do, row by row; writes nothing.

    Raises `Invalid` for a bad name.
    """
    _check_name(name)
    pack = WordPack.get_or_none(WordPack.name == name)
    return _preview(found, _known(pack.id if pack else 0))


def _preview(found: PackFile, known: dict[str, tuple[str, int, bool]]) -> ImportPreview:
    outcomes = {}
    for row, word in found.words.items():
        before = known.get(word.text)
        if before is None:
            outcomes[row] = Outcome(ADDED)
        elif not before[2]:
            outcomes[row] = Outcome(RETURNED)
        elif before != (word.category, word.difficulty, True):
            category, difficulty, _ = before
            told = Sentence(
                f"{category}·难度 {difficulty} → {word.category}·难度 {word.difficulty}",
                f"{category} ({difficulty}) → {word.category} ({word.difficulty})",
            )
            outcomes[row] = Outcome(CHANGED, (told,))
    texts = {word.text for word in found.words.values()}
    gone = [text for text, (_, _, current) in known.items() if current and text not in texts]
    findings = RowFindings(outcomes, found.errors, notes=found.sheet.notes, gone=gone)
    return preview_of(found.sheet, COLUMNS, findings)


def _errors_in(row: SheetRow) -> list[RowError]:
    found = []
    for column in COLUMNS:
        if not row[column]:
            found.append(RowError(row.number, column, EMPTY))
    word = row["词语"]
    if len(word) > MOST_CHARACTERS:
        found.append(RowError(row.number, "词语", too_long(MOST_CHARACTERS)))
    if letters(word) != _MARK_WITHIN.sub("", word).casefold() or not is_simplified(word):
        found.append(
            RowError(
                row.number,
                "词语",
                Sentence(
                    f"“{word}”只能有简体字、字母和数字，中间可以有连字符、点和空格",
                    f"“{word}” may have simplified characters, letters and digits only, "
                    "with hyphens, dots and spaces between them",
                ),
            )
        )
    if len(longest_form(row["类别"])) > MOST_CHARACTERS:
        found.append(RowError(row.number, "类别", too_long(MOST_CHARACTERS)))
    difficulty = plain(row["难度"])
    if difficulty and difficulty not in DIFFICULTIES:
        found.append(
            RowError(
                row.number,
                "难度",
                Sentence(
                    f"“{difficulty}”须为 1–3 的整数",
                    f"“{difficulty}” is not a whole number from 1 to 3",
                ),
            )
        )
    return found


def import_words(
    words: Sequence[Prompt],
    name: str,
    *,
    database: Database,
    now: int,
    title: str | None = None,
    actor_id: int | None = None,
) -> PackDiff:
    """Replace the words of a pack, in one transaction; a repeat changes nothing.

    Two imports into one pack wait for each other. Raises `Invalid` for a bad name.
    """
    _check_name(name)
    with database.write():
        pack_id = _claim_pack(name, title)
        return _write(pack_id, name, words, now, actor_id)


def import_pack(
    found: PackFile,
    name: str,
    *,
    database: Database,
    now: int,
    title: str | None,
    actor_id: int,
    agreed: str | None,
) -> PackDiff:
    """Replace the words of a pack by those of a file, as `import_words`.

    Raises `BadRows`, and `ImportMoved` if `agreed` is the seal of another preview.
    """
    _check_name(name)
    if found.errors:
        raise BadRows(found.errors)
    with database.write():
        pack_id = _claim_pack(name, title)
        _preview(found, _known(pack_id)).require(agreed)
        return _write(pack_id, name, list(found.words.values()), now, actor_id)


def _check_name(name: str) -> None:
    if not 1 <= len(longest_form(name)) <= 60 or name != shown(name):
        raise Invalid(fields={"pack": [_WRONG_NAME]})


def _claim_pack(name: str, title: str | None) -> int:
    """Create the pack or find it, and lock its row until the transaction ends."""
    title = shown(title or "") or None
    update = {WordPack.name: name} if title is None else {WordPack.title: title}
    WordPack.insert(name=name, title=title or name).on_conflict(
        conflict_target=[WordPack.name], update=update
    ).execute()
    pack_id: int = WordPack.get(WordPack.name == name).id
    return pack_id


def _known(pack_id: int) -> dict[str, tuple[str, int, bool]]:
    """Return (category, difficulty, whether it is offered) of each word of a pack."""
    rows = PackWord.select(
        PackWord.text, PackWord.category, PackWord.difficulty, PackWord.current
    ).where(PackWord.pack == pack_id)
    return {
        text: (category, difficulty, current)
        for text, category, difficulty, current in rows.order_by(PackWord.id).tuples()
    }


def _write(
    pack_id: int, name: str, words: Sequence[Prompt], now: int, actor_id: int | None
) -> PackDiff:
    known = _known(pack_id)
    added = changed = 0
    for word in in_steps(words):
        before = known.get(word.text)
        if before == (word.category, word.difficulty, True):
            continue
        added += before is None
        changed += before is not None
        PackWord.insert(
            pack=pack_id, text=word.text, category=word.category, difficulty=word.difficulty
        ).on_conflict(
            conflict_target=[PackWord.pack, PackWord.text],
            update={
                PackWord.category: word.category,
                PackWord.difficulty: word.difficulty,
                PackWord.current: True,
            },
        ).execute()
    texts = {word.text for word in words}
    gone = [text for text, (_, _, current) in known.items() if current and text not in texts]
    for text in gone:
        PackWord.update(current=False).where(
            PackWord.pack == pack_id, PackWord.text == text
        ).execute()
    if added or changed or gone:
        audit.record(actor_id, "words_imported", f"pack:{name}", now, added=added)
    return PackDiff(added, changed, len(gone), len(words) - added - changed)


@dataclass(frozen=True)
class PackSummary:
    """A pack, and how many words it offers."""

    name: str
    title: str
    words: int


def list_packs() -> list[PackSummary]:
    """Return every pack by name."""
    counted: Any = (
        WordPack.select(WordPack.name, WordPack.title, fn.COUNT(PackWord.id))
        .left_outer_join(PackWord, on=(PackWord.pack == WordPack.id) & PackWord.current)
        .group_by(WordPack.id, WordPack.name, WordPack.title)
        .order_by(WordPack.name)
        .tuples()
    )
    return [PackSummary(*row) for row in counted]


def worksheet(name: str) -> Worksheet:
    """Return the words of a pack as a worksheet, which imports as unchanged; raises
    `UnknownPack`."""
    if WordPack.get_or_none(WordPack.name == name) is None:
        raise UnknownPack(name=name)
    rows = [(word.text, word.category, word.difficulty) for word in words_of([name])]
    return Worksheet("词语", SHEET_COLUMNS, rows)


def words_of(names: Sequence[str]) -> list[Prompt]:
    """Return the words of packs, without duplicates."""
    rows = (
        PackWord.select(PackWord.text, PackWord.category, PackWord.difficulty)
        .join(WordPack)
        .where(WordPack.name.in_(list(names)), PackWord.current)
        .order_by(PackWord.id)
        .tuples()
    )
    found: dict[str, Prompt] = {}
    for text, category, difficulty in rows:
        found.setdefault(text, Prompt(text, category, difficulty))
    return list(found.values())
