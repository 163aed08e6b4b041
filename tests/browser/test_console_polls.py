"""A vote run from the console alone: written, opened, counted, shown, and decided by a run-off."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Locator, expect

from tests.browser.console import DESKTOP, NARROW, Console
from tests.browser.hall import Hall
from tests.browser.poll_hall import PollHall
from tests.phones import Phone
from tests.support import picture_bytes

Opens = Callable[..., Console]
at_both_sizes = pytest.mark.parametrize("size", [DESKTOP, NARROW], ids=["desktop", "phone"])


@pytest.fixture
def polls(new_hall: Callable[..., Hall], phones: list[Phone]) -> PollHall:
    """Return an event without polls that people have joined."""
    hall = new_hall(template="anniversary", rehearsal=True)
    hall.join(*phones)
    made = PollHall(hall)
    for poll in hall.host.ok("GET", f"/polls/{made.activity_id}")["items"]:
        hall.host.ok("DELETE", f"/polls/{made.activity_id}/polls/{poll['id']}")
    return made


def opened(new_console: Opens, polls: PollHall, size: tuple[int, int] = DESKTOP) -> Console:
    """Return a browser at the page of the polls."""
    console = new_console(size)
    console.log_in(polls.hall.host)
    console.open(f"/host/events/{polls.hall.id}/activities/{polls.activity_id}")
    return console


def begin_writing(console: Console) -> None:
    """Open the form of a new poll, and wait for its script."""
    console.press("新建投票")
    console.says("保存草稿")
    console.page.wait_for_load_state()


def results(console: Console) -> Locator:
    """Return the rows of the results, the best first."""
    return console.part("results").locator("li")


def has_titles(console: Console, *titles: str) -> None:
    """Wait until the rows of options have these titles."""
    fields = console.page.locator("[name$='.title']")
    expect(fields).to_have_count(len(titles))
    for number, title in enumerate(titles):
        expect(fields.nth(number)).to_have_value(title)


@at_both_sizes
def test_a_vote_is_written_opened_counted_and_shown(
    new_console: Opens, polls: PollHall, phones: list[Phone], size: tuple[int, int]
) -> None:
    console = opened(new_console, polls, size)
    console.says("还没有投票")
    console.is_sound()
    begin_writing(console)
    console.fill("题目", "最喜欢哪个节目")
    console.fill("第 1 个选项", "合唱")
    console.fill("第 2 个选项", "快板")
    console.press("加一个选项")
    console.fill("第 3 个选项", "锅庄舞")
    console.page.get_by_label("匿名：").uncheck()
    console.is_sound()
    console.press("保存草稿")
    state = console.part("poll-state")
    expect(state).to_have_text("草稿")
    expect(console.part("options").locator("li")).to_have_count(3)
    console.press("开始投票")
    console.agree()
    expect(state).to_have_text("投票中")
    console.is_sound()
    polls.adopt("最喜欢哪个节目")
    # Ballots are seen as they come, without a reload.
    for phone, choice in zip(phones, (1, 1, 2), strict=False):
        polls.vote(phone, choice)
    expect(console.part("turnout")).to_contain_text("有效票3")
    expect(results(console).first).to_contain_text("快板")
    console.press(f"提醒没投的 {len(phones) - 3} 人")
    console.agree()
    console.says("已提醒")
    console.press("结束投票")
    expect(console.dialog).to_contain_text(f"现在有 3 张有效票，还有 {len(phones) - 3} 人没投")
    console.agree()
    expect(state).to_have_text("已截止")
    assert polls.seen(phones[0])["results"] == {"state": "hidden"}
    console.press("公布结果")
    console.agree()
    console.says("结果已公布")
    expect(results(console).first).to_contain_text("当选")
    assert polls.seen(phones[0])["results"]["rows"][0]["title"] == "快板"
    console.is_sound()
    console.press("收起结果")
    console.says("（只有主持人看得到）")
    assert polls.seen(phones[0])["results"] == {"state": "hidden"}


def test_options_are_pasted_ordered_and_get_pictures(
    new_console: Opens, polls: PollHall, tmp_path: Path
) -> None:
    console = opened(new_console, polls)
    begin_writing(console)
    console.fill("题目", "班组合唱")
    console.page.get_by_text("一次贴很多个").click()
    console.page.locator("#many").fill("格桑花开\t客服一组\n\n洗衣歌\n祖国颂")
    console.press("加进去")
    has_titles(console, "格桑花开", "洗衣歌", "祖国颂")
    console.page.get_by_label("上移").nth(2).click()
    console.page.get_by_label("去掉这个选项").first.click()
    has_titles(console, "祖国颂", "洗衣歌")
    picture = tmp_path / "choir.png"
    picture.write_bytes(picture_bytes())
    console.page.locator("summary").first.click()
    console.page.locator(".picture-field input[type=file]").first.set_input_files(picture)
    expect(console.page.locator(".picture-field img").first).to_be_visible()
    console.page.get_by_label("直通卡").first.check()
    console.is_sound()
    console.press("保存草稿")
    options = console.part("options").locator("li")
    expect(options).to_have_count(2)
    expect(options.first).to_contain_text("1. 祖国颂")
    expect(options.first).to_contain_text("直通卡")
    image = options.first.locator("img")
    expect(image).to_be_visible()
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    console.press("修改")
    has_titles(console, "祖国颂", "洗衣歌")
    console.page.locator("#method").select_option("multiple")
    console.fill("最多选几个（空着不限）", "2")
    console.press("保存修改")
    console.says("多选，最多 2 个")


def test_a_mistake_in_a_row_is_shown_beside_it_and_nothing_is_lost(
    new_console: Opens, polls: PollHall
) -> None:
    console = opened(new_console, polls)
    begin_writing(console)
    console.fill("题目", "班组合唱")
    console.fill("第 1 个选项", "格桑花开")
    console.fill("第 2 个选项", "\u200b")
    console.press("保存草稿")
    wrong = console.page.locator("[name='entries.1.title']")
    expect(wrong).to_have_attribute("aria-invalid", "true")
    expect(console.page.locator("[name='entries.0.title']")).to_have_value("格桑花开")


def test_words_are_corrected_while_ballots_come(
    new_console: Opens, polls: PollHall, phones: list[Phone]
) -> None:
    polls.open("格桑花该", "洗衣歌")
    polls.vote(phones[0], 0)
    console = opened(new_console, polls)
    console.press("1. 班组合唱比赛")
    console.press("更正文字")
    console.fill("第 1 个选项", "格桑花开")
    # A ballot that comes in the meantime does not remove what is being typed.
    polls.vote(phones[1], 0)
    console.is_sound()
    console.page.get_by_role("button", name="更正", exact=True).click()
    expect(console.dialog).to_contain_text("已投的")
    console.agree()
    expect(results(console).first).to_contain_text("格桑花开")
    expect(console.part("turnout")).to_contain_text("有效票2")


def test_a_tie_is_decided_by_a_run_off(
    new_console: Opens, polls: PollHall, phones: list[Phone]
) -> None:
    polls.open("合唱", "快板", "舞蹈")
    polls.vote(phones[0], 0)
    polls.vote(phones[1], 1)
    polls.act("close")
    console = opened(new_console, polls)
    console.press("1. 班组合唱比赛")
    console.says("最后一个名额有 2 个选项并列。")
    console.press("开始加投")
    console.agree()
    console.press("看加投")
    expect(console.part("poll-state")).to_have_text("投票中")
    expect(console.part("options").locator("li")).to_have_count(2)
    console.is_sound()


def test_a_final_is_made_of_heats_after_a_look_at_who_goes_on(
    new_console: Opens, polls: PollHall, phones: list[Phone]
) -> None:
    for title, choice in (("上午场", 0), ("下午场", 1)):
        polls.open("甲", "乙", title=title)
        polls.vote(phones[0], choice)
        polls.act("close")
    console = opened(new_console, polls)
    console.press("从预赛建决赛")
    console.page.get_by_label("1. 上午场").check()
    console.page.get_by_label("2. 下午场").check()
    console.fill("每场取前几名", "1")
    console.press("看看谁晋级")
    expect(console.part("through").first).to_have_text("甲")
    expect(console.part("through").last).to_have_text("乙")
    console.page.locator("summary").first.click()
    console.page.get_by_label("乙", exact=True).check()
    console.is_sound()
    console.press("建决赛草稿（2 个选项）")
    expect(console.page.locator("[name='entries.2.title']")).to_have_value("乙")
    has_titles(console, "甲", "乙", "乙")


def test_few_anonymous_ballots_are_shown_to_nobody_and_exported_without_names(
    new_console: Opens, polls: PollHall, phones: list[Phone], tmp_path: Path
) -> None:
    polls.open("留", "走", anonymous=True)
    for phone in phones[:4]:
        polls.vote(phone, 0)
    console = opened(new_console, polls, NARROW)
    console.press("1. 班组合唱比赛")
    expect(console.part("too-few")).to_contain_text("匿名投票满 5 票才有结果")
    expect(console.page.get_by_role("link", name="导出选票 Excel")).to_have_count(0)
    console.is_sound()
    with console.page.expect_download() as downloading:
        console.press("导出结果 Excel")
    path = tmp_path / "results.xlsx"
    downloading.value.save_as(path)
    cells = [
        str(cell) for sheet in openpyxl.load_workbook(path) for row in sheet.values for cell in row
    ]
    names = [phone.ok("GET", f"/events/{polls.hall.id}/me")["player"]["name"] for phone in phones]
    assert "有效票" in cells
    assert not set(names) & set(cells)


def test_a_draft_is_deleted_after_a_question(new_console: Opens, polls: PollHall) -> None:
    polls.open("合唱", "快板", title="进行中的")
    body = {"title": "写错的", "entries": [{"title": "甲"}, {"title": "乙"}]}
    polls.hall.host.ok("POST", f"/polls/{polls.activity_id}/polls", body)
    console = opened(new_console, polls)
    console.press("2. 写错的")
    console.press("删除草稿")
    expect(console.dialog).to_contain_text("题目和 2 个选项都会删掉")
    console.dialog.get_by_role("button", name="不做了").click()
    expect(console.part("poll-state")).to_have_text("草稿")
    console.press("删除草稿")
    console.agree()
    expect(console.part("polls").locator("li")).to_have_count(1)


def test_hall_code_is_shown_to_hosts(new_console: Opens, polls: PollHall) -> None:
    polls.open("合唱", "快板", hall_code=True)
    console = opened(new_console, polls)
    console.press("1. 班组合唱比赛")

    def code() -> str:
        found: str = polls.hall.host.ok("GET", polls.path)["current_hall_code"]["code"]
        return found

    # The code may change between the two readings, but not twice.
    before, shown, after = code(), console.part("hall-code").inner_text(), code()
    assert shown in (before, after)
