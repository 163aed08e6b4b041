"""抽奖 on the big screen: the commitment, the winners, no-shows, the page of all winners."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.hall import Hall
from tests.browser.raffle_hall import RaffleHall
from tests.browser.screen import LARGE, OLD_PROJECTOR, PHONE, Screen
from tests.phones import Phone

Phones = list[Phone]
LONG_PRIZE = "一等奖 · 高原客户服务中心周年庆典特别定制林卡野餐套装含帐篷"


@pytest.fixture
def raffle(new_hall: Callable[..., Hall]) -> RaffleHall:
    """Return an open event in which nothing was drawn."""
    return RaffleHall(new_hall(template="anniversary"))


def test_pool_that_is_too_small_promises_no_more_winners_than_it_has_people(
    raffle: RaffleHall, screen: Screen, phones: Phones
) -> None:
    raffle.hall.join(*phones[:3])
    screen.open(raffle.hall)
    raffle.commit("蓝牙耳机", 10)
    expect(screen.part("draw-people")).to_have_text("参加活动的员工，3 人中抽 3 名")


def test_commitment_then_winners_one_by_one_then_the_seed(
    raffle: RaffleHall, screen: Screen, phones: Phones
) -> None:
    raffle.hall.join(*phones)
    screen.open(raffle.hall)
    expect(screen.part("scene")).to_be_hidden()
    draw = raffle.commit("蓝牙耳机", 2)
    expect(screen.part("draw-title")).to_have_text("蓝牙耳机")
    expect(screen.part("commitment")).to_have_text(draw["commitment"])
    expect(screen.part("draw-people")).to_have_text("参加活动的员工，12 人中抽 2 名")
    expect(screen.part("seed")).to_be_hidden()
    lots = screen.part("lots").locator(".lot")
    expect(lots).to_have_count(2)
    (first,) = raffle.draw(draw, 1, word="扎西德勒")["picks"]
    expect(screen.part("lot-1")).to_contain_text(first["name"])
    expect(screen.part("draw-word")).to_have_text("现场的词：扎西德勒")
    expect(screen.part("lot-2")).to_have_attribute("data-open", "false")
    _, second = raffle.draw(draw, 2)["picks"]
    expect(screen.part("lot-2")).to_contain_text(second["name"])
    raffle.call(draw, second)
    expect(screen.part("calls-lead")).to_have_text("请上台领奖")
    expect(screen.part("call-name")).to_have_text(second["name"])
    expect(screen.part("calls").get_by_test_id("time-left")).to_have_text(re.compile("^[45][0-9]$"))
    *_, third = raffle.absent(draw, second)["picks"]
    expect(screen.part("calls-page")).to_be_hidden()
    expect(screen.part("draw-gone")).to_contain_text(second["name"])
    expect(screen.part("lot-2")).to_contain_text(f"{third['number']} 号")
    raffle.reveal(draw)
    expect(screen.part("seed")).to_have_text(re.compile("^[0-9a-f]{64}$"))
    raffle.show("winners")
    expect(screen.part("honours").locator(".honour b")).to_have_text([first["name"], third["name"]])
    expect(screen.part("honours").locator("h3")).to_contain_text("蓝牙耳机")
    raffle.show(None)
    expect(screen.part("scene")).to_be_hidden()


@pytest.mark.parametrize("size", [LARGE, OLD_PROJECTOR, PHONE], ids=lambda size: f"{size[0]}")
def test_long_prizes_and_names_fit(
    raffle: RaffleHall,
    new_screen: Callable[..., Screen],
    size: tuple[int, int],
    phones: Phones,
    hard_phones: Phones,
) -> None:
    still = new_screen(size, reduced_motion="reduce")
    raffle.hall.join(*hard_phones, *phones)
    still.open(raffle.hall)
    draw = raffle.commit(LONG_PRIZE, 5)
    expect(still.part("lots").locator(".lot")).to_have_count(5)
    assert size == PHONE or still.spilt() == []
    drawn = raffle.draw(draw, 5, word="格桑花开在高原上的每一个春天里")
    raffle.call(draw, drawn["picks"][0])
    expect(still.part("calls").locator(".call")).to_have_count(1)
    assert size == PHONE or still.spilt() == []
    assert still.misfits() == []
    raffle.absent(draw, drawn["picks"][0])
    expect(still.part("draw-gone")).to_be_visible()
    expect(still.part("lots").locator('.lot[data-open="true"]')).to_have_count(5)
    raffle.reveal(draw)
    expect(still.part("seed")).to_be_visible()
    assert size == PHONE or still.spilt() == []
    assert still.misfits() == []
    raffle.show("winners")
    expect(still.part("honours").locator(".honour")).to_have_count(5)
    assert size == PHONE or still.spilt() == []
    assert still.misfits() == []


@pytest.mark.parametrize("size", [LARGE, PHONE], ids=lambda size: f"{size[0]}")
def test_winners_are_called_until_they_come(
    raffle: RaffleHall,
    new_screen: Callable[..., Screen],
    size: tuple[int, int],
    hard_phones: Phones,
) -> None:
    screen = new_screen(size, reduced_motion="reduce")
    raffle.hall.join(*hard_phones)
    screen.open(raffle.hall)
    draw = raffle.commit(LONG_PRIZE, 5)
    picks = raffle.draw(draw, 5)["picks"]
    raffle.show(None)
    for count, pick in enumerate(picks, 1):
        raffle.call(draw, pick)
        expect(screen.part("calls").locator(".call")).to_have_count(count)
        assert size == PHONE or screen.spilt() == []
        assert screen.misfits() == []
    raffle.come(picks[0])
    expect(screen.part("calls").locator(".call")).to_have_count(4)
    for pick in picks[1:]:
        raffle.come(pick)
    expect(screen.part("scene")).to_be_hidden()


def test_pool_of_one_says_so(raffle: RaffleHall, screen: Screen, phones: Phones) -> None:
    raffle.hall.join(phones[0])
    screen.open(raffle.hall)
    raffle.commit("蓝牙耳机", 1)
    expect(screen.part("draw-only")).to_have_text("名单里只有一位候选人")
