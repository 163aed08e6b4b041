"""The usual frames of phones are read as `wsproto` writes them; all others are left to it."""

import pytest
from wsproto.connection import Connection, ConnectionType
from wsproto.events import BytesMessage, CloseConnection, Message, Ping, TextMessage

from backend.live.frames import texts_in

LONGEST = 16_384
TEXTS = ["{}", "", "摇一摇" * 9, "x" * 125, "x" * 126, "y" * LONGEST]


def sent(*events: Message | Ping | CloseConnection) -> bytes:
    """Return events as a phone sends them."""
    phone = Connection(ConnectionType.CLIENT)
    return b"".join(map(phone.send, events))


def test_texts_are_read_as_they_were_sent() -> None:
    data = sent(*map(TextMessage, TEXTS))
    assert texts_in(data, LONGEST) == (TEXTS, b"", True)


def test_text_that_comes_in_pieces_is_read_when_it_is_whole() -> None:
    whole = ["摇" * 40, "x" * 200, "z"]
    data = sent(*map(TextMessage, whole))
    for place in range(len(data) + 1):
        first, rest, is_plain = texts_in(data[:place], LONGEST)
        assert is_plain
        assert (first + texts_in(rest + data[place:], LONGEST)[0]) == whole


@pytest.mark.parametrize(
    "other",
    [
        sent(Ping(b"?")),
        sent(CloseConnection(1000)),
        sent(BytesMessage(b"{}")),
        sent(TextMessage("{", message_finished=False)),
        sent(TextMessage("x" * (LONGEST + 1))),
        sent(TextMessage("x" * 70_000)),
        # Compressed; without a mask; with a padded length; no UTF-8.
        bytes((0xC1, 0x81, 0, 0, 0, 0)) + b"x",
        bytes((0x81, 0x01)) + b"x",
        bytes((0x81, 0xFE, 0, 1, 0, 0, 0, 0)) + b"x",
        bytes((0x81, 0x81, 0, 0, 0, 0, 0xFF)),
    ],
    # The masks are made by chance, so they name no test.
    ids=range(10),
)
def test_other_frames_and_all_that_follows_are_left(other: bytes) -> None:
    before, after = sent(TextMessage("before")), sent(TextMessage("after"))
    assert texts_in(before + other + after, LONGEST) == (["before"], other + after, False)
