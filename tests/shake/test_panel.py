"""What the hosts' console shows of a shake."""

from typing import Any

import pytest

from backend.activities.shake.panel import panel
from backend.events.models import Activity
from tests.shake.evening import Evening

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def shown(evening: Evening) -> dict[str, Any]:
    """Return the panel at this moment."""
    return panel(Activity.get_by_id(evening.activity_id), evening.play, evening.clock.now())


def test_round_is_shown_from_its_countdown_to_its_result(evening: Evening) -> None:
    ann = evening.shaker()
    found = shown(evening)
    assert (found["shown"], found["next_number"], found["may_begin"]) == (None, 1, True)
    round_id = evening.start()
    evening.clock.advance(2)
    evening.report(ann, round_id, 12)
    found = shown(evening)
    assert (found["shown"]["phase"], found["under_way"]) == ("running", True)
    assert [(lane["player_id"], lane["count"]) for lane in found["lanes"]["lanes"]] == [
        (ann.id, 12)
    ]
    evening.clock.advance(40)
    found = shown(evening)
    assert (found["shown"]["phase"], found["lanes"], found["under_way"]) == ("podium", None, False)
    assert [row["player_id"] for row in found["shown"]["podium"]["rows"]] == [ann.id]
    evening.host.ok("POST", f"{evening.path}/rounds/{round_id}/dismiss")
    found = shown(evening)
    assert (found["shown"], found["next_number"]) == (None, 2)
    (listed,) = found["rounds"]
    assert (listed["is_scored"], listed["shakers"], listed["is_cancelled"]) == (True, 1, False)


def test_implausible_phones_are_named_with_the_reason(evening: Evening) -> None:
    ann = evening.shaker()
    round_id = evening.start()
    evening.clock.advance(10)
    evening.report(ann, round_id, 900)
    (flagged,) = shown(evening)["flagged"]
    assert (flagged["player_id"], "人手做不到" in flagged["reason"]) == (ann.id, True)
    evening.clock.advance(40)
    shown(evening)
    assert shown(evening)["rounds"][0]["flagged"] == 1


def test_cancelled_round_leaves_the_screen_and_stays_listed(evening: Evening) -> None:
    round_id = evening.start()
    evening.host.ok("POST", f"{evening.path}/rounds/{round_id}/cancel")
    found = shown(evening)
    assert (found["shown"], found["under_way"]) == (None, False)
    assert [row["is_cancelled"] for row in found["rounds"]] == [True]


def test_teams_that_joined_can_be_chosen(evening: Evening) -> None:
    evening.people_of_teams(1, 1)
    assert len(shown(evening)["teams"]) == 2
    evening.host_does("pause")
    assert shown(evening)["may_begin"] is False
