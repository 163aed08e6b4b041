"""The database: SQLite or PostgreSQL behind one proxy, one way to write, one runner of migrations."""

import errno
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

import peewee
import psycopg
from playhouse.migrations import Runner
from playhouse.pool import MaxConnectionsExceeded, PooledSqliteDatabase
from psycopg.conninfo import conninfo_to_dict

from backend import metrics
from backend.config import Settings, own_folder
from backend.postgres import FOR_COMMANDS, NoConnectionFree, PostgresDatabase, TimeLimits
from backend.replica import POSITION_SQL, Position, Replica, ReplicaState, ReplicaUnfit
from backend.write_group import WriteGroups
from backend.write_lock import WriteLock

MIGRATIONS = Path(__file__).parent / "migrations"

# A small pool serves hundreds of greenlets, because no request waits for anything slow while it
# holds a connection.
SQLITE_CONNECTIONS = 40
POSTGRES_CONNECTIONS = 20
# How long to wait for the write lock, and then again for the file.
BUSY_SECONDS = 4
BUSY_IN_C_MS = 5
LOOK_SECONDS = 0.02
# The size to which SQLite shrinks the write-ahead log of a large transaction at the next
# checkpoint.
JOURNAL_BYTES = 8 << 20

database = peewee.DatabaseProxy()
Result = TypeVar("Result")


def waiting_for_disk(call: Callable[[], Result]) -> Result:
    """Run a call that waits for the disk. `sqlite_waits` puts another function in place of this one."""
    return call()


class IdField(peewee.BigAutoField):
    """The number of a row. No row gets the number of one that was deleted.

    Without AUTOINCREMENT, SQLite would give the number of the newest deleted row to the next one. A
    token or a log line that names a deleted row must never mean another row.
    """

    if TYPE_CHECKING:

        def __get__(self, instance: object, owner: object) -> Any:
            """Return the number of a row, or the field of a model."""

    def ddl(self, ctx: Any) -> Any:
        """Return the column's definition in the dialect of the database."""
        is_sqlite = self.ddl_datatype(ctx).sql == "INTEGER"
        return peewee.NodeList([super().ddl(ctx), *[peewee.SQL("AUTOINCREMENT")] * is_sqlite])


class Model(peewee.Model):
    """Base of every table."""

    class Meta:
        database = database
        legacy_table_names = False

    @classmethod
    def of(cls, child_id: int | None, **parents: Any) -> Self | None:
        """Return a row by its id if it belongs to the parents that are named, else None.

        Look up ids that a caller sent with this method only: the parent is the one whose rights
        were checked. `Poll.of(3, activity=7)`; tests/web/test_nested_paths.py goes over every path.
        """
        belongs = [getattr(cls, name) == parent for name, parent in parents.items()]
        found: Self | None = cls.get_or_none(cls.id == child_id, *belongs)
        return found

    @classmethod
    def lock(cls, row_id: Any) -> Self | None:
        """Return a row, locked until the transaction ends; None if there is no such row.

        SQLite has one writer at a time, so there it takes no lock.
        """
        query = cls.select().where(cls.id == row_id)
        if cls._meta.database.for_update:
            query = query.for_update()
        found: Self | None = query.first()
        return found

    @classmethod
    def insert_new(cls, *unique: peewee.Field, **facts: Any) -> int | None:
        """Insert a row and return its id, or None if a unique index refuses it.

        `unique` are the columns of the index that may refuse it; without them any index may.
        """
        query = cls.insert(**facts).on_conflict(action="nothing", conflict_target=unique or None)
        made = [row.id for row in query.returning(cls.id).execute()]
        return made[0] if made else None

    @classmethod
    def find(cls, condition: str, *values: Any) -> list[Self]:
        """Return the rows for which a condition holds, written in SQL with `?` marks.

        An `ORDER BY` may follow the condition. It takes a fraction of the time of a query of peewee.
        """
        # The proxy hands on what it does not know itself.
        base = cls._meta.database
        statement = _select(cls, condition).replace("?", base.param)  # type: ignore[arg-type]
        return [cls.from_row(row) for row in base.execute_sql(statement, values).fetchall()]

    @classmethod
    def find_one(cls, condition: str, *values: Any) -> Self | None:
        """Return the first row that `find` finds, or None."""
        found = cls.find(condition, *values)
        return found[0] if found else None

    def change(self, **values: Any) -> None:
        """Write new values into the row, and into this object; in the caller's transaction."""
        own = self._meta.primary_key == self.get_id()
        self.update(**values).where(own).execute()
        for name, value in values.items():
            setattr(self, name, value)

    @classmethod
    def column_names(cls) -> list[str]:
        """Return the names of all columns, in the order of `from_row`."""
        return [field.column_name for field in cls._meta.sorted_fields]

    @classmethod
    def from_row(cls, row: Sequence[Any]) -> Self:
        """Return a row of all columns, see `backend.selection`, at a fraction of a query's price."""
        found = cls(__no_default__=True)
        names, converted = _fields(cls)  # type: ignore[arg-type]
        found.__data__.update(zip(names, row, strict=True))
        for field in converted:
            found.__data__[field.name] = field.python_value(found.__data__[field.name])
        return found


