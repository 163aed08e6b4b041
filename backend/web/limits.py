"""Rates. When the store is away we allow and log: a limit must never stop an evening."""

import limits
import structlog
from limits.storage import RedisStorage
from limits.strategies import FixedWindowRateLimiter
from redis import RedisError

from backend.errors import TooManyRequests

log = structlog.get_logger(__name__)


class Limits:
    """Counts tries in Redis, in fixed windows."""

    def __init__(self, redis_url: str) -> None:
        self._limiter = FixedWindowRateLimiter(RedisStorage(_storage_url(redis_url)))

    def hit(self, rate: str, *names: str) -> None:
        """Count one try under `names`; raises `TooManyRequests` beyond a rate like `20/minute`."""
        item = limits.parse(rate)
        try:
            allowed = self._limiter.hit(item, *names)
        except RedisError as error:
            log.warning("limits_away", error=str(error))
            return
        if not allowed:
            raise TooManyRequests(retry_after_seconds=item.get_expiry())

    def check(self, rate: str, *names: str) -> None:
        """Raise `TooManyRequests` when `names` have used up the rate, without counting."""
        item = limits.parse(rate)
        try:
            allowed = self._limiter.test(item, *names)
        except RedisError as error:
            log.warning("limits_away", error=str(error))
            return
        if not allowed:
            raise TooManyRequests(retry_after_seconds=item.get_expiry())


def _storage_url(redis_url: str) -> str:
    return redis_url.replace("unix://", "redis+unix://", 1)
