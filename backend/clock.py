"""The one clock: every moment in Linka comes from here, as integer milliseconds since the epoch."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

DAY_MS = 24 * 3600 * 1000


class Clock(Protocol):
    """A source of the present time."""

    def now(self) -> int:
        """Return the present moment in milliseconds since the epoch (UTC)."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> int:
        """Return the present moment in milliseconds since the epoch (UTC)."""
        return time.time_ns() // 1_000_000


def to_iso(moment: int) -> str:
    """Write a moment as ISO 8601 in UTC with milliseconds, as every `*_at` in JSON is."""
    at = datetime.fromtimestamp(moment // 1000, UTC)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{moment % 1000:03d}Z"


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
    local = datetime.fromtimestamp(moment / 1000, ZoneInfo(zone))
    return (local - timedelta(hours=boundary_hour)).date().isoformat()


def business_week(day: str) -> str:
    """Return the ISO week (YYYY-Www) that a business day lies in."""
    year, week, _ = datetime.fromisoformat(day).isocalendar()
    return f"{year}-W{week:02d}"


def with_moments(value: Any) -> Any:
    """Return a piece of JSON whose moments (`…_at`, `since`) are ISO 8601 instead of ms."""
    if isinstance(value, dict):
        return {
            key: to_iso(inner)
            if isinstance(inner, int) and (key.endswith("_at") or key == "since")
            else with_moments(inner)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [with_moments(inner) for inner in value]
    return value
