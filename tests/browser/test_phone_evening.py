"""A whole evening on two phones beside the big screen: from the join code to the receipts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.contest_hall import ContestHall
from tests.browser.drawing_hall import DrawingHall
from tests.browser.hall import Hall
from tests.browser.phone import Handset
from tests.browser.poll_hall import PollHall
from tests.browser.quiz import Quiz
from tests.browser.raffle_hall import RaffleHall
from tests.browser.screen import Screen
from tests.browser.shake_hall import ShakeHall
from tests.browser.word_hall import WordHall
from tests.installation import until
from tests.phones import invite_codes
from tests.support import sample_roster

# People of the sample centre whose phones nobody else binds.
NUMBERS = ("200911", "200912")
Opens = Callable[..., Handset]


def arrive(phone: Handset, hall: Hall, number: str) -> None:
    """Agree, join by the code on the big screen, and prove who one is."""
    phone.tap("同意并开始")
    phone.tap("加入活动")
    phone.type("加入码", hall.code)
    phone.tap("马上加入")
    phone.says("加入成功")
    phone.tap("现在绑定工号")
    phone.type("工号", number)
    phone.type("邀请码", invite_codes()[number])
    phone.tap("确认绑定")
    phone.says("绑定好了")
    phone.tap("开始玩")
    phone.is_on("pages/home/home")


def play(phone: Handset, title: str) -> None:
    """Open an activity from the page of the event."""
    phone.go("pages/home/home")
    phone.tap("活动详情")
    phone.is_on("pages/event/event")
    phone.find(".game").filter(has_text=title).get_by_role("button").first.click()


def by_turn(one: Handset, two: Handset) -> tuple[Handset, Handset]:
    """Return whose turn it is to draw, and who guesses."""
    mine = one.where.get_by_text("轮到你画了").locator("visible=true")
    other = two.where.get_by_text("轮到你画了").locator("visible=true")
    until(lambda: mine.count() + other.count() == 1, 10, "somebody's turn to draw")
    return (one, two) if mine.count() else (two, one)


def worth(phone: Handset) -> int:
    """Return how often a phone was shaken, as it says."""
    return int(phone.find("[id$='--worth']").inner_text())


@pytest.fixture
def evening(new_hall: Callable[..., Hall]) -> Hall:
    """Return a whole evening that is open and that nobody has joined."""
    return new_hall(template="evening")


def test_an_evening_from_the_code_to_the_receipts(
    evening: Hall, open_phone: Opens, screen: Screen
) -> None:
    screen.open(evening)
    one, two = (open_phone(f"evening-{number}") for number in NUMBERS)
    for phone, number in zip((one, two), NUMBERS, strict=True):
        arrive(phone, evening, number)

    play(one, "“美多”大淘金")
    play(two, "“美多”大淘金")
    for phone, right, said in ((one, True, "答对了"), (two, False, "这次没答对")):
        Quiz(phone).dig()
        Quiz(phone).answer(right=right)
        phone.says(said)
    screen.shows(evening.rows())

    contest = ContestHall(evening)
    play(one, "现场竞赛")
    play(two, "现场竞赛")
    contest.act("begin")
    one.says("就位，等主持人开始")
    contest.show(1)
    for phone, right in ((one, True), (two, False)):
        Quiz(phone).answer(right=right)
        phone.says("已收到，等主持人揭晓")
    expect(screen.part("answered")).to_have_text("2")
    contest.act("reveal", 1)
    one.says("答对了！")
    two.says("这题没答对")
    contest.act("board", 1)
    one.says("第 1 名")
    contest.act("podium")

    shake = ShakeHall(evening)
    play(one, "摇一摇")
    play(two, "摇一摇")
    round_ = shake.start("race", seconds=30)
    one.says("摇起来！")
    one.shake(60_000)
    two.shake(1_000)
    until(lambda: worth(one) >= 20, 15, "one is far ahead")
    shake.finish(round_)
    one.says("冠军")
    two.says("亚军")
    shake.dismiss(round_)

    drawing = DrawingHall(evening, mode="rooms")
    play(one, "你画我猜")
    play(two, "你画我猜")
    drawing.begin_rooms()
    draws, guesses = by_turn(one, two)
    draws.find("wx-button").first.click()
    draws.says("画：")
    guesses.says("个字")
    word = draws.find("[id$='--word']").inner_text()
    guesses.type("我猜", word)
    guesses.tap("猜")
    guesses.says("你猜中了，得")
    draws.says("画得像，得")

    polls = PollHall(evening)
    play(two, "人气投票")
    polls.open("合唱《洗衣歌》", "弦子《格桑花开》", method="single")
    two.tap("去投票")
    two.find(".pick", has_text="弦子").click()
    two.tap("投这一票")
    two.says("我的票，已算数")

    words = WordHall(evening)
    play(one, "回复有效关键词")
    words.announce("心中有客户啊", places=1, points=20, seconds=600)
    one.type("写下关键词", "心中有客户啊")
    one.tap("回复")
    one.says("抢到了！")
    words.dismiss()

    raffle = RaffleHall(evening)
    play(two, "林卡抽奖")
    draw = raffle.commit("野餐套装", 2)
    two.says("名单已锁定")
    raffle.draw(draw, 2, word="扎西德勒")
    two.says("抽中你了！")

    for phone, number in zip((one, two), NUMBERS, strict=True):
        phone.go("pages/home/home")
        phone.tap("我的积分")
        phone.is_on("pages/receipts/receipts")
        mine = next(row for row in evening.rows() if row["name"] == sample_roster()[number]["姓名"])
        expect(phone.find(".total")).to_have_text(f"{mine['points']} 分")
        phone.has_no_errors()
