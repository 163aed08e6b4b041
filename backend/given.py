"""Many rows for one hand-written statement, which is the same for every number of rows."""

from collections.abc import Sequence
from itertools import chain
from typing import Any

from backend.db import Database
from backend.encoding import encoded


class GivenRows:
    """The columns of rows that a statement is given, with their types.

    `GivenRows(dig_id="BIGINT", choice="TEXT").run(database, statement, rows)` runs a statement such
    as `WITH given(dig_id, choice) AS ({rows}) INSERT …` and returns what it returns.

    PostgreSQL gets all rows as one parameter: a mark for each value would make another statement for
    each number of rows, which the driver takes apart and the server plans anew each time. On SQLite
    marks are cheaper.
    """

    def __init__(self, **types: str) -> None:
        self.names = ", ".join(types)
        self._marks = f"({', '.join('?' * len(types))})"
        values = (f"CAST(r.value ->> {at} AS {kind})" for at, kind in enumerate(types.values()))
        table = "jsonb_array_elements(CAST(? AS JSONB)) r"
        self._parsed = f"SELECT {', '.join(values)} FROM {table}"  # nosec B608 # our own types

    def run(
        self, database: Database, statement: str, rows: Sequence[Sequence[Any]]
    ) -> list[tuple[Any, ...]]:
        """Run a statement with `{rows}` in it and return its rows; of no rows nothing is made."""
        if not rows:
            return []
        if database.is_sqlite:
            marks = f"VALUES {', '.join([self._marks] * len(rows))}"
            values = tuple(chain.from_iterable(rows))
            return list(database.sql(statement.format(rows=marks), values).fetchall())
        given = (encoded(rows).decode(),)
        return list(database.sql(statement.format(rows=self._parsed), given).fetchall())
