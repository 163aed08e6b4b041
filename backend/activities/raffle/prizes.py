"""Imports prizes from a table: one prize for each row, added after the existing ones."""

from typing import Any

import peewee

from backend.activities.raffle.committing import claim
from backend.activities.raffle.models import RafflePrize
from backend.activities.raffle.settings import MOST_STOCK, MOST_TITLE
from backend.db import Database
from backend.errors import Sentence
from backend.events.models import Activity
from backend.identity import audit
from backend.sheets import Sheet
from backend.sheets.cells import RowReader
from backend.sheets.errors import repeats_row
from backend.sheets.preview import ImportPreview, NewRows
from backend.sheets.writing import Column, Worksheet

TITLE, STOCK, AGAIN = "奖品", "数量", "可重复中奖"
# For `read_sheet`: the columns that a table of prizes must have, and those that it may have.
COLUMNS = ((TITLE, STOCK), (AGAIN,))
TEMPLATE = Worksheet(
    "奖品",
    (Column(TITLE, 30), Column(STOCK, 8), Column(AGAIN, 14)),
    [("三等奖 保温杯", 10, "否"), ("二等奖 蓝牙耳机", 3, "否"), ("阳光普照奖 零食包", 100, "是")],
)
NOTES = (
    "一行一个奖品，按抽奖的先后排列。示例行看懂后请删掉。",
    f"奖品：{MOST_TITLE} 个字以内，不能重复。",
    f"数量：1–{MOST_STOCK} 的整数。",
    "可重复中奖：写“是”，已经中过奖的人还能抽中它；写“否”或留空，中过奖的人不再参加。",
)


def preview(activity: Activity, sheet: Sheet) -> ImportPreview:
    """Return what importing prizes would do, row by row, wrong rows included. Writes nothing."""
    return _read(activity, sheet).preview()


def import_prizes(
    database: Database,
    activity: Activity,
    sheet: Sheet,
    actor_id: int,
    now: int,
    agreed: str | None,
) -> int:
    """Add the prizes that are new, in one transaction; returns how many.

    Raises `BadRows`, and `ImportMoved` if `agreed` is the seal of another preview.
    """
    with database.write():
        claim(database, activity)
        found = _read(activity, sheet)
        found.require(agreed)
        last = RafflePrize.select(peewee.fn.MAX(RafflePrize.position)).where(
            RafflePrize.activity == activity
        )
        for position, prize in enumerate(found.facts.values(), start=(last.scalar() or 0) + 1):
            RafflePrize.create(activity=activity, position=position, **prize)
        if found.facts:
            titles = [prize["title"] for prize in found.facts.values()]
            subject = f"activity:{activity.id}"
            audit.record(actor_id, "raffle_prizes_imported", subject, now, added=titles)
    return len(found.facts)


def _read(activity: Activity, sheet: Sheet) -> NewRows:
    """Return the new prizes by row number, and the errors of rows."""
    stored = RafflePrize.select().where(RafflePrize.activity == activity)
    known = {prize.title: prize for prize in stored}
    new: dict[int, dict[str, Any]] = {}
    first: dict[str, int] = {}
    errors = list(sheet.errors)
    for row in sheet.rows:
        reader = RowReader(row)
        title = reader.text(TITLE, MOST_TITLE)
        stock = reader.number(STOCK, 1, MOST_STOCK)
        again = reader.yes(AGAIN)
        there = known.get(title)
        if title and first.setdefault(title, row.number) != row.number:
            reader.wrong(TITLE, repeats_row(first[title]))
        elif there is not None and stock and (there.stock, there.again) != (stock, again):
            reader.wrong(TITLE, _otherwise(there))
        errors += reader.errors
        if not reader.errors and there is None:
            new[row.number] = {"title": title, "stock": stock, "again": again}
    return NewRows(sheet, sum(COLUMNS, ()), new, errors)


def _otherwise(prize: RafflePrize) -> Sentence:
    return Sentence(
        f"已有这个奖品（{prize.stock} 份），数量或设置不同；请先删掉原来的，或换个名字",
        f"is there already (stock {prize.stock}) and differs; remove that one first, or rename it",
    )
