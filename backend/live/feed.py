"""The feed of an event: a Redis Stream that every phone and screen can resume from."""

import json
import re
from dataclasses import dataclass
from typing import Any

import structlog
from redis import Redis, RedisError

from backend.live.breaker import REPLY_SECONDS, patient
from backend.live.trips import RoundTrips

log = structlog.get_logger(__name__)

KEPT_MESSAGES = 2000
# Tells that only counts have changed, such as how many players have answered: viewers may be shown
# that a little later.
COUNTS = "counts"
# ARGV: type, data, about how many messages are kept.
_ADD = """
return redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[3], '*', 'type', ARGV[1], 'data', ARGV[2])
"""


SEQ = re.compile("[0-9]{1,15}-[0-9]{1,15}")


def key(event_id: int) -> str:
    """Return the stream's key; it shares the hash tag of all keys of the event."""
    return f"linka:{{e{event_id}}}:feed"


def order(seq: str) -> tuple[int, ...]:
    """Return a key that sorts seqs by age."""
    return tuple(int(part) for part in seq.split("-"))


@dataclass(frozen=True)
class Message:
    """One thing that happened. `seq` grows; `data` is JSON text, encoded once for all readers.

    `only` holds the players who get it, None for everybody.
    """

    seq: str
    type: str
    data: str
    only: frozenset[int] | None = None


class Feed:
    """Writes and reads the feeds. Messages older than the newest 2,000 or so are dropped."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._trips = RoundTrips(redis)
        self._add = redis.register_script(_ADD)

    def publish(self, event_id: int, kind: str, **data: Any) -> None:
        """Add a message. While Redis is away it is lost, and watchers get a new snapshot when Redis
        is back.

        Equal messages that are sent at the same moment are added once, so a thousand answers cause
        few messages.
        """
        text = json.dumps(data, ensure_ascii=False)
        try:
            self._trips.run(self._add, key(event_id), (kind, text, KEPT_MESSAGES))
        except RedisError as error:
            log.warning("feed_away", error=str(error))

    def forget(self, event_id: int) -> None:
        """Drop all messages of an event; later ones still come after whatever a watcher has seen."""
        try:
            self._redis.xtrim(key(event_id), maxlen=0, approximate=False)
        except RedisError as error:
            log.warning("feed_away", error=str(error))

    def last_seq(self, event_id: int) -> str:
        """Return the newest message's seq, `0-0` for an empty feed; raises `RedisError`."""
        newest: Any = self._redis.xrevrange(key(event_id), count=1)
        return newest[0][0].decode() if newest else "0-0"

    def after(self, event_id: int, seq: str, count: int = 200) -> list[Message]:
        """Return what came after a seq, oldest first; of too much the newest; raises `RedisError`."""
        rows: Any = self._redis.xrevrange(key(event_id), min=f"({seq}", count=count)
        return [_message(row) for row in reversed(rows)]

    def wait(self, event_id: int, seq: str, milliseconds: int) -> list[Message]:
        """Wait for what comes after a seq; an empty list when the time is over; raises `RedisError`."""
        with patient(milliseconds / 1000 + REPLY_SECONDS):
            found: Any = self._redis.xread({key(event_id): seq}, block=milliseconds, count=500)
        if not found:
            return []
        rows = found[0][1] if isinstance(found, list) else next(iter(found.values()))[0]
        return [_message(row) for row in rows]


def _message(row: tuple[bytes, dict[bytes, bytes]]) -> Message:
    seq, fields = row
    return Message(seq.decode(), fields[b"type"].decode(), fields[b"data"].decode())
