"""Restores a backup into a database of either kind, in one transaction."""

import base64
import binascii
import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import peewee
import psycopg
from psycopg import sql

from backend.backup.writing import KIND, TableColumns
from backend.bundle import BundleReader
from backend.db import Database
from backend.errors import OperatorError
from backend.progress import Progress

_NAME = re.compile("[a-z][a-z0-9_]*")
# Numbers that were given out after the backup are skipped, so that a token or a log line of that
# time never refers to another row. Tokens that were revoked in that time stay revoked.
_NUMBERS_LEFT_OUT = 1_000_000
_VERSIONS_LEFT_OUT = 1000
_DOES_NOT_FIT = (
    *(peewee.DatabaseError, sqlite3.Error, psycopg.Error),
    *(TypeError, ValueError, OverflowError, RecursionError),
)


def _written(value: Any, kind: str, is_sqlite: bool) -> Any:
    """Return a value of the file for the database; raises `ValueError` if its type is wrong."""
    if value is None:
        return None
    if kind == "json":
        return json.dumps(value)
    if kind == "blob":
        return base64.b64decode(value, validate=True)
    if kind == "bool" and isinstance(value, bool):
        return int(value) if is_sqlite else value
    if kind == "plain" and isinstance(value, str | int | float) and not isinstance(value, bool):
        return value
    raise ValueError(value)


class BackupFile:
    """A checked backup that can be restored; opening it raises `BrokenBundle`."""

    def __init__(self, path: Path) -> None:
        self._bundle = BundleReader(path, KIND)
        try:
            manifest = self._bundle.manifest
            self.made_at = int(manifest["made_at"])
            self.migrations = [str(name) for name in manifest["migrations"]]
            self._tables = [
                (
                    TableColumns(
                        table["name"],
                        tuple((str(name), str(kind)) for name, kind in table["columns"]),
                        table["numbers"],
                        (),
                    ),
                    int(table["last_number"]),
                )
                for table in manifest["tables"]
            ]
            self._check_names()
        except (KeyError, TypeError, ValueError, IndexError):
            self.close()
            raise self._bundle.broken() from None

    def _check_names(self) -> None:
        for table, _ in self._tables:
            names = [table.name, *(name for name, _ in table.columns)]
            if not all(_NAME.fullmatch(name) for name in [*names, table.numbers or "id"]):
                raise ValueError(names)
        if [f"{table.name}.jsonl" for table, _ in self._tables] != self._bundle.names:
            raise ValueError("parts")

    @property
    def row_count(self) -> int:
        """How many rows it has."""
        return sum(self._bundle.row_count(name) for name in self._bundle.names)

    def close(self) -> None:
        """Close the file."""
        self._bundle.__exit__()

    def restore(self, database: Database, progress: Progress) -> None:
        """Replace everything in a migrated database by the backup, in one transaction, and migrate.

        Everybody who was logged in has to log in again. Raises `OperatorError` if the backup is of
        a newer version, and `BrokenBundle` if its rows do not fit; then nothing has changed.
        """
        self._require_known(database)
        try:
            with database.write(), database.without_limits():
                database.drop_all()
                database.migrate(self.migrations[-1])
                # Some migrations write rows as well.
                for table, _ in reversed(self._tables):
                    database.sql(f'DELETE FROM "{table.name}"')  # nosec B608 # our own names
                for table, last in self._tables:
                    _insert(database, table, self._rows(table, database.is_sqlite, progress))
                    if table.numbers:
                        _continue_numbers(database, table, last + _NUMBERS_LEFT_OUT)
                database.sql(
                    "UPDATE account SET token_version = token_version + ?", (_VERSIONS_LEFT_OUT,)
                )
        except _DOES_NOT_FIT as error:
            raise self._bundle.broken(f"内容与数据库不符（{_first_line(error)}）") from None
        database.migrate()

    def _require_known(self, database: Database) -> None:
        """Raise unless the migrations of this version begin with those of the backup."""
        if database.migrations().pending:
            raise OperatorError("the database lacks migrations: run `linka migrate`")
        applied = database.read("SELECT name FROM schema_migration ORDER BY name")
        known = [name for (name,) in applied]
        if not self.migrations or self.migrations != known[: len(self.migrations)]:
            raise self._bundle.broken("备份来自更新的或别的版本的林卡")

    def _rows(
        self, table: TableColumns, is_sqlite: bool, progress: Progress
    ) -> Iterator[tuple[Any, ...]]:
        kinds = [kind for _, kind in table.columns]
        for row in self._bundle.rows(f"{table.name}.jsonl"):
            yield tuple(
                _written(value, kind, is_sqlite) for value, kind in zip(row, kinds, strict=True)
            )
            progress(1)


def _first_line(error: Exception) -> str:
    if isinstance(error, binascii.Error):
        return "base64"
    return (str(error).strip().splitlines() or ["?"])[0]


def _insert(database: Database, table: TableColumns, rows: Iterable[tuple[Any, ...]]) -> None:
    """Insert rows of a table in one statement, because they may refer to later ones."""
    names = [name for name, _ in table.columns]
    connection = database.connection()
    if database.is_sqlite:
        connection.execute("PRAGMA defer_foreign_keys = 1")
        columns = ", ".join(f'"{name}"' for name in names)
        marks = ", ".join("?" * len(names))
        statement = f'INSERT INTO "{table.name}" ({columns}) VALUES ({marks})'  # nosec B608 # our own names
        connection.executemany(statement, rows)
        return
    copying = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, names))
    )
    with connection.cursor() as cursor, cursor.copy(copying) as copy:
        for row in rows:
            copy.write_row(row)


def _continue_numbers(database: Database, table: TableColumns, last: int) -> None:
    """Make the next row of a table get a number above `last`."""
    if database.is_sqlite:
        database.sql("DELETE FROM sqlite_sequence WHERE name = ?", (table.name,))
        database.sql("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table.name, last))
        return
    sequence = "pg_get_serial_sequence(?, ?)"
    database.sql(f"SELECT setval({sequence}, ?)", (f'"{table.name}"', table.numbers, last))
