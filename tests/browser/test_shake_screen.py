"""摇一摇 on the big screen: the countdown, lanes that move, the podium, the winners of a draw."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.hall import Hall
from tests.browser.screen import LARGE, OLD_PROJECTOR, Screen
from tests.browser.shake_hall import ShakeHall
from tests.installation import until
from tests.phones import Phone
from tests.sockets.socket import Socket

Phones = list[Phone]
LAPTOP = (1280, 720)
# A round lasts longer than its test, which finishes it.
LONG = 30


@pytest.fixture
def shake(new_hall: Callable[..., Hall]) -> ShakeHall:
    """Return an open event with a shake of which no round has begun."""
    return ShakeHall(new_hall(template="shake"))


def along(lane: Locator) -> float:
    """Return how many pixels from the left the runner of a lane is."""
    box = lane.locator(".lane__mascot").bounding_box()
    assert box is not None
    return box["x"]


def test_countdown_then_the_race(shake: ShakeHall, screen: Screen, phones: Phones) -> None:
    shake.hall.join(phones[0])
    screen.open(shake.hall)
    expect(screen.part("scene")).to_be_hidden()
    shake.begin("race", seconds=6)
    expect(screen.part("race-mode")).to_have_text("比手速")
    for number in "321":
        expect(screen.part("countdown-number")).to_have_text(number)
    expect(screen.part("lanes")).to_be_visible()
    expect(screen.part("time-left")).to_have_text(re.compile("^[56]$"))
    expect(screen.page.get_by_text("跑道上马上就有你")).to_be_visible()


def test_countdown_stands_still_in_a_pause(
    shake: ShakeHall, screen: Screen, phones: Phones
) -> None:
    shake.hall.join(phones[0])
    screen.page.clock.install()
    screen.open(shake.hall)
    shake.begin("race", seconds=LONG)
    expect(screen.part("countdown-number")).to_be_visible()
    shake.hall.host_does("pause")
    expect(screen.page.get_by_text("暂停中，倒数也停住了")).to_be_visible()
    shown = screen.part("countdown-number").inner_text()
    screen.page.clock.run_for(6_000)
    assert screen.part("countdown-number").inner_text() == shown


def test_lanes_move_and_the_podium_follows(
    shake: ShakeHall, screen: Screen, phones: Phones
) -> None:
    fast, slow = shake.hall.join(*phones[:2])
    screen.open(shake.hall)
    begun = shake.start("race", seconds=LONG)
    shake.shake(phones[1], begun, 5)
    lane = screen.part(f"lane-{slow['id']}")
    expect(lane).to_have_attribute("data-count", "5")
    expect(lane).to_contain_text(slow["name"])
    before = along(lane)
    shake.shake(phones[0], begun, 20)
    ahead = screen.part(f"lane-{fast['id']}")
    expect(ahead).to_have_attribute("data-count", "20")
    expect(ahead.locator(".lane__rank")).to_have_text("1")
    expect(screen.part("shakers")).to_have_text("2")
    until(lambda: along(ahead) > max(before, along(lane)), 5, "who shakes more is ahead")
    shake.finish(begun)
    expect(screen.part("track-words")).to_have_text("正在清点成绩…")
    expect(screen.part("podium-1")).to_contain_text(fast["name"])
    expect(screen.part("podium-1")).to_contain_text("20 下")
    expect(screen.part("podium-2")).to_contain_text(slow["name"])
    shake.dismiss(begun)
    expect(screen.part("scene")).to_be_hidden()
    screen.shows(shake.hall.rows())


def test_screen_opened_in_the_middle_of_a_race_shows_it(
    shake: ShakeHall, screen: Screen, phones: Phones
) -> None:
    (player,) = shake.hall.join(phones[0])
    begun = shake.start("race", seconds=LONG)
    shake.shake(phones[0], begun, 4)
    screen.open(shake.hall)
    expect(screen.part(f"lane-{player['id']}")).to_have_attribute("data-count", "4")
    screen.page.reload()
    screen.is_live()
    expect(screen.part(f"lane-{player['id']}")).to_have_attribute("data-count", "4")


def test_rope_moves_to_the_team_that_shakes_more(
    shake: ShakeHall, screen: Screen, phones: Phones
) -> None:
    players = shake.hall.join(*phones)
    teams = {player["team"]["id"]: phone for player, phone in zip(players, phones, strict=True)}
    (left, weak), (right, strong) = list(teams.items())[:2]
    screen.open(shake.hall)
    begun = shake.start("tug", seconds=LONG, team_ids=[left, right])
    shake.shake(weak, begun, 2)
    shake.shake(strong, begun, 10)
    expect(screen.part(f"side-{right}")).to_have_attribute("data-leads", "true")
    expect(screen.part(f"side-{right}")).to_have_attribute("data-count", "10")
    expect(screen.part(f"side-{left}")).to_have_attribute("data-leads", "false")
    knot, middle = screen.page.locator(".rope__knot"), screen.page.locator(".rope__middle")

    def pulled() -> bool:
        boxes = knot.bounding_box(), middle.bounding_box()
        return bool(boxes[0] and boxes[1] and boxes[0]["x"] > boxes[1]["x"] + 20)

    until(pulled, 5, "the rope has moved")
    shake.finish(begun)
    expect(screen.part("podium-1")).to_contain_text("10 下 / 人")


def test_winners_of_a_draw_open_one_after_another(
    shake: ShakeHall, screen: Screen, phones: Phones
) -> None:
    players = shake.hall.join(*phones[:3])
    screen.open(shake.hall)
    begun = shake.start("draw", seconds=LONG, winner_count=2, at_least=2)
    for phone in phones[:3]:
        shake.shake(phone, begun, 3)
    shake.finish(begun)
    expect(screen.part("winners").locator(".winner")).to_have_count(2)
    expect(screen.page.locator(".winner[data-open=true]")).to_have_count(1)
    expect(screen.page.locator(".winner[data-open=true]")).to_have_count(2)
    names = screen.part("winners").locator(".winner__name").all_inner_texts()
    assert set(names) < {player["name"] for player in players}


def test_draw_that_nobody_shook_for(shake: ShakeHall, screen: Screen, phones: Phones) -> None:
    shake.hall.join(phones[0])
    screen.open(shake.hall)
    begun = shake.start("draw", seconds=LONG, winner_count=2, at_least=2)
    shake.finish(begun)
    expect(screen.part("winners")).to_contain_text("还没有人入围")


def test_long_names_fit(
    shake: ShakeHall, new_screen: Callable[..., Screen], hard_phones: Phones
) -> None:
    still = new_screen(reduced_motion="reduce")
    shake.hall.join(*hard_phones)
    still.open(shake.hall)
    begun = shake.start("race", seconds=LONG)
    for phone in hard_phones:
        shake.shake(phone, begun, 3)
    expect(still.part("lanes").locator(".lane")).to_have_count(len(hard_phones))
    fits(still)
    shake.finish(begun)
    expect(still.part("podium-1").first).to_be_visible(timeout=15_000)
    fits(still)


def fits(screen: Screen) -> None:
    """Look at what is shown in every size; nothing may stand out or be cut."""
    for width, height in (LARGE, LAPTOP, OLD_PROJECTOR):
        screen.page.set_viewport_size({"width": width, "height": height})
        assert screen.spilt() == [], (width, height)


def test_luck_shows_what_was_lucky_and_how_often_hands_shook(
    shake: ShakeHall, screen: Screen, phones: Phones
) -> None:
    names = [player["name"] for player in shake.hall.join(*phones[:2])]
    screen.open(shake.hall)
    begun = shake.start("luck", seconds=LONG)
    expect(screen.part("race-mode")).to_have_text("拼手气")
    for phone in phones[:2]:
        shake.shake(phone, begun, 6)
    shake.finish(begun)
    first = screen.part("podium-1").first
    expect(first).to_contain_text("好运值")
    expect(first).to_contain_text("摇了 6 下")
    assert any(name in first.inner_text() for name in names)


def test_rope_of_many_teams_is_a_race_of_those_who_shake(
    shake: ShakeHall, screen: Screen, phones: Phones
) -> None:
    players = shake.hall.join(*phones)
    teams = {player["team"]["id"]: phone for player, phone in zip(players, phones, strict=True)}
    assert len(teams) > 3
    idle, _ = teams.popitem()
    screen.open(shake.hall)
    begun = shake.start("tug", seconds=LONG)
    for count, phone in enumerate(teams.values(), 2):
        shake.shake(phone, begun, count)
    for count, team in enumerate(teams, 2):
        expect(screen.part(f"lane-{team}")).to_have_attribute("data-count", str(count))
    expect(screen.part("lanes").locator(".lane")).to_have_count(len(teams))
    expect(screen.part(f"lane-{idle}")).to_have_count(0)
    shake.finish(begun)
    expect(screen.part("podium-1")).to_contain_text("下 / 人")


def test_many_winners_fit(
    shake: ShakeHall, new_screen: Callable[..., Screen], phones: Phones, hard_phones: Phones
) -> None:
    still = new_screen(reduced_motion="reduce")
    everybody = [*phones, *hard_phones]
    shake.hall.join(*everybody)
    still.page.clock.install()
    still.open(shake.hall)
    begun = shake.start("draw", seconds=LONG, winner_count=50, at_least=1)
    for phone in everybody:
        shake.shake(phone, begun, 1)
    shake.finish(begun)
    expect(still.part("winners").locator(".winner")).to_have_count(len(everybody))
    still.page.clock.run_for(40_000)
    expect(still.page.locator(".winner[data-open=true]")).to_have_count(len(everybody))
    fits(still)


def test_who_is_connected_is_counted(shake: ShakeHall, screen: Screen, phones: Phones) -> None:
    shake.hall.join(*phones[:2])
    screen.open(shake.hall)
    screen.counts(2)
    expect(screen.part("present-count")).to_be_hidden()
    # The first phone comes back while its old connection still seems to be there.
    sockets = [Socket(phone, shake.hall.id) for phone in (phones[0], phones[0], phones[1])]
    expect(screen.part("present-count")).to_have_text("2")
    for socket in sockets:
        socket.close()
