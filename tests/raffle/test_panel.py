"""What the hosts' console shows of a raffle, step by step."""

from typing import Any

import pytest

from backend.activities.raffle.panel import panel
from backend.events.models import Activity
from tests.raffle.evening import Evening

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def shown(evening: Evening) -> dict[str, Any]:
    """Return the panel at this moment."""
    return panel(Activity.get_by_id(evening.activity_id), evening.clock.now())


def test_before_the_first_draw_prizes_can_be_changed(evening: Evening) -> None:
    evening.prize("一等奖", 3)
    found = shown(evening)
    assert (found["draw"], found["earlier"], found["next_number"]) == (None, [], 1)
    assert [(one["title"], one["left"], one["is_fixed"]) for one in found["prizes"]] == [
        ("一等奖", 3, False)
    ]
    assert (found["may_draw"], found["showing"]) == (True, None)


def test_draw_has_its_winners_and_how_long_each_is_waited_for(evening: Evening) -> None:
    evening.crowd(5)
    draw = evening.commit(evening.prize("一等奖", 3), 2)
    assert shown(evening)["draw"]["state"] == "committed"
    pick = evening.draw(draw, upto=1)["picks"][0]
    found = shown(evening)["draw"]
    assert (found["won"], found["left"], found["picks"][0]["wait_ms"]) == (1, 1, None)
    evening.call(draw, pick)
    evening.clock.advance(2)
    assert shown(evening)["draw"]["picks"][0]["wait_ms"] == (draw["waiting_seconds"] - 2) * 1000
    evening.clock.advance(draw["waiting_seconds"])
    assert shown(evening)["draw"]["picks"][0]["wait_ms"] == 0
    evening.absent(draw, pick)
    found = shown(evening)
    assert (found["draw"]["won"], found["draw"]["absent"]) == (1, 1)
    assert (found["winners"], len(found["waiting"])) == (1, 1)
    evening.host.ok("POST", f"{evening.path}/handovers", {"code": found["waiting"][0]["code"]})
    assert (shown(evening)["winners"], shown(evening)["waiting"]) == (1, [])


def test_abandoned_draw_is_listed_and_leaves_room_for_the_next(evening: Evening) -> None:
    evening.crowd(2)
    draw = evening.commit(evening.prize())
    evening.doing(draw, "abandon")
    found = shown(evening)
    assert found["draw"] is None
    assert [(one["number"], one["state"]) for one in found["earlier"]] == [(1, "abandoned")]
    assert (found["next_number"], found["prizes"][0]["is_fixed"]) == (2, True)


def test_winner_of_an_earlier_draw_can_still_be_called_and_replaced(evening: Evening) -> None:
    evening.crowd(3)
    first = evening.drawn(evening.prize("三等奖"), 1)
    evening.drawn(evening.prize("二等奖"), 1)
    [earlier] = shown(evening)["earlier"]
    assert [pick["name"] for pick in earlier["picks"]] == [first["picks"][0]["name"]]
    evening.missed(first, first["picks"][0])
    [earlier] = shown(evening)["earlier"]
    assert [pick["status"] for pick in earlier["picks"]] == ["absent", "won"]


def test_pool_in_which_nobody_is_left_is_said_to_be_exhausted(evening: Evening) -> None:
    evening.crowd(2)
    draw = evening.draw(evening.commit(evening.prize(), 2), upto=1)
    assert shown(evening)["draw"]["is_exhausted"] is False
    draw = evening.draw(draw, upto=2)
    assert shown(evening)["draw"]["is_exhausted"] is True
    evening.missed(draw, draw["picks"][0])
    found = shown(evening)["draw"]
    assert (found["won"], found["absent"], found["is_exhausted"]) == (1, 1, True)


def test_seed_is_in_the_panel_only_once_it_is_told(evening: Evening) -> None:
    evening.crowd(2)
    draw = evening.drawn(evening.prize())
    assert shown(evening)["draw"]["seed"] is None
    evening.doing(draw, "reveal")
    assert shown(evening)["draw"]["seed"]


def test_nobody_can_be_drawn_during_a_pause(evening: Evening) -> None:
    evening.prize()
    path = f"/events/{evening.event_id}/transitions"
    evening.host.ok("POST", path, {"action": "pause"})
    assert shown(evening)["may_draw"] is False