@cache
def _select(model: Any, condition: str) -> str:
    """Return the statement that selects all columns of a model's rows."""
    names = ", ".join(model.column_names())
    return f"SELECT {names} FROM {model._meta.table_name} WHERE {condition}"  # nosec B608


@cache
def _fields(model: Any) -> tuple[list[str], list[peewee.Field]]:
    """Return the names of a model's fields, and of those whose values need conversion after
    reading."""
    fields = model._meta.sorted_fields
    return [field.name for field in fields], [
        field for field in fields if isinstance(field, (peewee.JSONField, peewee.BooleanField))
    ]


@dataclass(frozen=True)
class Migrations:
    """The names of migrations that are not applied yet, and of applied ones that have no file here."""

    pending: list[str]
    unknown: list[str]


class Database:
    """An open database, bound to every model.

    `write()` is the only way to change anything: it takes the write lock at once (SQLite, where
    writers that wait share a transaction) or begins a transaction (PostgreSQL), so that nothing
    half-written can be seen.
    """

    def __init__(
        self,
        url: str,
        limits: TimeLimits = FOR_COMMANDS,
        connections: int = POSTGRES_CONNECTIONS,
        replica: Replica | None = None,
    ) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite:")
        self._postgres: PostgresDatabase | None = None
        if not self.is_sqlite:
            self._postgres = PostgresDatabase(_postgres_address(url), limits, connections)
        self._replica = replica
        self._peewee = self._postgres or _sqlite(url)
        self._write_lock = (
            WriteLock(Path(url.removeprefix("sqlite:///"))) if self.is_sqlite else None
        )
        self._groups = WriteGroups(self._opened, self._joined, BUSY_SECONDS)
        # A read of SQLite does not yield to other greenlets, so all reads share one connection,
        # which is cheaper than taking one from the pool.
        self._reading = _sqlite_reader(url) if self.is_sqlite else None
        self._read_lock = threading.Lock()
        database.initialize(self._peewee)

    @contextmanager
    def write(self, *, takes_time: bool = False) -> Iterator[None]:
        """Run the block as one transaction.

        On PostgreSQL all waits of a request for the server last 8 s at most together. If the
        transaction `takes_time`, that limit holds for each of its statements instead.
        """
        if takes_time and self._postgres:
            self._postgres.take_time()
        if self._write_lock is None or self._peewee.in_transaction():
            with self._peewee.atomic():
                yield
            return
        # Releases our connection first, because the current writer needs one.
        self.release()
        with ExitStack() as stack:
            try:
                stack.enter_context(self._groups.write(takes_time=takes_time))
            except TimeoutError:
                raise peewee.OperationalError("other writers hold the database") from None
            yield

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Run the block as one transaction that sees the database of one moment; others go on
        writing.

        It may take as long as it needs.
        """
        if self.is_sqlite:
            with self._peewee.atomic("DEFERRED"):
                yield
            return
        with self._one_moment(), self.without_limits():
            yield

    @contextmanager
    def _one_moment(self) -> Iterator[None]:
        with self._peewee.atomic():
            self.sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield

    def for_report(self, read: Callable[[], Result], *, of_one_moment: bool = False) -> Result:
        """Return what a function reads for a host, such as a report or a list to download.

        The function reads the replica, if there is one that has everything that was committed before
        this call; otherwise the primary, as it was at one moment if `of_one_moment`. It must not
        write. It is called again if the replica fails.
        """
        if self._replica is not None and not self._replica.rests:
            wanted = self._position()
            try:
                return self._from_replica(self._replica, wanted, read)
            except (peewee.OperationalError, peewee.InterfaceError, ReplicaUnfit) as error:
                self._replica.leave_alone(error)
        if self._replica is not None:
            metrics.REPORT_READS.labels("primary").inc()
        with self.snapshot() if of_one_moment else nullcontext():
            return read()

    def _from_replica(
        self, replica: Replica, wanted: Position, read: Callable[[], Result]
    ) -> Result:
        assert self._postgres
        with (
            replica.connection(wanted) as connection,
            self._postgres.using(connection),
            self._one_moment(),
        ):
            return read()

    def _position(self) -> Position:
        [row] = self.read(POSITION_SQL)
        return Position.from_row(row)

    def replica_state(self) -> ReplicaState | None:
        """Return the state of the replica for reports, None if none is given.

        Raises `ReplicaUnfit`.
        """
        return None if self._replica is None else self._replica.state(self._position())

    @contextmanager
    def _opened(self, seconds: float) -> Iterator[sqlite3.Connection]:
        """Run the block as a transaction of SQLite, which waits so long for other processes."""
        assert self._write_lock is not None
        with self._write_lock.hold(seconds), self._peewee.atomic("IMMEDIATE"):
            yield self._peewee.connection()

    @contextmanager
    def _joined(self, connection: sqlite3.Connection) -> Iterator[None]:
        """Run the block in the transaction that another greenlet opened, undone alone if it fails."""
        self._peewee._state.set_connection(connection)
        # What begins a transaction in the block then sets a savepoint.
        self._peewee.push_transaction(self)
        try:
            with self._peewee.savepoint():
                yield
        finally:
            self._peewee.pop_transaction()
            self._peewee._state.reset()

    def sql(self, statement: str, parameters: tuple[Any, ...] = ()) -> Any:
        """Run one statement written with `?` marks and return its cursor."""
        if not self.is_sqlite:
            statement = statement.replace("?", "%s")
        return self._peewee.execute_sql(statement, parameters)

    def rows(self, query: peewee.BaseQuery) -> list[tuple[Any, ...]]:
        """Run a query of peewee in the way of `read`; values are as the driver returns them."""
        statement, parameters = query.sql()
        return self.read(statement, tuple(parameters))

    def read(self, statement: str, parameters: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """Run one statement outside any transaction and return all its rows.

        Unlike `sql` it does not keep a connection afterwards, so the caller may wait for something
        else.
        """
        if self._reading is not None:
            with self._read_lock:
                return self._reading.execute_sql(statement, parameters).fetchall()
        kept = not self._peewee.is_closed()
        try:
            rows: list[tuple[Any, ...]] = self.sql(statement, parameters).fetchall()
            return rows
        finally:
            if not kept:
                self.release()

    def share(self, *activity_ids: int) -> None:
        """Take shared locks on activities until the transaction ends; `claim` waits for them.

        SQLite has one writer at a time, so there it takes no lock.
        """
        self._lock("pg_advisory_xact_lock_shared", activity_ids)

    def claim(self, *activity_ids: int) -> None:
        """Take exclusive locks on activities until the transaction ends, after all shared ones."""
        self._lock("pg_advisory_xact_lock", activity_ids)

    def _lock(self, function: str, activity_ids: Iterable[int]) -> None:
        """Take locks in one order, so that two transactions never wait for each other."""
        if not self.is_sqlite:
            for activity_id in sorted(set(activity_ids)):
                self.sql(f"SELECT {function}(?)", (activity_id,))

    def release(self) -> None:
        """Give this request's connection back to the pool; no query may be half read."""
        if not self._peewee.is_closed():
            self._peewee.close()

    @property
    def connections_used(self) -> int:
        """The number of connections to PostgreSQL that this process uses now; 0 on SQLite."""
        return self._postgres.used_count if self._postgres else 0

    def close(self) -> None:
        """Close every connection."""
        self.release()
        self._peewee.close_all()
        if self._replica is not None:
            self._replica.close()
        if self._reading is not None:
            self._reading.close()
        if self._write_lock is not None:
            self._write_lock.close()
            self._write_lock = None

    def check(self) -> None:
        """Raise `peewee.DatabaseError` unless the database answers."""
        self.sql("SELECT 1").fetchone()

    def takes_writes(self, seconds: float) -> bool:
        """Return whether the database takes writes; on SQLite it writes one page to find out.

        Raises `TimeoutError` if other writers hold SQLite's file for so many seconds, or another
        program does, and `peewee.DatabaseError` if PostgreSQL, which is only asked, does not answer.
        """
        if self._write_lock is None:
            [(read_only,)] = self.read("SELECT current_setting('transaction_read_only')")
            return bool(read_only == "off")
        with self._write_lock.hold(seconds):
            return _takes_a_page(self._peewee.connection())

    def migrate(self, until: str | None = None) -> list[str]:
        """Apply missing migrations, at most up to the named one; return their names."""
        with self.without_limits():
            names: list[str] = Runner(self._peewee, str(MIGRATIONS)).up(until)
        return names

    @property
    def encoding(self) -> str:
        """The encoding in which the database stores text, by PostgreSQL's names: `UTF8`."""
        if self.is_sqlite:
            return "UTF8"
        return str(self.connection().info.parameter_status("server_encoding"))

    @property
    def is_behind_pooler(self) -> bool:
        """Whether this thread's connection goes to a pooler such as PgBouncer."""
        return bool(self._postgres and self._postgres.connection().is_behind_pooler)

    def without_limits(self) -> AbstractContextManager[None]:
        """Let the statements of the block take as long as they need."""
        return self._postgres.without_limits() if self._postgres else nullcontext()

    def drop_all(self) -> None:
        """Remove all tables with their rows, in the caller's transaction.

        `migrate` creates them again.
        """
        history = Runner(self._peewee, str(MIGRATIONS)).History
        self._peewee.drop_tables([*Model.__subclasses__(), history], cascade=not self.is_sqlite)

    def connection(self) -> Any:
        """Return the driver's own connection of the caller's transaction."""
        return self._peewee.connection()

    def migrations(self) -> Migrations:
        """Return the migrations that are missing here, and those that this version does not have."""
        rows = Runner(self._peewee, str(MIGRATIONS)).status()
        return Migrations(
            pending=[row.name for row in rows if row.applied is None],
            unknown=[row.name for row in rows if row.path is None],
        )


