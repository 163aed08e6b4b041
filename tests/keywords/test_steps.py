"""The next step of announced words."""

from typing import Any

from backend.activities.keywords.steps import steps
from backend.events.steps import HostSteps

WORD = {
    "id": 6,
    "text": "扎西德勒",
    "places": 5,
    "points": 20,
    "seconds": 60,
    "taken": 0,
    "decoy": False,
}


def of(*words: dict[str, Any], is_on: bool = False) -> HostSteps:
    """Return the steps of these words."""
    return steps("/keywords/9", [{**WORD, "left_ms": 0, **word} for word in words], is_on=is_on)


def test_word_that_is_prepared_is_announced() -> None:
    step = of({"state": "prepared"}).main
    assert step is not None
    assert (step.path, step.body) == ("/keywords/9/open", {"word_ids": [6]})
    assert step.ask is not None


def test_decoy_and_word_without_points_promise_none() -> None:
    assert of({"state": "prepared"}).text == "60 秒，前 5 名得 20 分。"
    decoy = of({"state": "prepared", "decoy": True})
    assert decoy.text == "60 秒。这是幌子：回复它的人不得分。"
    assert of({"state": "prepared", "points": 0}).text == "60 秒，前 5 名有效，不计分。"


def test_word_that_runs_closes_by_itself_or_after_a_question() -> None:
    found = of({"state": "open", "left_ms": 9, "taken": 2}, {"id": 7, "state": "prepared"})
    assert found.main is None
    (close,) = found.others
    assert close.body == {"word_ids": [6]}
    assert close.ask is not None


def test_word_without_a_place_left_is_followed_by_the_next_one() -> None:
    gone = {"state": "gone", "left_ms": 9, "taken": 5}
    step = of(gone, {"id": 7, "state": "prepared"}, is_on=True).main
    assert step is not None
    assert step.body == {"word_ids": [7]}


def test_last_word_is_taken_off_the_screen() -> None:
    step = of({"state": "over"}, is_on=True).main
    assert step is not None
    assert step.path == "/keywords/9/dismiss"
    assert of({"state": "over"}).main is None
    assert of().title == "还没有准备关键词"
