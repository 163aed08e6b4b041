"""The page of the agenda: steps are written, moved and saved."""

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
    first = console.part("agenda-steps").locator("li").first
    expect(first.get_by_label("名称")).to_have_value("开场致辞")
    console.open(f"/host/events/{hall.id}")
    expect(console.part("notes")).to_have_text("欢迎各位")
    expect(console.page.locator(".btn-next")).to_have_text("下一项：现场竞赛")
    console.is_sound()
