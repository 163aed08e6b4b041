"""People, boards, corrections, the moderation queue, the audit and downloads, as a host uses them."""

import io
import re
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import APIResponse, Page, Route, expect

from tests.browser.console import DESKTOP, NARROW, SIZES, Console
from tests.browser.hall import Hall
from tests.browser.screen import Screen
from tests.phones import Phone
from tests.support import picture_bytes

Opens = Callable[..., Console]
PAGES = ("people", "boards", "corrections", "queue", "audit", "downloads")


class Desk:
    """A console at the pages of an evening."""

    def __init__(self, console: Console, hall: Hall, size: tuple[int, int] = DESKTOP) -> None:
        self.console = console
        self.hall = hall
        console.page.set_viewport_size({"width": size[0], "height": size[1]})

    def open(self, page: str) -> None:
        """Open a page of the event."""
        self.console.open(f"/host/events/{self.hall.id}/{page}")

    def person(self, phone: Phone) -> dict[str, Any]:
        """Return a phone's player."""
        found: dict[str, Any] = phone.ok("GET", f"/events/{self.hall.id}/me")["player"]
        return found


@pytest.fixture(params=SIZES, ids=["desktop", "narrow"])
def desk(request: pytest.FixtureRequest, console: Console, hall: Hall) -> Desk:
    """Return a console at both sizes."""
    return Desk(console, hall, request.param)


@pytest.fixture
def wide(console: Console, hall: Hall) -> Desk:
    """Return a console on a desktop."""
    return Desk(console, hall)


@pytest.mark.parametrize("page", PAGES)
def test_page_without_anybody_is_sound(desk: Desk, page: str) -> None:
    desk.open(page)
    desk.console.is_sound()


@pytest.mark.parametrize("page", PAGES)
def test_page_with_hard_names_is_sound(
    desk: Desk, page: str, hard_phones: list[Phone], phones: list[Phone]
) -> None:
    desk.hall.play(*hard_phones, *phones[:2])
    desk.hall.host_does("freeze")
    desk.open(page)
    desk.console.is_sound()


def test_a_person_is_found_kicked_and_back(desk: Desk, phones: list[Phone]) -> None:
    desk.hall.join(*phones[:3])
    name, number = desk.person(phones[0])["name"], desk.person(phones[0])["staff_number"]
    desk.open("people")
    people = desk.console.part("people")
    expect(people.get_by_role("listitem")).to_have_count(3)
    desk.console.fill("姓名或工号", number)
    expect(people.get_by_role("listitem")).to_have_count(1)
    desk.console.press("移出")
    desk.console.agree()
    expect(people).to_contain_text("已移出")
    desk.console.press("撤销移出")
    expect(people).not_to_contain_text("已移出")
    expect(people).to_contain_text(name)


def test_a_list_that_comes_late_does_not_replace_the_one_that_was_searched_for(
    desk: Desk, phones: list[Phone]
) -> None:
    desk.hall.join(*phones[:2])
    number = desk.person(phones[0])["staff_number"]
    page, people = desk.console.page, desk.console.part("people")
    late: list[tuple[Route, APIResponse]] = []
    page.route("**/people/list?**", lambda route: late.append((route, route.fetch())), times=1)
    with page.expect_request("**/people/list?**"):
        desk.open("people")
        desk.hall.join(phones[2])
    desk.console.fill("姓名或工号", number)
    expect(people.get_by_role("listitem")).to_have_count(1)
    [(route, answer)] = late
    with page.expect_response(f"**/people/list?q={number}*"):
        route.fulfill(response=answer)
    expect(people.get_by_role("listitem")).to_have_count(1)


