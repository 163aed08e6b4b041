"""Lets the writers of one process that wait at the same moment share a transaction of SQLite.

A commit waits for the disk, which takes longer than most writes; a shared one waits once. The first
writer leads: it opens the transaction and writes. Then those that wait by then follow, one after the
other, each in a savepoint of its own, so that an error in one undoes that one alone. Then the leader
commits. Nobody is told of success or of an error before the commit. A writer that meets no other
writes as if it were alone.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from sqlite3 import Connection

from backend.errors import Unavailable

MOST = 64


class GroupFailed(Unavailable):
    """The transaction that several writers shared was not committed."""

    def __init__(self) -> None:
        super().__init__(retry_after_seconds=1)


class _Writer:
    """A writer that waits until it leads, or until a leader lets it into its group."""

    def __init__(self, *, may_follow: bool) -> None:
        self.may_follow = may_follow
        self.group: _Group | None = None
        self._wakes = threading.Lock()
        self._wakes.acquire()

    def wait(self, seconds: float = -1) -> bool:
        """Wait for `wake`; returns whether it came in time."""
        return self._wakes.acquire(timeout=seconds)

    def wake(self) -> None:
        """End the wait."""
        self._wakes.release()


class _Group:
    """The writers that follow one leader."""

    def __init__(self, connection: Connection, followers: list[_Writer]) -> None:
        self.connection = connection
        self.is_committed = False
        self._followers = followers
        self._inside = threading.Lock()
        self._counting = threading.Lock()
        self._missing = len(followers)
        self._all_have_written = threading.Lock()
        self._all_have_written.acquire()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Let one follower write at a time. One that is interrupted while it waits counts as done."""
        try:
            with self._inside:
                if not self.connection.in_transaction:
                    raise GroupFailed
                yield
        finally:
            with self._counting:
                self._missing -= 1
                is_last = not self._missing
            if is_last:
                self._all_have_written.release()

    def invite(self) -> None:
        """Let the followers write, and wait for the last of them, even if interrupted."""
        for one in self._followers:
            one.group = self
            one.wake()
        interruption: BaseException | None = None
        while self._missing:
            try:
                self._all_have_written.acquire()
            except BaseException as error:  # noqa: BLE001 - raised again below
                interruption = error
        if interruption is not None:
            raise interruption
        # After some errors, such as a full disk, SQLite itself has undone all that was written.
        if not self.connection.in_transaction:
            # For the leader to undo.
            self.connection.execute("BEGIN")
            raise GroupFailed

    def end(self) -> None:
        """Wake the followers, which wait for the commit."""
        for one in self._followers:
            one.wake()


class WriteGroups:
    """The writers of one process.

    `opened` opens the leader's transaction within so many seconds, `joined` is a follower's part in
    it.
    """

    def __init__(
        self,
        opened: Callable[[float], AbstractContextManager[Connection]],
        joined: Callable[[Connection], AbstractContextManager[None]],
        longest_seconds: float,
    ) -> None:
        self._opened = opened
        self._joined = joined
        self._longest_seconds = longest_seconds
        self._lock = threading.Lock()
        self._waiting: list[_Writer] = []
        self._is_led = False

    @contextmanager
    def write(self, *, takes_time: bool) -> Iterator[None]:
        """Run the block in a transaction, which is committed at the end.

        A block that takes time shares no transaction, because the others would wait for it. Raises
        `TimeoutError` if it could not begin in time, and `GroupFailed` if the commit failed.
        """
        deadline = time.monotonic() + self._longest_seconds
        writer = _Writer(may_follow=not takes_time)
        with self._lock:
            leads = not self._is_led
            self._is_led = True
            if not leads:
                self._waiting.append(writer)
        if not leads and not self._is_woken(writer):
            raise TimeoutError
        if writer.group is None:
            with self._leading(writer, deadline - time.monotonic()):
                yield
        else:
            with self._following(writer, writer.group):
                yield

    def _is_woken(self, writer: _Writer) -> bool:
        """Wait; returns False if the time is over, with the writer no longer among those that wait."""
        try:
            if writer.wait(self._longest_seconds):
                return True
        except BaseException:
            if not self._leaves(writer):
                self._give_back(writer)
            raise
        return not self._leaves(writer) and writer.wait()

    def _leaves(self, writer: _Writer) -> bool:
        """Take a writer from those that wait; returns False if it was taken or woken already."""
        with self._lock:
            if writer not in self._waiting:
                return False
            self._waiting.remove(writer)
            return True

    def _give_back(self, writer: _Writer) -> None:
        """End the turn of a writer that was interrupted at the moment in which it got one."""
        writer.wait()
        if writer.group is None:
            self._pass_on()
        else:
            with writer.group.turn():
                pass

    @contextmanager
    def _leading(self, writer: _Writer, seconds: float) -> Iterator[None]:
        group = None
        try:
            with self._opened(seconds) as connection:
                yield
                followers = self._followers() if writer.may_follow else []
                if followers:
                    group = _Group(connection, followers)
                    group.invite()
            if group:
                group.is_committed = True
        finally:
            if group:
                group.end()
            self._pass_on()

    def _followers(self) -> list[_Writer]:
        """Take the writers at the front of the queue that may follow."""
        with self._lock:
            count = 0
            while count < min(len(self._waiting), MOST) and self._waiting[count].may_follow:
                count += 1
            taken = self._waiting[:count]
            del self._waiting[:count]
        return taken

    def _pass_on(self) -> None:
        """Let the oldest writer that waits lead."""
        with self._lock:
            following = self._waiting.pop(0) if self._waiting else None
            self._is_led = following is not None
        if following is not None:
            following.wake()

    @contextmanager
    def _following(self, writer: _Writer, group: _Group) -> Iterator[None]:
        # An error is told after the commit, too: it may be about what an earlier block has written,
        # and whoever catches it will look for that.
        refusal: Exception | None = None
        try:
            with group.turn(), self._joined(group.connection):
                yield
        except Exception as error:  # noqa: BLE001 - raised below
            refusal = error
        writer.wait()
        if not group.is_committed:
            raise GroupFailed from refusal
        if refusal is not None:
            raise refusal