def _takes_a_page(connection: sqlite3.Connection) -> bool:
    """Write a number of the file's header, which nothing uses, as it is; return whether that worked."""
    try:
        [(version,)] = connection.execute("PRAGMA user_version").fetchall()
        connection.execute(f"PRAGMA user_version = {version}")
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in (
            sqlite3.SQLITE_BUSY,
            sqlite3.SQLITE_LOCKED,
        ):
            raise TimeoutError from error
        return False
    return True


class _Patient:
    """Retries a statement outside a transaction while another program has locked the SQLite file.

    SQLite's own waiting sleeps in C, which blocks all greenlets of the process; this lets them run.
    """

    def execute_sql(self, sql: str, params: object = None) -> Any:
        """Run a statement; raises `peewee.OperationalError` if the file stays locked for too long."""
        if self.in_transaction():  # type: ignore[attr-defined]
            return super().execute_sql(sql, params)  # type: ignore[misc]
        return _patiently(lambda: super(_Patient, self).execute_sql(sql, params))  # type: ignore[misc]

    def begin(self, lock_type: str | None = None) -> None:
        """Begin a transaction, with the same retries."""
        _patiently(lambda: super(_Patient, self).begin(lock_type))  # type: ignore[misc]


def _patiently(call: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            return call()
        except peewee.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
        time.sleep(LOOK_SECONDS)


class _SqliteReader(_Patient, peewee.SqliteDatabase):
    pass


class _SqlitePool(_Patient, PooledSqliteDatabase):
    def connect(self, reuse_if_open: bool = False) -> bool:
        """Take a connection for this thread; raises `NoConnectionFree`."""
        try:
            return bool(super().connect(reuse_if_open))
        except MaxConnectionsExceeded as error:
            raise NoConnectionFree(str(error)) from None

    def commit(self) -> None:
        """Commit the transaction."""
        connection = self.connection()
        with peewee.__exception_wrapper__:
            waiting_for_disk(lambda: connection.execute("COMMIT"))


def _sqlite_reader(url: str) -> peewee.Database:
    return _SqliteReader(
        url.removeprefix("sqlite:///"),
        thread_safe=False,
        check_same_thread=False,
        pragmas=[("busy_timeout", BUSY_IN_C_MS), ("query_only", 1)],
    )


def _sqlite(url: str) -> peewee.Database:
    path = Path(url.removeprefix("sqlite:///"))
    path.parent.mkdir(parents=True, exist_ok=True)
    return _SqlitePool(
        str(path),
        max_connections=SQLITE_CONNECTIONS,
        timeout=BUSY_SECONDS,
        check_same_thread=False,
        # FULL: an acknowledged answer survives a power cut, not only a killed process.
        pragmas=[
            ("busy_timeout", BUSY_IN_C_MS),
            ("journal_mode", "wal"),
            ("synchronous", "full"),
            ("journal_size_limit", JOURNAL_BYTES),
            ("foreign_keys", 1),
            ("cache_size", -4000),
        ],
    )


# Codes of SQLite's errors: another program has locked the file, or the disk refuses the write.
_AWAY_CODES = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
    }
)


