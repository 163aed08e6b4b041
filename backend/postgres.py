"""Connections to PostgreSQL whose waits are limited, and a pool of them.

A server that stops answering (a stopped process, a cut network) must not stop a node: every wait
ends, the connection that waited is closed, and no lock is held during a wait.
"""

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from typing import Any, Final

import peewee
import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import TransactionStatus

from backend import metrics

PLACE_SECONDS: Final = 3
TRIAL_SECONDS: Final = 0.5
IDLE_SECONDS: Final = 300
# The server ends the transaction of a client that is idle in it, and so releases its locks.
SILENT_CLIENT_SECONDS: Final = 15


@dataclass(frozen=True)
class TimeLimits:
    """Limits of the time for one statement, and for all waits in one use of a connection.

    The server cancels the statement at its limit, which keeps the connection. The client waits a
    second longer, in case the server does not answer at all.
    """

    statement_seconds: float
    use_seconds: float = math.inf


# A request is answered in time or refused; the worker and commands do long work in short
# statements.
FOR_REQUESTS: Final = TimeLimits(5, 8)
FOR_WORKER: Final = TimeLimits(5)
FOR_COMMANDS: Final = TimeLimits(60)


@dataclass(frozen=True)
class Wanted:
    """Which of several servers to connect to, and how long to wait for each.

    `session_attrs` is a value of libpq's `target_session_attrs`.
    """

    session_attrs: str
    connect_seconds: int


PRIMARY: Final = Wanted("read-write", 4)
# Callers that do not get it read the primary.
REPLICA: Final = Wanted("standby", 2)

# Values in the address itself have priority. With these TCP finds out that the other machine is
# gone.
_DEFAULTS: Final = {
    "keepalives_idle": "10",
    "keepalives_interval": "3",
    "keepalives_count": "3",
    "tcp_user_timeout": "8000",
    "application_name": "linka",
}

# A pooler such as PgBouncer reports another process id than the server. Behind a pooler, a setting
# of the session would reach other clients, and a prepared statement would be missing.
# PostgreSQL takes a page that is not read in turn for four times as dear, and so reads whole tables
# where it could look up a few rows. Where the operator has set another price, that one holds.
_FIRST_STATEMENT: Final = """
    SELECT pg_backend_pid(),
        CASE WHEN pg_backend_pid() = %s THEN
            set_config('statement_timeout', %s, false)
            || set_config('idle_in_transaction_session_timeout', %s, false)
            || CASE current_setting('random_page_cost') WHEN '4'
                THEN set_config('random_page_cost', '1.1', false) END
        END
"""


class NoConnectionFree(peewee.OperationalError):
    """All connections of a process stayed in use; the same statement may succeed later."""


class PooledConnection(psycopg.Connection[Any]):
    """A connection on which each round trip, and all waits of one use together, are limited."""

    statement_seconds = math.inf
    is_behind_pooler = False
    fell_silent = False
    _left_seconds = math.inf

    def begin_use(self, seconds: float) -> None:
        """Begin a use with this limit of waiting, in seconds; it holds until the next `begin_use`."""
        self._left_seconds = seconds

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """Wait for an answer.

        After the limit it closes the connection and raises `psycopg.OperationalError`.
        """
        began = time.monotonic()
        limit = min(self.statement_seconds + 1, self._left_seconds, timeout or math.inf)
        try:
            return super().wait(gen, interval, None if limit == math.inf else limit)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                # A late answer would be taken for that of the next statement.
                self.fell_silent = True
                self.close()
            raise
        finally:
            self._left_seconds -= time.monotonic() - began

    def is_usable(self) -> bool:
        """Return without a round trip whether the next statement can be sent.

        It reads what the server sent meanwhile, such as the message that it closes the connection.
        """
        with suppress(psycopg.Error):
            # The first call reads that message, the second one the end of the stream.
            self.pgconn.consume_input()
            self.pgconn.consume_input()
        return self.pgconn.transaction_status == TransactionStatus.IDLE


def connect(url: str, statement_seconds: float, wanted: Wanted = PRIMARY) -> PooledConnection:
    """Open a connection; if the address has several hosts, to the one that is wanted."""
    given = conninfo_to_dict(url)
    usual: dict[str, Any] = {**_DEFAULTS, "connect_timeout": str(wanted.connect_seconds)}
    if "," in str(given.get("host", "")):
        usual["target_session_attrs"] = wanted.session_attrs
    connection = PooledConnection.connect(make_conninfo(**{**usual, **given}), autocommit=True)
    connection.statement_seconds = statement_seconds
    own = connection.pgconn.backend_pid
    try:
        [found] = connection.execute(
            _FIRST_STATEMENT,
            (own, _milliseconds(statement_seconds), _milliseconds(SILENT_CLIENT_SECONDS)),
        )
    except BaseException:
        connection.close()
        raise
    if found[0] != own:
        connection.is_behind_pooler = True
        connection.prepare_threshold = None
    return connection


def _milliseconds(seconds: float) -> str:
    """Return a limit in the form of PostgreSQL's settings, 0 for none."""
    return "0" if seconds == math.inf else str(int(seconds * 1000))


