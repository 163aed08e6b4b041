"""The next step of an event: what comes before any activity, and what concerns the whole event."""

from typing import Any

import pytest

from backend.events.steps import HostSteps, board_steps, clock_steps, event_steps


def headline(**changes: Any) -> dict[str, Any]:
    """Return the headline of an open event."""
    usual = {"id": 7, "state": "open", "paused": False, "frozen": False, "reveal": None}
    more = {"join_code": "ABCDE", "rehearsal": False, "opens_ahead": False, "may_reopen": True}
    return {**usual, **more, **changes}


def steps(players: int = 12, **changes: Any) -> HostSteps:
    """Return the steps of an event that has some before any activity."""
    found = event_steps(headline(**changes), players)
    assert found is not None
    return found


def main(players: int = 12, **changes: Any) -> tuple[str, dict[str, Any]] | None:
    """Return the text and the body of the next step."""
    step = steps(players, **changes).main
    return step and (step.text, dict(step.body))


def test_open_event_leaves_the_next_step_to_its_activities() -> None:
    assert event_steps(headline(), 12) is None
    assert event_steps(headline(frozen=True), 12) is None


@pytest.mark.parametrize("state", ["draft", "scheduled"])
def test_event_that_has_not_begun_is_opened_after_a_question(state: str) -> None:
    assert main(state=state) == ("开始活动", {"action": "open"})
    step = steps(state=state).main
    assert step is not None and step.ask is not None
    assert step.path == "/events/7/transitions"


def test_draft_with_an_opening_ahead_is_scheduled_or_opened_at_once() -> None:
    found = steps(state="draft", opens_ahead=True)
    assert found.main and (found.main.text, found.main.body) == ("预约开始", {"action": "schedule"})
    whole = clock_steps(headline(state="draft", opens_ahead=True))
    assert [step.text for step in whole] == ["开始活动", "不办了"]
    assert [bool(step.ask and step.ask.danger) for step in whole] == [False, True]
    assert "开始以后才能加入" in found.text
    assert "现在就能加入" in steps(state="scheduled", opens_ahead=True).text


def test_rehearsal_is_never_scheduled() -> None:
    opening = ("开始活动", {"action": "open"})
    assert main(state="draft", opens_ahead=True, rehearsal=True) == opening


def test_pause_comes_before_the_activity() -> None:
    assert main(paused=True) == ("继续", {"action": "resume"})


def test_event_that_is_over_has_no_step_unless_its_board_is_frozen() -> None:
    assert main(state="closed") is None
    assert main(state="archived") is None
    assert main(state="closed", frozen=True) == ("开始揭榜", {"action": "reveal", "step": 1})


def test_ceremony_goes_step_by_step_to_the_champion() -> None:
    def at(step: int, players: int = 12) -> tuple[str, dict[str, Any]] | None:
        return main(players, state="closed", frozen=True, reveal={"step": step, "of": 11})

    assert at(1) == ("揭晓第 10 名", {"action": "reveal", "step": 2})
    assert at(10) == ("揭晓冠军，公布全榜", {"action": "reveal", "step": 11})
    assert at(1, players=3) == ("揭晓第 3 名", {"action": "reveal", "step": 9})


def test_board_is_frozen_then_revealed_step_by_step_or_at_once() -> None:
    def texts(**changes: Any) -> list[str]:
        return [step.text for step in board_steps(headline(**changes))]

    assert texts() == ["封榜"]
    assert texts(frozen=True) == ["开始揭榜", "直接公布全榜"]
    assert texts(frozen=True, reveal={"step": 2, "of": 11}) == ["直接公布全榜"]
    assert texts(state="draft") == []


def test_event_is_called_off_paused_closed_reopened_and_archived() -> None:
    def texts(**changes: Any) -> list[str]:
        return [step.text for step in clock_steps(headline(**changes))]

    assert texts() == ["暂停", "结束活动"]
    assert texts(paused=True) == ["结束活动"]
    assert texts(state="closed") == ["重新开放", "归档"]
    assert texts(state="closed", may_reopen=False) == ["归档"]
    assert texts(state="closed", frozen=True) == ["重新开放"]
    assert texts(state="draft") == ["开始活动", "不办了"]
    assert texts(state="scheduled") == ["不办了"]
    assert texts(state="archived") == []
