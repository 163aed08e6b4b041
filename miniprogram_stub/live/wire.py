"""A phone's socket on a bad network, with the interface of `wx.connectSocket`. A fault is drawn for
each message that the phone sends:

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
    """The socket of a phone, opened again after each close.

    `injected` counts the faults by kind, `messages` what was `sent` and `received`.
    """

    def __init__(
        self, fault_rates: FaultRates, random: Random, sleep: Callable[[float], object]
    ) -> None:
        self.injected: Counter[str] = Counter()
        self.messages: Counter[str] = Counter()
        self._fault_rates = fault_rates
        self._random = random
        self._sleep = sleep
        self._client: Any = None

    @property
    def is_open(self) -> bool:
        """Whether a socket is open."""
        return self._client is not None

    def open(self, address: str) -> None:
        """Connect; raises `SocketClosed`."""
        try:
            self._client = PromptClient.connect(address)
        except OPEN_ERRORS:
            raise SocketClosed from None

    def send(self, message: dict[str, Any]) -> None:
        """Send a message, perhaps with a fault; raises `SocketClosed`."""
        draw, size = self._random.random(), self._random.random()
        fault = self._fault_rates.fault(draw)
        if fault == "dropped_after":
            # A message has no reply of its own, so both losses are the same.
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
        self.messages["sent"] += 1

    def receive(self, seconds: float) -> dict[str, Any] | None:
        """Return what comes within so many seconds, None when nothing does; raises `SocketClosed`."""
        if self._client is None:
            raise SocketClosed
        try:
            text = self._client.receive(timeout=seconds)
        except OPEN_ERRORS:
            self._lost()
        if text is None:
            return None
        self.messages["received"] += 1
        message: dict[str, Any] = json.loads(text)
        return message

    def _lost(self) -> None:
        code = getattr(self._client, "close_reason", None)
        reason = getattr(self._client, "close_message", None)
        self._client = None
        raise SocketClosed(int(code) if code else None, reason or "") from None

    def calm(self) -> None:
        """Inject no faults from now on."""
        self._fault_rates = FINE

    def close(self) -> None:
        """Close the socket."""
        client, self._client = self._client, None
        if client is not None:
            with suppress(*OPEN_ERRORS):
                client.close()
