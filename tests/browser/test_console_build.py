"""Making an event and building it in the console, at desktop and phone width."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.console import DESKTOP, SIZES, Console
from tests.phones import Phone

Opens = Callable[..., Console]
# The largest number of clicks in which a new host prepares an event of three activities.
MOST_CLICKS = 40


def entered(new_console: Opens, host: Phone, size: tuple[int, int] = DESKTOP) -> Console:
    """Return a browser in which a host is logged in."""
    console = new_console(size)
    console.log_in(host)
    return console


def setup(console: Console, host: Phone) -> Any:
    """Return what is set up in the event whose page is shown."""
    found = re.search(r"/events/(\d+)/build", console.page.url)
    assert found
    return host.ok("GET", f"/events/{found[1]}/setup")


def kind(console: Console, title: str) -> Locator:
    """Return the part of the page about the activity of this title."""
    parts = console.part("activities").locator(":scope > li")
    return parts.filter(has=console.page.get_by_role("heading", name=re.compile(title)))


def starting(words: str) -> re.Pattern[str]:
    """Match a label that starts with these words and continues with a unit and a hint."""
    return re.compile(rf"^\s*{words}")


class Counted:
    """Counts the clicks of a person: each press, tick and field counts as one."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.clicks = 0

    def press(self, words: str) -> None:
        """Press a button or follow a link."""
        self.clicks += 1
        self.console.press(words)

    def tick(self, words: str) -> None:
        """Tick a box."""
        self.clicks += 1
        self.console.page.get_by_label(words, exact=True).check()

    def write(self, field: Locator, value: str) -> None:
        """Click into a field and write."""
        self.clicks += 1
        field.fill(value)

    def open(self, part: Locator) -> None:
        """Open a folded part."""
        self.clicks += 1
        part.click()


@pytest.mark.parametrize("size", SIZES)
def test_first_time_host_prepares_three_activities(
    new_console: Opens, host: Phone, size: tuple[int, int]
) -> None:
    console = entered(new_console, host, size)
    console.open("/host/")
    hand = Counted(console)
    hand.press("新建活动")
    console.is_sound()
    page = console.page
    hand.write(page.get_by_label("活动名称", exact=True), "中秋之夜")
    hand.write(page.get_by_label("开始时间", exact=True), "2099-09-30T19:00")
    for title in ("“美多”大淘金", "现场竞赛", "抽奖"):
        hand.tick(title)
    hand.press("建好，去调整")
    page.wait_for_url(re.compile(r"/host/events/\d+/build"))
    console.is_sound()

    contest = kind(console, "现场竞赛")
    hand.open(contest.get_by_text("改设置", exact=True))
    hand.write(contest.get_by_label(starting("题数")), "8")
    hand.press("保存“现场竞赛”")
    console.says("“现场竞赛”已保存")

    raffle = kind(console, "抽奖")
    hand.open(raffle.get_by_text("改设置", exact=True))
    for place, (title, stock) in enumerate([("保温杯", "10"), ("蓝牙耳机", "2")]):
        hand.open(raffle.get_by_role("button", name=re.compile("加一项奖品")))
        row = raffle.locator("ol [data-row]").nth(place)
        hand.write(row.get_by_label("奖品", exact=True), title)
        hand.write(row.get_by_label(starting("数量")), stock)
    hand.press("保存“抽奖”")
    console.says("“抽奖”已保存")
    console.is_sound()

    found = setup(console, host)
    assert found["title"] == "中秋之夜"
    settings = {one["kind"]: one["settings"] for one in found["activities"]}
    assert settings["contest"]["questions"] == 8
    prizes = [(prize["title"], prize["stock"]) for prize in settings["raffle"]["prizes"]]
    assert prizes == [("保温杯", 10), ("蓝牙耳机", 2)]
    print(f"\nclicks to prepare an event of three activities: {hand.clicks}")  # noqa: T201
    assert hand.clicks <= MOST_CLICKS


