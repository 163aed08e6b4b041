"""Reads a database as it is at one moment, while others write; one class for each kind of database."""

import sqlite3
from collections.abc import Generator, Sequence
from typing import Any, Protocol
from urllib.parse import quote

import psycopg

from backend.errors import OperatorError

_ROWS_AT_ONCE = 2000


class Snapshot(Protocol):
    """A database as it is at one moment, whatever others write."""

    def one(self, statement: str) -> Any:
        """Return the first value of the first row of a statement, None without a row."""

    def rows(self, statement: str) -> Generator[Sequence[Any]]:
        """Yield the rows of a statement, without holding all of them in memory."""

    def last_number(self, table: str, column: str) -> int:
        """Return the last number that was given to a row, 0 if none was."""

    def close(self) -> None:
        """End the transaction."""


class SqliteSnapshot:
    """A read transaction of SQLite; others can write meanwhile."""

    def __init__(self, path: str) -> None:
        address = f"file:{quote(path)}?mode=ro"
        self._connection = sqlite3.connect(address, uri=True, timeout=10, isolation_level=None)
        self._connection.execute("BEGIN")

    def one(self, statement: str) -> Any:
        """Return the first value of the first row of a statement, None without a row."""
        row = self._connection.execute(statement).fetchone()
        return row and row[0]

    def rows(self, statement: str) -> Generator[Sequence[Any]]:
        """Yield the rows of a statement, without holding all of them in memory."""
        yield from self._connection.execute(statement)

    def last_number(self, table: str, column: str) -> int:
        """Return the last number that was given to a row, 0 if none was."""
        return int(self.one(f"SELECT seq FROM sqlite_sequence WHERE name = '{table}'") or 0)  # nosec B608 # our own names

    def close(self) -> None:
        """End the transaction."""
        self._connection.close()


class PostgresqlSnapshot:
    """A transaction of PostgreSQL at the level `repeatable read`; others can write meanwhile."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url, connect_timeout=5, prepare_threshold=None)
        self._connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        self._connection.read_only = True
        # Reading a large table takes longer than a request may.
        self._connection.execute("SET LOCAL statement_timeout = 0")
        self._connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0")

    def one(self, statement: str) -> Any:
        """Return the first value of the first row of a statement, None without a row."""
        row = self._connection.execute(statement.encode()).fetchone()
        return row and row[0]

    def rows(self, statement: str) -> Generator[Sequence[Any]]:
        """Yield the rows of a statement, without holding all of them in memory."""
        with self._connection.cursor(name="backup") as cursor:
            cursor.itersize = _ROWS_AT_ONCE
            cursor.execute(statement.encode())
            yield from cursor

    def last_number(self, table: str, column: str) -> int:
        """Return the last number that was given to a row, 0 if none was."""
        sequence = self.one(f"SELECT pg_get_serial_sequence('\"{table}\"', '{column}')")
        return int(
            self.one(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {sequence}")  # nosec B608 # our own names
        )

    def close(self) -> None:
        """End the transaction."""
        self._connection.close()


def snapshot_of(url: str) -> Snapshot:
    """Return a snapshot of the database at an address; raises `OperatorError`."""
    try:
        if url.startswith("sqlite:"):
            return SqliteSnapshot(url.removeprefix("sqlite:///"))
        return PostgresqlSnapshot("postgresql" + url[url.index(":") :])
    except (sqlite3.Error, psycopg.Error) as error:
        raise unreadable(error) from None


def unreadable(error: Exception) -> OperatorError:
    """Return the line that says why the database cannot be read."""
    return OperatorError(f"读不了数据库：{str(error).strip().splitlines()[0]}")
