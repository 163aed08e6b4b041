"""抽奖 on the phone: my number in the pool, winners as they are drawn, my code, and the record."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.hall import Hall
from tests.browser.phone import Handset
from tests.browser.raffle_hall import Draw, RaffleHall
from tests.phones import Phone

Phones = list[Phone]
LONG_PRIZE = "一等奖 · 高原客户服务中心周年庆典特别定制林卡野餐套装含帐篷"


@pytest.fixture
def raffle(new_hall: Callable[..., Hall]) -> RaffleHall:
    """Return an open event in which nothing was drawn."""
    return RaffleHall(new_hall(template="anniversary"))


@pytest.fixture
def open_raffle(raffle: RaffleHall, open_phone: Callable[..., Handset]) -> Callable[..., Handset]:
    """Return what opens the page on somebody's phone."""

    def make(phone: Phone, size: tuple[int, int] = (375, 812)) -> Handset:
        facts = {"event": raffle.hall.id, "activity": raffle.activity_id}
        opened = open_phone(phone.user, "pages/raffle/raffle", size=size, **facts)
        opened.tap("同意并开始")
        return opened

    return make


def own_number(raffle: RaffleHall, phone: Phone) -> int:
    """Return the number of somebody in the newest pool."""
    found = phone.ok("GET", f"/raffles/{raffle.activity_id}")["own"]["entry"]
    return int(found["number"])


def test_winner_is_called_and_shows_the_code_that_the_host_signs_off(
    raffle: RaffleHall, open_raffle: Callable[..., Handset], phones: Phones
) -> None:
    raffle.hall.join(phones[0])
    phone = open_raffle(phones[0])
    phone.says("抽奖还没开始")
    phone.says("三等奖 · 美多保温杯")
    draw = raffle.commit("蓝牙耳机", 1)
    phone.says("名单已锁定")
    expect(phone.find(".my-number")).to_have_text(f"{own_number(raffle, phones[0])}号")
    phone.says("名单里只有一个人，没有别的候选。")
    drawn = raffle.draw(draw, 1, word="扎西德勒")
    phone.says("抽中你了！")
    (pick,) = drawn["picks"]
    expect(phone.find(".code")).to_have_text(f"{pick['code'][:4]} {pick['code'][4:]}")
    raffle.call(draw, pick)
    phone.says("请上台领奖")
    raffle.come(pick)
    phone.says("已领取")
    phone.has_no_errors()


def test_prize_that_is_handed_over_off_the_screen_is_shown_so_at_once(
    raffle: RaffleHall, open_raffle: Callable[..., Handset], phones: Phones
) -> None:
    raffle.hall.join(phones[0])
    drawn = raffle.draw(raffle.commit("蓝牙耳机", 1), 1)
    phone = open_raffle(phones[0])
    phone.says("领奖码在最上面。")
    raffle.come(drawn["picks"][0])
    phone.says("已领取")
    phone.says("奖品已经领走了。")
    phone.has_no_errors()


def test_who_is_not_drawn_sees_the_winners_and_their_own_number(
    raffle: RaffleHall, open_raffle: Callable[..., Handset], phones: Phones
) -> None:
    players = raffle.hall.join(*phones[:3])
    draw = raffle.commit("蓝牙耳机", 2)
    drawn = raffle.draw(draw, 2)
    winners = {pick["name"] for pick in drawn["picks"]}
    (other,) = [at for at, player in enumerate(players) if player["name"] not in winners]
    phone = open_raffle(phones[other])
    phone.says("这次没有抽到")
    phone.says("已抽出 2 / 2")
    for name in winners:
        phone.says(name)
    phone.has_no_errors()


def test_record_tells_how_to_check_the_draw(
    raffle: RaffleHall, open_raffle: Callable[..., Handset], phones: Phones
) -> None:
    raffle.hall.join(*phones[:3])
    draw = raffle.commit("蓝牙耳机", 1)
    phone = open_raffle(phones[0])
    phone.tap("看核对")
    phone.says("再公布承诺")
    phone.says(draw["commitment"])
    phone.says("抽完以后公布种子")
    raffle.draw(draw, 1, word="扎西德勒")
    phone.says("大家喊的词是“扎西德勒”")
    seed = raffle.reveal(draw)["seed"]
    phone.says(seed)
    phone.tap("在这部手机上核对")
    phone.says("✓ 这部手机重算了一遍：承诺没有变，3 人里抽出的 1 位一位不差。")
    phone.says(f"你的签条就在名单第 {own_number(raffle, phones[0])} 号。")
    phone.tap("复制整份记录")
    phone.says("整份记录已复制")
    phone.has_no_errors()


def test_all_winners_stand_under_their_prizes(
    raffle: RaffleHall, open_raffle: Callable[..., Handset], phones: Phones
) -> None:
    raffle.hall.join(phones[1])
    drawn: Draw = raffle.draw(raffle.commit("蓝牙耳机", 1), 1)
    raffle.show("winners")
    raffle.hall.join(phones[0])
    phone = open_raffle(phones[0])
    phone.says("中奖名单")
    phone.says(drawn["picks"][0]["name"])
    phone.says("还有 10 份")
    phone.has_no_errors()


@pytest.mark.parametrize("width", [375, 320])
def test_long_prizes_and_names_fit(
    raffle: RaffleHall,
    open_raffle: Callable[..., Handset],
    hard_phones: Phones,
    width: int,
) -> None:
    raffle.hall.join(*hard_phones)
    draw = raffle.commit(LONG_PRIZE, 5)
    phone = open_raffle(hard_phones[1], (width, 640))
    phone.large_text()
    phone.says("我的号")
    assert phone.misfits() == []
    drawn = raffle.draw(draw, 5, word="格桑花开在高原上的每一个春天里")
    raffle.call(draw, drawn["picks"][0])
    raffle.reveal(draw)
    expect(phone.find(".lot")).to_have_count(5)
    phone.tap("看核对")
    phone.says("最后公布种子")
    phone.tap("在这部手机上核对")
    phone.says("承诺没有变")
    assert phone.misfits() == []
    phone.has_no_errors()
