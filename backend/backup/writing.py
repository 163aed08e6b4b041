"""Writes a backup of the whole database into one file, while the database is used.

All tables are read in one transaction that sees one moment, through a connection of its own. Rows
are stored as JSON with the names of their columns, so that a backup of SQLite can be restored into
PostgreSQL, and one of an older version into this one.
"""

import base64
import json
import sqlite3
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import peewee
import psycopg

# A model is known once it is imported, and the app imports all of them.
import backend.app  # noqa: F401
from backend.backup.snapshot import Snapshot, snapshot_of, unreadable
from backend.bundle import BundleWriter
from backend.db import IdField, Model
from backend.progress import Progress

KIND = "linka-backup"


@dataclass(frozen=True)
class TableColumns:
    """A table with its columns as (name, type), and the column of its ids if it has one."""

    name: str
    columns: tuple[tuple[str, str], ...]
    numbers: str | None
    order: tuple[str, ...]


def _type_of(field: peewee.Field) -> str:
    for kind, name in (
        (peewee.JSONField, "json"),
        (peewee.BooleanField, "bool"),
        (peewee.BlobField, "blob"),
    ):
        if isinstance(field, kind):
            return name
    return "plain"


def tables() -> list[TableColumns]:
    """Return the tables of all models; a table comes after those that it refers to."""
    found = []
    for model in peewee.sort_models(Model.__subclasses__()):
        meta = model._meta
        columns = tuple((field.column_name, _type_of(field)) for field in meta.sorted_fields)
        keys = [meta.columns[field.column_name] for field in meta.get_primary_keys()]
        numbers = next((key.column_name for key in keys if isinstance(key, IdField)), None)
        order = tuple(key.column_name for key in keys)
        found.append(TableColumns(meta.table_name, columns, numbers, order))
    return found


def _read(value: Any, kind: str) -> Any:
    """Return a value of the database as it is stored in JSON."""
    if value is None or kind == "plain":
        return value
    if kind == "blob":
        return base64.b64encode(value).decode()
    if kind == "bool":
        return bool(value)
    return json.loads(value) if isinstance(value, str) else value


def row_count(url: str) -> int:
    """Return how many rows a database has, for the progress bar of `write`."""
    with closing(snapshot_of(url)) as snapshot:
        return sum(snapshot.one(f'SELECT COUNT(*) FROM "{table.name}"') for table in tables())  # nosec B608 # our own names


def write(url: str, path: Path, made_at: int, progress: Progress) -> int:
    """Write a backup of the database into a file and return how many rows it has.

    Others go on reading and writing meanwhile. `progress` is called with the number of rows that
    were written. Raises `OperatorError`.
    """
    try:
        with closing(snapshot_of(url)) as snapshot, BundleWriter(path, KIND, made_at) as bundle:
            return _write(snapshot, bundle, progress)
    except (sqlite3.Error, psycopg.Error) as error:
        raise unreadable(error) from None


def _write(snapshot: Snapshot, bundle: BundleWriter, progress: Progress) -> int:
    names = snapshot.rows("SELECT name FROM schema_migration ORDER BY name")
    bundle.about["migrations"] = [name for (name,) in names]
    described = bundle.about["tables"] = []
    count = 0
    for table in tables():
        # Closed before the snapshot, also when the file cannot be written.
        with closing(_table_rows(snapshot, table, progress)) as rows:
            count += bundle.lines(f"{table.name}.jsonl", rows)
        last = _last_number(snapshot, table.name, table.numbers) if table.numbers else 0
        described.append(
            {
                "name": table.name,
                "columns": [list(column) for column in table.columns],
                "numbers": table.numbers,
                "last_number": last,
            }
        )
    return count


def _last_number(snapshot: Snapshot, table: str, column: str) -> int:
    """Return the highest id that a row has ever had."""
    highest = snapshot.one(f'SELECT MAX("{column}") FROM "{table}"')  # nosec B608 # our own names
    return max(snapshot.last_number(table, column), highest or 0)


def _table_rows(
    snapshot: Snapshot, table: TableColumns, progress: Progress
) -> Generator[list[Any]]:
    columns = ", ".join(f'"{name}"' for name, _ in table.columns)
    order = ", ".join(f'"{name}"' for name in table.order)
    kinds = [kind for _, kind in table.columns]
    statement = f'SELECT {columns} FROM "{table.name}" ORDER BY {order}'  # nosec B608 # our own names
    with closing(snapshot.rows(statement)) as rows:
        for row in rows:
            yield [_read(value, kind) for value, kind in zip(row, kinds, strict=True)]
            progress(1)
