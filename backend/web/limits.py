"""Rate limits. If Redis cannot be reached, tries are allowed and logged, because a limit must never
stop an event."""

import time

import limits
import structlog
from limits.storage import RedisStorage
from limits.strategies import FixedWindowRateLimiter
from redis import ConnectionPool, Redis, RedisError

from backend.errors import TooManyRequests

log = structlog.get_logger(__name__)

_USED_UP_KEPT = 10_000


class _Storage(RedisStorage):
    """Counts with the app's Redis client, whose timeouts are short and which may be one of a
    cluster.
    """

    # limits would also import valkey-py where that is installed, which takes 10 MB in each process.
    DEPENDENCIES = {"redis": None}

    def __init__(self, client: Redis) -> None:
        super().__init__("redis://", connection_pool=ConnectionPool())
        self.storage = client
        self.initialize_storage("redis://")


class Limits:
    """Counts tries in Redis, in fixed windows."""

    def __init__(self, redis: Redis) -> None:
        self._limiter = FixedWindowRateLimiter(_Storage(redis))
        self._used_up: dict[tuple[str, ...], float] = {}
        self._used_up_until = 0.0

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
            self._used_up_until = max(self._used_up_until, window.reset_time)
        if not allowed:
            raise TooManyRequests(retry_after_seconds=item.get_expiry())

    @property
    def refuses_nobody(self) -> bool:
        """Whether `check` would pass for all names at present."""
        return time.time() >= self._used_up_until

    def check(self, rate: str, *names: str) -> None:
        """Raise `TooManyRequests` if `names` have used up the rate, without counting a try.

        It makes no call to Redis: it uses the results of this process's own hits. Each process may
        allow one extra attempt, which `hit` then refuses.
        """
        if time.time() < self._used_up.get((rate, *names), 0):
            raise TooManyRequests(retry_after_seconds=limits.parse(rate).get_expiry())
