"""The one clock: every moment in Linka comes from here, as integer milliseconds since the epoch."""

import os
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, Protocol
from zoneinfo import ZoneInfo

# The environment variable by which a process passes the offset of its `SystemClock` to its
# children.
SHARED = "CLOCK_OFFSET_NS"
HOUR_SECONDS = 3600
DAY_MS = 24 * HOUR_SECONDS * 1000
MINUTE_MS = 60 * 1000
_MOMENTS_KEPT = 1_000


class Clock(Protocol):
    """A source of the present time."""

    def now(self) -> int:
        """Return the present moment in milliseconds since the epoch (UTC)."""


class SystemClock:
    """The machine's own clock, except that it never goes back.

    When somebody sets the machine's clock back, this clock continues with the time since the
    machine was started, which nobody can set. When the machine's clock is set forward, this clock
    follows. A process gets the offset between the two from the one that started it (`SHARED`), so
    that later processes do not go back either.
    """

    def __init__(
        self,
        wall: Callable[[], int] = time.time_ns,
        steady: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        self._wall = wall
        self._steady = steady
        self._offset = int(os.environ.get(SHARED, 0))

    def now(self) -> int:
        """Return the present moment in milliseconds since the epoch (UTC)."""
        return (self._steady() + self.offset()) // 1_000_000

    def offset(self) -> int:
        """Return by how many nanoseconds this clock is ahead of the time since the machine's start."""
        self._offset = max(self._offset, self._wall() - self._steady())
        return self._offset


def to_iso(moment: int) -> str:
    """Write a moment as ISO 8601 in UTC with milliseconds, as every `*_at` in JSON is."""
    return f"{_second_in_iso(moment // 1000)}.{moment % 1000:03d}Z"


# Cached, because most moments that are written are of the last seconds.
@lru_cache(_MOMENTS_KEPT)
def _second_in_iso(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).isoformat()[:19]


class Hourly:
    """Says when a task is due that a process does once an hour; it is due at the first call."""

    def __init__(self) -> None:
        self._done_at: float | None = None

    def is_due(self) -> bool:
        """Return whether an hour has passed since this returned True last."""
        now = time.monotonic()
        if self._done_at is not None and now - self._done_at < HOUR_SECONDS:
            return False
        self._done_at = now
        return True


def from_datetime(value: datetime) -> int:
    """Return the moment of an aware datetime."""
    return int(value.timestamp() * 1000)


def local_time(moment: int, zone: str) -> datetime:
    """Return a moment as local time in a time zone, to the second, for tables."""
    local = datetime.fromtimestamp(moment // 1000, ZoneInfo(zone))
    return local.replace(tzinfo=None)


def business_day(moment: int, zone: str, boundary_hour: int) -> str:
    """Return the business day (YYYY-MM-DD) of a moment.

    A business day begins at `boundary_hour` in the centre's time zone, because night shifts
    cross midnight: 02:00 still belongs to the day before.
    """
    return _day_of_minute(moment // MINUTE_MS, zone, boundary_hour)


# Cached, because each award asks. A day begins with a minute in every time zone of today.
@lru_cache(_MOMENTS_KEPT)
def _day_of_minute(minute: int, zone: str, boundary_hour: int) -> str:
    local = datetime.fromtimestamp(minute * 60, ZoneInfo(zone))
    return (local - timedelta(hours=boundary_hour)).date().isoformat()


@lru_cache(_MOMENTS_KEPT)
def business_week(day: str) -> str:
    """Return the ISO week (YYYY-Www) that a business day lies in."""
    year, week, _ = date.fromisoformat(day).isocalendar()
    return f"{year}-W{week:02d}"


def with_moments(value: Any) -> Any:
    """Return a piece of JSON whose moments (`…_at`, `since`) are ISO 8601 instead of ms."""
    # What is most often found needs no call of a function.
    if isinstance(value, dict):
        return {
            key: inner if type(inner) is str or inner is None else _with_moments(key, inner)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [inner if type(inner) is str else with_moments(inner) for inner in value]
    return value


def _with_moments(key: str, value: Any) -> Any:
    if type(value) is int:
        return to_iso(value) if key.endswith("_at") or key == "since" else value
    return with_moments(value)
