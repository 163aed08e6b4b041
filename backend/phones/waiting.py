"""Waits for all open sockets of this process in one thread, and answers those that have sent something
in a few others.

A socket has no thread of its own, because a thread takes some 30 KB while it only waits.
"""

import queue
import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import structlog
from peewee import DatabaseError
from redis import RedisError

from backend.db import Database
from backend.live.frames import closing_frame
from backend.live.socket_writer import SocketWriter
from backend.phones.conversation import FAULT, FLOODING, UNAVAILABLE, CloseReason, Conversation
from backend.phones.reader import SocketReader

log = structlog.get_logger(__name__)

# More messages of one phone that wait for an answer are no game any more.
MOST_UNANSWERED_BYTES = 64 * 1024
# Statements and trips to Redis serve up to 64 callers at once.
MOST_THREADS = 400
# As many threads as were idle all this time end.
IDLE_SECONDS = 5.0


def tried(call: Callable[[], object]) -> CloseReason | None:
    """Make a call for a socket; returns why the socket has to be closed if the call fails."""
    try:
        call()
    except (RedisError, DatabaseError) as error:
        log.warning("socket_broken_off", error=str(error))
        return UNAVAILABLE
    except Exception as error:
        # It ends this socket alone.
        log.error("unexpected", exc_info=error)
        return FAULT
    return None


class OpenPhone:
    """An open socket of a player.

    `labels` are in each line of the log that is written while a message is answered. `closing` is
    left when the socket is closed.
    """

    def __init__(
        self,
        reader: SocketReader,
        writer: SocketWriter,
        conversation: Conversation,
        closing: ExitStack,
        labels: dict[str, Any],
    ) -> None:
        self.reader = reader
        self._writer = writer
        self._conversation = conversation
        self._closing = closing
        self._labels = labels
        self._unanswered: deque[str | bytes] = deque()
        self.is_being_answered = False

    @property
    def has_work(self) -> bool:
        """Whether there are messages to answer, or the socket is to be closed."""
        return bool(self._unanswered) or self.reader.is_over

    def hear(self) -> None:
        """Read what has come, without waiting."""
        failed = tried(lambda: self._unanswered.extend(self.reader.messages()))
        if failed:
            self.reader.wake(failed)
        if len(self._unanswered) > 1 and sum(map(len, self._unanswered)) > MOST_UNANSWERED_BYTES:
            self.reader.wake(FLOODING)

    def answer(self, database: Database) -> bool:
        """Answer what was read, or close the socket; returns whether it has been closed."""
        structlog.contextvars.bind_contextvars(**self._labels)
        is_last = self.reader.is_over
        while self._unanswered:
            message = self._unanswered.popleft()
            self._hear_one(message)
            database.release()
        if is_last:
            self._close(tried(self._closing.close))
            database.release()
        return is_last

    def _hear_one(self, message: str | bytes) -> None:
        """Answer a message, unless the socket is going to be closed for a reason."""
        if not self.reader.why:
            found: list[CloseReason | None] = []
            failed = tried(lambda: found.append(self._conversation.hear(message, self._writer)))
            why = failed or found[0]
            if why:
                self.reader.wake(why)

    def _close(self, failed: CloseReason | None) -> None:
        why = failed or self._conversation.ended or self.reader.why
        if why:
            log.info("socket_closed", code=why.code, reason=why.reason)
            self.reader.drop_the_rest()
            self._writer.send(closing_frame(why.code, why.reason))
        self.reader.socket.close()


