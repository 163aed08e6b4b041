"""The phone's own pages: consent, joining, binding, what is on, one event, me and the settings."""

from collections.abc import Callable

import pytest

from tests.browser.contest_hall import ContestHall
from tests.browser.hall import Hall
from tests.browser.phone import SIZE, Handset
from tests.phones import Phone, Refused, invite_codes

NARROW = (320, 640)
# Resolves once what was asked for is laid out and stands still: the phone shows a vibration by moving.
SETTLED = """() => Promise.all([
  new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))),
  ...document.getAnimations()
    .filter(({effect}) => effect.getComputedTiming().endTime < Infinity)
    .map(({finished}) => finished),
])"""
# How many px are between an element and the next one.
GAP_BELOW = """(node) => node.nextElementSibling.getBoundingClientRect().top
  - node.getBoundingClientRect().bottom"""
# People of the sample centre whose phones nobody else binds.
NEWCOMER, OTHER = "200901", "200902"

Opens = Callable[..., Handset]


def agree(phone: Handset) -> None:
    """Read the privacy notice and agree."""
    phone.says("开始之前")
    phone.tap("同意并开始")


def fits(phone: Handset) -> None:
    """Fail where anything is wider than the page, also on the smallest phone."""
    for width, height in (SIZE, NARROW):
        phone.page.set_viewport_size({"width": width, "height": height})
        phone.where.evaluate(SETTLED)
        assert phone.misfits() == []


def test_nothing_is_sent_before_the_consent(open_phone: Opens) -> None:
    phone = open_phone("reader")
    phone.says("开始之前")
    assert phone.journal("request") == []
    assert phone.journal("login") == []
    agree(phone)
    phone.says("还没有活动。有加入码吗？")
    fits(phone)


def test_a_newcomer_joins_binds_and_sees_what_is_on(hall: Hall, open_phone: Opens) -> None:
    phone = open_phone(f"fresh-{NEWCOMER}")
    agree(phone)
    phone.tap("加入活动")
    phone.is_on("pages/join/join")
    phone.type("加入码", hall.code.lower())
    phone.tap("马上加入")
    phone.says("加入成功")
    fits(phone)
    phone.tap("现在绑定工号")
    phone.is_on("pages/bind/bind")
    phone.type("工号", NEWCOMER)
    phone.type("邀请码", invite_codes()[NEWCOMER])
    phone.tap("确认绑定")
    phone.says("绑定好了")
    fits(phone)
    phone.tap("开始玩")
    phone.is_on("pages/home/home")
    phone.says("现在可以挖")
    fits(phone)
    assert phone.find(".links").first.evaluate(GAP_BELOW) > 0
    phone.tap("去挖宝")
    phone.is_on("pages/hunt/hunt")
    phone.back()
    phone.tap("活动详情")
    phone.is_on("pages/event/event")
    phone.says("得分明细")
    fits(phone)


def test_a_link_with_the_code_joins_after_the_consent(hall: Hall, open_phone: Opens) -> None:
    phone = open_phone("linked", "pages/join/join", scene=hall.code)
    agree(phone)
    phone.says("加入成功")
    phone.says(hall.title)


def test_an_unknown_code_says_what_to_do_and_stays(open_phone: Opens) -> None:
    phone = open_phone("lost", "pages/join/join")
    agree(phone)
    phone.type("加入码", "zzzz99")
    phone.tap("马上加入")
    phone.says("没有找到这个加入码")
    phone.says("看看大屏幕上的码")
    phone.go("pages/join/join")
    assert phone.find("input").input_value() == "ZZZZ99"


def test_the_code_on_the_screen_is_scanned(hall: Hall, open_phone: Opens) -> None:
    phone = open_phone("scanner", "pages/join/join")
    agree(phone)
    phone.tap("扫大屏幕上的二维码")
    phone.type("二维码的内容", f"linka:join:{hall.code}")
    phone.tap("用这段文字")
    phone.says("加入成功")


def test_wrong_pairs_are_refused_and_the_delay_is_told(open_phone: Opens) -> None:
    phone = open_phone(f"fresh-{OTHER}", "pages/bind/bind")
    agree(phone)
    phone.type("工号", OTHER)
    phone.type("邀请码", "WRONG1")
    for _ in range(3):
        phone.tap("确认绑定")
        phone.says("工号或邀请码不正确")
        phone.type("邀请码", "WRONG1")
    phone.tap("确认绑定")
    phone.says("尝试次数过多，请 1 分钟后再试。")
    phone.says("还要等")
    fits(phone)


