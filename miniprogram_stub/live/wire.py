"""A phone's socket on a bad network, shaped like what `wx.connectSocket` gives.

What goes wrong is drawn per message that the phone sends:

    dropped_before  the message is lost
    doubled         the message arrives twice
    delayed         the message waits before it goes out
    backgrounded    the user leaves the app: the socket is closed for some seconds
"""

import json
import re
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from random import Random
from typing import Any

from simple_websocket import Client, ConnectionClosed, ConnectionError

from miniprogram_stub.faults import FINE, FaultRates

OPEN_ERRORS = (ConnectionError, ConnectionClosed, OSError)


class SocketClosed(Exception):
    """The socket is closed; `code` says why, if the server said, and `retry_after_seconds` how long
    it asks to wait before another one is opened."""

    def __init__(self, code: int | None = None, reason: str = "") -> None:
        super().__init__(code)
        self.code = code
        found = re.search(r"retry_after=([0-9]+(\.[0-9]+)?)", reason)
        self.retry_after_seconds = float(found[1]) if found else 0.0


class PromptClient(Client):
    """A client that also reads the messages that came together with the answer to its handshake.

    `simple_websocket` leaves them unread until something else comes.
    """

    def handshake(self) -> None:
        """Connect."""
        super().handshake()
        self.connected = self._handle_events()


class PhoneSocket:
    """One socket after the other; `injected` counts the faults by kind."""

    def __init__(
        self, fault_rates: FaultRates, random: Random, sleep: Callable[[float], object]
    ) -> None:
        self.injected: Counter[str] = Counter()
        self._fault_rates = fault_rates
        self._random = random
        self._sleep = sleep
        self._client: Any = None

    @property
    def is_open(self) -> bool:
        """Whether there is a socket."""
        return self._client is not None

    def open(self, address: str) -> None:
        """Connect; raises `SocketClosed`."""
        try:
            self._client = PromptClient.connect(address)
        except OPEN_ERRORS:
            raise SocketClosed from None

    def send(self, message: dict[str, Any]) -> None:
        """Send a message, whatever becomes of it; raises `SocketClosed`."""
        draw, size = self._random.random(), self._random.random()
        fault = self._fault_rates.fault(draw)
        if fault == "dropped_after":
            # A message has no reply of its own: lost is lost.
            fault = "dropped_before"
        if fault:
            self.injected[fault] += 1
        if fault == "dropped_before":
            return
        low, high = self._fault_rates.delay_seconds
        if fault == "delayed":
            self._sleep(low + (high - low) * size)
        self._send(message)
        if fault == "doubled":
            self._send(message)
        if fault == "backgrounded":
            self.close()
            low, high = self._fault_rates.background_seconds
            self._sleep(low + (high - low) * size)
            raise SocketClosed

    def _send(self, message: dict[str, Any]) -> None:
        if self._client is None:
            raise SocketClosed
        try:
            self._client.send(json.dumps(message, ensure_ascii=False))
        except OPEN_ERRORS:
            self._lost()

    def receive(self, seconds: float) -> dict[str, Any] | None:
        """Return what comes within so many seconds, None when nothing does; raises `SocketClosed`."""
        if self._client is None:
            raise SocketClosed
        try:
            text = self._client.receive(timeout=seconds)
        except OPEN_ERRORS:
            self._lost()
        return json.loads(text) if text is not None else None

    def _lost(self) -> None:
        code = getattr(self._client, "close_reason", None)
        reason = getattr(self._client, "close_message", None)
        self._client = None
        raise SocketClosed(int(code) if code else None, reason or "") from None

    def calm(self) -> None:
        """Let everything pass from now on."""
        self._fault_rates = FINE

    def close(self) -> None:
        """Hang up."""
        client, self._client = self._client, None
        if client is not None:
            with suppress(*OPEN_ERRORS):
                client.close()
