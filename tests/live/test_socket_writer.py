"""Frames are written at once, and a reader that is late gets a snapshot instead of a queue."""

import json
import socket
from collections.abc import Iterator

import pytest
from wsproto.connection import Connection, ConnectionType
from wsproto.events import TextMessage

from backend.live.batch import Batch
from backend.live.feed import Message
from backend.live.frames import closing_frame, frame, frame_of
from backend.live.socket_writer import MOST_KEPT_BYTES, SocketWriter
from tests.installation import until

PLAYER = 7
NEWEST = Message("9-0", "state", '"the newest"')


class Pair:
    """A line, and its reader at the other end of the socket."""

    def __init__(self) -> None:
        self.server, self.reader = socket.socketpair()
        self.server.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        self.reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.reader.settimeout(10)
        self.snapshots = 0
        self.line = SocketWriter(self.server, PLAYER, self._snapshot)
        self._parser = Connection(ConnectionType.CLIENT)
        self._heard: list[dict] = []

    def _snapshot(self) -> Message:
        self.snapshots += 1
        return NEWEST

    def read_until(self, kind: str) -> list[dict]:
        """Read until a message of a kind has come; return all that came."""
        text = ""
        while not any(message["type"] == kind for message in self._heard):
            self._parser.receive_data(self.reader.recv(65536))
            for event in self._parser.events():
                assert isinstance(event, TextMessage)
                text += event.data
                if event.message_finished:
                    self._heard.append(json.loads(text))
                    text = ""
        return self._heard

    def first(self, kind: str) -> dict:
        """Read until a message of a kind has come, and return it."""
        return next(message for message in self.read_until(kind) if message["type"] == kind)

    def fill(self) -> int:
        """Give messages until the reader is late; return how many that took."""
        for number in range(10_000):
            if self.line._is_late:
                return number
            self.line.give(Batch([Message(f"1-{number}", "stroke", json.dumps("x" * 500))]))
        raise AssertionError("the socket takes everything")


@pytest.fixture
def pair() -> Iterator[Pair]:
    """Return a line with its reader."""
    made = Pair()
    yield made
    made.server.close()
    made.reader.close()


@pytest.mark.parametrize("length", [0, 1, 125, 126, 127, 65535, 65536, 100_000])
def test_frame_is_what_the_standard_says(length: int) -> None:
    parser = Connection(ConnectionType.CLIENT)
    parser.receive_data(frame(b"x" * length))
    assert "".join(event.data for event in parser.events()) == "x" * length


def test_message_carries_type_seq_and_data() -> None:
    parser = Connection(ConnectionType.CLIENT)
    parser.receive_data(frame_of(Message("3-1", "gain", '{"name": "陈敏春"}')))
    [event] = parser.events()
    assert json.loads(event.data) == {"type": "gain", "seq": "3-1", "data": {"name": "陈敏春"}}


def test_messages_come_in_order(pair: Pair) -> None:
    for number in range(5):
        pair.line.give(Batch([Message(f"1-{number}", "stroke", str(number))]))
    pair.line.say("ack", {"ok": True}, id=7)
    heard = pair.read_until("ack")
    assert [message["data"] for message in heard[:-1]] == list(range(5))
    assert heard[-1] == {"type": "ack", "id": 7, "data": {"ok": True}}
    assert pair.snapshots == 0


def test_message_for_others_is_passed_over(pair: Pair) -> None:
    others, own = frozenset({PLAYER + 1}), frozenset({PLAYER})
    pair.line.give(Batch([Message("1-0", "stroke", "0", others)]))
    pair.line.give(
        Batch([Message("1-1", "stroke", "1", others), Message("1-2", "stroke", "2", own)])
    )
    pair.line.give(Batch([Message("1-3", "last", "3")]))
    assert [message["data"] for message in pair.read_until("last")] == [2, 3]


def test_late_reader_gets_a_snapshot_and_goes_on(pair: Pair) -> None:
    given = pair.fill()
    for number in range(50):
        pair.line.give(Batch([Message(f"2-{number}", "stroke", '"missed"')]))
    heard = pair.read_until("state")
    assert [message for message in heard if message["data"] == "missed"] == []
    assert len([message for message in heard if message["type"] == "stroke"]) >= given - 1
    assert pair.first("state") == {"type": "state", "seq": "9-0", "data": "the newest"}
    until(lambda: not pair.line._is_late, 10, "a reader in time")
    pair.line.give(Batch([Message("3-0", "after", "1")]))
    assert pair.first("after")["data"] == 1
    assert pair.snapshots == 1


def test_of_many_messages_at_once_a_late_reader_gets_whole_ones(pair: Pair) -> None:
    lengths = [10, 200, 70_000, 500, 100_000] * 20
    batch = [
        Message(f"1-{number}", "stroke", json.dumps("x" * length))
        for number, length in enumerate(lengths)
    ]
    pair.line.give(Batch(batch))
    assert pair.line._is_late
    strokes = [message for message in pair.read_until("state") if message["type"] == "stroke"]
    assert [len(message["data"]) for message in strokes] == lengths[: len(strokes)]
    assert 0 < len(strokes) < len(lengths)


def test_answer_to_a_late_reader_is_not_lost(pair: Pair) -> None:
    pair.fill()
    pair.line.say("ack", {"kept": True}, id=1)
    assert pair.first("ack")["data"] == {"kept": True}


def test_reader_that_never_reads_is_let_go(pair: Pair) -> None:
    pair.fill()
    for _ in range(2 * MOST_KEPT_BYTES // 1000):
        pair.line.say("ack", "x" * 1000)
    while pair.reader.recv(65536):
        pass
    pair.line.give(Batch([NEWEST]))
    pair.line.say("ack", {})


def test_reader_that_has_gone_is_no_error(pair: Pair) -> None:
    pair.reader.close()
    for _ in range(3):
        pair.line.give(Batch([NEWEST]))
        pair.line.say("ack", {})
    pair.line.end()


def test_control_frames_wait_for_what_was_sent_before(pair: Pair) -> None:
    pair.fill()
    assert pair.line.send(frame(b'{"type": "close", "data": 0}')) > 0
    assert pair.first("close") == {"type": "close", "data": 0}


@pytest.mark.parametrize("is_late", [False, True])
def test_nothing_follows_the_frame_that_closes(pair: Pair, is_late: bool) -> None:
    if is_late:
        pair.fill()
    closing = closing_frame(1000, "bye")
    pair.line.send(closing)
    pair.line.give(Batch([Message("9-1", "stroke", '"too late"')]))
    pair.line.say("ack", {"ok": True})
    received = b""
    while not received.endswith(closing):
        received += pair.reader.recv(65536)
    until(lambda: not pair.line._is_late, 10, "the rest to be sent")
    pair.server.close()
    assert pair.reader.recv(1) == b""