class WaitingPhones:
    """The open sockets of this process, those that wait and those that are being answered."""

    def __init__(self, database: Database, most: int, idle_seconds: float = IDLE_SECONDS) -> None:
        self._database = database
        self._most = most
        self._idle_seconds = idle_seconds
        self._lock = threading.Lock()
        self._new: list[OpenPhone] = []
        # Wakes the thread that waits; None while there is no such thread.
        self._bell: socket.socket | None = None
        # None ends the thread that takes it.
        self._ready: queue.SimpleQueue[OpenPhone | None] = queue.SimpleQueue()
        self._threads = 0
        # Threads that wait for a phone, without those that one was handed over to.
        self._idle_threads = 0
        self._least_idle = 0
        self._looked_at = time.monotonic()
        # Phones that were handed over while all threads were busy.
        self._backlog = 0
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def is_full(self) -> bool:
        """Whether this process should open no more sockets."""
        return self._count >= self._most

    def add(self, phone: OpenPhone) -> None:
        """Read and answer what a phone sends, from now on until its socket is closed."""
        with self._lock:
            self._count += 1
            self._new.append(phone)
            if self._bell is None:
                self._bell, bell = socket.socketpair()
                self._start("phones", self._wait_on, bell)
            self._bell.send(b"!")

    def _start(self, name: str, call: Callable[..., None], *arguments: Any) -> None:
        threading.Thread(target=call, args=arguments, name=name, daemon=True).start()

    def _wait_on(self, bell: socket.socket) -> None:
        with bell, selectors.DefaultSelector() as selector:
            selector.register(bell, selectors.EVENT_READ)
            while self._goes_on(selector):
                for key, _ in selector.select():
                    if key.data is None:
                        bell.recv(4096)
                    elif self._hears(key.data, selector):
                        self._hand_over(key.data)
                self._end_idle_threads()

    def _goes_on(self, selector: selectors.BaseSelector) -> bool:
        """Begin to wait for new phones; returns whether there is any phone."""
        with self._lock:
            for phone in self._new:
                selector.register(phone.reader.socket, selectors.EVENT_READ, phone)
            self._new = []
            if len(selector.get_map()) > 1 or self._bell is None:
                return True
            self._bell.close()
            self._bell = None
            self._end_threads(self._idle_threads)
            return False

    def _hears(self, phone: OpenPhone, selector: selectors.BaseSelector) -> bool:
        """Read what a phone has sent; returns whether a thread has to be given to it."""
        with self._lock:
            phone.hear()
            if phone.reader.is_over:
                selector.unregister(phone.reader.socket)
            if phone.is_being_answered or not phone.has_work:
                return False
            phone.is_being_answered = True
            return True

    def _hand_over(self, phone: OpenPhone) -> None:
        """Let the next thread that is free answer a phone; a new one if none is."""
        with self._lock:
            self._ready.put(phone)
            if self._idle_threads:
                self._idle_threads -= 1
                self._least_idle = min(self._least_idle, self._idle_threads)
                return
            self._least_idle = 0
            if self._threads >= MOST_THREADS:
                self._backlog += 1
                return
            self._threads += 1
        self._start("answers", self._answer_on)

    def _answer_on(self) -> None:
        while (phone := self._ready.get()) is not None:
            self._answer(phone)
            if not self._is_needed():
                return

    def _answer(self, phone: OpenPhone) -> None:
        """Answer a phone until it has no more work."""
        while not phone.answer(self._database):
            with self._lock:
                phone.is_being_answered = phone.has_work
                if not phone.is_being_answered:
                    return
        with self._lock:
            self._count -= 1

    def _is_needed(self) -> bool:
        """Say whether the calling thread has to wait for the next phone, because there is any."""
        with self._lock:
            if self._backlog:
                self._backlog -= 1
            elif self._bell is None:
                self._threads -= 1
                return False
            else:
                self._idle_threads += 1
            return True

    def _end_idle_threads(self) -> None:
        """End those threads that had nothing to answer for a while.

        No thread waits with a time limit of its own, because under gevent that doubles the cost of
        handing a phone over.
        """
        now = time.monotonic()
        if now >= self._looked_at + self._idle_seconds:
            with self._lock:
                self._end_threads(self._least_idle)
                self._looked_at, self._least_idle = now, self._idle_threads

    def _end_threads(self, count: int) -> None:
        """End so many idle threads; the caller holds the lock."""
        self._threads -= count
        self._idle_threads -= count
        self._least_idle = min(self._least_idle, self._idle_threads)
        for _ in range(count):
            self._ready.put(None)
