"""The course of an evening: the chart of time covers what was played."""

from backend.report.course import MINUTE, course
from backend.scoring.ledger import Entry

DAY = 24 * 60 * MINUTE


def test_who_joined_days_before_counts_at_the_opening() -> None:
    opened = 10 * DAY
    entry = Entry(1, 7, 1, "2026-11-29", "2026-W48", 30, opened + 20 * MINUTE, None)
    joined = {7: opened - 3 * DAY, 8: opened + MINUTE}
    found = course([entry], joined, opened - 5 * DAY, {7: 1, 8: 2}, opened)
    assert found.width == MINUTE
    assert [(one.at - opened, one.joined) for one in found.spans if one.joined] == [
        (0, 1),
        (MINUTE, 1),
    ]
    assert sum(one.points for one in found.spans) == 30
