"""你画我猜 on the phone: what one draws all others see, guesses, the end of a turn, the gallery."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.drawing_hall import DrawingHall
from tests.browser.hall import Hall
from tests.browser.phone import Handset
from tests.browser.screen import Screen
from tests.installation import until
from tests.phones import Phone

PAGE = "pages/drawing/drawing"
TOP = "node => node.getBoundingClientRect().top"
SMALL = (320, 568)
WIDTH, HEIGHT = 1000, 750
PAPER, RED, INK = [255, 253, 246], [215, 38, 61], [29, 29, 31]
BOX = [(200, 200), (700, 200), (700, 550), (200, 550), (200, 190)]
STEP = 25
# The colours at the points of a grid; a canvas may be drawn finer than the paper's 1000 points.
SAMPLES = """(node, step) => {
  const fine = node.width / 1000;
  const paint = node.getContext('2d');
  const found = [];
  for (let y = step; y < 750; y += step)
    for (let x = step; x < 1000; x += step)
      found.push([...paint.getImageData(x * fine, y * fine, 1, 1).data].slice(0, 3));
  return found;
}"""
SAMPLE = """(node, [x, y]) => {
  const fine = node.width / 1000;
  return [...node.getContext('2d').getImageData(x * fine, y * fine, 1, 1).data].slice(0, 3);
}"""
# Lines are smoothed at another resolution on the big screen: one point in a hundred may differ.
LIKE = 11
Open = Callable[..., Handset]


def part(phone: Handset, name: str) -> Locator:
    """Return the element of the page with this id."""
    return phone.find(f"[id$='--{name}']")


def colour(canvas: Locator, x: int, y: int) -> list[int]:
    """Return the colour of a point of the paper."""
    found: list[int] = canvas.evaluate(SAMPLE, [x, y])
    return found


def differences(one: Locator, other: Locator) -> int:
    """Return at how many of 1,131 points two canvases differ visibly."""
    pairs = zip(one.evaluate(SAMPLES, STEP), other.evaluate(SAMPLES, STEP), strict=True)
    return sum(any(abs(a - b) > 24 for a, b in zip(*pair, strict=True)) for pair in pairs)


@dataclass
class Seat:
    """Somebody in the game, with the phone in the browser."""

    phone: Phone
    handset: Handset
    player: dict[str, Any]

    @property
    def paper(self) -> Locator:
        """The canvas."""
        return self.handset.find("canvas")

    def draw(self, points: Sequence[tuple[int, int]]) -> None:
        """Draw a line with the finger down all the way."""
        mouse = self.handset.page.mouse
        # Waits until the drawing does not change any more and nothing covers it.
        self.paper.hover()
        mouse.move(*self._at(*points[0]))
        mouse.down()
        for point in points[1:]:
            mouse.move(*self._at(*point), steps=5)
        mouse.up()

    def touch(self, x: int, y: int) -> None:
        """Touch the paper once."""
        self.paper.hover()
        self.handset.page.mouse.click(*self._at(x, y))

    def _at(self, x: int, y: int) -> tuple[float, float]:
        box = self.paper.bounding_box()
        assert box
        return box["x"] + box["width"] * x / WIDTH, box["y"] + box["height"] * y / HEIGHT

    def use(self, kind: str, name: str) -> None:
        """Choose a colour or a pen."""
        self.handset.where.get_by_role("radiogroup", name=kind).get_by_role(
            "radio", name=name, exact=True
        ).click()

    def choose(self) -> str:
        """Take the first of the words that are offered, and return it."""
        self.handset.says("轮到你画了")
        self.handset.find("wx-button").first.click()
        self.handset.says("画：")
        return part(self.handset, "word").inner_text()

    def guess(self, text: str) -> None:
        """Type a guess and send it."""
        self.handset.type("我猜", text)
        self.handset.tap("猜")


class Table:
    """A game of two people, with a phone each."""

    def __init__(self, drawing: DrawingHall, seats: list[Seat]) -> None:
        self.drawing = drawing
        self._seats = {seat.player["id"]: seat for seat in seats}

    def turn(self) -> tuple[Seat, Seat]:
        """Return who draws and who guesses in the turn that is on."""
        found = next(iter(self._seats.values())).phone.ok("GET", self._path)["turn"]
        drawer = self._seats[found["drawer"]["id"]]
        return drawer, next(seat for seat in self._seats.values() if seat is not drawer)

    @property
    def _path(self) -> str:
        return f"/drawings/{self.drawing.hall.activity_id}"

    def operations(self) -> int:
        """Return how many operations the server has of the turn that is on."""
        phone = next(iter(self._seats.values())).phone
        return int(phone.ok("GET", self._path)["turn"]["count"])

    def finish(self) -> None:
        """Let the host finish the game."""
        self.drawing.hall.host.ok("POST", f"{self._path}/finish")


@pytest.fixture
def begin(
    new_hall: Callable[..., Hall], open_phone: Open, phones: list[Phone]
) -> Callable[..., Table]:
    """Return what begins a game of two people."""

    def make(mode: str = "rooms", size: tuple[int, int] | None = None) -> Table:
        drawing = DrawingHall(new_hall(template="drawing"), mode=mode)
        hall = drawing.hall
        players = hall.join(*phones[:2])
        seats = []
        for phone, player in zip(phones, players, strict=False):
            about = {"event": hall.id, "activity": hall.activity_id}
            more = {"size": size} if size else {}
            handset = open_phone(phone.user, PAGE, **about, **more)
            handset.tap("同意并开始")
            handset.says("等主持人开始")
            seats.append(Seat(phone, handset, player))
        # Only those who are present are seated.
        now = f"/events/{hall.id}/now"
        until(lambda: hall.host.ok("GET", now)["present"] == len(seats), 10, "both are present")
        hall.host.ok("POST", f"/drawings/{hall.activity_id}/begin")
        return Table(drawing, seats)

    return make


def test_phone_and_big_screen_show_the_same_drawing(
    begin: Callable[..., Table], screen: Screen
) -> None:
    table = begin(mode="hall")
    screen.open(table.drawing.hall)
    drawer, guesser = table.turn()
    drawer.choose()
    drawer.use("笔的粗细", "粗细 4")
    drawer.draw(BOX)
    drawer.use("颜色", "红")
    drawer.handset.tap("填充")
    drawer.touch(450, 400)
    drawer.use("笔的粗细", "粗细 6")
    drawer.use("颜色", "蓝")
    drawer.draw([(100, 650), (900, 650), (900, 100)])
    drawer.touch(850, 60)
    until(lambda: table.operations() >= 4, 10, "the drawing arrives")
    canvas = screen.part("canvas")
    until(
        lambda: colour(canvas, 850, 60) == colour(drawer.paper, 850, 60) != PAPER,
        10,
        "the last dot is on the screen",
    )
    for x, y, wanted in ((450, 400, RED), (205, 300, INK), (50, 50, PAPER), (800, 400, PAPER)):
        for paper in (drawer.paper, guesser.paper, canvas):
            assert colour(paper, x, y) == wanted, (x, y)
    assert differences(drawer.paper, canvas) <= LIKE
    assert differences(guesser.paper, canvas) <= LIKE


def test_turns_of_a_room_and_the_gallery(begin: Callable[..., Table]) -> None:
    table = begin()
    drawer, guesser = table.turn()
    guesser.handset.says("正在选词")
    word = drawer.choose()
    guesser.handset.says(f"{len(word)} 个字")
    drawer.draw(BOX)
    until(lambda: colour(guesser.paper, 450, 200) == INK, 10, "the guesser sees the line")
    drawer.handset.tap("撤销")
    until(lambda: colour(guesser.paper, 450, 200) == PAPER, 10, "and that it was taken back")
    drawer.draw(BOX)
    drawer.handset.tap("清空")
    drawer.handset.where.locator("[role=dialog]").get_by_text("清空", exact=True).click()
    until(lambda: colour(drawer.paper, 450, 200) == PAPER, 10, "the paper is empty")
    guesser.guess("大饼")
    drawer.handset.says("大饼")
    expect(guesser.handset.where.get_by_label("我猜")).to_have_value("")
    guesser.guess(f"{word}儿")
    guesser.handset.says("很接近了")
    expect(guesser.handset.where.get_by_label("我猜")).to_have_value(f"{word}儿")
    expect(drawer.handset.body).not_to_contain_text(f"{word}儿")
    guesser.guess(word)
    for seat in (drawer, guesser):
        seat.handset.says("全都猜到了")
        expect(part(seat.handset, "answer")).to_have_text(word)
    guesser.handset.says("你猜中了，得")
    drawer.handset.says("画得像，得")
    guesser.handset.says("下一位就是你")
    second = guesser.choose()
    guesser.draw(BOX)
    until(lambda: colour(drawer.paper, 450, 200) == INK, 10, "the drawing arrives before the end")
    drawer.guess(second)
    for seat in (drawer, guesser):
        seat.handset.says("第 1 幅 / 共 2 幅")
    drawer.handset.says("这是你画的")
    guesser.handset.tap("投它一票")
    guesser.handset.where.get_by_text("投票", exact=True).click()
    guesser.handset.says("这一幅得了你的一票")
    drawer.handset.tap("下一幅")
    drawer.handset.says("第 2 幅 / 共 2 幅")
    until(lambda: colour(drawer.paper, 450, 200) == INK, 10, "the second drawing hangs")
    table.finish()
    guesser.handset.says("1 票")
    guesser.handset.says("这个环节结束了，画还可以看")


def test_drawing_goes_on_through_a_cut_and_a_restart(begin: Callable[..., Table]) -> None:
    table = begin()
    drawer, guesser = table.turn()
    drawer.choose()
    drawer.draw([(100, 100), (900, 100)])
    until(lambda: colour(guesser.paper, 500, 100) == INK, 10, "the first line arrives")
    paper = drawer.handset.find(".sheet")
    top = paper.evaluate(TOP)
    drawer.handset.network("off")
    drawer.handset.says("网络断开了")
    # A line that is being drawn would jump.
    assert paper.evaluate(TOP) == top
    drawer.draw([(100, 300), (900, 300)])
    assert colour(drawer.paper, 500, 300) == INK
    drawer.handset.network("good")
    until(lambda: colour(guesser.paper, 500, 300) == INK, 20, "the second line arrives later")
    hall = table.drawing.hall
    drawer.handset.go(PAGE, event=hall.id, activity=hall.activity_id)
    drawer.handset.says("画：")
    until(lambda: colour(drawer.paper, 500, 300) == INK, 10, "the page begins where it was")
    drawer.draw([(100, 500), (900, 500)])
    until(lambda: colour(guesser.paper, 500, 500) == INK, 10, "and the drawing goes on")


def test_drawer_sees_what_another_of_their_phones_draws(begin: Callable[..., Table]) -> None:
    table = begin(mode="hall")
    drawer, guesser = table.turn()
    drawer.choose()
    table.drawing.draw(drawer.phone, table.drawing.turn(drawer.phone), 0)
    until(lambda: colour(drawer.paper, 500, 375) == INK, 10, "the line is on the drawer's phone")
    drawer.draw([(100, 600), (900, 600)])
    until(lambda: colour(guesser.paper, 500, 600) == INK, 10, "and the drawing goes on")


def test_guess_is_not_lost(begin: Callable[..., Table]) -> None:
    table = begin()
    drawer, guesser = table.turn()
    word = drawer.choose()
    guesser.handset.says(f"{len(word)} 个字")
    guesser.handset.type("我猜", "没写完的词")
    hall = table.drawing.hall
    guesser.handset.go(PAGE, event=hall.id, activity=hall.activity_id)
    field = guesser.handset.where.get_by_label("我猜")
    expect(field).to_have_value("没写完的词")
    guesser.handset.network("off")
    guesser.guess(word)
    guesser.handset.says("送出…")
    expect(field).to_have_value(word)
    guesser.handset.network("good")
    guesser.handset.says("全都猜到了")


def test_pause_stops_the_pen(begin: Callable[..., Table]) -> None:
    table = begin()
    drawer, guesser = table.turn()
    drawer.choose()
    drawer.draw([(100, 100), (900, 100)])
    until(lambda: colour(guesser.paper, 500, 100) == INK, 10, "the line arrives")
    table.drawing.hall.host_does("pause")
    drawer.handset.says("主持人按了暂停")
    timer = drawer.handset.where.get_by_role("timer")
    left_ms = drawer.phone.ok("GET", f"/drawings/{table.drawing.activity_id}")["turn"]["left_ms"]
    expect(timer).to_have_text(str(math.ceil(left_ms / 1000)))
    drawer.draw([(100, 300), (900, 300)])
    assert colour(drawer.paper, 500, 300) == PAPER
    table.drawing.hall.host_does("resume")
    expect(drawer.handset.where.get_by_text("主持人按了暂停")).to_have_count(0)
    drawer.draw([(100, 300), (900, 300)])
    until(lambda: colour(guesser.paper, 500, 300) == INK, 10, "and drawing goes on")


def test_everything_fits_a_small_phone_with_large_letters(begin: Callable[..., Table]) -> None:
    table = begin(size=SMALL)
    hall = table.drawing.hall
    drawer, guesser = table.turn()
    for seat in (drawer, guesser):
        key = f"linka-phone:{seat.phone.user}:text-size"
        seat.handset.where.evaluate(
            "([key, value]) => localStorage.setItem(key, value)", [key, '{"value":"size-3"}']
        )
        seat.handset.go(PAGE, event=hall.id, activity=hall.activity_id)
    drawer.choose()
    for name in ("撤销", "填充", "清空"):
        button = drawer.handset.where.get_by_role("button", name=name)
        expect(button).to_be_in_viewport(ratio=1)
    for seat in (drawer, guesser):
        expect(seat.paper).to_be_in_viewport(ratio=1)
        assert seat.handset.misfits() == []
    expect(guesser.handset.where.get_by_label("我猜")).to_be_in_viewport(ratio=1)
