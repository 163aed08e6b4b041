"""A contest that is run from the console's panel: the key for the host, the answers by option, the
playoff.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.console import DESKTOP, NARROW, Console
from tests.browser.contest_hall import ContestHall
from tests.browser.hall import Hall
from tests.phones import Phone

Opens = Callable[..., Console]


@pytest.fixture
def contest(new_hall: Callable[..., Hall], phones: list[Phone]) -> ContestHall:
    """Return a contest of two questions of two minutes, in an event that people have joined."""
    hall = new_hall(template="contest", rehearsal=True)
    hall.join(*phones[:4])
    made = ContestHall(hall)
    made.settle(questions=2, question_seconds=120, scoring="accuracy")
    return made


def opened(new_console: Opens, contest: ContestHall, size: tuple[int, int]) -> Console:
    """Return a browser at the page of the contest."""
    console = new_console(size)
    console.log_in(contest.hall.host)
    console.open(f"/host/events/{contest.hall.id}/activities/{contest.activity_id}")
    return console


def shown_round(contest: ContestHall) -> dict[str, object]:
    """Return the current round, with its key."""
    path = f"/contests/{contest.activity_id}"
    found: dict[str, object] = contest.hall.host.ok("GET", path)["state"]["round"]
    return found


@pytest.mark.parametrize("size", [DESKTOP, NARROW], ids=["desktop", "phone"])
def test_a_contest_is_played_from_its_lobby_to_a_playoff_and_put_away(
    new_console: Opens, contest: ContestHall, phones: list[Phone], size: tuple[int, int]
) -> None:
    console = opened(new_console, contest, size)
    phase = console.part("contest-phase")
    expect(phase).to_have_text("还没开始")
    console.is_sound()
    console.press("开始候场，由我翻题")
    expect(phase).to_have_text("等待开始")
    console.press("出第 1 题")
    expect(phase).to_have_text("答题中")
    expect(console.page.locator(".option--right")).not_to_have_count(0)
    # Answers are counted by option as they come.
    on = shown_round(contest)
    contest.answer(phones[0], on)
    contest.answer(phones[1], on)
    contest.answer(phones[2], on, right=False)
    expect(console.part("answered")).to_have_text("3 / 4 人已答")
    right = console.page.locator(".option--right .option__count").first
    expect(right).to_have_text("2 人")
    console.is_sound()
    console.press("揭晓答案")
    console.agree()
    expect(phase).to_have_text("揭晓")
    expect(console.part("right")).to_have_text("3 人答了，2 人答对。")
    console.press("看排行")
    expect(console.part("board").locator("li")).to_have_count(2)
    console.says("前三名里有并列")
    console.press("提前颁奖")
    console.agree()
    expect(phase).to_have_text("颁奖")
    console.press("并列的人加赛一题")
    console.agree()
    expect(phase).to_have_text("答题中")
    console.says("（加赛）")
    on = shown_round(contest)
    contest.answer(phones[0], on)
    contest.answer(phones[1], on, right=False)
    console.press("揭晓答案")
    console.agree()
    console.press("颁奖")
    expect(phase).to_have_text("颁奖")
    console.page.get_by_text("道题和答案（投影时不要打开）").click()
    expect(console.part("rounds").locator("tbody tr")).to_have_count(3)
    console.is_sound()
    console.press("结束竞赛，回到榜单")
    console.agree()
    expect(phase).to_have_text("已结束")


def test_another_hosts_step_is_seen_at_once_and_done_once(
    new_console: Opens, contest: ContestHall
) -> None:
    contest.act("begin")
    console = opened(new_console, contest, DESKTOP)
    expect(console.page.get_by_role("button", name="出第 1 题")).to_be_visible()
    contest.act("next", 1)
    expect(console.part("contest-phase")).to_have_text("答题中")
    console.press("揭晓答案")
    contest.act("reveal", 1)
    console.agree()
    expect(console.part("contest-phase")).to_have_text("揭晓")
    expect(console.page.locator(".toast--problem")).to_have_count(0)
