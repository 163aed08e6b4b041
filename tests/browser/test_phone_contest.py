"""现场竞赛 on the phone: question, answer, reveal, my place, a pause, who came late, and a playoff."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.contest_hall import ContestHall
from tests.browser.hall import Hall
from tests.browser.phone import Handset
from tests.browser.quiz import Quiz
from tests.browser.screen import Screen
from tests.phones import Phone

PAGE = "pages/contest/contest"
Opens = Callable[..., Handset]


@pytest.fixture
def contest(new_hall: Callable[..., Hall]) -> ContestHall:
    """Return an open event with a contest that has not begun."""
    return ContestHall(new_hall(template="contest"))


@pytest.fixture
def take(contest: ContestHall, open_phone: Opens) -> Callable[..., Handset]:
    """Return what opens the contest on a person's phone."""

    def make(phone: Phone, **more: object) -> Handset:
        contest.hall.join(phone)
        facts = {"event": contest.hall.id, "activity": contest.activity_id}
        handset = open_phone(phone.user, PAGE, **facts, **more)
        handset.tap("同意并开始")
        return handset

    return make


def top(phone: Handset) -> float:
    """Return where the options begin, in px from the top of the page."""
    return float(phone.find("options").evaluate("node => node.getBoundingClientRect().top"))


def test_two_phones_and_the_screen_go_through_a_round_together(
    contest: ContestHall, take: Callable[..., Handset], screen: Screen, phones: list[Phone]
) -> None:
    screen.open(contest.hall)
    one, two = take(phones[0]), take(phones[1])
    one.says("竞赛还没开始")
    contest.act("begin")
    one.says("就位，等主持人开始")
    contest.show(1)
    expect(screen.part("question-stem")).to_be_visible()
    expect(one.find(".stem")).to_have_text(screen.part("question-stem").inner_text())
    Quiz(one).choose()
    height = top(one)
    one.tap("就选")
    one.says("已收到，等主持人揭晓")
    # What was just pressed stays where it is.
    assert top(one) == height
    Quiz(two).answer(right=False)
    expect(screen.part("answered")).to_have_text("2")
    contest.act("reveal", 1)
    one.says("答对了！")
    two.says("这题没答对")
    two.says("正确答案：")
    contest.act("board", 1)
    one.says("第 1 名")
    assert one.misfits() == two.misfits() == []


def test_a_pause_hides_the_question_and_says_so_to_who_has_answered(
    contest: ContestHall, take: Callable[..., Handset], phones: list[Phone]
) -> None:
    one, two = take(phones[2]), take(phones[3])
    contest.show(1)
    Quiz(one).answer()
    one.says("已收到")
    expect(two.find(".stem")).to_be_visible()
    contest.hall.host_does("pause")
    one.says("主持人按了暂停")
    two.says("主持人按了暂停")
    expect(two.find(".stem")).to_have_count(0)
    contest.hall.host_does("resume")
    Quiz(two).answer()
    two.says("已收到，等主持人揭晓")


def test_who_comes_late_plays_from_the_next_question(
    contest: ContestHall, take: Callable[..., Handset], phones: list[Phone]
) -> None:
    contest.hall.join(phones[4])
    contest.play(1, [phones[4]], [])
    contest.act("next", 2)
    late = take(phones[5], size=(320, 568))
    late.says("下一题见")
    contest.act("reveal", 2)
    contest.act("board", 2)
    shown = contest.act("next", 3)["round"]
    late.says(shown["question"]["stem"])
    Quiz(late).answer()
    late.says("已收到，等主持人揭晓")
    assert late.misfits() == []


def test_the_podium_says_who_won(
    contest: ContestHall, take: Callable[..., Handset], phones: list[Phone]
) -> None:
    winner, second = take(phones[6]), take(phones[7])
    contest.play(1, [phones[6]], [phones[7]])
    contest.act("podium")
    winner.says("冠军")
    second.says("领奖台")
    winner.tap("看我的得分明细")
    winner.is_on("pages/receipts/receipts")
    total = contest.hall.rows()[0]["points"]
    expect(winner.find(".total")).to_have_text(f"{total} 分")
