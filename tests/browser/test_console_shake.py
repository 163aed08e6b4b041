"""A shake run from the console alone: mode and length, begin, cancel, result, implausible phones."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.console import DESKTOP, NARROW, Console
from tests.browser.hall import Hall
from tests.browser.shake_hall import ShakeHall
from tests.phones import Phone

Opens = Callable[..., Console]


@pytest.fixture
def shake(new_hall: Callable[..., Hall], phones: list[Phone]) -> ShakeHall:
    """Return a shake in an event that a dozen people have joined."""
    hall = new_hall(template="shake", rehearsal=True)
    hall.join(*phones)
    return ShakeHall(hall)


def opened(new_console: Opens, shake: ShakeHall, size: tuple[int, int]) -> Console:
    """Return a browser at the page of the shake."""
    console = new_console(size)
    console.log_in(shake.hall.host)
    console.open(f"/host/events/{shake.hall.id}/activities/{shake.activity_id}")
    return console


@pytest.mark.parametrize("size", [DESKTOP, NARROW], ids=["desktop", "phone"])
def test_a_round_is_begun_cancelled_begun_again_and_put_away(
    new_console: Opens, shake: ShakeHall, phones: list[Phone], size: tuple[int, int]
) -> None:
    console = opened(new_console, shake, size)
    console.says("现在没有在摇。选好玩法开始，大屏和手机同时倒数。")
    console.is_sound()
    console.page.get_by_label("这一轮多少秒").fill("60")
    console.press("开始")
    expect(console.part("shake-phase")).to_have_text("倒数")
    console.press("取消这一轮")
    console.agree()
    expect(console.part("rounds")).to_contain_text("已取消")
    console.says("开第 2 轮")
    console.press("开始")
    expect(console.part("shake-phase")).to_have_text("进行中")
    round_ = shake.hall.host.ok("GET", f"/shakes/{shake.activity_id}")["round"]
    shake.shake(phones[0], round_, 3)
    name = phones[0].ok("GET", f"/events/{shake.hall.id}/me")["player"]["name"]
    # The lanes are updated without loading the page again.
    expect(console.page.locator(f"#lanes-{round_['id']}")).to_contain_text(name)
    shake.finish(round_)
    expect(console.part("shake-phase")).to_have_text("颁奖")
    expect(console.part("podium")).to_contain_text(name)
    console.is_sound()
    console.press("从大屏收起")
    console.says("开第 3 轮")
    expect(console.part("rounds")).to_contain_text("已计分")


def test_a_draw_asks_for_winners_and_teams_are_chosen_for_a_tug(
    new_console: Opens, shake: ShakeHall
) -> None:
    console = opened(new_console, shake, NARROW)
    console.page.get_by_label("班组拔河").check()
    teams = console.page.locator("[data-shown-for=tug] input")
    expect(teams.first).to_be_visible()
    expect(console.page.get_by_label("抽几位")).to_be_hidden()
    console.page.get_by_label("摇奖").check()
    expect(teams.first).to_be_hidden()
    console.page.get_by_label("抽几位").fill("2")
    console.page.get_by_label("至少摇几次").fill("5")
    console.is_sound()
    console.press("开始")
    expect(console.part("shake-phase")).to_have_text("倒数")
    round_ = shake.hall.host.ok("GET", f"/shakes/{shake.activity_id}")["round"]
    assert (round_["mode"], round_["winner_count"], round_["at_least"]) == ("draw", 2, 5)


def test_an_implausible_phone_is_named(
    new_console: Opens, shake: ShakeHall, phones: list[Phone]
) -> None:
    round_ = shake.start("race", seconds=60)
    console = opened(new_console, shake, DESKTOP)
    while not shake.hall.host.ok(
        "GET", f"/shakes/{shake.activity_id}/rounds/{round_['id']}/flagged"
    )["flagged"]:
        shake.shake(phones[0], round_, 1)
        shake.report(phones[0], round_, 9000)
    shake.finish(round_)
    expect(console.part("flagged")).to_contain_text("人手做不到")
