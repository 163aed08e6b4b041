"""What a statement written by hand selects, and how its rows are read by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from json import loads
from operator import itemgetter
from typing import Any, Generic, TypeVar

from backend.db import Model

Made = TypeVar("Made")
Row = Sequence[Any]


@dataclass(frozen=True)
class Json:
    """A column that holds JSON: `Json("a.settings")`."""

    sql: str


@dataclass(frozen=True)
class Bool:
    """A column that is true or false: SQLite has 1 and 0 for it."""

    sql: str


@dataclass(frozen=True)
class AllColumns:
    """All columns of a table under its alias, read as a row of its model: `AllColumns(Event, "e")`.

    It is None where an outer join found no row.
    """

    model: type[Model]
    alias: str

    @property
    def sql(self) -> str:
        """The columns as a statement names them."""
        return ", ".join(f"{self.alias}.{name}" for name in self.model.column_names())


class Selection(Generic[Made]):
    """The columns of a statement, each with the name by which `make` takes it.

    `seats = Selection(Seat, player="p.id", event=AllColumns(Event, "e"))` stands in a statement as
    `SELECT {seats} FROM …`, and `seats.read(rows)` returns a `Seat(player=…, event=…)` for each row.
    A selection can be a part of another one. JSON that comes twice is parsed once: do not change it.
    """

    def __init__(
        self, make: Callable[..., Made], **columns: str | Bool | Json | AllColumns | Selection[Any]
    ) -> None:
        self._make = make
        self.sql: str = ", ".join(
            one if isinstance(one, str) else one.sql for one in columns.values()
        )
        self.width = 0
        self._single: dict[str, int] = {}
        self._bool: list[str] = []
        self._json: list[str] = []
        self._whole: list[tuple[str, slice, type[Model]]] = []
        self._parts: list[tuple[str, slice, Selection[Any]]] = []
        for name, column in columns.items():
            self._add(name, column)
        # Of one index alone, it would not return a tuple.
        self._picked = itemgetter(*self._single.values(), 0, 0)

    def _add(self, name: str, column: str | Bool | Json | AllColumns | Selection[Any]) -> None:
        start, width = self.width, 1
        if isinstance(column, AllColumns):
            width = len(column.model.column_names())
            self._whole.append((name, slice(start, start + width), column.model))
        elif isinstance(column, Selection):
            width = column.width
            self._parts.append((name, slice(start, start + width), column))
        else:
            self._single[name] = start
            if isinstance(column, Json):
                self._json.append(name)
            elif isinstance(column, Bool):
                self._bool.append(name)
        self.width += width

    def __str__(self) -> str:
        return self.sql

    def read(self, rows: Iterable[Row]) -> list[Made]:
        """Return what `make` makes of each row."""
        parsed: dict[str, Any] = {}
        return [self._made(row, parsed) for row in rows]

    def _made(self, row: Row, parsed: dict[str, Any]) -> Made:
        # Without a loop in Python, because rows have dozens of columns.
        values = dict(zip(self._single, self._picked(row), strict=False))
        for name in self._bool:
            values[name] = bool(values[name])
        for name in self._json:
            values[name] = _json(values[name], parsed)
        for name, span, model in self._whole:
            values[name] = None if row[span.start] is None else model.from_row(row[span])
        for name, span, part in self._parts:
            values[name] = part._made(row[span], parsed)
        return self._make(**values)


def _json(found: Any, parsed: dict[str, Any]) -> Any:
    """Return the JSON in a column, which PostgreSQL's driver has parsed unless it was cast to text."""
    if not isinstance(found, str):
        return found
    if found not in parsed:
        parsed[found] = loads(found)
    return parsed[found]
