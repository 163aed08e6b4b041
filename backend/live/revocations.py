"""Revocations: tell all processes that rights ended, so that they check open sockets and streams
again.

A message names accounts or an event. It does not close anything itself: each process checks again
whether the sockets and streams concerned are still allowed, and ends those that are not. After an
outage of Redis a process checks everything that it has open, because messages may have been missed.

Messages are on the feed of no event, the Redis key `linka:{e0}:feed`.
"""

import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import structlog
from peewee import DatabaseError
from redis import RedisError

from backend.live.feed import Feed, Message

log = structlog.get_logger(__name__)

NO_EVENT = 0
REVOKED = "revoked"
WAIT_MS = 500
RETRY_SECONDS = 1.0


@dataclass(frozen=True)
class Watched:
    """An open socket or stream: whose it is, and the function that checks whether it is still
    allowed.

    `look` ends what is not allowed, never waits, and raises `peewee.DatabaseError` alone. A screen
    has no account. A stream, which sends no signs of life, is checked every `every_seconds`.
    """

    event_id: int
    account_id: int | None
    look: Callable[[], None]
    every_seconds: float | None = None


class Revocations:
    """Publishes that rights ended, and checks what is open in this process."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._lock = threading.Lock()
        self._watched: dict[int, Watched] = {}
        self._due: dict[int, float] = {}
        self._is_reading = False

    def tell(self, account_ids: Iterable[int | None] = (), event_id: int | None = None) -> None:
        """Let all processes check again what accounts, or all viewers of an event, have open.

        Call it after the commit of what ended the rights: a role, a binding, a seat, a screen key.
        Never raises for a Redis that is away: the next sign of life of what is open decides then.
        """
        accounts = sorted({account_id for account_id in account_ids if account_id is not None})
        if accounts or event_id is not None:
            self._feed.publish(NO_EVENT, REVOKED, accounts=accounts, event=event_id)

    @contextmanager
    def watching(self, watched: Watched) -> Iterator[None]:
        """During the block, check something whenever its rights may have ended.

        The first check is at the beginning, because rights may have ended since they were last
        checked.
        """
        with self._lock:
            self._watched[id(watched)] = watched
            begins, self._is_reading = not self._is_reading, True
        try:
            if begins:
                threading.Thread(target=self._read, name="revocations", daemon=True).start()
            self._look_at(watched)
            yield
        finally:
            with self._lock:
                del self._watched[id(watched)]
                self._due.pop(id(watched), None)

    def _read(self) -> None:
        try:
            self._read_on()
        except BaseException:
            # The next one that opens starts a new reader.
            with self._lock:
                self._is_reading = False
            raise

    def _read_on(self) -> None:
        seq = ""
        while self._is_anything_open():
            try:
                if not seq:
                    seq = self._feed.last_seq(NO_EVENT)
                    self._look_at_all(self._open())
                for message in self._feed.wait(NO_EVENT, seq, WAIT_MS):
                    seq = message.seq
                    self._look_at_all(self._concerned(message))
                self._look_at_all(self._due_now())
            except (RedisError, DatabaseError) as error:
                log.warning("revocations_away", error=str(error))
                seq = ""
                threading.Event().wait(RETRY_SECONDS)
                self._look_in_spite()

    def _look_in_spite(self) -> None:
        """Run the checks that are due while Redis cannot be reached."""
        try:
            self._look_at_all(self._due_now())
        except DatabaseError as error:
            log.warning("revocations_not_looked_at", error=str(error))

    def _look_at_all(self, watched: Iterable[Watched]) -> None:
        for one in watched:
            self._look_at(one)

    def _look_at(self, one: Watched) -> None:
        if one.every_seconds is not None:
            self._due[id(one)] = time.monotonic() + one.every_seconds
        one.look()

    def _open(self) -> list[Watched]:
        with self._lock:
            return list(self._watched.values())

    def _concerned(self, message: Message) -> list[Watched]:
        told = json.loads(message.data)
        accounts = set(told["accounts"])
        return [
            one
            for one in self._open()
            if one.account_id in accounts or one.event_id == told["event"]
        ]

    def _due_now(self) -> list[Watched]:
        now = time.monotonic()
        return [
            one
            for one in self._open()
            if one.every_seconds is not None and self._due.get(id(one), 0.0) <= now
        ]

    def _is_anything_open(self) -> bool:
        with self._lock:
            self._is_reading = bool(self._watched)
            return self._is_reading
