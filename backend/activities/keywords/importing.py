"""Imports words from a table.

The words are only prepared: players learn of a word when a host announces it.
"""

import re
from typing import Any

from backend.activities.keywords import rules, words
from backend.activities.keywords.models import Keyword, KeywordSpelling
from backend.db import Database
from backend.errors import Sentence
from backend.events.models import Activity
from backend.identity import audit
from backend.sheets import Sheet, SheetRow
from backend.sheets.cells import RowReader
from backend.sheets.errors import repeats_row
from backend.sheets.preview import ImportPreview, NewRows
from backend.sheets.writing import Column, Worksheet

TEXT, OTHERS, PLACES, SECONDS, POINTS = "关键词", "其他写法", "名额", "秒数", "分数"
PINYIN, DECOY = "拼音也算", "干扰词"
# For `read_sheet`: the columns that a table of words must have, and those that it may have.
COLUMNS = ((TEXT,), (OTHERS, PLACES, SECONDS, POINTS, PINYIN, DECOY))
_NUMBERS = (
    ("places", PLACES, rules.PLACES),
    ("seconds", SECONDS, rules.SECONDS),
    ("points", POINTS, rules.POINTS),
)
_BETWEEN_WORDS = re.compile(r"[、,，;；/|\n]+")
TEMPLATE = Worksheet(
    "关键词",
    (
        Column(TEXT, 16),
        Column(OTHERS, 24),
        Column(PLACES, 8),
        Column(SECONDS, 8),
        Column(POINTS, 8),
        Column(PINYIN, 10),
        Column(DECOY, 10),
    ),
    [
        ("林卡", "林咔、linka", 20, 60, 20, "否", "否"),
        ("酥油茶", "", 10, 60, 30, "是", "否"),
        ("青稞饼", "", None, 30, None, "否", "是"),
    ],
)
NOTES = (
    f"一行一个关键词，{rules.LONGEST} 个字以内。示例行看懂后请删掉。",
    f"其他写法：用顿号隔开，最多 {rules.MOST_OTHERS} 个；写其中任何一个都算。",
    "名额、秒数、分数：留空就用环节设置里的。",
    "拼音也算：写“是”，回复拼音也算答中。干扰词：写“是”，回复它不得分。",
)


def preview(activity: Activity, sheet: Sheet) -> ImportPreview:
    """Return what importing words would do, row by row, wrong rows included. Writes nothing."""
    return _read(activity, sheet).preview()


def import_words(
    database: Database,
    activity: Activity,
    sheet: Sheet,
    actor_id: int,
    now: int,
    agreed: str | None,
) -> int:
    """Prepare the words that are new, in one transaction; returns how many.

    Raises `BadRows`, and `ImportMoved` if `agreed` is the seal of another preview.
    """
    with database.write(takes_time=True):
        database.claim(activity.id)
        found = _read(activity, sheet)
        found.require(agreed)
        for word in found.facts.values():
            made = words.write(activity, word)
            audit.record(actor_id, "prepare_keyword", f"keyword:{made.id}", now)
    return len(found.facts)


def _read(activity: Activity, sheet: Sheet) -> NewRows:
    stored = KeywordSpelling.select(KeywordSpelling.key, Keyword).join(Keyword)
    written = {row.key: row.word for row in stored.where(Keyword.activity == activity)}
    first: dict[str, int] = {}
    new: dict[int, dict[str, Any]] = {}
    errors = list(sheet.errors)
    for row in sheet.rows:
        reader = RowReader(row)
        word = _word(reader, row)
        facts = words.facts(activity, word)
        keys = rules.spellings(word["text"], word["others"], facts["pinyin"])
        repeated = [first[key] for key in keys if first.setdefault(key, row.number) != row.number]
        there = next((written[key] for key in keys if key in written), None)
        if repeated:
            reader.wrong(TEXT, repeats_row(repeated[0]))
        elif there is not None and words.differs(there, facts):
            reader.wrong(TEXT, _otherwise(there.text))
        errors += reader.errors
        if not reader.errors and there is None:
            new[row.number] = word
    return NewRows(sheet, sum(COLUMNS, ()), new, errors)


def _word(reader: RowReader, row: SheetRow) -> dict[str, Any]:
    """Return a word as `settings.WordSchema` reads it; do not use the word if errors were added."""
    text = reader.text(TEXT, rules.LONGEST)
    others = [other.strip() for other in _BETWEEN_WORDS.split(row[OTHERS]) if other.strip()]
    if len(others) > rules.MOST_OTHERS or any(len(other) > rules.LONGEST for other in others):
        reader.wrong(
            OTHERS,
            Sentence(
                f"最多 {rules.MOST_OTHERS} 个，每个 {rules.LONGEST} 个字以内",
                f"has more than {rules.MOST_OTHERS}, or one of more than {rules.LONGEST} characters",
            ),
        )
        others = []
    for column, word in ((TEXT, text), *((OTHERS, other) for other in others)):
        if word and not rules.spellings(word, (), False):
            reader.wrong(
                column,
                Sentence(f"“{word}”里要有文字或数字", f"“{word}” needs letters or digits"),
            )
    numbers = {
        name: reader.number(column, *bounds, required=False) for name, column, bounds in _NUMBERS
    }
    chosen = {name: number for name, number in numbers.items() if number is not None}
    if row[PINYIN]:
        chosen["pinyin"] = reader.yes(PINYIN)
    return {"text": text, "others": others, "decoy": reader.yes(DECOY), **chosen}


def _otherwise(text: str) -> Sentence:
    return Sentence(
        f"与已有的“{text}”写法相同，设置不同；请先删掉那一个",
        f"is written like “{text}”, which is there with other settings; remove that one first",
    )
