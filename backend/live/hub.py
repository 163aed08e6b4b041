"""The hub of a worker: one thread reads the feed of a channel for all its watchers.

Watchers get what the channel's `Show` makes of the feed, encoded once for all of them. The queue of
a slow watcher is bounded: what it missed is replaced by the newest snapshot.
"""

import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Protocol

import structlog
from peewee import DatabaseError
from redis import RedisError

from backend import metrics
from backend.live.batch import Batch
from backend.live.feed import COUNTS, Feed, Message, order

log = structlog.get_logger(__name__)

SNAPSHOT_MS = 200
BEAT_MS = 5000
# A new watcher may get a snapshot of this age, unless something happened since.
GREETING_MS = 1000
RETRY_MS = 1000
# A message counts as read so late at most: the clock of Redis, which says when it came, may be behind.
LATE_MS = SNAPSHOT_MS // 2
QUEUE_LENGTH = 32


class Show(Protocol):
    """Makes what a channel shows of an event, once for all its watchers.

    `pulse_ms` is how long it is from one pulse to the next. `counts_ms` is how long it is at least
    from one snapshot to the next if nothing but counts has changed.
    """

    pulse_ms: int
    counts_ms: int

    def snapshot(self) -> str:
        """Return the whole state as JSON text; raises `RedisError`."""

    def forwarded(self, messages: list[Message]) -> list[Message]:
        """Return those messages of the feed that are handed on as they are."""

    def changes_snapshot(self, message: Message) -> bool:
        """Say whether a message changes the snapshot."""

    def beat(self) -> str:
        """Return the heartbeat as JSON text."""

    def pulse(self) -> list[Message]:
        """Return messages about what moves at the moment, such as lanes; raises `RedisError`."""


class Watching(Protocol):
    """A watcher of a channel: an open stream, or the socket of a phone."""

    def give(self, batch: Batch) -> None:
        """Hand messages over without waiting."""

    def end(self) -> None:
        """End the stream or socket; its client connects again."""


_END = Message("", "end", "")


class Watcher:
    """One open stream. A full queue marks it as late; it then gets the next snapshot only."""

    def __init__(self) -> None:
        self._queue: queue.Queue[Message] = queue.Queue(QUEUE_LENGTH)
        self._late = False
        self._ended = False

    def give(self, batch: Batch) -> None:
        """Hand messages over without waiting."""
        for message in batch.messages:
            self._give(message)

    def _give(self, message: Message) -> None:
        # A reader that is slow to notice the end must not be shown what happens after it.
        if self._ended or (self._late and message.type != "state"):
            return
        try:
            self._queue.put_nowait(message)
            self._late = False
        except queue.Full:
            self._drop()
            self._late = True
            metrics.DROPPED.labels("screen").inc()
            if message.type == "state":
                self._queue.put_nowait(message)
                self._late = False

    def _drop(self) -> None:
        try:
            while True:
                self._queue.get_nowait()
        except queue.Empty:
            return

    def end(self) -> None:
        """End the stream; its client connects again."""
        self._ended = True
        self._drop()
        self._queue.put_nowait(_END)

    def batches(self) -> Iterator[list[Message]]:
        """Yield messages as they come, those that are there together, until the stream ends."""
        while True:
            found = [self._queue.get()]
            with suppress(queue.Empty):
                while found[-1] is not _END:
                    found.append(self._queue.get_nowait())
            is_over = found[-1] is _END
            if is_over:
                found.pop()
            if found:
                yield found
            if is_over:
                return


