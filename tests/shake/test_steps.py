"""The next step of a shake."""

from typing import Any

from backend.activities.shake.steps import steps
from backend.events.steps import HostSteps


def at(phase: str, **more: Any) -> HostSteps:
    """Return the steps while round 2 is in this phase."""
    on = {"id": 3, "number": 2, "mode": "race", "seconds": 30, "ends_at": 1, "left_ms": 9}
    return steps("/shakes/9", {"phase": phase, "round": {**on, "paused": False}, **more}, 2)


def test_round_of_each_mode_can_begin() -> None:
    found = steps("/shakes/9", None, 0)
    assert found.main is not None
    bodies = [step.body for step in (found.main, *found.others)]
    assert bodies == [
        {"mode": mode, "number": 1} for mode in ("race", "tug", "luck", "cash", "packets")
    ]


def test_round_that_runs_ends_by_itself_or_is_cancelled_after_a_question() -> None:
    running = at("running")
    assert running.main is None
    (cancel,) = running.others
    assert cancel.path == "/shakes/9/rounds/3/cancel"
    assert cancel.ask is not None


def test_result_is_dismissed_or_followed_by_the_next_number() -> None:
    over = at("podium", podium={"shakers": 7})
    assert over.main is not None
    assert over.main.path == "/shakes/9/rounds/3/dismiss"
    assert over.others[0].body == {"mode": "race", "number": 3}


def test_nothing_is_pressed_while_a_round_is_counted() -> None:
    counting = at("counting")
    assert (counting.main, counting.others) == (None, ())
    assert counting.waits
