"""Stores rows of anonymous polls in random order, so that their order does not tell when they were
written.

A row is otherwise found where it was written, and PostgreSQL notes in each row which transaction
wrote it, so that the ballot of a transaction would belong to its voter. Therefore every transaction
that writes ballots or voters also writes some that were there before anew, all in random order,
and the end of a poll writes all of them anew. SQLite keeps these tables in the order of their keys
and notes nothing, so there is nothing to do.

Two risks remain. A person who reads the database again and again while a poll is open sees which
rows are new, and no order hides who wrote one or two ballots.
"""

import secrets
from collections.abc import Iterable, Sequence
from typing import Any

from backend.activities.polls.models import Poll
from backend.db import Database

# How many other rows each transaction writes again.
OTHERS = 8
_AT_ONCE = 200
_random = secrets.SystemRandom()

Row = tuple[Any, ...]


class MixedTable:
    """A table whose rows are mixed."""

    def __init__(self, name: str, *columns: str) -> None:
        self._name = name
        self._columns = ("poll_id", *columns)

    def insert(self, database: Database, rows: Iterable[Row]) -> None:
        """Write rows in random order; raises `peewee.IntegrityError` for one that is there."""
        mixed = list(rows)
        _random.shuffle(mixed)
        marks = f"({', '.join('?' * len(self._columns))})"
        for start in range(0, len(mixed), _AT_ONCE):
            some = mixed[start : start + _AT_ONCE]
            database.sql(
                f"INSERT INTO {self._name} ({', '.join(self._columns)})"
                f" VALUES {', '.join([marks] * len(some))}",  # nosec B608 # our own names
                tuple(value for row in some for value in row),
            )

    def take_others(self, database: Database, poll_id: int) -> list[Row]:
        """Remove some random rows of a poll, to be written again; none on SQLite."""
        if database.is_sqlite:
            return []
        columns = ", ".join(self._columns)
        return self._take(
            database,
            f"({columns}) IN (SELECT {columns} FROM {self._name} WHERE poll_id = ?"
            f" ORDER BY random() LIMIT {OTHERS})",  # nosec B608 # our own names
            poll_id,
        )

    def mix(self, database: Database, poll_id: int) -> None:
        """Write all rows of a poll again."""
        if not database.is_sqlite:
            self.insert(database, self._take(database, "poll_id = ?", poll_id))

    def _take(self, database: Database, condition: str, poll_id: int) -> list[Row]:
        columns = ", ".join(self._columns)
        statement = f"DELETE FROM {self._name} WHERE {condition} RETURNING {columns}"  # nosec B608 # our own names
        taken: list[Row] = database.sql(statement, (poll_id,)).fetchall()
        return taken


BALLOTS = MixedTable("poll_ballot", "key", "choice")
VOTERS = MixedTable("poll_voter", "day", "voter", "nth")


def write(database: Database, poll: Poll, ballots: Sequence[Row], voters: Sequence[Row]) -> None:
    """Write ballots and voters of a poll, `(key, choice)` and `(day, voter, nth)`.

    Raises `peewee.IntegrityError` for one that is there.
    """
    for table, rows in ((BALLOTS, ballots), (VOTERS, voters)):
        others = table.take_others(database, poll.id) if poll.anonymous else []
        table.insert(database, [*others, *((poll.id, *row) for row in rows)])


def mix_all(database: Database, poll: Poll) -> None:
    """Write all ballots and voters of an anonymous poll again, in the caller's transaction."""
    if poll.anonymous:
        for table in (BALLOTS, VOTERS):
            table.mix(database, poll.id)