def test_points_are_given_once_and_taken_back(desk: Desk, phones: list[Phone]) -> None:
    desk.hall.join(phones[0])
    desk.open(f"people/{desk.person(phones[0])['id']}")
    desk.console.is_sound()
    desk.console.fill("分数（负数为减分）", "15")
    desk.console.fill("原因（本人能看到）", "帮忙布置会场")
    desk.console.page.get_by_role("button", name="记入分数").dblclick()
    expect(desk.console.part("points")).to_have_text("15")
    expect(desk.console.part("receipt")).to_contain_text("帮忙布置会场")
    desk.console.part("receipt").get_by_role("button", name="撤销").click()
    desk.console.agree()
    expect(desk.console.part("points")).to_have_text("0")
    expect(desk.console.part("receipt")).to_contain_text("已撤回")
    desk.console.is_sound()


def test_a_banned_person_comes_back_when_the_ban_is_taken_back(
    wide: Desk, phones: list[Phone]
) -> None:
    wide.hall.join(phones[0])
    wide.open(f"people/{wide.person(phones[0])['id']}")
    wide.console.fill("原因（只记在操作记录里）", "冒用工号")
    wide.console.press("禁止参加")
    wide.console.agree()
    wide.console.press("撤销禁止")
    expect(wide.console.part("person")).not_to_contain_text("已禁止")
    wide.open("audit")
    expect(wide.console.part("lines")).to_contain_text("原因：冒用工号")


def test_freeze_is_overlooked_by_nobody_and_both_orders_are_there(
    desk: Desk, phones: list[Phone]
) -> None:
    desk.hall.play(*phones[:3])
    desk.open("boards")
    desk.console.press("封榜")
    desk.console.agree()
    expect(desk.console.part("freeze")).to_contain_text("封榜中")
    leader = desk.hall.rows()[0]["id"]
    desk.hall.overtake(next(one for one in phones[:3] if desk.hall.seat(one) != leader))
    expect(desk.console.part("orders")).to_contain_text("现在第 1 名")
    desk.console.is_sound()
    desk.console.press("开始揭榜")
    desk.console.agree()
    expect(desk.console.part("freeze")).to_contain_text("已揭到第 1 /")
    expect(desk.console.part("orders")).to_contain_text("待揭晓")


def test_correction_is_previewed_and_then_done(desk: Desk, phones: list[Phone]) -> None:
    desk.hall.play(phones[0])
    desk.open("corrections")
    desk.console.part("asked").get_by_role("link").first.click()
    expect(desk.console.page.get_by_label("原因（大家在得分明细里看到）")).to_be_visible()
    desk.console.is_sound()
    desk.console.fill("原因（大家在得分明细里看到）", "题目有误")
    page, yes = desk.console.page, desk.console.dialog.locator("#ask-yes")
    _hold(page, "**/preview?*")
    desk.console.press("看看会改变什么")
    expect(desk.console.dialog.get_by_text("正在计算会有什么变化")).to_be_visible()
    expect(page.locator("#ask-preview")).to_have_attribute("aria-busy", "true")
    expect(yes).to_be_disabled()
    page.keyboard.press("Escape")
    expect(desk.console.dialog).to_be_hidden()
    expect(page.get_by_role("button", name="看看会改变什么")).to_be_focused()
    page.unroute("**/preview?*")
    desk.console.press("看看会改变什么")
    expect(desk.console.part("preview")).to_contain_text("1 人的分数改变")
    expect(page.locator("#ask-preview")).to_have_attribute("aria-busy", "false")
    yes.focus()
    page.keyboard.press("Tab")
    expect(desk.console.dialog.get_by_role("button", name="关闭")).to_be_focused()
    points = desk.hall.rows()[0]["points"]
    assert points > 0
    desk.console.is_sound()
    desk.console.agree()
    desk.console.is_on(f"/host/events/{desk.hall.id}/corrections")
    expect(desk.console.part("asked")).to_contain_text("已作废")
    assert desk.hall.rows()[0]["points"] == 0


