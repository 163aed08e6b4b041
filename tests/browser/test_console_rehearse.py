"""A rehearsal is wiped and becomes the real event in the console; the crew gets its tasks."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.console import DESKTOP, NARROW, Console
from tests.installation import Installation
from tests.phones import Phone, staff_phone
from tests.support import ADMIN

Opens = Callable[..., Console]
BOTH = pytest.mark.parametrize("size", [DESKTOP, NARROW])


@pytest.fixture
def rehearsal(
    installation: Installation, host: Phone, phones: list[Phone]
) -> Iterator[dict[str, Any]]:
    """Return an open rehearsal that somebody has joined; it is archived at the end, because the
    worker looks at the games of open events five times a second."""
    event = host.ok("POST", "/events", {"template": "evening", "rehearsal": True})
    opened: dict[str, Any] = host.ok(
        "POST", f"/events/{event['id']}/transitions", {"action": "open"}
    )
    phones[0].ok("POST", "/events/join", {"code": event["join_code"]})
    yield opened
    installation.change("UPDATE event SET state = 'archived' WHERE id = ?", event["id"])


@BOTH
def test_rehearsal_is_wiped_and_becomes_the_evening(
    new_console: Opens, host: Phone, rehearsal: dict[str, Any], size: tuple[int, int]
) -> None:
    console = new_console(size)
    console.log_in(host)
    console.open(f"/host/events/{rehearsal['id']}/rehearse")
    console.says("玩家 1")
    console.is_sound()
    console.press("清空彩排数据")
    expect(console.dialog).to_contain_text("玩家 1")
    expect(console.dialog.locator("#ask-yes")).to_be_disabled()
    console.agree("清空")
    console.says("还没有人玩过，没有要清除的数据。")
    console.press("转为正式活动")
    console.agree("正式")
    console.says("这是正式活动")
    console.is_sound()
    console.press("改为彩排")
    console.says("彩排留下了什么")
    console.press("转为正式活动")
    console.agree("正式")
    console.says("这是正式活动")
    shown = host.ok("GET", f"/events/{rehearsal['id']}")
    assert (shown["rehearsal"], shown["state"], shown["join_code"]) == (
        False,
        "draft",
        rehearsal["join_code"],
    )


@BOTH
def test_crew_is_given_its_tasks(
    new_console: Opens, host: Phone, rehearsal: dict[str, Any], size: tuple[int, int]
) -> None:
    console = new_console(size)
    console.log_in(host)
    console.open(f"/host/events/{rehearsal['id']}/crew")
    console.is_sound()
    tasks = console.part("tasks").locator("li")
    expect(tasks).to_have_count(9)
    console.fill("工号", "200001")
    console.press("加入小队")
    expect(console.part("members")).to_contain_text("200001")
    console.page.get_by_text("添加任务").click()
    console.fill("做什么", "把会场的椅子摆成八排，每排二十把，靠走道的位置留给轮椅")
    console.fill("负责人工号（可不填）", "200001")
    console.press("添加")
    expect(tasks).to_have_count(10)
    row = tasks.filter(has_text="八排")
    expect(row).to_contain_text("200001")
    row.get_by_role("button", name="标为完成").click()
    expect(row).to_contain_text("完成")
    console.says("完成 1 / 10")
    console.is_sound()


@BOTH
def test_trainers_and_leaders_see_what_to_do_while_there_is_nothing(
    new_console: Opens, installation: Installation, size: tuple[int, int]
) -> None:
    console = new_console(size)
    console.log_in(staff_phone(installation, ADMIN))
    for path in ("/host/teaching", "/host/team"):
        console.open(path)
        console.is_sound()
