"""投票 on the phone: the list, a ballot of each kind, its receipt, its change, and the results."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.hall import Hall
from tests.browser.phone import Handset
from tests.browser.poll_hall import PollHall
from tests.phones import Phone

Phones = list[Phone]
OpenPoll = Callable[..., Handset]
LONG = "高原客户服务中心夜间综合业务支撑与投诉升级处理专席《我和我的祖国》无伴奏合唱版"


@pytest.fixture
def polls(new_hall: Callable[..., Hall]) -> PollHall:
    """Return an open event in which no poll is on."""
    return PollHall(new_hall(template="anniversary"))


@pytest.fixture
def open_list(polls: PollHall, open_phone: Callable[..., Handset]) -> OpenPoll:
    """Return what opens the list of polls on the phone of somebody who has joined."""

    def make(phone: Phone, size: tuple[int, int] = (375, 812)) -> Handset:
        polls.hall.join(phone)
        facts = {"event": polls.hall.id, "activity": polls.activity_id}
        opened = open_phone(phone.user, "pages/polls/polls", size=size, **facts)
        opened.tap("同意并开始")
        return opened

    return make


@pytest.fixture
def open_poll(open_list: OpenPoll) -> OpenPoll:
    """Return what opens the poll that is on, by the list."""

    def make(phone: Phone, size: tuple[int, int] = (375, 812)) -> Handset:
        opened = open_list(phone, size)
        opened.tap("去投票")
        opened.is_on("pages/ballot/ballot")
        return opened

    return make


def choose(phone: Handset, *titles: str) -> None:
    """Tap entries."""
    for title in titles:
        phone.find(".pick", has_text=title).click()


def test_a_poll_appears_in_the_list_and_is_voted_in(
    polls: PollHall, open_list: OpenPoll, phones: Phones
) -> None:
    phone = open_list(phones[0])
    phone.says("还没有投票")
    polls.open("格桑花开", "洗衣歌", method="single")
    phone.says("还没投")
    phone.tap("去投票")
    phone.says("本次投票为实名投票")
    choose(phone, "洗衣歌")
    phone.tap("投这一票")
    phone.says("我的票，已算数")
    expect(phone.find(".mine")).to_contain_text("2 号 洗衣歌")
    phone.says("结果等主持人公布，现在谁也看不到。")
    polls.act("show", display="bars")
    phone.says("100%")
    phone.back()
    phone.says("已投")
    phone.has_no_errors()


def test_the_home_page_says_whether_one_may_vote(
    polls: PollHall, open_phone: Callable[..., Handset], phones: Phones
) -> None:
    polls.hall.join(phones[0])
    phone = open_phone(phones[0].user, "pages/event/event", event=polls.hall.id)
    phone.tap("同意并开始")
    card = phone.find(".game", has_text="周年庆投票")
    expect(card).to_contain_text("还没开始投票")
    polls.open("格桑花开", "洗衣歌", method="single")
    expect(card).to_contain_text("正在投票")
    polls.act("dismiss")
    expect(card.locator(".open")).to_have_text("正在投票")
    polls.act("close")
    expect(card).to_contain_text("已截止")


def test_several_are_chosen_up_to_the_limit(
    polls: PollHall, open_poll: OpenPoll, phones: Phones
) -> None:
    polls.open("格桑花开", "洗衣歌", "北京的金山上", method="multiple", most_choices=2)
    phone = open_poll(phones[0])
    choose(phone, "格桑花开", "洗衣歌", "北京的金山上")
    phone.says("最多选 2 个，先取消一个再选。")
    choose(phone, "格桑花开", "北京的金山上")
    phone.tap("投票（选了 2 个）")
    expect(phone.find(".mine")).to_contain_text("洗衣歌")
    expect(phone.find(".mine")).to_contain_text("北京的金山上")
    expect(phone.find(".mine")).not_to_contain_text("格桑花开")
    phone.has_no_errors()


def test_a_ranking_is_in_the_order_of_the_taps_and_can_be_moved(
    polls: PollHall, open_poll: OpenPoll, phones: Phones
) -> None:
    polls.open("拉鲁湿地", "纳木错", "宗角禄康公园", method="ranked")
    phone = open_poll(phones[0])
    choose(phone, "纳木错", "拉鲁湿地")
    phone.tap("1 号 拉鲁湿地 上移")
    phone.tap("投票（选了 2 个）")
    phone.says("1. 1 号 拉鲁湿地")
    phone.says("2. 2 号 纳木错")
    phone.has_no_errors()


def test_an_anonymous_ballot_is_found_again_by_its_receipt_and_changed(
    polls: PollHall, open_poll: OpenPoll, phones: Phones
) -> None:
    polls.open("格桑花开", "洗衣歌", method="single", anonymous=True, changes_allowed=True)
    phone = open_poll(phones[0])
    phone.says("本次投票为匿名投票")
    choose(phone, "格桑花开")
    phone.tap("投这一票")
    phone.says("我的票，已算数")
    phone.says("回执")
    phone.go(phone.path, **polls.query)
    expect(phone.find(".mine")).to_contain_text("格桑花开")
    phone.tap("改票")
    choose(phone, "洗衣歌")
    phone.tap("改成这样")
    expect(phone.find(".mine")).to_contain_text("洗衣歌")
    expect(phone.find(".mine")).to_have_count(1)
    expect(phone.find(".valid")).to_have_text("1")
    phone.has_no_errors()


def test_a_ballot_without_a_network_waits_and_counts_once(
    polls: PollHall, open_poll: OpenPoll, phones: Phones
) -> None:
    polls.open("格桑花开", "洗衣歌", method="single")
    phone = open_poll(phones[0])
    choose(phone, "格桑花开")
    phone.network("off")
    phone.tap("投这一票")
    phone.says("有网络会自动送出")
    phone.network("good")
    phone.says("我的票，已算数")
    expect(phone.find(".valid")).to_have_text("1")
    phone.has_no_errors()


def test_a_doubled_request_counts_once(
    polls: PollHall, open_poll: OpenPoll, phones: Phones
) -> None:
    polls.open("格桑花开", "洗衣歌", method="single")
    phone = open_poll(phones[0])
    phone.network("doubled")
    choose(phone, "格桑花开")
    phone.tap("投这一票")
    phone.says("我的票，已算数")
    phone.says("员工 1")
    phone.has_no_errors()


def test_the_code_of_the_hall_is_asked_for_and_a_wrong_one_keeps_the_choice(
    polls: PollHall, open_poll: OpenPoll, phones: Phones
) -> None:
    polls.open("格桑花开", "洗衣歌", method="single", hall_code=True)
    phone = open_poll(phones[0])
    choose(phone, "洗衣歌")
    phone.says("输入大屏幕上的现场码")
    code = str(polls.hall.host.ok("GET", polls.path)["current_hall_code"]["code"])
    phone.type("大屏幕上的六位现场码", "000000" if code != "000000" else "111111")
    phone.tap("投这一票")
    phone.says("现场码不对")
    phone.type("大屏幕上的六位现场码", code)
    phone.tap("投这一票")
    expect(phone.find(".mine")).to_contain_text("洗衣歌")
    phone.has_no_errors()


def test_what_is_chosen_outlives_the_page(
    polls: PollHall, open_poll: OpenPoll, phones: Phones
) -> None:
    polls.open("格桑花开", "洗衣歌", method="single")
    phone = open_poll(phones[0])
    choose(phone, "洗衣歌")
    phone.go(phone.path, **polls.query)
    expect(phone.find(".entry.chosen")).to_contain_text("洗衣歌")


def test_who_has_not_voted_is_reminded(
    polls: PollHall, open_list: OpenPoll, phones: Phones
) -> None:
    phone = open_list(phones[0])
    phone.says("还没有投票")
    polls.open("格桑花开", "洗衣歌", method="single")
    phone.says("还没投")
    assert polls.hall.host.ok("POST", f"{polls.path}/reminders")["reminded"] == 1
    phone.says("主持人提醒：《班组合唱比赛》还没投票。")
    phone.has_no_errors()


def test_a_guest_is_shown_the_way_in_where_staff_alone_may_vote(
    polls: PollHall, open_list: OpenPoll
) -> None:
    guest = Phone(polls.hall.installation, "guest-of-polls")
    guest.log_in()
    polls.open("格桑花开", "洗衣歌", method="single")
    phone = open_list(guest)
    phone.says("仅限员工")
    phone.tap("看看")
    phone.says("这次只有员工能投")
    phone.tap("绑定工号")
    phone.is_on("pages/bind/bind")


def test_results_show_places_and_winners(
    polls: PollHall, open_list: OpenPoll, phones: Phones
) -> None:
    polls.hall.join(*phones[1:4])
    polls.open("格桑花开", "洗衣歌", method="single")
    for other, choice in zip(phones[1:4], [1, 1, 0], strict=True):
        polls.vote(other, choice)
    polls.act("close")
    polls.act("show", display="bars")
    phone = open_list(phones[0])
    phone.says("结果已公布")
    phone.tap("班组合唱比赛")
    phone.says("胜出")
    rows = phone.find(".result")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text(re.compile("2 号 洗衣歌.*2 票.*66.7%", re.DOTALL))
    phone.has_no_errors()


@pytest.mark.parametrize("width", [375, 320])
def test_long_titles_fit(polls: PollHall, open_list: OpenPoll, phones: Phones, width: int) -> None:
    titles = [f"{LONG}{at}" for at in range(9)]
    polls.open(*titles, "W" * 100, title=LONG, method="ranked", hall_code=True)
    phone = open_list(phones[0], (width, 640))
    phone.large_text()
    phone.says("还没投")
    assert phone.misfits() == []
    phone.tap("去投票")
    choose(phone, f"{LONG}3", "W" * 100)
    phone.says("输入大屏幕上的现场码")
    assert phone.misfits() == []
    polls.act("show", display="bars")
    expect(phone.find(".result")).to_have_count(10)
    assert phone.misfits() == []
    phone.has_no_errors()
