"""Announced words run from the console alone: prepared one by one and as a list, announced, hit,
dismissed.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.console import DESKTOP, NARROW, Console
from tests.browser.hall import Hall
from tests.browser.word_hall import WordHall
from tests.phones import Phone

Opens = Callable[..., Console]


@pytest.fixture
def words(new_hall: Callable[..., Hall], phones: list[Phone]) -> WordHall:
    """Return announced words of which none is prepared, in an event that people have joined."""
    hall = new_hall(template="anniversary", rehearsal=True)
    hall.join(*phones)
    made = WordHall(hall)
    path = f"/keywords/{made.activity_id}/words"
    for word in hall.host.ok("GET", path):
        hall.host.ok("DELETE", f"{path}/{word['id']}")
    return made


def opened(new_console: Opens, words: WordHall, size: tuple[int, int]) -> Console:
    """Return a browser at the page of the words."""
    console = new_console(size)
    console.log_in(words.hall.host)
    console.open(f"/host/events/{words.hall.id}/activities/{words.activity_id}")
    return console


@pytest.mark.parametrize("size", [DESKTOP, NARROW], ids=["desktop", "phone"])
def test_words_are_written_announced_hit_and_put_away(
    new_console: Opens, words: WordHall, phones: list[Phone], size: tuple[int, int]
) -> None:
    console = opened(new_console, words, size)
    console.says("还没有准备好的关键词。写一个，或者把一列词贴进来。")
    console.is_sound()
    form = console.page.locator("#new-word")
    form.get_by_label("关键词", exact=True).fill("周年快乐")
    form.get_by_label("别的写法（顿号隔开）").fill("生日快乐、八周年")
    form.get_by_label("前几名").fill("2")
    form.get_by_role("button", name="添加").click()
    prepared = console.part("words-prepared")
    expect(prepared).to_contain_text("也算：生日快乐、八周年 · 前 2 名")
    console.is_sound()
    prepared.get_by_role("button", name="公布").click()
    console.agree()
    state = console.part("word-state")
    expect(state).to_have_text("进行中")
    # Hits are seen as they come, without a reload.
    assert words.reply(phones[0], "生日快乐") == "hit"
    expect(console.part("taken")).to_contain_text("命中 1 / 2")
    name = phones[0].ok("GET", f"/events/{words.hall.id}/me")["player"]["name"]
    expect(console.part("words-on-stage")).to_contain_text(name)
    assert words.reply(phones[1], "周年快乐") == "hit"
    expect(state).to_have_text("名额已满")
    console.is_sound()
    console.press("从大屏收起")
    expect(console.part("words-earlier")).to_contain_text("命中 2 / 2")
    with console.page.expect_download() as downloading:
        console.press("命中名单 Excel")
    assert downloading.value.suggested_filename == "回复有效关键词 命中名单.xlsx"


def test_a_list_is_pasted_and_its_wrong_lines_are_named(
    new_console: Opens, words: WordHall
) -> None:
    words.prepare("林卡")
    console = opened(new_console, words, NARROW)
    console.page.get_by_text("贴一列词进来").click()
    field = console.page.locator("#word-lines")
    field.fill("扎西德勒/吉祥如意\n林 卡\n美多")
    console.press("全部添加")
    refused = console.page.locator("#paste-words .invalid-feedback")
    expect(refused).to_have_text("第 2 行“林 卡”与“林卡”的写法相同。")
    # The typed text stays, so that one line can be corrected.
    field.fill("扎西德勒/吉祥如意\n美多")
    console.press("全部添加")
    prepared = console.part("words-prepared")
    expect(prepared.locator(".word__text")).to_have_text(["林卡", "扎西德勒", "美多"])
    expect(prepared).to_contain_text("也算：吉祥如意")
    console.is_sound()


def test_two_words_are_announced_at_once_changed_before_and_ended_early(
    new_console: Opens, words: WordHall
) -> None:
    first, _ = words.prepare("林卡"), words.prepare("美多")
    console = opened(new_console, words, DESKTOP)
    console.page.get_by_text("修改准备好的关键词").click()
    form = console.page.locator(f"#edit-word-{first}")
    form.get_by_label("关键词", exact=True).fill("林卡节")
    form.get_by_role("button", name="保存").click()
    prepared = console.part("words-prepared")
    expect(prepared.locator(".word__text")).to_have_text(["林卡节", "美多"])
    for box in prepared.get_by_role("checkbox").all():
        box.check()
    console.press("同时公布勾选的")
    stage = console.part("words-on-stage")
    expect(stage.locator(".word__text")).to_have_text(["林卡节", "美多"])
    console.press("全部结束")
    console.agree()
    expect(stage.get_by_test_id("word-state")).to_have_text(["已结束", "已结束"])
