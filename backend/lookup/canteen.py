"""饭堂: the dishes of each meal of a day. Reads their rows, and answers with menus."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from backend.errors import Sentence
from backend.lookup.answers import Answer, AnswerRow
from backend.lookup.asking import MEALS, AskedText
from backend.lookup.models import CANTEEN, CanteenMeal
from backend.lookup.tables import ReadRows, RowKind, short
from backend.sheets import Sheet
from backend.sheets.cells import RowReader
from backend.sheets.errors import repeats_row, too_long
from backend.sheets.text import plain
from backend.sheets.writing import Column, Worksheet

DAY, MEAL, DISHES = "日期", "餐别", "菜品"
_NAMES = {written: meal for meal, names in MEALS.items() for written in names}
_BETWEEN = re.compile(r"[、,，;；/\s]+")
LONGEST_DISH, MOST_DISHES = 30, 40
_MEAL_NEEDED = Sentence(f"须为{'、'.join(MEALS)}之一", "is no meal")


class Canteen(RowKind):
    """A file is the menu of its days: meals of other days stay."""

    name = CANTEEN
    title = "饭堂"
    columns = ((DAY, MEAL, DISHES), ())
    template = Worksheet(
        "饭堂",
        (Column(DAY, 14), Column(MEAL, 10), Column(DISHES, 60)),
        [
            (date(2026, 12, 1), "早餐", "小米粥、馒头、煮鸡蛋"),
            (date(2026, 12, 1), "午餐", "土豆烧牛肉、清炒油麦菜、番茄蛋汤"),
            (date(2026, 12, 1), "晚餐", "手抓饭、凉拌黄瓜、酥油茶"),
        ],
    )
    notes = (
        "一行是一天的一餐。示例行看懂后请删掉。文件的第一天到最后一天以文件为准，别的日子不变。",
        f"餐别：{'、'.join(MEALS)}。",
        f"菜品：用顿号分开，每样 {LONGEST_DISH} 个字以内。",
    )
    model = CanteenMeal
    key = ("day", "meal")
    fields = {"dishes": DISHES}

    def read(self, sheet: Sheet) -> ReadRows:
        """Return the meals of a file."""
        rows: dict[int, dict[str, Any]] = {}
        first: dict[tuple[str, str], int] = {}
        errors = list(sheet.errors)
        for row in sheet.rows:
            reader = RowReader(row)
            day, meal = reader.day(DAY), _NAMES.get(plain(row[MEAL]), "")
            if not meal:
                reader.wrong(MEAL, _MEAL_NEEDED)
            dishes = _dishes(reader)
            if not reader.errors and first.setdefault((day, meal), row.number) != row.number:
                reader.wrong(MEAL, repeats_row(first[day, meal]))
            errors += reader.errors
            if not reader.errors:
                rows[row.number] = {"day": day, "meal": meal, "dishes": dishes}
        return ReadRows(rows, errors)

    def replaced(self, rows: Sequence[Mapping[str, Any]]) -> Any:
        """Return the condition for all meals within these days."""
        days = [row["day"] for row in rows]
        return CanteenMeal.day.between(min(days), max(days))

    def named(self, facts: Mapping[str, Any]) -> str:
        """Return day and meal."""
        return f"{facts['day']} {facts['meal']}"

    def days(self) -> tuple[str, str]:
        """Return the first and the last day of the menu."""
        days = [day for (day,) in CanteenMeal.select(CanteenMeal.day).distinct().tuples()]
        return min(days, default=""), max(days, default="")


def _dishes(reader: RowReader) -> list[str]:
    text = reader.text(DISHES, 1_000)
    dishes = [dish for dish in _BETWEEN.split(text) if dish][:MOST_DISHES]
    if any(len(dish) > LONGEST_DISH for dish in dishes):
        reader.wrong(DISHES, too_long(LONGEST_DISH))
    return dishes


def answer(asked: AskedText, local: datetime) -> list[Answer]:
    """Return the meals of the named day, by default of today.

    Empty if the text does not ask for them.
    """
    if CANTEEN not in asked.topics:
        return []
    day = asked.day or local.date()
    order = list(MEALS)
    meals = sorted(
        CanteenMeal.select().where(CanteenMeal.day == day.isoformat()),
        key=lambda one: order.index(one.meal),
    )
    rows = [
        AnswerRow(one.meal, "、".join(one.dishes))
        for one in meals
        if asked.meal in (None, one.meal)
    ]
    text = "" if rows else "这一天没有菜单。"
    return [Answer(CANTEEN, f"饭堂 · {short(day)}", rows, text=text)]
