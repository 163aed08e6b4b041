"""A read-only replica of PostgreSQL that serves the reports and lists of hosts.

It is used only when it has replayed everything that the primary had committed when the report was
asked for, so a report from the replica has the same entries as one from the primary.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import psycopg
import structlog

from backend import metrics
from backend.postgres import (
    REPLICA,
    NoConnectionFree,
    Pool,
    PooledConnection,
    TimeLimits,
    connect,
)

log = structlog.get_logger(__name__)

# For each process; a report of a hall takes a second.
CONNECTIONS: Final = 4
# How far behind the primary the replica may be: by what it replays within this time.
CATCH_UP_SECONDS: Final = 1.0
LOOK_SECONDS: Final = 0.02
# The limit of all waits for the replica before the first row is read.
CHECK_SECONDS: Final = 2.0
# How long the primary is read after the replica was of no use.
REST_SECONDS: Final = 10.0

# A commit is acknowledged after it is flushed; with synchronous_commit = off, before that. The
# timeline tells a replica of this server from one of the server before a failover, whose positions
# may be higher.
POSITION_SQL: Final = """
    SELECT
        CASE WHEN current_setting('synchronous_commit') = 'off'
            THEN pg_current_wal_insert_lsn() ELSE pg_current_wal_flush_lsn() END::text,
        (SELECT system_identifier FROM pg_control_system()),
        ('x' || left(pg_walfile_name(pg_current_wal_flush_lsn()), 8))::bit(32)::int,
        (SELECT oid::bigint FROM pg_database WHERE datname = current_database())
"""
# The timeline in the control file is that of the last checkpoint that was replayed, so for some
# minutes after a failover it is that of the server before.
_STATE_SQL: Final = """
    SELECT
        pg_is_in_recovery(),
        pg_wal_lsn_diff(%s::pg_lsn, pg_last_wal_replay_lsn())::bigint,
        extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())::float,
        current_setting('max_connections')::int
            - current_setting('superuser_reserved_connections')::int,
        (SELECT system_identifier FROM pg_control_system()),
        (SELECT timeline_id FROM pg_control_checkpoint()),
        (SELECT oid::bigint FROM pg_database WHERE datname = current_database())
"""


class ReplicaUnfit(Exception):
    """The replica must not be read; the text says why in one line, and `zh` says it in Chinese."""

    zh = "它不能用"


class ReplicaAway(ReplicaUnfit):
    """The replica does not answer, or refuses the connection."""

    def __init__(self, error: Exception) -> None:
        reason = " ".join(str(error).split())
        super().__init__(reason)
        self.zh = f"连不上，原因：{reason}"


class NotReplica(ReplicaUnfit):
    """The server takes writes: the address is wrong, or it was promoted."""

    zh = "它不是只读副本"


class OtherDatabase(ReplicaUnfit):
    """The server is no replica of the primary that is in use now."""

    zh = "它不是现在这个主库的副本"


class ReplicaBehind(ReplicaUnfit):
    """The replica lacks what the primary has committed, and did not catch up."""

    zh = "它落后主库"


@dataclass(frozen=True)
class Position:
    """How far the log of the primary goes, and whose log it is: a row of `POSITION_SQL`."""

    lsn: str
    origin: tuple[int, ...]

    @classmethod
    def from_row(cls, row: Sequence[Any]) -> "Position":
        """Return the position of a row."""
        return cls(row[0], tuple(row[1:]))


@dataclass(frozen=True)
class ReplicaState:
    """How far a replica is behind a position of the primary, and how many clients it takes.

    `behind_seconds` is the age of the newest transaction that it has replayed, 0 when it has all.
    """

    behind_bytes: int
    behind_seconds: float
    most_connections: int
    is_behind_pooler: bool


class Replica:
    """Connections to the replica; none is opened before the first use."""

    def __init__(
        self, url: str, limits: TimeLimits, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._pool = Pool(
            partial(connect, url, limits.statement_seconds, REPLICA), CONNECTIONS, CHECK_SECONDS
        )
        self._use_seconds = limits.use_seconds
        self._now = now
        self._rests_until = 0.0
        self._is_left_alone = False

    @property
    def rests(self) -> bool:
        """Whether the replica was of no use a moment ago."""
        return self._now() < self._rests_until

    @contextmanager
    def connection(self, wanted: Position) -> Iterator[PooledConnection]:
        """Yield a connection on which everything up to a position of the primary can be read.

        Raises `ReplicaUnfit`.
        """
        with self._opened() as connection:
            if self._settled(connection, wanted).behind_bytes:
                raise ReplicaBehind(f"it is more than {CATCH_UP_SECONDS:g} s behind")
            connection.begin_use(self._use_seconds)
            yield connection
        metrics.REPORT_READS.labels("replica").inc()
        if self._is_left_alone:
            self._is_left_alone = False
            log.info("reports_read_replica")

    def state(self, wanted: Position) -> ReplicaState:
        """Return the state of the replica; raises as `connection` does, but not `ReplicaBehind`."""
        with self._opened() as connection:
            return self._settled(connection, wanted)

    def _settled(self, connection: PooledConnection, wanted: Position) -> ReplicaState:
        """Return the state once the replica has caught up, or at the end of the time for that."""
        deadline = time.monotonic() + CATCH_UP_SECONDS
        found = self._state(connection, wanted)
        while found.behind_bytes and time.monotonic() < deadline:
            time.sleep(LOOK_SECONDS)
            found = self._state(connection, wanted)
        return found

    @contextmanager
    def _opened(self) -> Iterator[PooledConnection]:
        try:
            connection = self._pool.take()
        except (psycopg.Error, NoConnectionFree) as error:
            raise ReplicaAway(error) from None
        try:
            yield connection
        finally:
            self._pool.give(connection)

    @staticmethod
    def _state(connection: PooledConnection, wanted: Position) -> ReplicaState:
        try:
            [row] = connection.execute(_STATE_SQL, (wanted.lsn,)).fetchall()
        except psycopg.Error as error:
            raise ReplicaAway(error) from None
        is_replica, behind_bytes, behind_seconds, most, *origin = row
        if not is_replica:
            raise NotReplica("the server is not a read-only replica")
        if tuple(origin) != wanted.origin:
            raise OtherDatabase("it is no replica of the database in use")
        behind = max(behind_bytes, 0)
        seconds = behind_seconds if behind and behind_seconds else 0.0
        return ReplicaState(behind, seconds, most, connection.is_behind_pooler)

    def leave_alone(self, reason: Exception) -> None:
        """Let the primary be read for a while."""
        self._rests_until = self._now() + REST_SECONDS
        self._is_left_alone = True
        log.warning("reports_read_primary", reason=str(reason))

    def close(self) -> None:
        """Close all connections."""
        self._pool.close_all()
