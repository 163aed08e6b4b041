"""How calls and results travel between a worker and its child process.

A frame is its length, eight bytes, and a pickle. The child unpickles what its own worker sent. The
worker does not trust the child, which has read bytes of strangers: of a result it builds nothing
but plain values, dataclasses and refusals of ours.
"""

import dataclasses
import io
import pickle
import socket
import struct
import sys
import time
from typing import Any

from backend.errors import LinkaError

_LENGTH = struct.Struct(">Q")
_CHUNK_BYTES = 1 << 20


def send(channel: socket.socket, payload: bytes) -> None:
    """Send one frame."""
    channel.sendall(_LENGTH.pack(len(payload)))
    channel.sendall(payload)


def receive(channel: socket.socket, deadline: float | None = None) -> bytes:
    """Receive one frame; `deadline` is a moment of `time.monotonic`.

    Raises `TimeoutError`, and `EOFError` when the other side has closed the channel.
    """
    (length,) = _LENGTH.unpack(_receive_exactly(channel, _LENGTH.size, deadline))
    return _receive_exactly(channel, length, deadline)


def _receive_exactly(channel: socket.socket, length: int, deadline: float | None) -> bytes:
    parts = []
    while length:
        if deadline is not None:
            channel.settimeout(max(deadline - time.monotonic(), 0.001))
        part = channel.recv(min(length, _CHUNK_BYTES))
        if not part:
            raise EOFError
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


class _Untrusted(pickle.Unpickler):
    """Builds only dataclasses and refusals of the modules of ours that are imported already."""

    def find_class(self, module: str, name: str) -> Any:
        found = None
        if module.startswith("backend.") and name.isidentifier() and module in sys.modules:
            found = getattr(sys.modules[module], name, None)
        if isinstance(found, type) and (
            dataclasses.is_dataclass(found) or issubclass(found, LinkaError)
        ):
            return found
        raise pickle.UnpicklingError(f"{module}.{name} is not taken from a child process")


def read_reply(payload: bytes) -> Any:
    """Return what a child process sent; raises `pickle.UnpicklingError` for anything unexpected."""
    return _Untrusted(io.BytesIO(payload)).load()