def test_a_picture_is_looked_at_approved_and_taken_down(desk: Desk, phones: list[Phone]) -> None:
    desk.hall.join(phones[0])
    desk.hall.upload(phones[0], picture_bytes())
    desk.open("queue")
    queue = desk.console.part("queue")
    shown = queue.get_by_role("img")
    expect(shown).to_be_visible()
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    desk.console.is_sound()
    desk.console.press("通过")
    expect(queue).to_contain_text("没有要审核的内容")
    desk.console.press("已通过")
    queue.get_by_text("撤下", exact=True).click()
    desk.console.fill("原因（作者能看到）", "看不清")
    desk.console.press("确定不通过")
    expect(queue).to_contain_text("这里还没有内容")


def test_what_is_approved_is_pinned_and_fills_the_screen(
    wide: Desk, screen: Screen, phones: list[Phone]
) -> None:
    wide.hall.play(phones[0])
    wide.hall.upload(phones[0], picture_bytes())
    screen.open(wide.hall)
    wide.open("queue")
    wide.console.press("通过")
    wide.open("queue?status=approved")
    wide.console.press("置顶到大屏")
    expect(screen.part("wall").get_by_role("img")).to_be_visible()
    wide.console.press("大屏全屏")
    shown = screen.part("exhibit").get_by_role("img")
    expect(shown).to_be_visible()
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    assert screen.misfits() == []
    wide.console.press("收起全屏")
    expect(screen.part("exhibit")).to_be_hidden()
    wide.console.press("取消置顶")
    expect(screen.part("wall")).to_be_hidden()


def test_files_are_downloaded_in_one_click(wide: Desk, phones: list[Phone]) -> None:
    wide.hall.play(phones[0])
    wide.open("downloads")
    page = wide.console.page
    held = _hold(page, "**/*.xlsx")
    for title, sheet in (("最终排名", "个人总榜"), ("积分明细", "积分明细")):
        link = page.get_by_role("link", name=f"下载{title}")
        with page.expect_download() as started:
            link.click()
            expect(link).to_have_attribute("aria-busy", "true")
            expect(page.locator("#working")).to_have_text("正在准备文件…")
            held.pop().continue_()
        assert started.value.suggested_filename.endswith(f" {title}.xlsx")
        expect(page.locator("#working")).to_have_text("")
        book = openpyxl.load_workbook(io.BytesIO(started.value.path().read_bytes()))
        assert book[sheet].max_row == 2
    page.get_by_role("link", name="下载操作记录").click()
    expect(page.locator("#working")).to_have_text("正在准备文件…")
    held.pop().abort()
    wide.console.says("网络断了，请再试一次。")
    wide.console.errors.clear()


def test_actions_are_filtered(wide: Desk, phones: list[Phone]) -> None:
    wide.hall.host_does("pause")
    wide.hall.host_does("resume")
    wide.open("audit")
    wide.console.page.get_by_label("操作", exact=True).select_option("暂停")
    lines = wide.console.part("lines")
    expect(lines.get_by_role("listitem")).to_have_count(1)
    expect(lines).to_contain_text(re.compile("之前\\s*暂停：否\\s*之后\\s*暂停：是"))


def test_typed_words_stay_while_the_page_is_refreshed(wide: Desk, phones: list[Phone]) -> None:
    wide.hall.join(phones[0])
    wide.open(f"people/{wide.person(phones[0])['id']}")
    wide.console.fill("原因（本人能看到）", "写到一半")
    wide.hall.score(phones[0])
    expect(wide.console.part("receipt")).to_contain_text("答题")
    field = wide.console.page.get_by_label("原因（本人能看到）", exact=True)
    expect(field).to_have_value("写到一半")


def _hold(page: Page, path: str) -> list[Route]:
    """Keep requests back; they go on when they are told to."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(path, hold)
    return held


def test_a_guest_of_the_event_sees_none_of_it(new_console: Opens, hall: Hall) -> None:
    console = new_console(NARROW)
    console.open(f"/host/events/{hall.id}/people")
    expect(console.page).to_have_url(re.compile("/host/login"))
