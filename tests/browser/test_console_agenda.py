"""The page of the agenda: steps are written, moved and saved, also by two hosts at once."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.console import SIZES, Console
from tests.browser.hall import Hall
from tests.phones import Phone


@pytest.mark.parametrize("size", SIZES)
def test_host_writes_a_step_and_moves_it_to_the_front(
    new_console: Callable[..., Console],
    host: Phone,
    new_hall: Callable[..., Hall],
    size: tuple[int, int],
) -> None:
    hall = new_hall(template="contest")
    console = new_console(size)
    console.log_in(host)
    console.open(f"/host/events/{hall.id}/agenda")
    console.press("添加一项")
    row = console.part("agenda-steps").locator("li").last
    row.get_by_label("名称").fill("开场致辞")
    row.get_by_label("串词").fill("欢迎各位")
    row.get_by_role("button", name="上移").click()
    console.is_sound()
    with console.page.expect_navigation():
        console.press("保存流程")
    console.says("流程已保存")
    first = console.part("agenda-steps").locator("li").first
    expect(first.get_by_label("名称")).to_have_value("开场致辞")
    console.open(f"/host/events/{hall.id}")
    expect(console.part("notes")).to_have_text("欢迎各位")
    expect(console.page.locator(".btn-next")).to_have_text("下一项：现场竞赛")
    console.is_sound()


def test_line_is_dragged_and_a_faster_host_costs_nothing_that_was_typed(
    new_console: Callable[..., Console],
    console: Console,
    host: Phone,
    new_hall: Callable[..., Hall],
) -> None:
    hall = new_hall(template="contest")
    path = f"/events/{hall.id}/agenda"
    titles = ("开场", "抽奖", "合影")
    host.ok("PUT", path, {"version": 1, "steps": [{"title": title} for title in titles]})
    console.open(f"/host{path}")
    rows = console.part("agenda-steps").locator("li")
    rows.nth(2).locator(".step-row__handle").drag_to(rows.nth(0))
    expect(rows.nth(0).get_by_label("名称")).to_have_value("合影")
    rows.nth(1).get_by_label("串词").fill("欢迎各位")
    other = new_console()
    other.log_in(host)
    other.open(f"/host{path}")
    other.press("添加一项")
    other.part("agenda-steps").locator("li").last.get_by_label("名称").fill("颁奖")
    other.part("agenda-steps").locator("li").nth(1).get_by_role("button", name="删除").click()
    with other.page.expect_navigation():
        other.press("保存流程")
    console.press("保存流程")
    newest = console.part("agenda-newest")
    expect(newest.get_by_test_id("last-lines")).to_contain_text("修改流程")
    expect(newest.locator(".newest__steps > li")).to_have_text(
        [re.compile(title) for title in ("开场", "合影", "颁奖")]
    )
    expect(rows.nth(1).get_by_label("串词")).to_have_value("欢迎各位")
    console.is_sound()
    console.press("加进来：颁奖")
    with console.page.expect_navigation():
        console.press("保存流程")
    expect(rows).to_have_count(4)
    saved = host.ok("GET", path)["steps"]
    assert [step["title"] for step in saved] == ["合影", "开场", "抽奖", "颁奖"]
    assert saved[1]["notes"] == "欢迎各位"
