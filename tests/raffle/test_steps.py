"""The next step of a raffle."""

from typing import Any

from backend.activities.raffle import steps as raffle
from backend.events.steps import HostSteps

PRIZES = [{"id": 1, "title": "茶砖", "left": 3, "again": False}]


def steps(
    path: str, prizes: Any, draws: Any, *, is_on: bool, is_anybody_left: bool = True
) -> HostSteps:
    """Return the steps of a raffle in which somebody can still win."""
    return raffle.steps(path, prizes, draws, is_on=is_on, is_anybody_left=is_anybody_left)


def draw(state: str) -> dict[str, Any]:
    """Return the second draw in this state."""
    return {
        "id": 4,
        "number": 2,
        "prize": "茶砖",
        "count": 3,
        "pool_size": 20,
        "state": state,
    }


def test_draw_of_the_next_prize_is_locked_under_the_next_number() -> None:
    first = steps("/raffles/9", PRIZES, [], is_on=False).main
    assert first is not None
    assert first.body == {"prize_id": 1, "count": 3, "number": 1}
    second = steps("/raffles/9", PRIZES, [draw("drawn")], is_on=True).main
    assert second is not None
    assert second.body["number"] == 3


def test_locked_draw_is_drawn_after_a_question() -> None:
    step = steps("/raffles/9", PRIZES, [draw("committed")], is_on=True).main
    assert step is not None and step.ask is not None
    assert (step.path, step.body) == ("/raffles/9/draws/4/draw", {"upto": 3})
    assert step.text == "抽 3 名"


def test_pool_that_is_too_small_is_said_to_give_fewer_winners() -> None:
    found = steps("/raffles/9", PRIZES, [{**draw("committed"), "pool_size": 2}], is_on=True)
    assert found.main is not None
    assert (found.text, found.main.text) == ("名单已锁定，2 人里抽 2 名。", "抽 2 名")


def test_seed_is_told_after_a_question_once_a_draw_is_over() -> None:
    found = steps("/raffles/9", [], [draw("drawn")], is_on=True)
    assert found.main is not None and found.main.text == "从大屏收起"
    assert found.others[0].path == "/raffles/9/draws/4/reveal"
    assert found.others[0].ask is not None
    revealed = steps("/raffles/9", [], [draw("revealed")], is_on=True)
    assert "/raffles/9/draws/4/reveal" not in [step.path for step in revealed.others]


def test_screen_is_cleared_where_it_shows_something() -> None:
    def texts(is_on: bool) -> list[str]:
        return [step.text for step in steps("/raffles/9", [], [draw("drawn")], is_on=is_on).others]

    assert "从大屏收起" in texts(is_on=True)
    assert "从大屏收起" not in texts(is_on=False)


def test_prize_that_nobody_can_win_is_not_offered() -> None:
    found = steps("/raffles/9", PRIZES, [draw("drawn")], is_on=False, is_anybody_left=False)
    assert found.main is None
    assert found.text.startswith("奖品还有剩，参加活动的员工都中过奖了。")
    shown = steps("/raffles/9", PRIZES, [draw("drawn")], is_on=True, is_anybody_left=False)
    assert shown.main is not None and shown.main.text == "从大屏收起"


def test_prize_for_earlier_winners_is_offered_when_all_have_won() -> None:
    prizes = [*PRIZES, {"id": 2, "title": "糖", "left": 1, "again": True}]
    step = steps("/raffles/9", prizes, [draw("drawn")], is_on=True, is_anybody_left=False).main
    assert step is not None and step.text == "定奖池：糖"


def test_draw_is_not_offered_before_anybody_has_joined() -> None:
    found = steps("/raffles/9", PRIZES, [], is_on=False, is_anybody_left=False)
    assert (found.main, found.text) == (None, "还没有员工加入活动，有人加入以后才能抽。")
