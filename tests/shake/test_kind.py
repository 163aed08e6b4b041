"""What a template may say about a shake, and what a wipe leaves."""

from typing import Any

import marshmallow as ma
import pytest

from backend.activities.shake.kind import Shake
from backend.activities.shake.models import ShakeResult, ShakeRound
from backend.events.models import Activity
from backend.events.templates import template
from tests.shake.evening import Evening

on_sqlite = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def test_what_a_template_leaves_out_has_a_default() -> None:
    assert Shake().check({}) == {
        "cap_per_second": 8,
        "seconds": 30,
        "points_by_place": [50, 40, 30, 25, 20, 15, 12, 10, 8, 6],
        "team_points_by_place": [30, 20, 10],
        "draw_points": 30,
        "participation_points": 5,
        "team_minimum": 1,
        "tap_percent": 125,
        "press_percent": 300,
    }


def test_sample_template_is_good() -> None:
    settings = [activity["settings"] for activity in template("shake")["activities"]]
    assert [Shake().check(one) for one in settings] == [Shake().check({})]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("cap_per_second", 0),
        ("cap_per_second", 21),
        ("seconds", 4),
        ("seconds", 301),
        ("points_by_place", [10, 20]),
        ("points_by_place", [10, -1]),
        ("points_by_place", [1] * 51),
        ("team_points_by_place", [1, 2]),
        ("draw_points", -1),
        ("participation_points", -1),
        ("team_minimum", 0),
        ("tap_percent", 99),
        ("press_percent", 1001),
        ("colour", "gold"),
    ],
)
def test_setting_that_cannot_work_is_refused(field: str, value: Any) -> None:
    with pytest.raises(ma.ValidationError) as refusal:
        Shake().check({field: value})
    assert list(refusal.value.messages_dict) == [field]


@on_sqlite
def test_shake_never_asks_a_question(evening: Evening) -> None:
    activity = Activity.get_by_id(evening.activity_id)
    correction: Any = None
    scores = evening.centre.app.extensions["linka.scores"]
    assert Shake().rescore(scores, activity, correction, evening.clock.now()) is None


@on_sqlite
def test_wipe_of_a_rehearsal_leaves_nothing_and_the_next_round_begins_anew(
    evening: Evening,
) -> None:
    ann = evening.shaker()
    evening.played([(ann, 50)])
    begun = evening.start()
    evening.clock.advance(5)
    evening.report(ann, begun, 40)
    evening.host.ok("DELETE", f"/events/{evening.event['id']}/data")
    assert ShakeRound.select().count() == ShakeResult.select().count() == 0
    assert evening.shown() is None
    ann = evening.joined(ann.phone)
    again = evening.start()
    assert evening.round(again).number == 1
    evening.clock.advance(5)
    assert evening.report(ann, again, 10) == 10
    evening.finish()
    assert evening.results() == [(ann.id, 10, 1, 30)]
    assert evening.differences() == []
