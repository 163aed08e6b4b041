"""你画我猜 run from the console alone: begin, watch, end a turn, keep the gallery in order."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.console import DESKTOP, NARROW, Console
from tests.browser.drawing_hall import DrawingHall
from tests.browser.hall import Hall
from tests.installation import until
from tests.phones import Phone

Opens = Callable[..., Console]
at_both_sizes = pytest.mark.parametrize("size", [DESKTOP, NARROW], ids=["desktop", "phone"])
# Whether the middle of a small canvas has the first colour.
_IS_DRAWN = """(canvas) => {
  const [red, green, blue] = canvas.getContext("2d").getImageData(250, 187, 1, 1).data;
  return red < 80 && green < 80 && blue < 80;
}"""


def opened(new_console: Opens, drawing: DrawingHall, size: tuple[int, int] = DESKTOP) -> Console:
    """Return a browser at the page of the game."""
    console = new_console(size)
    console.log_in(drawing.hall.host)
    console.open(f"/host/events/{drawing.hall.id}/activities/{drawing.activity_id}")
    return console


def is_drawn(canvas: Locator) -> None:
    """Wait until the line goes through the middle of a canvas."""
    handle = canvas.element_handle()
    canvas.page.wait_for_function(_IS_DRAWN, arg=handle)


@at_both_sizes
def test_rooms_are_watched_and_a_turn_is_ended_without_points(
    new_console: Opens,
    new_hall: Callable[..., Hall],
    phones: list[Phone],
    size: tuple[int, int],
) -> None:
    drawing = DrawingHall(new_hall(template="drawing", rehearsal=True), mode="rooms")
    people = drawing.hall.join(*phones[:4])
    players = {one["id"]: phone for one, phone in zip(people, phones, strict=False)}
    console = opened(new_console, drawing, size)
    expect(console.part("panel")).to_contain_text("已有 4 名员工加入")
    console.is_sound()
    console.press("开始画")
    console.agree()
    room = console.part("rooms").locator("li").first
    expect(room).to_contain_text("在选词")
    drawer = players[drawing.rooms()[0]["turn"]["drawer"]["id"]]
    turn = drawing.turn(drawer)
    word = drawing.choose(drawer, turn)
    drawing.draw(drawer, turn, 0)
    expect(room).to_contain_text("在画，0 人猜中")
    is_drawn(room.locator("canvas"))
    assert word not in console.part("rooms").inner_html()
    console.is_sound()
    reporter = next(phone for phone in players.values() if phone is not drawer)
    drawing.report(reporter, turn)
    drawing.guess(next(p for p in players.values() if p not in (drawer, reporter)), turn, word)
    expect(console.part("rooms")).to_contain_text("1 人猜中")
    console.page.reload()
    reported = console.part("reported").locator("li").first
    expect(reported).to_contain_text("1 人举报")
    console.is_sound()
    reported.get_by_role("button", name="作废这一轮").click()
    console.agree()
    expect(reported).to_contain_text("已作废")
    assert sum(row["points"] for row in drawing.hall.rows()) == 0


def test_many_rooms_are_counted_and_their_drawings_folded(
    new_console: Opens, new_hall: Callable[..., Hall], phones: list[Phone]
) -> None:
    hall = new_hall(template="drawing", rehearsal=True)
    hall.host.ok("PUT", f"/events/{hall.id}/test-players", {"count": 120})
    drawing = DrawingHall(hall, mode="rooms")
    console = opened(new_console, drawing)
    expect(console.part("panel")).to_contain_text("已有 120 名员工加入")
    drawing.begin_rooms()
    # Those who had given no sign of life yet come late.
    until(lambda: sum(room["players"] for room in drawing.rooms()) == 120, 60, "all have seats")
    overview = console.part("overview")
    expect(overview).to_contain_text("120 人")
    rooms = len(drawing.rooms())
    assert rooms > 8
    counts = [int(text) for text in overview.locator("strong").all_inner_texts()[1:]]
    assert sum(counts) == rooms
    expect(console.part("rooms")).to_be_hidden()
    console.page.get_by_text("每一间的画").click()
    expect(console.part("rooms").locator("li")).to_have_count(rooms)
    console.is_sound()


@at_both_sizes
def test_gallery_is_pinned_taken_down_and_finished(
    new_console: Opens,
    new_hall: Callable[..., Hall],
    phones: list[Phone],
    size: tuple[int, int],
) -> None:
    drawing = DrawingHall(new_hall(template="drawing", rehearsal=True), turns=2)
    words = drawing.play(phones)
    drawing.gallery()
    console = opened(new_console, drawing, size)
    first, second = (console.part("gallery").locator("li").nth(at) for at in (0, 1))
    expect(first).to_contain_text(words[0])
    is_drawn(first.locator("canvas"))
    console.is_sound()
    second.get_by_role("button", name="钉在大屏").click()
    expect(second).to_contain_text("取下图钉")
    assert drawing.shown()["pinned"] == 2
    is_drawn(second.locator("canvas"))
    first.get_by_role("button", name="撤下").click()
    expect(first).to_contain_text("已撤下")
    assert drawing.shown()["drawings"] == 1
    console.is_sound()
    first.get_by_role("button", name="放回").click()
    expect(first.get_by_role("button", name="撤下")).to_be_visible()
    console.press("公布最佳画作")
    console.agree()
    console.says("大屏上是得票最多的画")
    console.press("收起画展")
    console.says("这个环节已经结束。撤下的画还可以放回。")
    assert drawing.shown()["phase"] == "finished"


def test_game_is_ended_early_only_with_a_typed_word(
    new_console: Opens, new_hall: Callable[..., Hall], phones: list[Phone]
) -> None:
    drawing = DrawingHall(new_hall(template="drawing", rehearsal=True))
    drawing.hall.join(*phones[:2])
    drawing.begin()
    console = opened(new_console, drawing)
    console.press("提前结束")
    expect(console.dialog.locator("#ask-yes")).to_be_disabled()
    console.agree(typed="结束")
    console.says("这个环节已经结束。")
    assert drawing.shown()["phase"] == "finished"
