"""Suggestions handled from the console alone: found, answered, merged, put to a vote."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Locator, expect

from tests.browser.console import DESKTOP, NARROW, Console
from tests.browser.hall import Hall
from tests.browser.poll_hall import PollHall
from tests.phones import Phone

Opens = Callable[..., Console]
at_both_sizes = pytest.mark.parametrize("size", [DESKTOP, NARROW], ids=["desktop", "phone"])
BUS, LATE_BUS, TREE = "三号班车晚十分钟发车", "三号班车晚十五分钟发车", "大厅种一棵树\n要会开花的"


@pytest.fixture
def box(new_hall: Callable[..., Hall], phones: list[Phone]) -> PollHall:
    """Return an event in which people may suggest something."""
    hall = new_hall(template="anniversary", rehearsal=True)
    hall.join(*phones)
    return PollHall(hall)


def opened(new_console: Opens, box: PollHall, size: tuple[int, int] = DESKTOP) -> Console:
    """Return a browser at the list of suggestions."""
    console = new_console(size)
    console.log_in(box.hall.host)
    console.open(f"/host/events/{box.hall.id}/activities/{box.activity_id}")
    console.press("征集建议")
    console.page.wait_for_load_state()
    return console


def listed(console: Console) -> Locator:
    """Return the suggestions that are listed."""
    return console.part("suggestions").locator("> li")


def card(console: Console, text: str) -> Locator:
    """Return the suggestion with this text."""
    return listed(console).filter(has=console.page.get_by_text(text, exact=True)).first


@at_both_sizes
def test_suggestions_are_answered_and_put_to_the_vote(
    new_console: Opens, box: PollHall, phones: list[Phone], size: tuple[int, int]
) -> None:
    console = opened(new_console, box, size)
    console.says("还没有人提建议")
    console.is_sound()
    # They are seen as they come, without a reload.
    bus, tree = (box.propose(phone, text) for phone, text in zip(phones, (BUS, TREE), strict=False))
    expect(listed(console)).to_have_count(2)
    box.support(phones[2], tree)
    expect(listed(console).first).to_contain_text("附议 2")
    console.is_sound()
    card(console, BUS).get_by_role("link", name="答复").click()
    console.page.get_by_label("不采纳", exact=True).check()
    console.page.wait_for_load_state()
    console.press("保存答复")
    expect(console.page.locator("#reason")).to_have_attribute("aria-invalid", "true")
    console.page.locator("#reason").fill("车队排不开")
    console.is_sound()
    console.press("保存答复")
    expect(card(console, BUS)).to_contain_text("不采纳：车队排不开")
    assert box.suggestion(phones[0], bus)["status"] == "declined"
    box.propose(phones[3], "食堂加夜宵窗口")
    console.press("从建议建投票")
    console.page.wait_for_load_state()
    console.fill("题目", "先办哪一件")
    console.is_sound()
    console.press("建投票草稿")
    expect(console.page.locator("[name='entries.0.title']")).to_have_value(
        "大厅种一棵树 要会开花的"
    )
    expect(console.page.locator("[name='entries.1.title']")).to_have_value("食堂加夜宵窗口")
    assert box.suggestion(phones[1], tree)["poll"]["title"] == "先办哪一件"


def test_alike_suggestions_are_merged_after_a_look_at_what_comes_of_it(
    new_console: Opens, box: PollHall, phones: list[Phone]
) -> None:
    bus, late = box.propose(phones[0], BUS), box.propose(phones[1], LATE_BUS)
    box.support(phones[0], late)
    console = opened(new_console, box)
    card(console, LATE_BUS).get_by_role("link", name="合并").click()
    console.says("最相像的建议")
    expect(console.part("others")).to_contain_text("合并后附议 2")
    console.is_sound()
    console.page.wait_for_load_state()
    console.press("并入这一条")
    expect(console.dialog).to_contain_text("两条都附议的只算一次，合并后共 2 人")
    console.agree()
    expect(listed(console)).to_have_count(1)
    console.page.get_by_text("并入了 1 条").click()
    expect(card(console, BUS)).to_contain_text(LATE_BUS)
    assert box.suggestion(phones[0], bus)["supports"] == 2


def test_list_is_searched_and_filtered_and_what_waits_is_approved(
    new_console: Opens, box: PollHall, phones: list[Phone]
) -> None:
    box.propose(phones[0], BUS)
    waits = box.propose(phones[1], TREE)
    box.reject(waits, "先看一看")
    console = opened(new_console, box)
    console.fill("找文字或提出人", "班車")
    console.press("筛选")
    expect(listed(console)).to_have_count(1)
    console.fill("找文字或提出人", "")
    console.page.locator("#moderation").select_option("rejected")
    console.press("筛选")
    expect(listed(console).first).to_contain_text("未通过：先看一看")
    console.is_sound()
    console.press("通过")
    console.says("没有符合条件的建议。")
    assert box.suggestion(phones[0], waits)["text"] == TREE


def test_export_has_everybody_who_supports(
    new_console: Opens, box: PollHall, phones: list[Phone], tmp_path: Path
) -> None:
    box.support(phones[1], box.propose(phones[0], BUS))
    console = opened(new_console, box)
    with console.page.expect_download() as downloading:
        console.press("导出 Excel")
    path = tmp_path / "suggestions.xlsx"
    downloading.value.save_as(path)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["建议", "附议名单"]
    assert book["附议名单"].max_row == 3
