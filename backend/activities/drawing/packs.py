"""Reads word packs from a table, and imports them into the database."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from backend.activities.drawing.models import PackWord, WordPack
from backend.activities.drawing.rules import Prompt
from backend.chinese import is_simplified, letters, normalised
from backend.db import Database
from backend.errors import Invalid, Sentence
from backend.identity import audit
from backend.sheets import BadRows, RowError, SheetRow, plain, read_sheet
from backend.sheets.errors import EMPTY, repeats_row, too_long
from backend.visible import longest_form, shown

_WRONG_NAME = Sentence(
    "词库名须为 1–60 个字，首尾没有空格，其中没有看不见的字符",
    "The name must have 1 to 60 characters, none of them invisible, and no spaces around it.",
)

COLUMNS = ("词语", "类别", "难度")
MOST_CHARACTERS = 12
DIFFICULTIES = ("1", "2", "3")

# Wi-Fi, 4.5G, 买买提·阿里, 5G 套餐
_MARK_WITHIN = re.compile(r"(?<=[^\W_])[-‐.·•・ ](?=[^\W_])")


@dataclass(frozen=True)
class PackDiff:
    """What an import changed in a pack; words that are not in the file are no longer offered."""

    added: int
    changed: int
    removed: int
    unchanged: int


def read_words(
    data: bytes, on_note: Callable[[Sentence], None] = lambda note: None
) -> list[Prompt]:
    """Read words from an .xlsx or CSV file; raises `BadSheet`, or `BadRows` naming every error.

    `on_note` is called with notes about parts of the file that were not read.
    """
    words: list[Prompt] = []
    sheet = read_sheet(data, COLUMNS)
    for note in sheet.notes:
        on_note(note)
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
            words.append(Prompt(row["词语"], row["类别"], int(plain(row["难度"]))))
    if errors:
        raise BadRows(errors)
    return words


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
    if not 1 <= len(longest_form(name)) <= 60 or name != shown(name):
        raise Invalid(fields={"pack": [_WRONG_NAME]})
    with database.write():
        pack_id = _claim_pack(name, title)
        diff = _write(pack_id, words)
        if diff.added or diff.changed or diff.removed:
            audit.record(actor_id, "words_imported", f"pack:{name}", now, added=diff.added)
    return diff


def _claim_pack(name: str, title: str | None) -> int:
    """Create the pack or find it, and lock its row until the transaction ends."""
    title = shown(title or "") or None
    update = {WordPack.name: name} if title is None else {WordPack.title: title}
    WordPack.insert(name=name, title=title or name).on_conflict(
        conflict_target=[WordPack.name], update=update
    ).execute()
    pack_id: int = WordPack.get(WordPack.name == name).id
    return pack_id


def _write(pack_id: int, words: Sequence[Prompt]) -> PackDiff:
    known = {
        text: (category, difficulty, current)
        for text, category, difficulty, current in PackWord.select(
            PackWord.text, PackWord.category, PackWord.difficulty, PackWord.current
        )
        .where(PackWord.pack == pack_id)
        .tuples()
    }
    added = changed = 0
    for word in words:
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
    return PackDiff(added, changed, len(gone), len(words) - added - changed)


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
