"""Quiet hours: the times at which the people of a shift rest and get no reminders. Pure."""

from datetime import datetime

Quiet = dict[str, tuple[int, int]]


def hours_of(setting: str) -> Quiet:
    """Return the quiet time of each shift, as two minutes of the day.

    `setting` is the checked value of `LINKA_QUIET_HOURS`, such as
    `夜班=08:00-16:00,早班=22:00-06:00`.
    """
    found = {}
    for part in setting.split(",") if setting else ():
        shift, _, span = part.partition("=")
        begin, _, end = span.partition("-")
        found[shift.strip()] = (_minutes(begin), _minutes(end))
    return found


def resting(quiet: Quiet, local: datetime) -> set[str]:
    """Return the shifts that rest at a local time; a rest may last past midnight."""
    now = local.hour * 60 + local.minute
    return {
        shift
        for shift, (begin, end) in quiet.items()
        if (begin <= now < end if begin <= end else now >= begin or now < end)
    }


def _minutes(time: str) -> int:
    hour, _, minute = time.strip().partition(":")
    return int(hour) * 60 + int(minute)
