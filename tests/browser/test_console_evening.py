"""A whole evening that is run from the console, from the rehearsal to the last name of the
ceremony.
"""

import io
import re
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import expect

from tests.browser.console import SIZES, Console
from tests.browser.contest_hall import ContestHall
from tests.browser.drawing_hall import DrawingHall
from tests.browser.hall import Hall
from tests.browser.poll_hall import PollHall
from tests.browser.screen import Screen
from tests.browser.shake_hall import ShakeHall
from tests.browser.word_hall import WordHall
from tests.installation import Installation
from tests.phones import Phone

Opens = Callable[..., Console]
# Presses of the one large button, for seven activities and the ceremony.
MOST_PRESSES = 25


class Run:
    """The run page of an event, used by a host."""

    def __init__(self, console: Console, hall: Hall) -> None:
        self.console = console
        self.hall = hall
        self.presses = 0

    def open(self) -> None:
        """Open the page."""
        self.console.open(f"/host/events/{self.hall.id}")

    def choose(self, title: str) -> None:
        """Choose an activity; its page reacts to presses once it is loaded."""
        self.console.page.get_by_role("navigation", name="环节").get_by_text(title).click()
        self.console.page.wait_for_url(re.compile("activity="), wait_until="load")
        expect(
            self.console.page.locator(".activities [aria-current]").filter(has_text=title)
        ).to_be_visible()

    def next(self, *words: str) -> None:
        """Press the next step once for each of these labels, when it has the label.

        Confirm any question.
        """
        for text in words:
            button = self.console.page.locator("body:not([data-settling]) .btn-next")
            expect(button).to_have_text(text)
            asks = button.get_attribute("data-confirm") is not None
            step = button.get_attribute("data-step")
            button.click()
            self.presses += 1
            if asks:
                self.console.agree()
            expect(self.console.page.locator(f".btn-next[data-step='{step}']")).to_have_count(0)

    def waits(self, words: str) -> None:
        """Wait until the page says that there is nothing to press."""
        expect(self.console.part("waits")).to_contain_text(words)


@pytest.fixture
def rehearsal(installation: Installation, host: Phone) -> Hall:
    """Return a rehearsal of an evening with all kinds, which has not been opened."""
    event = host.ok("POST", "/events", {"template": "evening", "rehearsal": True})
    return Hall(installation, host, event)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("size", SIZES, ids=["desktop", "narrow"])
def test_an_evening_from_the_rehearsal_to_the_ceremony(
    new_console: Opens,
    new_screen: Callable[..., Screen],
    rehearsal: Hall,
    phones: list[Phone],
    size: tuple[int, int],
) -> None:
    hall = rehearsal
    people = phones[:2]
    console, screen = new_console(size), new_screen()
    console.log_in(hall.host)
    run = Run(console, hall)

    run.open()
    run.next("开始活动")
    hall.play(*people)
    become_the_evening(console, hall)

    run.open()
    run.next("开始活动")
    screen.open(hall)
    hall.play(people[0])
    hall.join(*people)
    expect(console.part("now-title")).to_be_visible()

    contest = ContestHall(hall)
    contest.settle(questions=2)
    run.choose("现场竞赛")
    run.next("开始候场", "出第 1 题")
    for phone in people:
        answer(contest, phone)
    run.next("揭晓答案", "看排行", "出第 2 题")
    answer(contest, people[0])
    run.next("揭晓答案", "看排行", "颁奖", "结束竞赛，回到榜单")

    shake = ShakeHall(hall)
    run.choose("摇一摇")
    run.next("开始一轮：比手速")
    run.waits("时间一到自动统计")
    round_ = hall.host.ok("GET", f"/shakes/{shake.activity_id}")["round"]
    shake.skip_countdown(round_)
    for count, phone in zip((30, 20), people, strict=True):
        shake.shake(phone, round_, count)
    kill_a_worker(hall.installation)
    shake.finish(round_)
    # The page has to notice that its worker is gone, and another worker has to start.
    expect(console.page.locator(".btn-next")).to_have_text("收起结果，回到榜单")
    run.next("收起结果，回到榜单")

    drawing = DrawingHall(hall, turns=1)
    run.choose("你画我猜")
    run.next("开始你画我猜")
    drawing.play(people, turns=1)
    run.next("公布最佳画作")
    run.next("收起画展，回到榜单")

    polls = PollHall(hall)
    run.choose("人气投票")
    run.next("开始投票")
    polls.adopt("今晚最受欢迎的节目")
    polls.vote(people[0], 1)
    run.next("结束投票", "从大屏收起")

    words = WordHall(hall)
    run.choose("回复有效关键词")
    run.next("公布关键词：心中有客户")
    assert words.reply(people[1], "心中有客户") == "hit"
    console.press("提前结束")
    console.agree()

    run.choose("林卡抽奖")
    run.next("定奖池：三等奖 · 美多保温杯")

    console.press("封榜")
    expect(screen.part("freeze-badge")).to_have_text("封榜")
    console.open(f"/host/events/{hall.id}/boards")
    console.says("封榜中")
    run.open()
    console.press("结束活动")
    console.agree()
    run.next("开始揭榜", "揭晓第 2 名", "揭晓冠军，公布全榜")
    expect(screen.part("freeze-badge")).to_be_hidden()
    screen.shows(hall.rows())
    assert run.presses <= MOST_PRESSES
    ranking_opens(console, hall)


def become_the_evening(console: Console, hall: Hall) -> None:
    """Turn a played rehearsal into the real event; its code stays and its players are gone."""
    console.open(f"/host/events/{hall.id}/rehearse")
    console.press("转为正式活动")
    expect(console.dialog).to_contain_text("玩家 2")
    console.agree("正式")
    console.says("这是正式活动")
    shown = hall.host.ok("GET", f"/events/{hall.id}")
    assert (shown["join_code"], shown["player_count"]) == (hall.code, 0)


def answer(contest: ContestHall, phone: Phone) -> None:
    """Let a phone answer the question that is on."""
    path = f"/contests/{contest.activity_id}"
    on = contest.hall.host.ok("GET", path)["state"]["round"]
    choice = [on["question"]["options"][0]["key"]]
    phone.ok("POST", f"{path}/rounds/{on['id']}/answer", {"choice": choice})


def kill_a_worker(installation: Installation) -> None:
    """Kill the processes that answer requests; the supervisor starts others."""
    workers = [found for found in installation.processes() if "gunicorn: worker" in found.command]
    installation.kill(workers)


def ranking_opens(console: Console, hall: Hall) -> None:
    """Download the final ranking, and read it as a spreadsheet program does."""
    console.open(f"/host/events/{hall.id}/downloads")
    row = console.page.locator(".card-row").filter(has_text="最终排名")
    with console.page.expect_download() as got:
        row.get_by_role("link", name="下载").or_(row.get_by_role("button", name="下载")).click()
    file = got.value.path()
    book: Any = openpyxl.load_workbook(io.BytesIO(file.read_bytes()))
    sheet = book.worksheets[0]
    header = [cell.value for cell in sheet[1]]
    assert "名次" in header and "姓名" in header
    names = [row["name"] for row in hall.rows()]
    column = header.index("姓名")
    assert [cells[column].value for cells in sheet.iter_rows(min_row=2)][: len(names)] == names
    texts = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert texts == []