class Pool:
    """Connections that stay open between uses; the one used last is used first.

    After a connection could not be opened, or did not answer, one caller at a time tries to open
    one; the others are refused after a moment, so that an absent server makes nobody wait long.
    """

    def __init__(
        self, connect: Callable[[], PooledConnection], most: int, use_seconds: float
    ) -> None:
        self._connect = connect
        self._use_seconds = use_seconds
        self._places = threading.BoundedSemaphore(most)
        self._trial = threading.Lock()
        self._is_away = False
        self._used: set[PooledConnection] = set()
        self._idle: list[tuple[float, PooledConnection]] = []

    def take(self) -> PooledConnection:
        """Return a connection; raises `NoConnectionFree` or `psycopg.OperationalError`."""
        if not (self._places.acquire(blocking=False) or self._waited()):
            raise NoConnectionFree(f"no connection became free within {PLACE_SECONDS} s")
        try:
            connection = self._kept() or self._opened()
        except BaseException:
            self._places.release()
            raise
        self._used.add(connection)
        connection.begin_use(self._use_seconds)
        return connection

    def _waited(self) -> bool:
        """Wait for a place and return whether one became free."""
        began = time.monotonic()
        found = self._places.acquire(timeout=PLACE_SECONDS)
        metrics.POOL_WAIT.observe(time.monotonic() - began)
        return found

    @property
    def used_count(self) -> int:
        """The number of connections in use."""
        return len(self._used)

    def _kept(self) -> PooledConnection | None:
        while self._idle:
            connection = self._idle.pop()[1]
            if connection.is_usable():
                return connection
            connection.close()
        return None

    def _opened(self) -> PooledConnection:
        if not self._is_away:
            return self._tried()
        if not self._trial.acquire(timeout=TRIAL_SECONDS):
            raise psycopg.OperationalError("the server is away; another caller tries to connect")
        try:
            return self._tried()
        finally:
            self._trial.release()

    def _tried(self) -> PooledConnection:
        try:
            connection = self._connect()
        except psycopg.Error:
            self._is_away = True
            raise
        self._is_away = False
        return connection

    def give(self, connection: PooledConnection) -> None:
        """Take a connection back; it is closed if a transaction or a statement is still open."""
        if connection not in self._used:
            return
        self._used.remove(connection)
        now = time.monotonic()
        if connection.fell_silent:
            self._is_away = True
            self.close_idle()
        if connection.pgconn.transaction_status == TransactionStatus.IDLE:
            self._idle.append((now, connection))
        else:
            connection.close()
        while self._idle and now - self._idle[0][0] > IDLE_SECONDS:
            self._idle.pop(0)[1].close()
        self._places.release()

    def close_idle(self) -> None:
        """Close the connections that nobody uses."""
        while self._idle:
            self._idle.pop()[1].close()

    def close_all(self) -> None:
        """Close all connections, also those in use."""
        self.close_idle()
        for connection in list(self._used):
            connection.close()


class PostgresDatabase(peewee.PostgresqlDatabase):
    """peewee over the pool."""

    def __init__(self, url: str, limits: TimeLimits, most: int) -> None:
        self._pool = Pool(lambda: connect(url, limits.statement_seconds), most, limits.use_seconds)
        super().__init__(url, prefer_psycopg3=True)
        # peewee would hold this lock of all threads while it connects. The lock protects the
        # version of the server; everything else belongs to the thread.
        self._lock = nullcontext()

    @property
    def used_count(self) -> int:
        """The number of connections in use."""
        return self._pool.used_count

    def _connect(self) -> PooledConnection:
        return self._pool.take()

    def _close(self, connection: PooledConnection) -> None:
        self._pool.give(connection)

    def begin(self, isolation_level: object = None) -> None:
        """Begin a transaction.

        Behind a pooler it sets the limits that otherwise belong to the session.
        """
        statement = "BEGIN"
        connection: PooledConnection = self.connection()
        if connection.is_behind_pooler:
            statement += (
                f"; SET LOCAL statement_timeout = {_milliseconds(connection.statement_seconds)}"
                "; SET LOCAL idle_in_transaction_session_timeout = "
                + _milliseconds(SILENT_CLIENT_SECONDS)
            )
        self.execute_sql(statement)

    def rollback(self) -> None:
        """Roll back; if the connection is closed, the server has done so already."""
        if not self.connection().closed:
            super().rollback()

    @contextmanager
    def using(self, connection: PooledConnection) -> Iterator[None]:
        """Run this thread's statements in the block on a connection that the caller has opened."""
        self.close()
        self._state.set_connection(connection)
        try:
            yield
        finally:
            self._state.reset()

    def take_time(self) -> None:
        """Limit each statement alone, instead of all waits together, until this thread's connection
        is returned.
        """
        self.connection().begin_use(math.inf)

    @contextmanager
    def without_limits(self) -> Iterator[None]:
        """Let the statements of the block take as long as they need."""
        connection: PooledConnection = self.connection()
        limited = connection.statement_seconds
        connection.statement_seconds = math.inf
        connection.begin_use(math.inf)
        in_transaction = self.in_transaction()
        connection.execute(f"SET {'LOCAL' if in_transaction else 'SESSION'} statement_timeout = 0")
        try:
            yield
        finally:
            connection.statement_seconds = limited
            if not in_transaction:
                # The pool's next user gets a connection that has its limits.
                connection.close()
                self.close()

    def close_all(self) -> None:
        """Close every connection."""
        self.close()
        self._pool.close_all()