# PostgreSQL calls these an invalid state of a transaction: the server is a replica by now, or it has
# ended a transaction whose process was stopped for too long.
_AWAY_STATES = (
    psycopg.errors.ReadOnlySqlTransaction,
    psycopg.errors.IdleInTransactionSessionTimeout,
)


def is_away(error: peewee.DatabaseError | peewee.InterfaceError) -> bool:
    """Return whether the same statement may succeed later: the server or the disk has failed."""
    causes = list(_causes(error))
    if any(isinstance(cause, _AWAY_STATES) for cause in causes):
        return True
    of_sqlite = [cause for cause in causes if isinstance(cause, sqlite3.Error)]
    if of_sqlite:
        # Only the low byte tells the sort of error; the other bytes give details.
        codes = {getattr(cause, "sqlite_errorcode", 0) & 0xFF for cause in of_sqlite}
        return not codes.isdisjoint(_AWAY_CODES)
    return isinstance(error, (peewee.OperationalError, peewee.InterfaceError))


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield the errors that led to an error, the newest first: a failed rollback hides its cause."""
    cause = error.__context__
    while cause is not None:
        yield cause
        cause = cause.__context__


def reason(error: BaseException) -> str:
    """Return what a database said, in one line; of a rollback that failed also what came before."""
    first = [one for one in _causes(error) if isinstance(one, (sqlite3.Error, psycopg.Error))][-1:]
    told = [str(one).strip().partition("\n")[0] for one in (error, *first)]
    return ", after: ".join(dict.fromkeys(told))


def may_come_back(error: peewee.DatabaseError | peewee.InterfaceError | OSError) -> bool:
    """Return whether a database that could not be opened may become usable without an operator.

    A file that cannot be opened stays so: its name or its permissions are wrong.
    """
    if isinstance(error, OSError):
        return error.errno == errno.ENOSPC
    return is_away(error) and "unable to open" not in str(error)


def describe(url: str) -> str:
    """Name a database without its password."""
    if url.startswith("sqlite:"):
        return "sqlite"
    return f"postgresql at {conninfo_to_dict(url).get('host', 'localhost')}"


def open_database(settings: Settings, limits: TimeLimits = FOR_COMMANDS) -> Database:
    """Open the database that the settings name."""
    if Path(settings.database_url.removeprefix("sqlite:///")).parent == settings.data_dir:
        own_folder(settings.data_dir)
    replica = None
    if settings.reports_database_url:
        replica = Replica(_postgres_address(settings.reports_database_url), limits)
    return Database(settings.database_url, limits, settings.database_connections, replica)


def _postgres_address(url: str) -> str:
    """Return an address with the scheme that libpq knows."""
    return "postgresql" + url[url.index(":") :]
