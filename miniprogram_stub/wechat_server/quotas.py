"""Limits calls to so many a minute or a day, counted in fixed windows."""

from miniprogram_stub.wechat_server import facts

MINUTE_MS = 60_000
DAY_MS = 24 * 3600 * 1000


class QuotaLeft:
    """How much of a quota is left in the current window."""

    __slots__ = ("_length_ms", "_limit", "_shift_ms", "_spent", "_window")

    def __init__(self, limit: int, length_ms: int, shift_ms: int = 0) -> None:
        self._limit = limit
        self._length_ms = length_ms
        self._shift_ms = shift_ms
        self._window = -1
        self._spent = 0

    def spend(self, now: int) -> bool:
        """Count a call in the window of `now`; False if the quota is used up."""
        window = (now - self._shift_ms) // self._length_ms
        if window != self._window:
            self._window = window
            self._spent = 0
        if self._spent >= self._limit:
            return False
        self._spent += 1
        return True


def per_minute(limit: int) -> QuotaLeft:
    return QuotaLeft(limit, MINUTE_MS)


def per_day(limit: int) -> QuotaLeft:
    return QuotaLeft(limit, DAY_MS, facts.QUOTA_DAY_STARTS_UTC_SECONDS * 1000)