@pytest.mark.parametrize("size", SIZES)
def test_every_kind_is_built_and_saved_unchanged(
    new_console: Opens, host: Phone, size: tuple[int, int]
) -> None:
    event = host.ok("POST", "/events", {"template": "evening"})
    before = host.ok("GET", f"/events/{event['id']}/setup")
    console = entered(new_console, host, size)
    console.open(f"/host/events/{event['id']}/build")
    for one in before["activities"]:
        part = console.page.locator(f"#activity-{one['id']}")
        # Quotation marks inside quotation marks are single ones.
        title = one["title"].replace("“", "‘").replace("”", "’")
        part.get_by_text("改设置", exact=True).click()
        console.is_sound()
        part.get_by_role("button", name=f"保存“{title}”").click()
        console.says(f"“{title}”已保存")
    after = host.ok("GET", f"/events/{event['id']}/setup")
    assert after["activities"] == before["activities"]


def test_second_form_keeps_what_is_typed_when_the_first_is_saved(
    new_console: Opens, host: Phone
) -> None:
    event = host.ok("POST", "/events", {"template": "anniversary"})
    console = entered(new_console, host)
    console.open(f"/host/events/{event['id']}/build")
    raffle = kind(console, "周年抽奖")
    raffle.get_by_text("改设置", exact=True).click()
    rows = raffle.locator("ol [data-row]")
    there = rows.count()
    raffle.get_by_role("button", name=re.compile("加一项奖品")).click()
    rows.nth(there).get_by_label("奖品", exact=True).fill("保温杯")
    console.part("basics").get_by_label("活动名称").fill("周年庆")
    with console.page.expect_response(re.compile("/build/parts")):
        console.press("保存活动信息")
    rows.nth(there).get_by_label(starting("数量")).fill("3")
    console.press("保存“周年抽奖”")
    console.says("“周年抽奖”已保存")
    [raffle_setup] = [one for one in setup(console, host)["activities"] if one["kind"] == "raffle"]
    assert raffle_setup["settings"]["prizes"][-1]["title"] == "保温杯"


def test_preview_follows_what_is_typed(new_console: Opens, host: Phone) -> None:
    event = host.ok("POST", "/events", {"template": "contest"})
    console = entered(new_console, host)
    console.open(f"/host/events/{event['id']}/build")
    contest = kind(console, "现场竞赛")
    contest.get_by_text("改设置", exact=True).click()
    earnings = contest.locator("[data-earnings]")
    expect(earnings).to_contain_text("10 题答对 7 题")
    contest.get_by_label(starting("题数")).fill("20")
    expect(earnings).to_contain_text("20 题答对 14 题")
    contest.get_by_label(starting("题数")).fill("200")
    expect(earnings).to_contain_text("题数：须不小于 1 且不大于 100。")


def test_wrong_setting_is_marked_at_its_field(new_console: Opens, host: Phone) -> None:
    event = host.ok("POST", "/events", {"template": "shake"})
    console = entered(new_console, host)
    console.open(f"/host/events/{event['id']}/build")
    shake = kind(console, "摇一摇")
    shake.get_by_text("改设置", exact=True).click()
    field = shake.get_by_label(starting("各名次得分"))
    field.fill("5，50")
    shake.get_by_role("button", name="保存“摇一摇”").click()
    expect(field).to_have_attribute("aria-invalid", "true")
    console.says("名次靠前的得分不能更少。")


