"""“美多”大淘金 on the phone: digging, a ringing phone, a pause, the purse, and the wrong questions."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.hall import Hall
from tests.browser.phone import Handset
from tests.browser.quiz import Quiz
from tests.browser.screen import Screen
from tests.phones import Phone

PAGE = "pages/hunt/hunt"
Opens = Callable[..., Handset]


@pytest.fixture
def take(hall: Hall, open_phone: Opens) -> Callable[..., Handset]:
    """Return what opens the hunt on a person's phone."""

    def make(phone: Phone, **more: object) -> Handset:
        hall.join(phone)
        handset = open_phone(phone.user, PAGE, event=hall.id, activity=hall.activity_id, **more)
        handset.tap("同意并开始")
        handset.says("美多的帐篷")
        return handset

    return make


def test_a_right_answer_fills_the_purse_and_moves_the_screen(
    hall: Hall, take: Callable[..., Handset], phones: list[Phone], screen: Screen
) -> None:
    screen.open(hall)
    phone = take(phones[0])
    quiz = Quiz(phone)
    quiz.dig()
    quiz.choose()
    # The second tap of a double tap is not one on the button that comes next.
    phone.find(".button.main").dblclick()
    phone.says("答对了")
    phone.says("为什么")
    points = hall.rows()[0]["points"]
    phone.says(f"+{points}")
    screen.shows(hall.rows())
    phone.tap("回到林卡")
    phone.is_on(PAGE)
    expect(phone.find("[aria-label^='金币']")).to_have_attribute("aria-label", f"金币 {points}")
    phone.says("11 / 12 次")


def test_a_wrong_question_is_explained_and_listed(
    take: Callable[..., Handset], phones: list[Phone]
) -> None:
    phone = take(phones[1])
    quiz = Quiz(phone)
    quiz.dig()
    stem = phone.find(".stem").inner_text()
    quiz.answer(right=False)
    phone.says("这次没答对")
    phone.says("正确答案：")
    phone.tap("回到林卡")
    phone.tap("错题")
    phone.is_on("pages/wrong/wrong")
    phone.says("1 道错题")
    phone.says(stem)
    for word in ("你选的", "正确答案"):
        expect(phone.find("wx-button", has_text=word)).to_have_css("opacity", "1")


def test_a_ringing_phone_adds_time_once(take: Callable[..., Handset], phones: list[Phone]) -> None:
    phone = take(phones[2])
    quiz = Quiz(phone)
    quiz.dig()
    phone.tap("来电了")
    phone.says("已加时，接完再答")
    quiz.answer()
    phone.says("答对了")
    phone.tap("回到林卡")
    quiz.dig()
    phone.says("来电已用过")


def test_a_pause_hides_the_question_and_keeps_what_was_chosen(
    hall: Hall, take: Callable[..., Handset], phones: list[Phone]
) -> None:
    phone = take(phones[3])
    quiz = Quiz(phone)
    quiz.dig()
    stem = phone.find(".stem").inner_text()
    quiz.choose()
    hall.host_does("pause")
    phone.says("主持人按了暂停")
    expect(phone.find(".stem")).to_have_count(0)
    hall.host_does("resume")
    expect(phone.find(".stem")).to_have_text(stem)
    phone.tap("就选")
    phone.says("答对了")


def test_an_open_question_waits_after_a_restart(
    hall: Hall, take: Callable[..., Handset], phones: list[Phone]
) -> None:
    phone = take(phones[4])
    Quiz(phone).dig()
    stem = phone.find(".stem").inner_text()
    phone.page.reload()
    phone.go(PAGE, event=hall.id, activity=hall.activity_id)
    phone.says("有一道题正等着你")
    phone.tap("继续答题")
    expect(phone.find(".stem")).to_have_text(stem)


def test_sites_are_a_list_for_who_wants_one(
    take: Callable[..., Handset], phones: list[Phone]
) -> None:
    phone = take(phones[5], size=(320, 568))
    phone.tap("列表")
    phone.find(".place", has_text="套餐湖").click()
    expect(phone.find(".dock .heading")).to_have_text("套餐湖")
    assert phone.misfits() == []
    phone.tap("地图")
    expect(phone.find(".tent")).to_have_count(13)


def test_a_guest_looks_around_and_is_asked_to_bind(hall: Hall, open_phone: Opens) -> None:
    visitor = Phone(hall.installation, "hunt-visitor")
    visitor.log_in()
    hall.join(visitor)
    phone = open_phone(visitor.user, PAGE, event=hall.id, activity=hall.activity_id)
    phone.tap("同意并开始")
    phone.says("亲友可以逛一逛")
    phone.tap("绑定工号")
    phone.is_on("pages/bind/bind")


def test_a_frozen_board_stays_where_it_was_on_the_receipts(
    hall: Hall, take: Callable[..., Handset], phones: list[Phone]
) -> None:
    phone = take(phones[6])
    hall.host_does("freeze")
    quiz = Quiz(phone)
    quiz.dig()
    quiz.answer()
    phone.says("答对了")
    phone.go("pages/receipts/receipts", event=hall.id)
    phone.says("封榜中：这里停在封榜那一刻")
