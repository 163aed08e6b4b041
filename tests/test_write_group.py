"""Writers that wait for SQLite at the same moment share a transaction."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import peewee
import pytest

from backend import db
from backend.db import Database
from backend.write_group import MOST, GroupFailed, _Group, _Writer
from tests.installation import until
from tests.support import at_once


class Writers:
    """Writes numbers into a file, each in a thread of its own."""

    def __init__(self, folder: Path) -> None:
        self.database = Database(f"sqlite:///{folder / 'numbers.db'}")
        self.results: dict[int, Any] = {}
        self.statements: list[str] = []
        self._threads: list[threading.Thread] = []
        with self.database.write():
            self.database.sql("CREATE TABLE number (value INTEGER PRIMARY KEY)")
            self.database.sql(
                "CREATE TABLE part (of INTEGER REFERENCES number DEFERRABLE INITIALLY DEFERRED)"
            )

    def lead(self) -> None:
        """Record the statements of the caller's transaction; those that follow use it too."""
        self.database.connection().set_trace_callback(self.statements.append)

    def put(self, number: int) -> None:
        """Write a number in the caller's transaction."""
        self.database.sql("INSERT INTO number VALUES (?)", (number,))

    def follow(
        self, number: int, then: Callable[[], Any] = lambda: None, **options: Any
    ) -> threading.Thread:
        """Let a thread write a number, and wait until it waits for its turn."""

        def write() -> None:
            try:
                with self.database.write(**options):
                    self.put(number)
                    then()
                self.results[number] = self.stored()
            except BaseException as error:  # noqa: BLE001 - it is what the test is about
                self.results[number] = error
            finally:
                self.database.release()

        waiting = len(self.database._groups._waiting)
        thread = threading.Thread(target=write)
        self._threads.append(thread)
        thread.start()
        until(lambda: len(self.database._groups._waiting) > waiting, 10, f"{number} to wait")
        return thread

    def end(self) -> None:
        """Wait for all threads."""
        for thread in self._threads:
            thread.join(30)
            assert not thread.is_alive()
        assert not self.database._groups._waiting
        assert not self.database._groups._is_led

    def stored(self) -> list[int]:
        """Return the numbers that others can see."""
        return [row[0] for row in self.database.read("SELECT value FROM number ORDER BY value")]

    def count(self, word: str) -> int:
        """Return how many recorded statements begin with a word."""
        return sum(one.startswith(word) for one in self.statements)


@pytest.fixture
def writers(tmp_path: Path) -> Iterator[Writers]:
    made = Writers(tmp_path)
    yield made
    made.database.close()


def raised(error: BaseException) -> None:
    """Raise an error."""
    raise error


def test_all_who_wait_are_committed_at_once(writers: Writers) -> None:
    with writers.database.write():
        writers.lead()
        writers.put(0)
        for number in range(1, 6):
            writers.follow(number)
    writers.end()
    assert writers.stored() == [0, 1, 2, 3, 4, 5]
    # Each saw all numbers when it went on: nobody is told before the commit.
    assert writers.results == dict.fromkeys(range(1, 6), [0, 1, 2, 3, 4, 5])
    assert writers.count("COMMIT") == 1


def test_error_of_one_undoes_that_one_alone(writers: Writers) -> None:
    wrong = ValueError("wrong")
    with writers.database.write():
        writers.put(0)
        writers.follow(1)
        writers.follow(2, partial(raised, wrong))
        writers.follow(3)
    writers.end()
    assert writers.stored() == [0, 1, 3]
    assert writers.results[2] is wrong


def test_who_is_refused_finds_what_refused_it(writers: Writers) -> None:
    found: list[list[int]] = []

    def write_again() -> None:
        with pytest.raises(peewee.IntegrityError), writers.database.write():
            writers.put(1)
        found.append(writers.stored())
        writers.database.release()

    again = threading.Thread(target=write_again)
    with writers.database.write():
        writers.put(1)
        again.start()
        until(lambda: len(writers.database._groups._waiting) == 1, 10, "the other to wait")
    again.join(30)
    writers.end()
    assert found == [[1]]


