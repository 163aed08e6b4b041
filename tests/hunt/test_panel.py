"""What the hosts' console shows of a hunt, and what it withholds until the last sitting is over."""

from typing import Any

import pytest

from backend.activities.hunt.panel import panel
from backend.events.models import Activity
from backend.kept_counts import KeptCounts
from tests.hunt.evening import PIT, Evening
from tests.support import as_json

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

END = 31 * 3600  # when the last of three sittings is over, from the opening


def shown(evening: Evening) -> dict[str, Any]:
    """Return the panel at this moment."""
    calendar = evening.centre.app.extensions["linka.scores"].calendar
    activity = Activity.get_by_id(evening.activity_id)
    return panel(activity, calendar, KeptCounts(1), evening.clock.now())


def test_digs_are_counted_by_person_team_and_site(evening: Evening) -> None:
    for _ in range(3):
        evening.ask()
    ann, bob = evening.diggers(2)
    evening.play(ann, "B")
    evening.play(ann, "A")
    evening.dig(bob)
    found = shown(evening)
    assert found["totals"] == {"people": 2, "digs": 3, "answered": 2, "open": 1}
    assert [(row["id"], row["digs"], row["answered"]) for row in found["people"]] == [
        (evening.player_id(ann), 2, 2),
        (evening.player_id(bob), 1, 0),
    ]
    (site,) = found["by_site"]
    assert (site["title"], site["people"], site["digs"]) == (PIT["title"], 2, 3)
    assert sum(row["digs"] for row in found["by_team"]) == 3
    assert sum(row["people"] for row in found["by_team"]) == 2
    evening.later(40 + 180)
    assert shown(evening)["totals"]["open"] == 0


def test_pages_of_one_second_share_what_is_counted(evening: Evening) -> None:
    evening.ask()
    evening.ask()
    calendar = evening.centre.app.extensions["linka.scores"].calendar
    counts = KeptCounts(1)

    def digs() -> tuple[int, int]:
        activity = Activity.get_by_id(evening.activity_id)
        found = panel(activity, calendar, counts, evening.clock.now())
        return found["totals"]["digs"], found["again_ms"]

    ann, bob = evening.diggers(2)
    evening.dig(ann)
    assert digs() == (1, 0)
    evening.dig(bob)
    shown, again_ms = digs()
    assert (shown, again_ms > 0) == (1, True)
    evening.later(again_ms / 1000)
    assert digs() == (2, 0)


def test_hunt_without_sittings_shows_at_once_what_people_do_not_know(evening: Evening) -> None:
    evening.ask()
    evening.play(evening.digger(), "A")
    (topic,) = shown(evening)["statistics"]["topics"]
    assert (topic["topic"], topic["answered"], topic["correct"]) == (PIT["topic"], 1, 0)


def test_nothing_tells_what_is_right_before_the_last_sitting_is_over(
    three_shifts: Evening,
) -> None:
    three_shifts.ask()
    ann = three_shifts.digger("早班")
    three_shifts.play(ann, "B")
    right = shown(three_shifts)
    assert (right["statistics"], right["sittings_left"]) == (None, 3)
    assert [one["digs"] for one in right["sittings"]] == [1, 0, 0]
    assert "correct" not in as_json(right)
    three_shifts.later(END + 300)
    found = shown(three_shifts)
    assert (found["sittings_left"], found["statistics"]["topics"][0]["correct"]) == (0, 1)