def test_home_follows_a_contest_at_once(
    new_hall: Callable[..., Hall], phones: list[Phone], open_phone: Opens
) -> None:
    hall = new_hall(template="contest-short")
    contest = ContestHall(hall)
    hall.join(phones[0])
    phone = open_phone(phones[0].user)
    agree(phone)
    phone.says("等主持人开始")
    contest.show(1)
    phone.says("答题中")
    phone.tap("进入赛场")
    phone.is_on("pages/contest/contest")


def test_an_event_says_that_it_is_frozen_and_over(
    hall: Hall, phones: list[Phone], open_phone: Opens
) -> None:
    hall.play(phones[0])
    phone = open_phone(phones[0].user, "pages/event/event", event=hall.id)
    agree(phone)
    phone.says("现在可以挖")
    hall.host_does("freeze")
    phone.says("已封榜")
    hall.host_does("close")
    phone.says("看结果")


def test_who_was_removed_may_join_again(hall: Hall, phones: list[Phone], open_phone: Opens) -> None:
    player = hall.join(phones[1])[0]
    phone = open_phone(phones[1].user)
    agree(phone)
    phone.says("现在可以挖")
    path = f"/events/{hall.id}/players/{player['id']}"
    hall.host.ok("PUT", path, {"status": "kicked"})
    phone.leave()
    phone.come_back()
    phone.tap("再加入")
    phone.is_on("pages/home/home")
    phone.says("现在可以挖")


def test_events_are_listed_by_what_can_be_done(
    hall: Hall, new_hall: Callable[..., Hall], phones: list[Phone], open_phone: Opens
) -> None:
    hall.join(phones[2])
    over = new_hall(title="上周的活动")
    over.join(phones[2])
    over.host_does("close")
    new_hall(title="别人的活动")
    phone = open_phone(phones[2].user)
    agree(phone)
    phone.where.get_by_text("活动", exact=True).locator("visible=true").click()
    phone.is_on("pages/events/events")
    for words in ("我的活动", "可以加入", "别人的活动", "已结束", "上周的活动"):
        phone.says(words)
    fits(phone)
    phone.tap(hall.title)
    phone.is_on("pages/event/event")


def test_me_shows_who_i_am_and_what_is_mine(
    hall: Hall, phones: list[Phone], open_phone: Opens
) -> None:
    hall.play(phones[3])
    me = phones[3].ok("GET", "/me")["staff"]
    phone = open_phone(phones[3].user)
    agree(phone)
    phone.says("现在可以挖")
    phone.go("pages/me/me")
    phone.says(me["name"])
    phone.says("第 1 名")
    fits(phone)
    phone.tap("得分明细")
    phone.is_on("pages/receipts/receipts")


def test_hosts_find_the_remote_and_others_do_not(hall: Hall, open_phone: Opens) -> None:
    phone = open_phone(hall.host.user, "pages/event/event", event=hall.id)
    agree(phone)
    phone.says("主持遥控")
    phone.says("你还没有加入这个活动")


def test_the_text_size_is_seen_at_once(open_phone: Opens) -> None:
    phone = open_phone("long-sighted", "pages/settings/settings")
    phone.tap("同意并开始")
    phone.says("你在")
    phone.tap("特大")
    heading = phone.find(".preview .heading").first
    size = "node => parseFloat(getComputedStyle(node).fontSize)"
    large = heading.evaluate(size)
    phone.tap("标准")
    assert heading.evaluate(size) * 1.4 == pytest.approx(large, rel=0.01)
    phone.tap("特大")
    fits(phone)


def test_settings_send_nothing_without_consent(open_phone: Opens) -> None:
    phone = open_phone("careful", "pages/settings/settings")
    phone.says("现在什么都没有发送")
    assert phone.journal("request") == []


def test_signing_out_ends_every_token(hall: Hall, phones: list[Phone], open_phone: Opens) -> None:
    hall.join(phones[4])
    phone = open_phone(phones[4].user, "pages/settings/settings")
    phone.tap("同意并开始")
    phone.tap("退出所有设备")
    phone.tap("全部退出")
    phone.says("开始之前")
    with pytest.raises(Refused, match="signed_out"):
        phones[4].ok("GET", "/me")
    phones[4].log_in()


def test_erasing_takes_a_word_and_a_second_yes(open_phone: Opens) -> None:
    phone = open_phone("leaver", "pages/settings/settings")
    phone.tap("同意并开始")
    phone.tap("注销…")
    phone.type("输入注销两个字", "注销")
    fits(phone)
    phone.tap("注销我的资料")
    phone.says("真的要注销吗？")
    phone.tap("我再想想")
    assert [one for one in phone.journal("request") if "DELETE" in str(one)] == []
    phone.tap("注销我的资料")
    phone.where.get_by_role("dialog").get_by_role("button", name="注销").click()
    phone.says("开始之前")
