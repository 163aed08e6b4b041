"""The next step of polls."""

from dataclasses import replace

import pytest

from backend.activities.polls.steps import PollStage, steps

POLL = PollStage(2, "最美合唱", "draft", on_screen=True, results_shown=False, valid=8)


@pytest.mark.parametrize(
    ("poll", "action"),
    [
        (POLL, "open"),
        (replace(POLL, state="open"), "close"),
        (replace(POLL, state="closed"), "show"),
        (replace(POLL, state="closed", results_shown=True), "dismiss"),
    ],
)
def test_poll_goes_from_draft_over_open_to_its_result_and_off_the_screen(
    poll: PollStage, action: str
) -> None:
    step = steps("/polls/9", [poll]).main
    assert step is not None
    assert (step.path, step.body) == ("/polls/9/polls/2/actions", {"action": action})


def test_draft_can_only_be_opened_and_after_a_question() -> None:
    # A draft is not shown on the screen: the operation would be refused.
    found = steps("/polls/9", [replace(POLL, on_screen=False)])
    assert found.main is not None and found.main.ask is not None
    assert list(found.others) == []


def test_result_that_is_off_the_screen_has_no_next_step() -> None:
    done = replace(POLL, state="closed", results_shown=True, on_screen=False)
    assert steps("/polls/9", [done]).main is None
    assert steps("/polls/9", []).main is None


def test_anonymous_poll_below_five_ballots_is_never_said_to_be_public() -> None:
    few = replace(POLL, state="closed", valid=3, too_few=True)
    for shown in (few, replace(few, results_shown=True)):
        now = steps("/polls/9", [shown])
        assert "已公布" not in now.text and "不满 5 票" in now.text
        assert now.main is not None and now.main.body == {"action": "dismiss"}
    assert steps("/polls/9", [replace(few, on_screen=False)]).main is None


def test_open_poll_comes_before_one_on_the_screen_and_that_before_a_draft() -> None:
    draft = replace(POLL, id=3, title="草稿", on_screen=False)
    closed = replace(POLL, id=4, title="已截止", state="closed")
    opened = replace(POLL, id=5, title="进行中", state="open", on_screen=False)
    assert steps("/polls/9", [draft, closed, opened]).title == "进行中"
    assert steps("/polls/9", [draft, closed]).title == "已截止"
    assert steps("/polls/9", [draft, replace(closed, on_screen=False)]).title == "草稿"


def test_end_of_a_poll_asks_first_and_says_how_many_voted() -> None:
    step = steps("/polls/9", [replace(POLL, state="open")]).main
    assert step is not None and step.ask is not None
    assert "8 张有效票" in step.ask.text
