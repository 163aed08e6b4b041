"""Rates. When the store is away we allow and log: a limit must never stop an evening."""

import time

import limits
import structlog
from limits.storage import RedisStorage
from limits.strategies import FixedWindowRateLimiter
from redis import Redis, RedisError

from backend.errors import TooManyRequests

log = structlog.get_logger(__name__)

_USED_UP_KEPT = 10_000


class Limits:
    """Counts tries in Redis, in fixed windows."""

    def __init__(self, redis: Redis) -> None:
        # The app's own connections: they give up soon where the storage's would try for seconds.
        storage = RedisStorage("redis://", connection_pool=redis.connection_pool)
        self._limiter = FixedWindowRateLimiter(storage)
        self._used_up: dict[tuple[str, ...], float] = {}

    def hit(self, rate: str, *names: str) -> None:
        """Count one try under `names`; raises `TooManyRequests` beyond a rate like `20/minute`."""
        item = limits.parse(rate)
        try:
            allowed = self._limiter.hit(item, *names)
            window = self._limiter.get_window_stats(item, *names)
        except RedisError as error:
            log.warning("limits_away", error=str(error))
            return
        if window.remaining == 0:
            if len(self._used_up) >= _USED_UP_KEPT:
                self._used_up.clear()
            self._used_up[rate, *names] = window.reset_time
        if not allowed:
            raise TooManyRequests(retry_after_seconds=item.get_expiry())

    def check(self, rate: str, *names: str) -> None:
        """Raise `TooManyRequests` when `names` have used up the rate, without counting.

        It costs nothing: this process remembers what its own hits came to, so that each process
        may let one try more through, whose own hit is refused.
        """
        if time.time() < self._used_up.get((rate, *names), 0):
            raise TooManyRequests(retry_after_seconds=limits.parse(rate).get_expiry())
