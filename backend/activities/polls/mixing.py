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

import peewee

from backend.activities.polls.models import Poll, PollBallot, PollVoter
from backend.db import Database, Model
from backend.offload.steps import chunks

# How many other rows each transaction writes again.
OTHERS = 8
_AT_ONCE = 200
_random = secrets.SystemRandom()

Row = tuple[Any, ...]


class MixedTable:
    """A table whose rows are mixed; a row is a tuple of the poll and the named columns."""

    def __init__(self, table: type[Model], *columns: peewee.Field) -> None:
        self._table = table
        self._columns = (table.poll, *columns)

    def insert(self, rows: Iterable[Row]) -> None:
        """Write rows in random order; raises `peewee.IntegrityError` for one that is there."""
        mixed = list(rows)
        _random.shuffle(mixed)
        for some in chunks(mixed, _AT_ONCE):
            self._table.insert_many(some, fields=self._columns).execute()

    def take_others(self, poll: Poll) -> list[Row]:
        """Remove some random rows of a poll and return them.

        They are written again in another order.
        """
        own = self._table.select(*self._columns).where(self._table.poll == poll)
        some = own.order_by(peewee.fn.random()).limit(OTHERS)
        return self._take(peewee.Tuple(*self._columns).in_(some))

    def mix(self, poll: Poll) -> None:
        """Write all rows of a poll again."""
        self.insert(self._take(self._table.poll == poll))

    def _take(self, condition: peewee.Expression) -> list[Row]:
        taken = self._table.delete().where(condition).returning(*self._columns)
        return list(taken.tuples().execute())


BALLOTS = MixedTable(PollBallot, PollBallot.key, PollBallot.choice)
VOTERS = MixedTable(PollVoter, PollVoter.day, PollVoter.voter, PollVoter.nth)


def write(database: Database, poll: Poll, ballots: Sequence[Row], voters: Sequence[Row]) -> None:
    """Write ballots and voters of a poll, `(key, choice)` and `(day, voter, nth)`.

    Raises `peewee.IntegrityError` for one that is there.
    """
    for table, rows in ((BALLOTS, ballots), (VOTERS, voters)):
        mixes = poll.anonymous and not database.is_sqlite
        others = table.take_others(poll) if mixes else []
        table.insert([*others, *((poll.id, *row) for row in rows)])


def mix_all(database: Database, poll: Poll) -> None:
    """Write all ballots and voters of an anonymous poll again, in the caller's transaction."""
    if poll.anonymous and not database.is_sqlite:
        for table in (BALLOTS, VOTERS):
            table.mix(poll)
