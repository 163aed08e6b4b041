"""The next step of a contest, in each of its phases."""

from typing import Any

import pytest

from backend.activities.contest.steps import steps
from backend.events.steps import HostSteps

AT = 1_795_312_800_000
ROUND = {"ends_at": AT, "seconds": 20, "left_ms": 12_000, "paused": False, "answered": 1}
BOARD = {"rows": [{"rank": 1, "points": 80}, {"rank": 2, "points": 40}]}


def shown(phase: str, **changes: Any) -> dict[str, Any]:
    """Return a contest of three questions at its second one."""
    usual = {"phase": phase, "position": 2, "rounds": 3, "playoff": None, "board": BOARD}
    return {**usual, "round": {**ROUND, "right": 1}, **changes}


def at(phase: str, present: int | None = 3, **changes: Any) -> HostSteps:
    """Return the steps of a contest in this phase."""
    return steps("/contests/5", shown(phase, **changes), present, was_played=True)


@pytest.mark.parametrize(
    ("phase", "position", "text", "body"),
    [
        ("lobby", 0, "出第 1 题", {"action": "next", "position": 1}),
        ("question", 2, "揭晓答案", {"action": "reveal", "position": 2}),
        ("reveal", 2, "看排行", {"action": "board", "position": 2}),
        ("board", 2, "出第 3 题", {"action": "next", "position": 3}),
        ("board", 3, "颁奖", {"action": "podium"}),
        ("podium", 3, "结束竞赛，回到榜单", {"action": "dismiss"}),
    ],
)
def test_next_step_is_clear_in_each_phase(
    phase: str, position: int, text: str, body: dict[str, Any]
) -> None:
    step = at(phase, position=position).main
    assert step is not None
    assert (step.text, step.body, step.path) == (text, body, "/contests/5/actions")


def test_contest_that_was_not_begun_begins() -> None:
    step = steps("/contests/5", None, 3, was_played=False).main
    assert step is not None
    assert step.body == {"action": "begin"}


def test_contest_that_was_played_has_no_next_step() -> None:
    found = steps("/contests/5", None, 3, was_played=True)
    assert found.main is None
    assert "揭榜" in found.waits


@pytest.mark.parametrize(
    ("present", "changes", "asks"),
    [
        (3, {}, True),
        (None, {}, True),
        (0, {}, True),
        (3, {"answered": 3}, False),
        (3, {"left_ms": 0}, False),
    ],
)
def test_reveal_asks_first_only_while_somebody_could_still_answer(
    present: int | None, changes: dict[str, int], asks: bool
) -> None:
    step = at("question", present, round={**ROUND, **changes}).main
    assert step is not None
    assert (step.ask is not None) == asks
    if step.ask:
        assert "还有 12 秒" in step.ask.text


def test_time_stands_still_in_a_pause() -> None:
    running, paused = at("question").clock, at("question", round={**ROUND, "paused": True}).clock
    assert running is not None and paused is not None
    assert (running.left_ms, paused.left_ms) == (None, 12_000)


@pytest.mark.parametrize(
    ("ranks", "offered"), [([1, 2], False), ([1, 2, 2], True), ([1, 2, 4, 4], False)]
)
def test_playoff_is_offered_where_one_of_the_first_places_is_shared(
    ranks: list[int], offered: bool
) -> None:
    found = at("board", board={"rows": [{"rank": rank} for rank in ranks]})
    assert ("并列的人加赛一题" in [step.text for step in found.others]) == offered


def test_next_state_has_another_step() -> None:
    first, again, later = (at("reveal", position=number).main for number in (2, 2, 3))
    assert first and again and later
    assert first.id == again.id != later.id
