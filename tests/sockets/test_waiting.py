"""Sockets wait together, and each phone is answered in order and alone."""

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
import structlog
from wsproto.connection import Connection, ConnectionType
from wsproto.events import Event, Ping, Pong, TextMessage

from backend.db import Database
from backend.live.feed import Message
from backend.live.socket_writer import SocketWriter
from backend.phones.conversation import (
    BURST,
    FAULT,
    FLOODING,
    MALFORMED,
    SILENT,
    CloseReason,
)
from backend.phones.reader import SocketReader
from backend.phones.waiting import MOST_UNANSWERED_BYTES, OpenPhone, WaitingPhones
from tests.bench.sockets import frame, messages_in
from tests.installation import until

PATIENCE_SECONDS = 10


class Talk:
    """Answers each message with itself; `close` closes, `fail` fails, and `wait` waits for `go_on`."""

    def __init__(self) -> None:
        self.ended: CloseReason | None = None
        self.go_on = threading.Event()
        self.labels: list[Any] = []

    def hear(self, text: str, line: SocketWriter) -> CloseReason | None:
        self.labels.append(structlog.contextvars.get_contextvars().get("event_id"))
        if text == "fail":
            raise ZeroDivisionError
        if text == "wait":
            assert self.go_on.wait(PATIENCE_SECONDS)
        if text == "close":
            return MALFORMED
        line.say("ack", text)
        return None


class Phone:
    """A phone at its end of a socket, and the other end."""

    def __init__(self, waiting: WaitingPhones, event_id: int = 1) -> None:
        self.socket, ours = socket.socketpair()
        self.socket.settimeout(PATIENCE_SECONDS)
        self.talk, self.left = Talk(), threading.Event()
        writer = SocketWriter(ours, 7, lambda: Message("", "state", "{}"))
        self.reader = SocketReader(ours, writer.send)
        closing = ExitStack()
        closing.callback(self.left.set)
        labels = {"event_id": event_id}
        waiting.add(OpenPhone(self.reader, writer, self.talk, closing, labels))  # type: ignore[arg-type]

    def say(self, *texts: str) -> None:
        self.socket.sendall(b"".join(map(frame, texts)))

    def hears(self, count: int) -> list[bytes]:
        """Wait for so many frames, and return what is in them."""
        got, found = b"", list[bytes]()
        while len(found) < count:
            more = self.socket.recv(65536)
            assert more, f"closed after {found}"
            frames, got = messages_in(got + more)
            found += frames
        return found

    def closed(self) -> int:
        """Wait until the socket is closed, and return the code of the last frame; 0 if there is none."""
        got = b""
        while more := self.socket.recv(65536):
            got += more
        assert self.left.wait(PATIENCE_SECONDS)
        last = messages_in(got)[0][-1:]
        return int.from_bytes(last[0][:2], "big") if last else 0


@pytest.fixture
def waiting(database: Database) -> Iterator[WaitingPhones]:
    """Return sockets that wait; in the end all have left, and their thread ends."""
    made = WaitingPhones(database, 3)
    yield made
    until(lambda: not len(made) and not _threads("phones"), PATIENCE_SECONDS, "all to leave")
    until(lambda: not _threads("answers"), PATIENCE_SECONDS, "all threads to end")


def _threads(name: str) -> int:
    return sum(thread.name == name for thread in threading.enumerate())


@pytest.fixture
def phone(waiting: WaitingPhones) -> Iterator[Phone]:
    """Return a phone whose socket waits."""
    made = Phone(waiting)
    yield made
    made.socket.close()


pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def test_messages_are_answered_in_order(phone: Phone) -> None:
    texts = [str(number) for number in range(50)]
    phone.say(*texts)
    assert phone.hears(50) == [f'{{"type":"ack","data":"{text}"}}'.encode() for text in texts]


def test_phone_that_waits_for_its_answer_keeps_no_other_waiting(
    waiting: WaitingPhones, phone: Phone
) -> None:
    phone.say("wait", "next")
    other = Phone(waiting, event_id=2)
    other.say("hello")
    assert b"hello" in other.hears(1)[0]
    phone.talk.go_on.set()
    assert [b"wait" in heard for heard in phone.hears(2)] == [True, False]
    assert (set(phone.talk.labels), set(other.talk.labels)) == ({1}, {2})
    other.socket.close()


