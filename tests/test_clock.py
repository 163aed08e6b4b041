"""Moments: how they are written, and to which business day and week they belong."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.clock import SHARED, SystemClock, business_day, business_week, from_datetime, to_iso

SECOND_NS = 1_000_000_000
MOMENTS = st.integers(0, 4_102_444_799_999)
HOUR = 3_600_000
DAY = 24 * HOUR


def moment(text: str) -> int:
    """Return the moment of a local time in Shanghai."""
    return from_datetime(datetime.fromisoformat(text + "+08:00"))


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (0, "1970-01-01T00:00:00.000Z"),
        (999, "1970-01-01T00:00:00.999Z"),
        (1_795_312_800_007, "2026-11-22T02:00:00.007Z"),
    ],
)
def test_moments_are_written_in_utc_with_milliseconds(at: int, text: str) -> None:
    assert to_iso(at) == text


@given(MOMENTS)
def test_what_is_written_can_be_read_back(at: int) -> None:
    read = datetime.fromisoformat(to_iso(at))
    assert read.tzinfo == UTC
    assert round(read.timestamp() * 1000) == at


@pytest.mark.parametrize(
    ("local", "day"),
    [
        ("2026-11-22T10:00:00", "2026-11-22"),
        ("2026-11-22T03:59:59.999", "2026-11-21"),
        ("2026-11-22T04:00:00", "2026-11-22"),
        ("2026-11-23T00:00:00", "2026-11-22"),
        ("2027-01-01T02:00:00", "2026-12-31"),
    ],
)
def test_night_shift_belongs_to_the_day_before(local: str, day: str) -> None:
    assert business_day(moment(local), "Asia/Shanghai", 4) == day


@pytest.mark.parametrize(("zone", "day"), [("Asia/Shanghai", "2026-11-22"), ("UTC", "2026-11-21")])
def test_the_centre_s_zone_decides(zone: str, day: str) -> None:
    assert business_day(moment("2026-11-22T04:30:00"), zone, 4) == day


@given(MOMENTS, st.integers(0, 12))
def test_business_days_last_24_hours(at: int, boundary: int) -> None:
    today = business_day(at, "Asia/Kathmandu", boundary)
    tomorrow = business_day(at + DAY, "Asia/Kathmandu", boundary)
    gap = datetime.fromisoformat(tomorrow) - datetime.fromisoformat(today)
    assert gap.days == 1


@pytest.mark.parametrize(
    ("day", "week"),
    [
        ("2026-11-22", "2026-W47"),
        ("2026-11-23", "2026-W48"),
        ("2027-01-01", "2026-W53"),
        ("2026-01-01", "2026-W01"),
    ],
)
def test_weeks_are_those_of_iso(day: str, week: str) -> None:
    assert business_week(day) == week


def test_system_clock_shows_the_present_in_milliseconds() -> None:
    before = datetime.now(UTC).timestamp() * 1000
    shown = SystemClock().now()
    assert before - 1 <= shown <= datetime.now(UTC).timestamp() * 1000


class Machine:
    """A machine: its clock, which anybody can set, and the time since its start."""

    def __init__(self) -> None:
        self.wall, self.steady = 1_000_000 * SECOND_NS, 50 * SECOND_NS

    def clock(self) -> SystemClock:
        """Return the clock of a process that starts now."""
        return SystemClock(lambda: self.wall, lambda: self.steady)

    def pass_seconds(self, seconds: int) -> None:
        """Let time pass."""
        self.wall += seconds * SECOND_NS
        self.steady += seconds * SECOND_NS


def test_clock_that_is_set_back_goes_on() -> None:
    machine = Machine()
    clock = machine.clock()
    before = clock.now()
    machine.wall -= 3600 * SECOND_NS
    assert clock.now() == before
    machine.pass_seconds(7)
    assert clock.now() == before + 7000


def test_clock_that_is_set_forward_is_followed() -> None:
    machine = Machine()
    clock = machine.clock()
    before = clock.now()
    machine.wall += 60 * SECOND_NS
    assert clock.now() == before + 60_000


def test_process_that_starts_later_has_the_time_of_the_one_that_started_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    machine = Machine()
    supervisor = machine.clock()
    supervisor.now()
    machine.wall -= 3600 * SECOND_NS
    machine.pass_seconds(5)
    assert machine.clock().now() < supervisor.now()
    monkeypatch.setenv(SHARED, str(supervisor.offset()))
    assert machine.clock().now() == supervisor.now()
