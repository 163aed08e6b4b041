"""The run page: one or two hosts run an evening with one button and the space bar."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import APIResponse, Route, expect

from tests.browser.console import DESKTOP, NARROW, SIZES, Console
from tests.browser.contest_hall import ContestHall
from tests.browser.hall import Hall
from tests.browser.screen import Screen
from tests.phones import Phone

Opens = Callable[..., Console]
# The visible buttons that a press would not reach, because another element covers them.
COVERED = """() => [...document.querySelectorAll("main button")].filter((button) => {
  const box = button.getBoundingClientRect();
  const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
  if (!box.width || y < 0 || y > innerHeight) return false;
  return !button.contains(document.elementFromPoint(x, y));
}).map((button) => button.textContent)"""


# The files that a page has loaded, with the bytes that the network has carried for each.
LOADED = """() => performance.getEntriesByType("resource")
  .filter((one) => /\\/(static|kinds)\\//.test(one.name))
  .map((one) => ({ address: one.name, bytes: one.transferSize }))"""


@pytest.fixture
def contest(new_hall: Callable[..., Hall]) -> ContestHall:
    """Return an open event with a contest of two questions, which has not begun."""
    made = ContestHall(new_hall(template="contest"))
    made.settle(questions=2)
    return made


def run_page(console: Console, hall: Hall) -> None:
    """Open the run page of an event."""
    console.open(f"/host/events/{hall.id}")


def next_is(console: Console, words: str) -> None:
    """Wait for the next step, until it can be pressed."""
    expect(console.page.locator("body:not([data-settling]) .btn-next")).to_have_text(words)


def test_second_visit_loads_no_file_again(
    new_console: Opens, host: Phone, contest: ContestHall
) -> None:
    console = new_console(DESKTOP)
    console.log_in(host)
    loads = []
    for _ in range(2):
        run_page(console, contest.hall)
        expect(console.page.frame_locator("#mini iframe").locator("body")).to_have_attribute(
            "data-stream", "live"
        )
        loads.append([found for frame in console.page.frames for found in frame.evaluate(LOADED)])
    first, second = loads
    assert len(first) > 60
    assert [one for one in first if "/v-" not in one["address"]] == []
    assert [one for one in second if one["bytes"]] == []
    console.is_sound()


@pytest.mark.parametrize("size", SIZES)
def test_host_plays_a_contest_with_one_button(
    new_console: Opens,
    host: Phone,
    contest: ContestHall,
    phones: list[Phone],
    size: tuple[int, int],
) -> None:
    contest.hall.join(*phones[:2])
    console = new_console(size)
    console.log_in(host)
    run_page(console, contest.hall)
    mini = console.page.locator("#mini iframe")
    # On a phone the small copy of the big screen is loaded only on request.
    expect(mini).to_be_visible(visible=size != NARROW)
    console.is_sound()
    for words in ("开始候场", "出第 1 题"):
        next_is(console, words)
        console.page.locator(".btn-next").click()
    next_is(console, "揭晓答案")
    console.is_sound()
    console.page.locator(".btn-next").click()
    console.agree()
    next_is(console, "看排行")
    expect(console.part("screen-now")).to_have_text("现场竞赛 · 揭晓")
    expect(console.part("last-lines")).to_contain_text(host_name(host))


def test_a_step_that_begins_something_is_not_red(console: Console, host: Phone) -> None:
    event = host.ok("POST", "/events", {"template": "hunt", "opens_at": "2099-05-01T12:00:00.000Z"})
    console.open(f"/host/events/{event['id']}")
    next_is(console, "预约开始")
    yes, at_once = (
        console.dialog.locator("#ask-yes"),
        console.page.get_by_role("button", name="开始活动"),
    )
    expect(at_once).to_have_class("btn btn-outline-secondary")
    at_once.click()
    expect(yes).to_have_class("btn btn-primary")
    console.agree()
    end = console.page.get_by_role("button", name="结束活动")
    expect(end).to_have_class("btn btn-outline-danger")
    end.click()
    expect(yes).to_have_class("btn btn-danger")


def host_name(host: Phone) -> str:
    """Return the name of a host."""
    return str(host.ok("GET", "/me")["staff"]["name"])


def test_next_step_can_be_pressed_while_the_answer_to_the_last_one_is_late(
    console: Console, contest: ContestHall
) -> None:
    run_page(console, contest.hall)
    late: list[tuple[Route, APIResponse]] = []
    console.page.route("**/actions", lambda route: late.append((route, route.fetch())))
    for words in ("开始候场", "出第 1 题"):
        next_is(console, words)
        with console.page.expect_request("**/actions"):
            console.page.locator(".btn-next").click()
    next_is(console, "揭晓答案")
    for route, answer in late:
        route.fulfill(response=answer)
    console.page.unroute("**/actions")


def test_what_was_agreed_to_is_done_and_not_the_step_that_came_meanwhile(
    console: Console, contest: ContestHall, phones: list[Phone]
) -> None:
    contest.hall.join(*phones[:2])
    contest.show(1)
    run_page(console, contest.hall)
    next_is(console, "揭晓答案")
    console.page.locator(".btn-next").click()
    expect(console.dialog).to_be_visible()
    contest.act("reveal", 1)
    expect(console.page.locator(".btn-next")).to_have_text("看排行")
    with console.page.expect_response("**/actions") as answered:
        console.agree()
    assert answered.value.request.post_data_json["action"] == "reveal"
    next_is(console, "看排行")


def test_space_is_the_next_step_but_not_while_typing(
    console: Console, contest: ContestHall
) -> None:
    run_page(console, contest.hall)
    next_is(console, "开始候场")
    console.page.keyboard.press("Space")
    next_is(console, "出第 1 题")
    # A focused button is pressed itself.
    console.page.get_by_role("button", name="榜单", exact=True).focus()
    console.page.keyboard.press("Space")
    console.says("大屏由你指定")
    next_is(console, "出第 1 题")
    # The focus stays near a button that is gone, also when the fragment is loaded once more.
    page = console.page
    page.get_by_role("button", name="暂停", exact=True).focus()
    page.keyboard.press("Enter")
    next_is(console, "继续")
    contest.hall.host_does("resume")
    next_is(console, "出第 1 题")
    expect(page.locator("main :focus")).to_have_count(1)


def test_host_chooses_what_the_screen_shows(
    console: Console, screen: Screen, contest: ContestHall
) -> None:
    contest.act("begin")
    screen.open(contest.hall)
    expect(screen.part("scene")).to_be_visible()
    run_page(console, contest.hall)
    mini = console.page.frame_locator("#mini iframe")
    expect(mini.get_by_test_id("scene")).to_be_visible()
    # A page of the event has the same name.
    console.page.get_by_role("button", name="榜单", exact=True).click()
    expect(screen.part("scene")).to_be_hidden()
    expect(mini.get_by_test_id("scene")).to_be_hidden()
    expect(console.part("screen-now")).to_have_text("榜单")
    console.press("自动")
    expect(screen.part("scene")).to_be_visible()
    expect(console.part("screen-now")).to_have_text("现场竞赛 · 等待开始")


def test_second_host_takes_over_and_both_see_the_same(
    new_console: Opens, console: Console, host: Phone, contest: ContestHall
) -> None:
    run_page(console, contest.hall)
    other = new_console()
    other.log_in(host)
    run_page(other, contest.hall)
    next_is(console, "开始候场")
    next_is(other, "开始候场")
    other.page.locator(".btn-next").click()
    next_is(console, "出第 1 题")
    console.page.locator(".btn-next").click()
    next_is(other, "揭晓答案")


def end_of(hall: Hall) -> Any:
    """Return the planned end of an event."""
    return hall.host.ok("GET", f"/events/{hall.id}/setup")["closes_at"]


@pytest.mark.parametrize("size", SIZES)
def test_host_puts_the_end_off(
    new_console: Opens, host: Phone, new_hall: Callable[..., Hall], size: tuple[int, int]
) -> None:
    hall = new_hall(closes_at="2099-05-01T12:00:00.000Z")
    console = new_console(size)
    console.log_in(host)
    run_page(console, hall)
    before = console.part("end-at").inner_text()
    console.press("+10 分钟")
    expect(console.part("end-at")).not_to_have_text(before)
    assert end_of(hall) == "2099-05-01T12:10:00.000Z"
    console.press("+30 分钟")
    console.says("结束时间往后推了 30 分钟")
    assert console.evaluate(COVERED) == []
    assert end_of(hall) == "2099-05-01T12:40:00.000Z"
    console.is_sound()


def test_host_sets_an_end_where_there_was_none(console: Console, hall: Hall) -> None:
    run_page(console, hall)
    expect(console.part("end-at")).to_have_text("没有定结束时间，由主持人结束。")
    field = console.page.get_by_label("计划结束时间")
    field.fill("2020-01-01T12:00")
    console.press("改结束时间")
    expect(field).to_have_attribute("aria-invalid", "true")
    assert end_of(hall) is None
    end = datetime.now() + timedelta(hours=2)
    field.fill(f"{end:%Y-%m-%dT%H:%M}")
    console.press("改结束时间")
    expect(console.part("end-at")).to_contain_text("自动结束")
    assert end_of(hall) is not None


def test_reveal_goes_step_by_step_from_the_run_page(
    console: Console, screen: Screen, hall: Hall, phones: list[Phone]
) -> None:
    hall.play(*phones[:2])
    screen.open(hall)
    run_page(console, hall)
    console.press("封榜")
    expect(screen.part("freeze-badge")).to_have_text("封榜")
    console.says("❄ 封榜中")
    for words in ("开始揭榜", "揭晓第 2 名", "揭晓冠军，公布全榜"):
        next_is(console, words)
        console.page.locator(".btn-next").click()
    expect(screen.part("freeze-badge")).to_be_hidden()
