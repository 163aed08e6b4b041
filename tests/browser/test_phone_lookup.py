"""Look-ups on the phone.

Staff look up and ask; a host assigns the question to the person in charge, who answers it on her
phone and makes a card of the answer; the card answers the same question of the next person.
"""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.console import NARROW, Console
from tests.browser.phone import Handset
from tests.phones import Phone


def test_a_question_is_answered_and_answers_the_next_by_itself(
    console: Console, phones: list[Phone], open_phone: Callable[..., Handset]
) -> None:
    asker, owner = phones[7], phones[8]
    phone = open_phone(asker.user, "pages/home/home", size=(320, 640))
    phone.tap("同意并开始")
    phone.tap("查班车")
    phone.says("可以这样查")
    phone.type("要查什么", "kaiju zhengming")
    phone.tap("查")
    phone.says("在职证明、收入证明在人力资源组开")
    phone.says("负责人")
    assert phone.misfits() == []
    phone.type("要查什么", "健身房晚上几点关门，周末也开吗")
    phone.tap("查")
    phone.says("没有找到")
    phone.tap("提问")
    phone.says("等回答")
    assert phone.misfits() == []
    console.open("/host/lookup")
    console.says("健身房晚上几点关门，周末也开吗")
    console.is_sound()
    console.page.get_by_text("换负责人").click()
    console.fill("负责人工号（空着就是谁都可以回答）", owner.ok("GET", "/me")["staff"]["number"])
    console.press("交给")
    expect(console.part("questions")).not_to_contain_text("还没有定")
    other = open_phone(owner.user, "pages/asked/asked")
    other.tap("同意并开始")
    other.says("等我回答")
    other.type("回答：健身房", "晚上十点，周末也开。")
    other.tap("回答：健身房")
    other.says("还没有提过问题")
    console.page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    console.open("/host/lookup?state=answered")
    console.press("做成卡片")
    console.press("看卡片")
    expect(console.page.get_by_label("内容")).to_have_value("晚上十点，周末也开。")
    console.is_sound()
    phone.go("pages/home/home")
    phone.tap("你的提问有 1 个新回答")
    phone.says("晚上十点，周末也开。")
    other.go("pages/lookup/lookup", q="健身房几点关门")
    other.says("是不是想查")
    other.tap("健身房晚上几点关门，周末也开吗")
    other.says("晚上十点，周末也开。")
    for one in (phone, other):
        assert one.misfits() == []
        one.has_no_errors()
    assert console.errors == []
