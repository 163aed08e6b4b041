"""What all imported tables share: how a kind of rows is read, compared and named."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from backend.db import Model
from backend.lookup.models import BUSES, CANTEEN, SHIFTS, LookupTable
from backend.sheets import RowError, Sheet
from backend.sheets.writing import Worksheet

TITLES = {BUSES: "班车时刻表", SHIFTS: "班表", CANTEEN: "饭堂菜单"}
WEEKDAY_NAMES = "一二三四五六日"
# A table without an end counts as old after so many days.
OLD_AFTER_DAYS = 180


@dataclass(frozen=True)
class ReadRows:
    """The rows of a file by their numbers, as the columns of the model, with errors and warnings.

    Where a row of the file makes several rows, they have keys of their own, and `numbers` has the
    number of the file's row for each key.
    """

    rows: Mapping[int, dict[str, Any]]
    errors: Sequence[RowError]
    warnings: Sequence[RowError] = ()
    numbers: Mapping[int, int] = field(default_factory=dict)


class RowKind(ABC):
    """A kind of rows that is imported from files: how rows are read, and which stored rows a file
    replaces.

    `key` are the fields that identify a row; `fields` are the others, with the columns of the file.
    """

    name: str
    title: str
    columns: tuple[tuple[str, ...], tuple[str, ...]]
    template: Worksheet
    notes: tuple[str, ...]
    model: Any
    key: tuple[str, ...]
    fields: Mapping[str, str]

    @abstractmethod
    def read(self, sheet: Sheet) -> ReadRows:
        """Return the rows of a file."""

    def replaced(self, rows: Sequence[Mapping[str, Any]]) -> Any:
        """Return the condition for stored rows that are deleted unless the file has them.

        None for none.
        """
        return None

    @abstractmethod
    def named(self, facts: Mapping[str, Any]) -> str:
        """Return a short name of a row."""

    def stored(self, facts: Mapping[str, Any], now: int) -> dict[str, Any]:
        """Return the columns to store for a row."""
        return dict(facts)

    def days(self) -> tuple[str, str] | None:
        """Return the first and the last day of the stored rows, each empty without a limit.

        None for rows without days.
        """
        return None


def imported(name: str) -> LookupTable | None:
    """Return when a table was imported; None if never."""
    found: LookupTable | None = LookupTable.get_or_none(LookupTable.name == name)
    return found


def note_import(kind: RowKind, now: int) -> None:
    """Store that a table was imported, in the caller's transaction."""
    days = kind.days()
    if days is None:
        return
    facts = {"imported_at": now, "from_day": days[0], "until_day": days[1]}
    LookupTable.insert(name=kind.name, **facts).on_conflict(
        conflict_target=[LookupTable.name], update=facts
    ).execute()


def notice(name: str, asked: date, local: datetime, imported_on: date | None) -> str:
    """Return a notice about the age of a table for the day in question; empty if there is none.

    `local` is the time of the centre, `imported_on` the local day of the import.
    """
    table, title = imported(name), TITLES[name]
    if table is None or imported_on is None:
        return f"{title}还没有导入，请问负责人。"
    written = f"（{short(imported_on)}导入）"
    if table.until_day and table.until_day < local.date().isoformat():
        until = short(date.fromisoformat(table.until_day))
        return f"这是旧表：{title}只到 {until}{written}，可能不准。"
    if table.until_day and table.until_day < asked.isoformat():
        until = short(date.fromisoformat(table.until_day))
        return f"{title}只到 {until}，{short(asked)}还没有排出来。"
    if not table.until_day and (local.date() - imported_on).days > OLD_AFTER_DAYS:
        return f"这是旧表：{title}{written}，半年没有更新，可能不准。"
    return ""


def short(day: date) -> str:
    """Return a day for people: 11月30日（周一）."""
    return f"{day.month}月{day.day}日（周{WEEKDAY_NAMES[day.isoweekday() - 1]}）"


def rows_of(model: type[Model], names: Sequence[str], condition: Any = None) -> list[Any]:
    """Return stored rows as dicts of these columns and their ids."""
    query = model.select(model.id, *(getattr(model, name) for name in names))
    return list((query if condition is None else query.where(condition)).dicts())