def test_leader_that_fails_lets_the_next_lead(writers: Writers) -> None:
    with pytest.raises(ValueError, match="wrong"), writers.database.write():
        writers.put(0)
        writers.follow(1)
        writers.follow(2)
        raise ValueError("wrong")
    writers.end()
    assert writers.stored() == [1, 2]


def test_nested_blocks_of_a_follower_are_undone_alone(writers: Writers) -> None:
    def nested() -> None:
        with pytest.raises(ValueError, match="inner"), writers.database.write():
            writers.put(20)
            raise ValueError("inner")
        with writers.database.write():
            writers.put(30)

    with writers.database.write():
        writers.put(0)
        writers.follow(1, nested)
    writers.end()
    assert writers.stored() == [0, 1, 30]


def test_commit_that_fails_is_told_to_all(writers: Writers) -> None:
    with pytest.raises(peewee.IntegrityError), writers.database.write():
        writers.database.sql("INSERT INTO part VALUES (404)")
        writers.follow(1)
        writers.follow(2)
    writers.end()
    assert writers.stored() == []
    assert [type(writers.results[number]) for number in (1, 2)] == [GroupFailed, GroupFailed]


def test_transaction_that_sqlite_undid_is_told_to_all(writers: Writers) -> None:
    # SQLite undoes the whole transaction by itself after some errors, such as a full disk.
    undo = partial(writers.database.sql, "ROLLBACK")
    with pytest.raises(GroupFailed), writers.database.write():
        writers.put(0)
        writers.follow(1)
        writers.follow(2, undo)
        writers.follow(3)
    writers.end()
    assert writers.stored() == []
    assert all(isinstance(error, Exception) for error in writers.results.values())


class NeverFree:
    """A lock whose waiters are interrupted, as those of a worker that is stopped."""

    def __enter__(self) -> None:
        raise KeyboardInterrupt

    def __exit__(self, *_: object) -> None:
        raise AssertionError


def test_follower_that_is_interrupted_before_its_turn_is_not_waited_for() -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("BEGIN")
    group = _Group(connection, [_Writer(may_follow=True)])
    vars(group)["_inside"] = NeverFree()
    with pytest.raises(KeyboardInterrupt), group.turn():
        raise AssertionError
    group.invite()
    assert connection.in_transaction
    connection.close()


def test_who_takes_time_follows_nobody(writers: Writers) -> None:
    with writers.database.write():
        writers.lead()
        writers.put(0)
        writers.follow(1)
        writers.follow(2, takes_time=True)
        writers.follow(3)
    writers.end()
    assert writers.count("SAVEPOINT") == 1
    assert writers.stored() == [0, 1, 2, 3]


def test_nobody_follows_who_takes_time(writers: Writers) -> None:
    with writers.database.write(takes_time=True):
        writers.lead()
        writers.put(0)
        writers.follow(1)
    writers.end()
    assert writers.count("SAVEPOINT") == 0
    assert writers.stored() == [0, 1]


def test_many_who_wait_follow_in_several_groups(writers: Writers) -> None:
    with writers.database.write():
        writers.lead()
        for number in range(1, MOST + 3):
            writers.follow(number)
    writers.end()
    assert writers.count("SAVEPOINT") == MOST
    assert len(writers.stored()) == MOST + 2


def test_who_waits_too_long_leaves_the_queue(
    writers: Writers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writers.database._groups, "_longest_seconds", 0.05)
    with writers.database.write():
        writers.put(0)
        writers.follow(1).join(30)
        assert isinstance(writers.results[1], peewee.OperationalError)
        assert db.is_away(writers.results[1])
    writers.end()
    assert writers.stored() == [0]


def test_writers_at_once_lose_and_double_nothing(writers: Writers) -> None:
    def write_often(first: int) -> None:
        for number in range(first, first + 40):
            try:
                with writers.database.write():
                    writers.put(number)
                    if number % 5 == 0:
                        raise ValueError("wrong")
            except ValueError:
                continue
            finally:
                writers.database.release()
            assert number in writers.stored()

    at_once([partial(write_often, first) for first in range(0, 400, 40)])
    writers.end()
    assert writers.stored() == [number for number in range(400) if number % 5]
