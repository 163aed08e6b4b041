"""WebSocket frames as bytes (RFC 6455, section 5.2): those of the server, and the usual ones of phones.

A phone sends each of its small messages in one text frame. Such frames are read here, because
`wsproto` takes ten times as long for one; all others are left to it.
"""

import json
from functools import lru_cache

from backend.live.feed import Message

# The first byte of a text frame that is a whole message and uses no extension.
TEXT = 0x81
# The first byte of the frame that closes a socket.
CLOSE = 0x88
_MASKED = 0x80


@lru_cache(256)
def frame_of(message: Message) -> bytes:
    """Return a message of the feed as a frame: `{"type", "seq", "data"}`."""
    head = f'{{"type":{json.dumps(message.type)},"seq":{json.dumps(message.seq)},"data":'
    return frame(f"{head}{message.data}}}".encode())


def frame(text: bytes) -> bytes:
    """Return UTF-8 text as an unmasked, unfragmented text frame."""
    length = len(text)
    if length < 126:
        return bytes((TEXT, length)) + text
    if length < 65536:
        return bytes((TEXT, 126)) + length.to_bytes(2, "big") + text
    return bytes((TEXT, 127)) + length.to_bytes(8, "big") + text


def closing_frame(code: int, reason: str) -> bytes:
    """Return the frame that closes a socket; the reason has at most 123 bytes."""
    told = code.to_bytes(2, "big") + reason.encode()
    return bytes((CLOSE, len(told))) + told


def rest_of_frame(frames: bytes, sent: int) -> bytes:
    """Return what is left of the frame in which a write of several frames of ours ended."""
    end = 0
    while end < sent:
        head, length = 2, frames[end + 1]
        if length > 125:
            head = 4 if length == 126 else 10
            length = int.from_bytes(frames[end + 2 : end + head], "big")
        end += head + length
    return frames[sent:end]


def texts_in(data: bytes, longest: int) -> tuple[list[str], bytes, bool]:
    """Return the messages in what a phone has sent, the rest, and whether the rest is only the
    beginning of such a message.

    Messages are read up to the first frame that is not a whole text of at most `longest` bytes.
    """
    texts: list[str] = []
    at, size = 0, len(data)
    while size - at > 1:
        length, head = data[at + 1] - _MASKED, 6
        if data[at] != TEXT or length < 0 or length == 127:
            return texts, data[at:], False
        if length == 126:
            if size - at < 4:
                break
            length, head = int.from_bytes(data[at + 2 : at + 4], "big"), 8
            if length < 126:
                return texts, data[at:], False
        if length > longest:
            return texts, data[at:], False
        begin, end = at + head, at + head + length
        if end > size:
            break
        try:
            texts.append(_unmasked(data[begin:end], data[begin - 4 : begin]).decode())
        except UnicodeDecodeError:
            return texts, data[at:], False
        at = end
    return texts, data[at:], at == size or data[at] == TEXT


def _unmasked(payload: bytes, mask: bytes) -> bytes:
    length = len(payload)
    key = int.from_bytes((mask * (length // 4 + 1))[:length], "big")
    return (int.from_bytes(payload, "big") ^ key).to_bytes(length, "big")