class _Joined:
    """A watcher of a channel.

    Messages that the reader gives before the watcher has caught up are held back. The reader may be
    behind what it caught up with: only messages that are newer are given, so that none comes twice.
    """

    def __init__(self, watcher: Watching) -> None:
        self._watcher = watcher
        self._lock = threading.Lock()
        self._held: list[Message] = []
        # The snapshot that it caught up with.
        self._newest: Message | None = None
        # Whether all that the reader gives from now on is newer.
        self._is_level = False

    def begin(self, missed: list[Message], newest: Message) -> None:
        """Give the missed messages and the newest snapshot, and from then on each newer message."""
        with self._lock:
            self._newest = newest
            new = (message for message in self._held if _is_new(message, newest))
            self._watcher.give(Batch([*missed, newest, *new]))
            self._held = []

    def give(self, batch: Batch) -> None:
        """Hand messages over without waiting."""
        if self._is_level:
            self._watcher.give(batch)
            return
        with self._lock:
            if self._newest is None:
                self._held += batch.messages
                return
            new = [message for message in batch.messages if _is_new(message, self._newest)]
            if len(new) < len(batch.messages):
                batch = Batch(new)
            else:
                # Messages without seq come at any time.
                self._is_level = any(message.seq for message in new)
            if new:
                self._watcher.give(batch)

    def end(self) -> None:
        """End the stream or socket."""
        self._watcher.end()


def _is_new(message: Message, newest: Message) -> bool:
    """Return whether a message is newer than a snapshot; messages without seq always are."""
    if not message.seq:
        return True
    came, known = order(message.seq), order(newest.seq)
    return came > known or (came == known and message.type in ("state", "beat"))


@dataclass(frozen=True)
class Channel:
    """An event as one kind of viewer sees it."""

    event_id: int
    view: str


