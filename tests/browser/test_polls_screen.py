"""投票 on the big screen: entries under a seal, then bars or a race, ties, ballots that count."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.hall import Hall
from tests.browser.poll_hall import PollHall
from tests.browser.screen import LARGE, OLD_PROJECTOR, PHONE, Screen
from tests.phones import Phone

Phones = list[Phone]

LONG = (
    "高原客户服务中心夜间综合业务支撑与投诉升级处理专席第一百二十八小组《我和我的祖国》无伴奏合唱版"
)


@pytest.fixture
def polls(new_hall: Callable[..., Hall]) -> PollHall:
    """Return an open event in which no poll is on."""
    return PollHall(new_hall(template="anniversary"))


def test_results_wait_under_a_seal_and_then_race(
    polls: PollHall, screen: Screen, phones: Phones
) -> None:
    polls.hall.join(*phones[:6])
    screen.open(polls.hall)
    expect(screen.part("scene")).to_be_hidden()
    polls.open("格桑花开", "洗衣歌", "北京的金山上")
    expect(screen.part("poll-sealed")).to_have_text("第一张选票，等你来投")
    for phone, choice in zip(phones, [1, 1, 1, 0, 0], strict=False):
        polls.vote(phone, choice)
    expect(screen.part("valid-ballots")).to_have_text("5")
    expect(screen.part("poll-entries")).to_contain_text("格桑花开")
    expect(screen.part("poll-rows")).to_have_count(0)
    polls.act("show", display="race")
    rows = [screen.part(f"poll-row-{option}") for option in polls.options]
    for row, votes, place in zip(rows, ["2", "3", "0"], [1, 0, 2], strict=True):
        expect(row.locator(".tally__votes b")).to_have_text(votes)
        expect(row).to_have_css("--at", str(place))
    expect(rows[1]).to_contain_text("60.0%")
    polls.vote(phones[5], 0)
    expect(rows[0]).to_have_attribute("data-mood", "tied")
    polls.act("close")
    expect(screen.part("poll-note")).to_have_text("2 个并列，争第 1 名，等待加投")
    polls.act("dismiss")
    expect(screen.part("scene")).to_be_hidden()


@pytest.mark.parametrize("size", [LARGE, OLD_PROJECTOR, PHONE], ids=lambda size: f"{size[0]}")
def test_long_titles_fit_under_the_seal_and_in_rows(
    polls: PollHall, new_screen: Callable[..., Screen], size: tuple[int, int], phones: Phones
) -> None:
    still = new_screen(size, reduced_motion="reduce")
    polls.hall.join(*phones[:3])
    still.open(polls.hall)
    titles = [LONG + str(at) for at in range(9)]
    polls.open(*titles, "W" * 100, title=LONG, method="multiple", most_choices=3, places=2)
    for phone in phones[:3]:
        polls.vote(phone, 0, 1, 9)
    expect(still.part("valid-ballots")).to_have_text("3")
    assert size == PHONE or still.spilt() == []
    assert still.misfits() == []
    polls.act("close")
    polls.act("show", display="bars")
    expect(still.part("poll-rows").locator(".tally__row")).to_have_count(10)
    assert size == PHONE or still.spilt() == []
    assert still.misfits() == []


@pytest.mark.parametrize("size", [LARGE, OLD_PROJECTOR, PHONE], ids=lambda size: f"{size[0]}")
def test_hall_code_is_large_and_takes_ballots(
    polls: PollHall, new_screen: Callable[..., Screen], size: tuple[int, int], phones: Phones
) -> None:
    screen = new_screen(size, reduced_motion="reduce")
    polls.hall.join(*phones[:2])
    screen.open(polls.hall)
    polls.open("格桑花开", LONG, hall_code=True, guests_allowed=True)
    expect(screen.part("hall-code")).to_have_text(re.compile(r"^\d{3} \d{3}$"))
    polls.vote(phones[0], 0, hall_code=screen.part("hall-code").inner_text())
    expect(screen.part("valid-ballots")).to_have_text("1")
    assert size == PHONE or screen.spilt() == []
    assert screen.misfits() == []
    polls.act("show", display="bars")
    expect(screen.part("poll-rows")).to_be_visible()
    expect(screen.part("hall-code")).to_be_visible()
    assert size == PHONE or screen.spilt() == []
    polls.act("close")
    expect(screen.part("hall-code-panel")).to_be_hidden()


def test_screen_says_where_a_second_account_is_not_noticed(
    polls: PollHall, screen: Screen, phones: Phones
) -> None:
    polls.hall.join(phones[0])
    screen.open(polls.hall)
    polls.open("格桑花开", "洗衣歌", guests_allowed=True)
    expect(screen.part("poll-entries")).to_be_visible()
    known = screen.part("poll-caution")
    polls.hall.installation.change("UPDATE account SET unionid = 'u' || id")
    polls.vote(phones[0], 0)
    expect(known).to_be_hidden()
    polls.hall.installation.change("UPDATE account SET unionid = NULL")
    expect(known).to_contain_text("同一人可能用两个微信号投票")
