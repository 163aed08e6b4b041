"""你画我猜 on the big screen: the canvas lives, hints and guessers show, the word does not leak."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.drawing_hall import DrawingHall
from tests.browser.hall import Hall
from tests.browser.screen import SIZES, Screen
from tests.phones import Phone

Phones = list[Phone]
# The colour at the middle of the canvas, which is drawn twice as fine as phones see it.
_MIDDLE = "node => [...node.getContext('2d').getImageData(1000, 750, 1, 1).data].slice(0, 3)"
_PAPER, _INK = [255, 253, 246], [29, 29, 31]


@pytest.fixture
def drawing(new_hall: Callable[..., Hall]) -> DrawingHall:
    """Return an open event with a game that has not begun."""
    return DrawingHall(new_hall(template="drawing"))


def shows(screen: Screen, operations: int, colour: list[int]) -> None:
    """Wait until the canvas has taken so many operations, and look at its middle."""
    canvas = screen.part("canvas")
    expect(canvas).to_have_attribute("data-count", str(operations))
    assert canvas.evaluate(_MIDDLE) == colour


def test_turn_from_the_choice_to_the_answer(
    drawing: DrawingHall, screen: Screen, phones: Phones
) -> None:
    people = drawing.hall.join(*phones[:3])
    players = {one["id"]: phone for one, phone in zip(people, phones, strict=False)}
    names = {one["id"]: one["name"] for one in people}
    screen.open(drawing.hall)
    without_word = screen.page.content()
    turn = drawing.begin()
    expect(screen.page.get_by_text("正在选词…")).to_be_visible()
    expect(screen.part("drawer")).to_contain_text(turn["drawer"]["name"])
    drawer = drawing.drawer(turn, players)
    word = drawing.choose(drawer, turn)
    expect(screen.part("hints")).to_contain_text(f"{len(word)} 个字")
    drawing.draw(drawer, turn, 0)
    shows(screen, 1, _INK)
    drawing.undo(drawer, turn, 1)
    shows(screen, 2, _PAPER)
    drawing.draw(drawer, turn, 2)
    shows(screen, 3, _INK)
    first, second = (one for one in players if one != turn["drawer"]["id"])
    drawing.guess(players[first], turn, "完全不沾边")
    expect(screen.part("said")).to_contain_text("完全不沾边")
    assert drawing.guess(players[first], turn, word) == "exact"
    expect(screen.part("guessed")).to_contain_text(names[first])
    # Some words, such as 手机, are in the page's own sentences.
    assert screen.page.content().count(word) == without_word.count(word)
    assert drawing.guess(players[second], turn, word) == "exact"
    expect(screen.part("answer")).to_contain_text(word)
    expect(screen.part("answer")).to_contain_text("全场都猜到了")


def test_gallery_draws_every_drawing_again(
    new_hall: Callable[..., Hall], screen: Screen, phones: Phones
) -> None:
    drawing = DrawingHall(new_hall(template="drawing"), turns=2)
    screen.page.clock.install()
    screen.open(drawing.hall)
    words = drawing.play(phones)
    place = screen.part("gallery-number")
    expect(place).to_have_text("第 1 幅 / 共 2 幅")
    expect(screen.part("answer")).to_have_text(words[0])
    shows(screen, 1, _INK)
    assert screen.spilt() == []
    screen.page.clock.run_for(12_000)
    expect(place).to_have_text("第 2 幅 / 共 2 幅")
    expect(screen.part("answer")).to_have_text(words[1])
    shows(screen, 1, _INK)
    first = drawing.gallery()[0]
    voter = next(one for one in phones[:2] if drawing.hall.seat(one) != first["drawer"]["id"])
    drawing.vote(voter, first["turn_id"])
    drawing.end_voting()
    winners = screen.part("winners")
    expect(winners).to_contain_text(first["drawer"]["name"])
    expect(winners).to_contain_text("1 票")
    screen.page.clock.run_for(1_000)
    expect(screen.part("answer")).to_have_text(words[0])
    screen.page.clock.run_for(30_000)
    expect(screen.part("answer")).to_have_text(words[0])
    assert screen.spilt() == []


def test_gallery_stays_at_a_pinned_drawing_and_drops_one_that_is_taken_out(
    new_hall: Callable[..., Hall], screen: Screen, phones: Phones
) -> None:
    drawing = DrawingHall(new_hall(template="drawing"), turns=2)
    screen.page.clock.install()
    screen.open(drawing.hall)
    words = drawing.play(phones)
    place = screen.part("gallery-number")
    expect(place).to_have_text("第 1 幅 / 共 2 幅")
    first, second = drawing.gallery()
    drawing.pin(second["turn_id"])
    screen.page.clock.run_for(1_000)
    expect(place).to_have_text("第 2 幅 / 共 2 幅")
    screen.page.clock.run_for(30_000)
    expect(screen.part("answer")).to_have_text(words[1])
    drawing.hide(second["turn_id"])
    screen.page.clock.run_for(1_000)
    expect(place).to_have_text("第 1 幅 / 共 1 幅")
    expect(screen.part("answer")).to_have_text(words[0])


def test_screen_opened_in_the_middle_shows_the_whole_drawing(
    drawing: DrawingHall, screen: Screen, phones: Phones
) -> None:
    people = drawing.hall.join(*phones[:2])
    players = {one["id"]: phone for one, phone in zip(people, phones, strict=False)}
    turn = drawing.begin()
    drawer = drawing.drawer(turn, players)
    drawing.choose(drawer, turn)
    drawing.draw(drawer, turn, 0)
    screen.open(drawing.hall)
    shows(screen, 1, _INK)
    screen.page.reload()
    shows(screen, 1, _INK)


def test_fill_and_clear_reach_the_canvas(
    drawing: DrawingHall, screen: Screen, phones: Phones
) -> None:
    people = drawing.hall.join(*phones[:2])
    players = {one["id"]: phone for one, phone in zip(people, phones, strict=False)}
    screen.open(drawing.hall)
    turn = drawing.begin()
    drawer = drawing.drawer(turn, players)
    drawing.choose(drawer, turn)
    drawing.fill(drawer, turn, 0)
    shows(screen, 1, _INK)
    drawing.clear(drawer, turn, 1)
    shows(screen, 2, _PAPER)


def test_rooms_stand_side_by_side(
    new_hall: Callable[..., Hall],
    new_screen: Callable[..., Screen],
    phones: Phones,
    hard_phones: Phones,
) -> None:
    drawing = DrawingHall(new_hall(template="drawing-short"), mode="rooms")
    still = new_screen(reduced_motion="reduce")
    drawing.hall.join(*phones[:7], *hard_phones)
    still.open(drawing.hall)
    rooms = drawing.begin_rooms()
    cards = still.part("rooms").locator(".rooms__room")
    expect(cards).to_have_count(len(rooms))
    for place, room in enumerate(rooms):
        expect(cards.nth(place)).to_contain_text(f"{room['room']} 号房")
        expect(cards.nth(place)).to_contain_text(room["turn"]["drawer"]["name"])
        guessers = room["players"] - 1
        expect(cards.nth(place)).to_contain_text(f"在选词 · {guessers} 人等着猜")
    for width, height in SIZES:
        still.page.set_viewport_size({"width": width, "height": height})
        assert still.spilt() == [], (width, height)
