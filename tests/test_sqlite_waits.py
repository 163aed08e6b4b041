"""Greenlets that wait for the disk let others run, and do not leave a commit that is under way."""

import sqlite3
import threading

import gevent
import pytest

from backend import db, sqlite_waits
from backend.db import Database
from backend.identity.models import AuditLine

WAIT_SECONDS = 30


def test_others_run_while_one_waits() -> None:
    """A call that only another greenlet can end, does end."""
    may_end = threading.Event()
    gevent.spawn(may_end.set)
    assert sqlite_waits.in_a_thread(lambda: may_end.wait(WAIT_SECONDS))


def test_error_of_the_call_is_raised_and_not_printed(capfd: pytest.CaptureFixture[str]) -> None:
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    connection.close()
    with pytest.raises(sqlite3.ProgrammingError):
        sqlite_waits.in_a_thread(lambda: connection.execute("COMMIT"))
    assert capfd.readouterr() == ("", "")


def test_interruption_is_raised_after_the_call_has_ended() -> None:
    began, may_end = threading.Event(), threading.Event()
    ended: list[str] = []

    def commit() -> None:
        began.set()
        may_end.wait(WAIT_SECONDS)
        ended.append("commit")

    def wait() -> None:
        try:
            sqlite_waits.in_a_thread(commit)
        finally:
            ended.append("greenlet")

    waiting = gevent.spawn(wait)
    while not began.is_set():
        gevent.sleep(0)
    waiting.kill(block=False)
    gevent.sleep(0)
    assert ended == []
    may_end.set()
    waiting.join(WAIT_SECONDS)
    assert ended == ["commit", "greenlet"]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_transactions_are_committed_in_this_way(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[str] = []

    def noted(call):  # type: ignore[no-untyped-def]
        def in_thread():  # type: ignore[no-untyped-def]
            threads.append(threading.current_thread().name)
            return call()

        return sqlite_waits.in_a_thread(in_thread)

    monkeypatch.setattr(db, "waiting_for_disk", noted)
    with database.write():
        AuditLine.insert(action="test", subject="", at=0).execute()
    assert AuditLine.select().count() == 1
    assert threads and threading.current_thread().name not in threads