def test_activities_are_moved_added_and_removed(new_console: Opens, host: Phone) -> None:
    event = host.ok("POST", "/events", {"template": "anniversary"})
    console = entered(new_console, host)
    console.open(f"/host/events/{event['id']}/build")
    headings = console.part("activities").get_by_role("heading", level=3)
    page = console.page
    page.get_by_role("button", name="往前移“周年抽奖”").press("Enter")
    expect(headings).to_contain_text(["周年庆投票", "周年抽奖", "回复有效关键词"])
    expect(page.get_by_role("button", name="往前移“周年抽奖”")).to_be_focused()
    console.press("＋ 摇一摇")
    expect(headings).to_contain_text(["周年庆投票", "周年抽奖", "回复有效关键词", "摇一摇"])
    remove = page.get_by_role("button", name="移除 “回复有效关键词”")
    remove.press("Enter")
    expect(console.dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(console.dialog).to_be_hidden()
    expect(remove).to_be_focused()
    remove.press("Enter")
    console.agree()
    expect(headings).to_contain_text(["周年庆投票", "周年抽奖", "摇一摇"])
    # Who uses the keyboard goes on beside what is gone.
    expect(page.locator("#build li:focus")).to_contain_text("摇一摇")


def test_missing_questions_are_said_until_another_bank_is_chosen(
    new_console: Opens, host: Phone
) -> None:
    facts = {"kind": "contest", "title": "抢答", "settings": {"banks": ["gone"]}}
    event = host.ok("POST", "/events", {"activities": [facts]})
    console = entered(new_console, host)
    console.open(f"/host/events/{event['id']}/build")
    expect(console.part("problems")).to_contain_text("没有题库“gone”。")
    console.is_sound()
    contest = kind(console, "抢答")
    contest.get_by_label("gone（没有了）").uncheck()
    contest.get_by_label(starting("客服业务题库")).check()
    contest.get_by_role("button", name="保存“抢答”").click()
    expect(console.part("problems")).to_have_count(0)
    expect(console.part("fine")).to_be_visible()


def test_change_of_another_host_is_not_overwritten(new_console: Opens, host: Phone) -> None:
    event = host.ok("POST", "/events", {"template": "hunt"})
    console = entered(new_console, host)
    console.open(f"/host/events/{event['id']}/build")
    console.part("basics").get_by_label("活动名称").fill("我的名字")
    host.ok("PUT", f"/events/{event['id']}", {"version": event["version"], "title": "别人的名字"})
    console.says("别的主持人刚刚改过这个活动。")
    name = host.ok("GET", "/me")["staff"]["name"]
    expect(console.part("last-lines").get_by_role("listitem").first).to_contain_text(name)
    console.press("保存活动信息")
    console.says(re.compile("请先看最新的内容"))
    assert host.ok("GET", f"/events/{event['id']}/setup")["title"] == "别人的名字"
    console.press("看最新的")
    expect(console.part("basics").get_by_label("活动名称")).to_have_value("别人的名字")


def test_event_is_made_from_a_template_and_from_an_earlier_one(
    new_console: Opens, host: Phone
) -> None:
    console = entered(new_console, host)
    console.open("/host/events/new")
    console.press("用这个模板 “周年庆典”")
    console.page.wait_for_url(re.compile(r"/host/events/\d+/build"))
    first = setup(console, host)
    host.ok("PUT", f"/events/{first['id']}", {"version": 1, "title": "去年的周年庆"})
    console.open("/host/events/new")
    console.press("再办一次 “去年的周年庆”")
    console.page.wait_for_url(re.compile(rf"/host/events/(?!{first['id']}/)\d+/build"))
    second = setup(console, host)
    kinds = [[one["kind"] for one in found["activities"]] for found in (first, second)]
    assert kinds[0] == kinds[1]


def test_times_are_shown_and_saved_in_local_time(new_console: Opens, host: Phone) -> None:
    event = host.ok("POST", "/events", {"template": "hunt", "opens_at": "2099-05-01T11:00:00.000Z"})
    console = entered(new_console, host)
    console.open(f"/host/events/{event['id']}/build")
    console.part("basics").get_by_label("活动名称").fill("五一")
    console.press("保存活动信息")
    console.says("活动信息已保存")
    found = setup(console, host)
    assert (found["title"], found["opens_at"]) == ("五一", "2099-05-01T11:00:00.000Z")
