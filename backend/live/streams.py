"""Limits how many streams one pass or one host has open, and counts the screens of an event, over all
processes.

Redis keys `linka:streams:<holder>` and `linka:{e<event>}:screens`: sorted sets of open streams by
their last sign of life.
"""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import structlog
from redis import Redis, RedisError

from backend.errors import TooManyRequests

log = structlog.get_logger(__name__)

MOST_STREAMS = 5
# A stream renews its entry every five seconds; one that has not done so for this long is gone.
GONE_MS = 20_000

# ARGV: stream, now, the moment before which a stream is gone, how many there may be.
_HOLD = """
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[3])
if not redis.call('ZSCORE', KEYS[1], ARGV[1])
   and redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[4]) then return 0 end
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
redis.call('EXPIRE', KEYS[1], 60)
return 1
"""


class TooManyStreams(TooManyRequests):
    """This pass or this host has the maximum number of streams open."""

    slug = "too_many_streams"
    zh = "同一块大屏最多同时打开 5 个页面，请关掉其他页面。"
    en = "A screen may be open five times at once; please close the others."


class OpenStreams:
    """The open streams. While Redis cannot be reached, nobody is refused."""

    def __init__(self, redis: Redis, now: Callable[[], int]) -> None:
        self._redis = redis
        self._now = now
        self._hold = redis.register_script(_HOLD)

    @contextmanager
    def holding(self, holder: str, screen_of: int | None = None) -> Iterator[Callable[[], bool]]:
        """Occupy one of the holder's places during the block; raises `TooManyStreams` if none is
        free.

        `screen_of` is the event whose big screen the stream is for, None for other streams. Call
        the function that the block gets every few seconds: it returns whether the place is still
        held.
        """
        stream = secrets.token_hex(8)
        if not self._holds(holder, stream, screen_of):
            raise TooManyStreams(retry_after_seconds=GONE_MS // 1000)
        try:
            yield partial(self._holds, holder, stream, screen_of)
        finally:
            self._leave(holder, stream, screen_of)

    def screens(self, event_id: int) -> int:
        """Return how many screens of an event are open; raises `RedisError`."""
        return int(self._redis.zcount(_screens(event_id), self._now() - GONE_MS, "+inf"))

    def _holds(self, holder: str, stream: str, screen_of: int | None) -> bool:
        now = self._now()
        try:
            if screen_of is not None:
                self._redis.zadd(_screens(screen_of), {stream: now})
                self._redis.expire(_screens(screen_of), 60)
            return bool(self._hold([_key(holder)], [stream, now, now - GONE_MS, MOST_STREAMS]))
        except RedisError as error:
            log.warning("streams_away", error=str(error))
            return True

    def _leave(self, holder: str, stream: str, screen_of: int | None) -> None:
        try:
            if screen_of is not None:
                self._redis.zrem(_screens(screen_of), stream)
            self._redis.zrem(_key(holder), stream)
        except RedisError as error:
            log.warning("streams_away", error=str(error))


def _key(holder: str) -> str:
    return f"linka:streams:{holder}"


def _screens(event_id: int) -> str:
    return f"linka:{{e{event_id}}}:screens"
