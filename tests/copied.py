"""Copies what one person left in a database, so that many people did the same."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

# The columns that hold a person without a foreign key, and the table of the person.
_PEOPLE = {"player_id": "player", "account_id": "account", "staff_id": "staff"}
# Each copy draws in a room of its own.
_ROOTS = {*_PEOPLE.values(), "drawing_room"}
# Rows that name nobody: the ballots of an anonymous poll. All of them are copied.
_NAMELESS = {"poll_voter", "poll_ballot"}
# What one person writes or runs for all others, and prizes, of which there are few.
_NOT_COPIED = {
    *("post", "post_version", "crew_task", "crew_member", "role_grant"),
    *("raffle_pick", "raffle_handover"),
}
# The id of a copy is larger than that of the row by this, times the number of the copy.
_STEP = 1_000_000

Row = dict[str, Any]


@dataclass(frozen=True)
class _Table:
    """A table: `parents` are the tables whose rows its columns name, `unique` the columns of each
    unique index."""

    name: str
    parents: dict[str, str]
    unique: list[list[str]]
    rows: list[Row]


class Copies:
    """The rows of a player, of the person and of the account in a SQLite file, to be copied."""

    def __init__(self, file: str, player_id: int) -> None:
        self._file = file
        with sqlite3.connect(file) as connection:
            connection.row_factory = sqlite3.Row
            self._tables = [
                _table(connection, name) for name in _names(connection) if name not in _NOT_COPIED
            ]
        self._ids: dict[str, set[Any]] = defaultdict(set)
        self._own = self._found(player_id)

    def _found(self, player_id: int) -> dict[str, list[Row]]:
        """Return what a player left: {table: rows}."""
        by_name = {table.name: table for table in self._tables}
        [seat] = [row for row in by_name["player"].rows if row["id"] == player_id]
        self._ids["account"], self._ids["staff"] = {seat["account_id"]}, {seat["staff_id"]}
        self._ids["player"] = {player_id}
        seats = by_name["drawing_seat"].rows
        self._ids["drawing_room"] = {
            row["room_id"] for row in seats if row["player_id"] == player_id
        }
        found: dict[str, list[Row]] = {}
        size = -1
        # A row may name one of a table that comes later.
        while size < sum(map(len, found.values())):
            size = sum(map(len, found.values()))
            for table in self._tables:
                found[table.name] = [row for row in table.rows if self._is_own(table, row)]
                self._ids[table.name] |= {row["id"] for row in found[table.name] if "id" in row}
        return found

    def _is_own(self, table: _Table, row: Row) -> bool:
        if table.name in _ROOTS:
            return row["id"] in self._ids[table.name]
        return table.name in _NAMELESS or bool(self._moved(table, row))

    def _moved(self, table: _Table, row: Row) -> list[str]:
        """Return the columns that name rows which are copied, too."""
        return [
            column for column, parent in table.parents.items() if row[column] in self._ids[parent]
        ]

    def write(self, numbers: Iterable[int]) -> None:
        """Write the copies of these numbers.

        Where a row names another one that is copied, its copy names that one's copy. Other columns
        are changed only as far as a unique index requires it.
        """
        numbers = list(numbers)
        with sqlite3.connect(self._file) as connection:
            for table in self._tables:
                for row in self._own[table.name]:
                    marks = ", ".join("?" * len(row))
                    connection.executemany(
                        f"INSERT INTO {table.name} VALUES ({marks})",
                        [tuple(self._copy(table, row, number).values()) for number in numbers],
                    )
        connection.close()

    def _copy(self, table: _Table, row: Row, number: int) -> Row:
        made = dict(row)
        moved = set(self._moved(table, row)) | ({"id"} & row.keys())
        for column in moved:
            made[column] += number * _STEP
        for columns in table.unique:
            if moved.isdisjoint(columns) and None not in [row[column] for column in columns]:
                texts = [column for column in columns if isinstance(row[column], str)]
                last = (texts or columns)[-1]
                made[last] = f"{row[last]} {number}" if texts else row[last] + number * _STEP
                moved.add(last)
        # People have names of their own.
        if table.name in ("player", "staff"):
            made["name"] = f"{row['name']} {number}"
        return made


def _names(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    return [name for (name,) in rows if not name.startswith("sqlite_")]


def _table(connection: sqlite3.Connection, name: str) -> _Table:
    rows = [dict(row) for row in connection.execute(f"SELECT * FROM {name}")]
    columns = {row["name"] for row in connection.execute(f"PRAGMA table_info({name})")}
    keys = connection.execute(f"PRAGMA foreign_key_list({name})").fetchall()
    parents = {column: parent for column, parent in _PEOPLE.items() if column in columns}
    parents |= {key["from"]: key["table"] for key in keys}
    indexes = connection.execute(f"PRAGMA index_list({name})").fetchall()
    unique = [
        [row["name"] for row in connection.execute(f"PRAGMA index_info({index['name']})")]
        for index in indexes
        if index["unique"]
    ]
    return _Table(name, parents, unique, rows)