class Hub:
    """The channels that are watched in this worker."""

    def __init__(self, feed: Feed, now: Callable[[], int]) -> None:
        self._feed = feed
        self._now = now
        self._lock = threading.Lock()
        self._watchers: dict[Channel, set[Watching]] = {}
        self._streams: set[Watcher] = set()
        self._newest: dict[Channel, tuple[int, Message]] = {}

    @contextmanager
    def watching(self, channel: Channel, show: Show, after: str | None) -> Iterator[Watcher]:
        """Watch a channel during the block: first what was missed since `after`, then a snapshot."""
        watcher = Watcher()
        self._streams.add(watcher)
        try:
            with self.giving(watcher, channel, show, after):
                yield watcher
        finally:
            self._streams.discard(watcher)

    @property
    def stream_count(self) -> int:
        """How many streams are open."""
        return len(self._streams)

    def end_streams(self) -> None:
        """End all streams; their clients connect again."""
        for watcher in list(self._streams):
            watcher.end()

    @contextmanager
    def giving(
        self, watcher: Watching, channel: Channel, show: Show, after: str | None
    ) -> Iterator[None]:
        """Give a watcher the messages of a channel during the block, see `watching`.

        The watcher is registered before it catches up, and the reader of the channel begins before
        that, so that no message is missed.
        """
        joined = _Joined(watcher)
        seq = self._feed.last_seq(channel.event_id)
        with self._lock:
            first = channel not in self._watchers
            self._watchers.setdefault(channel, set()).add(joined)
        if first:
            threading.Thread(
                target=self._read, args=(channel, show, seq), name=f"feed {channel}", daemon=True
            ).start()
        try:
            joined.begin(*self._missed(channel, show, after))
            yield
        finally:
            with self._lock:
                self._watchers.get(channel, set()).discard(joined)

    def newest(self, channel: Channel, show: Show) -> Message:
        """Return a snapshot that includes everything that happened before; raises `RedisError`."""
        seq = self._feed.last_seq(channel.event_id)
        made_at, known = self._newest.get(channel, (0, None))
        now = self._now()
        if known is None or known.seq != seq or now - made_at > GREETING_MS:
            known = Message(seq, "state", show.snapshot())
            self._newest[channel] = (now, known)
        return known

    def _missed(
        self, channel: Channel, show: Show, after: str | None
    ) -> tuple[list[Message], Message]:
        newest = self.newest(channel, show)
        if not after:
            return [], newest
        found = self._feed.after(channel.event_id, after)
        until = order(newest.seq)
        missed = show.forwarded([message for message in found if order(message.seq) <= until])
        return missed[-QUEUE_LENGTH // 2 :], newest

    def _give_all(self, channel: Channel, messages: Sequence[Message]) -> None:
        batch = Batch(messages)
        with self._lock:
            watchers = list(self._watchers.get(channel, ()))
        for watcher in watchers:
            watcher.give(batch)

    def _is_watched(self, channel: Channel) -> bool:
        """Say whether the channel has watchers; forgets a channel that has none."""
        with self._lock:
            if self._watchers.get(channel):
                return True
            self._watchers.pop(channel, None)
            self._newest.pop(channel, None)
            return False

    def _read(self, channel: Channel, show: Show, seq: str) -> None:
        try:
            self._read_on(_Reader(channel, show, seq, self._now()))
        except BaseException:
            self._end_all(channel)
            raise

    def _read_on(self, reader: "_Reader") -> None:
        channel = reader.channel
        while self._is_watched(channel):
            try:
                found = reader.step(self._feed, self._now)
                if found:
                    self._give_all(channel, found)
            except (RedisError, DatabaseError) as error:
                log.warning("feed_away", event_id=channel.event_id, error=str(error))
                reader.lost(self._now())
                threading.Event().wait(RETRY_MS / 1000)

    def _end_all(self, channel: Channel) -> None:
        """End all watchers: without a reader they would wait for ever."""
        with self._lock:
            watchers = self._watchers.pop(channel, set())
        for watcher in watchers:
            watcher.end()


class _Reader:
    """The state of a channel's reader between two reads of the feed; it reads what follows `seq`."""

    def __init__(self, channel: Channel, show: Show, seq: str, now: int) -> None:
        self.channel = channel
        self._show = show
        self._seq = seq
        # When the next snapshot is due; None while nothing has changed.
        self._due_at: int | None = now
        # When the last one was due: it may have been made later, and the next ones do not move.
        self._shown_at = 0
        self._beat_at = 0
        self._pulsed_at = 0
        self._pulses = False

    def lost(self, now: int) -> None:
        """Start again from the newest message: Redis was away, and messages may have been missed."""
        self._seq = ""
        self._due_at = self._beat_at = now

    def step(self, feed: Feed, clock: Callable[[], int]) -> list[Message]:
        """Return the messages to hand on, after waiting for new ones; raises `RedisError`."""
        if not self._seq:
            self._seq = feed.last_seq(self.channel.event_id)
        found = feed.wait(self.channel.event_id, self._seq, self._wait_ms(clock()))
        now = clock()
        given = []
        if found:
            self._seq = found[-1].seq
            metrics.FEED_LAG.observe(max(0.0, time.time() - order(self._seq)[0] / 1000))
            self._note_changes(found, now)
            given = self._show.forwarded(found)
        return given + self._state_or_beat(now) + self._pulse(now)

    def _wait_ms(self, now: int) -> int:
        """Return for how long nothing is due."""
        until = now + SNAPSHOT_MS * 2
        if self._due_at is not None:
            until = min(until, self._due_at)
        if self._pulses:
            until = min(until, self._pulsed_at + self._show.pulse_ms)
        return max(1, until - now)

    def _note_changes(self, found: Sequence[Message], now: int) -> None:
        for message in found:
            if self._show.changes_snapshot(message):
                pause = self._show.counts_ms if message.type == COUNTS else SNAPSHOT_MS
                due = max(_came_at(message, now), self._shown_at + pause)
                self._due_at = due if self._due_at is None else min(self._due_at, due)

    def _pulse(self, now: int) -> list[Message]:
        if now < self._pulsed_at + self._show.pulse_ms:
            return []
        self._pulsed_at = now
        found = self._show.pulse()
        self._pulses = bool(found)
        return found

    def _state_or_beat(self, now: int) -> list[Message]:
        if self._due_at is not None and now >= self._due_at:
            self._shown_at, self._due_at = self._due_at, None
            self._beat_at = now
            snapshot = self._show.snapshot()
            return [Message(self._seq, "state", snapshot)]
        if now >= self._beat_at + BEAT_MS:
            # Changes that come with time alone (an opening, an end) are shown after the heartbeat.
            self._due_at = self._beat_at = now
            return [Message(self._seq, "beat", self._show.beat())]
        return []


def _came_at(message: Message, now: int) -> int:
    """Return when a message came, so that one that is read late does not delay the next snapshots."""
    return min(now, max(order(message.seq)[0], now - LATE_MS))