def test_last_messages_of_a_phone_that_leaves_are_answered(phone: Phone) -> None:
    phone.say("one", "two")
    phone.socket.shutdown(socket.SHUT_WR)
    assert len(phone.hears(2)) == 2
    assert phone.closed() == 0


@pytest.mark.parametrize(("text", "why"), [("close", MALFORMED), ("fail", FAULT)])
def test_reason_closes_that_socket_alone(
    waiting: WaitingPhones, phone: Phone, text: str, why: CloseReason
) -> None:
    other = Phone(waiting)
    phone.say(text, "too late")
    assert phone.closed() == why.code
    other.say("hello")
    assert b"hello" in other.hears(1)[0]
    other.socket.close()


def test_socket_that_only_waits_is_closed_with_a_reason(phone: Phone) -> None:
    phone.reader.wake(SILENT)
    assert phone.closed() == SILENT.code


@pytest.mark.parametrize(
    "event",
    [Ping(b""), Pong(b""), TextMessage("", message_finished=False)],
    ids=lambda e: e.__class__.__name__,
)
def test_frames_that_are_no_messages_are_flooding_too(phone: Phone, event: Event) -> None:
    client = Connection(ConnectionType.CLIENT)
    phone.socket.sendall(b"".join(client.send(event) for _ in range(2 * BURST)))
    assert phone.closed() == FLOODING.code


def test_phone_with_too_much_unanswered_is_flooding(phone: Phone) -> None:
    phone.say("wait")
    until(lambda: phone.talk.labels, PATIENCE_SECONDS, "the first message to be heard")
    phone.say(*["x" * 1000] * (MOST_UNANSWERED_BYTES // 1000 + 1))
    until(lambda: phone.reader.is_over, PATIENCE_SECONDS, "the flood to be noticed")
    phone.talk.go_on.set()
    assert phone.closed() == FLOODING.code


def test_process_with_many_sockets_says_that_it_is_full(waiting: WaitingPhones) -> None:
    phones = [Phone(waiting) for _ in range(2)]
    assert not waiting.is_full
    phones.append(Phone(waiting))
    assert waiting.is_full
    phones.pop().socket.close()
    until(lambda: not waiting.is_full, PATIENCE_SECONDS, "one to leave")
    for phone in phones:
        phone.socket.close()


def test_threads_that_are_idle_end_while_others_wait(database: Database) -> None:
    waiting = WaitingPhones(database, 3, idle_seconds=0)
    phones = [Phone(waiting) for _ in range(3)]
    for phone in phones:
        phone.say("wait")
    until(lambda: _threads("answers") == 3, PATIENCE_SECONDS, "all to be answered at once")
    for phone in phones:
        phone.talk.go_on.set()
        phone.hears(1)

    def say_more() -> bool:
        phones[0].say("hello")
        phones[0].hears(1)
        return _threads("answers") <= 1

    until(say_more, PATIENCE_SECONDS, "the idle threads to end")
    for phone in phones:
        phone.socket.close()
    until(lambda: not len(waiting) and not _threads("answers"), PATIENCE_SECONDS, "all to leave")


def test_phone_that_comes_after_all_have_left_is_answered(database: Database) -> None:
    waiting = WaitingPhones(database, 4, idle_seconds=1000)
    phones = [Phone(waiting) for _ in range(3)]
    for phone in phones:
        phone.say("wait")
    until(lambda: _threads("answers") == 3, PATIENCE_SECONDS, "all to be answered at once")
    for phone in phones:
        phone.talk.go_on.set()
        phone.hears(1)
    until(lambda: waiting._idle_threads == 3, PATIENCE_SECONDS, "all threads to be idle")
    waiting._idle_seconds = 0
    phones.append(Phone(waiting))
    until(lambda: waiting._least_idle == 3, PATIENCE_SECONDS, "a look at the idle threads")
    waiting._idle_seconds = 1000
    for phone in phones:
        phone.socket.close()
        until(lambda: waiting._idle_threads in (0, 3), PATIENCE_SECONDS, "it to leave")
    until(lambda: not _threads("phones"), PATIENCE_SECONDS, "all to leave")
    waiting._idle_seconds = 0
    looked_at = waiting._looked_at
    late = Phone(waiting)
    until(lambda: waiting._looked_at > looked_at, PATIENCE_SECONDS, "a look at the idle threads")
    late.say("hello")
    assert late.hears(1)
    late.socket.close()
    until(lambda: not len(waiting) and not _threads("answers"), PATIENCE_SECONDS, "it to leave")
