"""Watchers for tests: what a hub gives them is read by a thread of its own."""

import json
import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from backend.live.feed import Message
from backend.live.hub import Channel, Hub, Show, Watcher

PATIENCE_SECONDS = 20


class CountingShow:
    """Shows how often it was asked; hands on every gain and every stroke."""

    pulse_ms = 100
    counts_ms = 1000

    def __init__(self) -> None:
        self.snapshots = 0
        self.moves = False

    def snapshot(self) -> str:
        """Return the number of snapshots made so far."""
        self.snapshots += 1
        return json.dumps(self.snapshots)

    def forwarded(self, messages: list[Message]) -> list[Message]:
        """Hand gains on."""
        return [message for message in messages if message.type in ("gain", "stroke")]

    def changes_snapshot(self, message: Message) -> bool:
        """Everything but strokes changes what is shown."""
        return message.type != "stroke"

    def beat(self) -> str:
        """Return a sign of life."""
        return "{}"

    def pulse(self) -> list[Message]:
        """Return the pulses."""
        return [Message("", "pulse", "{}")] if self.moves else []


class Reading:
    """Reads everything that a watcher gets, as a screen with a fast connection does."""

    def __init__(self, watcher: Watcher) -> None:
        self._came: queue.Queue[Message] = queue.Queue()
        self.thread = threading.Thread(target=self._read, args=(watcher,), daemon=True)
        self.thread.start()

    def _read(self, watcher: Watcher) -> None:
        for messages in watcher.batches():
            for message in messages:
                self._came.put(message)

    def next(self) -> Message:
        """Return the next message; waits for it."""
        return self._came.get(timeout=PATIENCE_SECONDS)

    def until(self, wanted: Callable[[Message], bool]) -> list[Message]:
        """Return the messages up to the wanted one, and that one.

        Heartbeats do not prolong the wait.
        """
        end = time.monotonic() + PATIENCE_SECONDS
        came = [self.next()]
        while not wanted(came[-1]):
            assert time.monotonic() < end, f"not among {came}"
            came.append(self.next())
        return came


@contextmanager
def reading(hub: Hub, channel: Channel, show: Show, after: str | None = None) -> Iterator[Reading]:
    """Watch a channel and read all that comes, until the end of the block."""
    with hub.watching(channel, show, after) as watcher:
        made = Reading(watcher)
        yield made
    watcher.end()


def is_state(message: Message) -> bool:
    """Say whether it is a snapshot."""
    return message.type == "state"


def is_stroke(message: Message) -> bool:
    """Return whether a message is a stroke, which no snapshot shows."""
    return message.type == "stroke"


def is_pulse(message: Message) -> bool:
    """Say whether it tells what moves."""
    return message.type == "pulse"


def gain_of(number: int) -> Callable[[Message], bool]:
    """Return what knows the gain with a number."""
    return lambda message: message.type == "gain" and json.loads(message.data) == {"n": number}


def readers() -> list[threading.Thread]:
    """Return the threads that read feeds; they end soon after the last watcher has left."""
    return [thread for thread in threading.enumerate() if thread.name.startswith("feed ")]
