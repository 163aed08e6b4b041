"""主持遥控: a host paces a contest by phone, players' phones and the big screen follow."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.contest_hall import ContestHall
from tests.browser.hall import Hall
from tests.browser.phone import Handset
from tests.browser.screen import Screen
from tests.phones import Phone

HOST_PAGE = "pages/host/host"


@pytest.fixture
def contest(new_hall: Callable[..., Hall]) -> ContestHall:
    """Return an open event with a contest of two questions, which has not begun."""
    made = ContestHall(new_hall(template="contest"))
    made.settle(questions=2)
    return made


@pytest.fixture
def open_agreed(open_phone: Callable[..., Handset]) -> Callable[..., Handset]:
    """Return what opens a phone whose user has agreed to the notice."""

    def opened(user: str, path: str, **query: int) -> Handset:
        phone = open_phone(user, path, **query)
        phone.tap("同意并开始")
        return phone

    return opened


def test_host_plays_a_contest_with_one_button(
    contest: ContestHall,
    phones: list[Phone],
    screen: Screen,
    open_agreed: Callable[..., Handset],
) -> None:
    hall = contest.hall
    hall.join(*phones[:2])
    screen.open(hall)
    remote = open_agreed(hall.host.user, HOST_PAGE, event=hall.id)
    players = [
        open_agreed(phone.user, "pages/contest/contest", event=hall.id, activity=hall.activity_id)
        for phone in phones[:2]
    ]
    remote.says("大屏现在")
    remote.tap("开始候场")
    for player in players:
        player.says("就位，等主持人开始")
    remote.tap("出第 1 题")
    expect(screen.part("question-number")).to_have_text("第 1 题 / 共 2 题")
    state = hall.host.ok("GET", f"/contests/{hall.activity_id}")["state"]
    for player, right in zip(players, (True, False), strict=True):
        _answer(player, state, right=right)
    remote.says("2 人已作答")
    remote.tap("揭晓答案")
    players[0].says("答对了！")
    players[1].says("这题没答对")
    remote.says("2 人作答，1 人答对。")
    remote.tap("看排行")
    remote.tap("出第 2 题")
    expect(screen.part("question-number")).to_have_text("第 2 题 / 共 2 题")
    remote.tap("揭晓答案")
    remote.says("揭晓以后，没作答的人不能再答。")
    remote.where.get_by_role("dialog").get_by_role("button", name="揭晓").click()
    remote.tap("看排行")
    remote.tap("颁奖")
    players[0].says("冠军")
    remote.tap("结束竞赛，回到榜单")
    remote.says("比赛已经结束")
    assert remote.misfits() == []
    remote.has_no_errors()


def _answer(player: Handset, state: dict[str, object], *, right: bool) -> None:
    """Choose the right letters, or wrong ones, and send them."""
    round_ = state["round"]
    assert isinstance(round_, dict)
    options = {option["key"]: option["text"] for option in round_["question"]["options"]}
    key = round_["key"]
    chosen = key if right else [next(one for one in options if [one] != key)]
    for letter in chosen:
        player.tap(options[letter])
    player.tap("就选")
    player.says("已收到")


def test_double_tap_is_one_step(contest: ContestHall, open_agreed: Callable[..., Handset]) -> None:
    hall = contest.hall
    remote = open_agreed(hall.host.user, HOST_PAGE, event=hall.id)
    contest.act("begin")
    remote.says("候场中")
    remote.find(".next").dblclick()
    remote.says("第 1 题 / 共 2 题")
    state = hall.host.ok("GET", f"/contests/{hall.activity_id}")["state"]
    assert (state["phase"], state["position"]) == ("question", 1)


def test_pause_freeze_and_ceremony_go_by_phone(
    hall: Hall,
    phones: list[Phone],
    screen: Screen,
    open_agreed: Callable[..., Handset],
) -> None:
    hall.play(*phones[:2])
    screen.open(hall)
    remote = open_agreed(hall.host.user, HOST_PAGE, event=hall.id)
    remote.tap("暂停")
    expect(screen.part("paused-badge")).to_have_text("暂停中")
    remote.tap("继续")
    expect(screen.part("paused-badge")).to_be_hidden()
    remote.tap("封榜")
    expect(screen.part("freeze-badge")).to_have_text("封榜")
    remote.tap("开始揭榜")
    remote.tap("揭晓第 2 名")
    remote.tap("揭晓冠军，公布全榜")
    expect(screen.part("freeze-badge")).to_be_hidden()
    assert hall.host.ok("GET", f"/events/{hall.id}")["frozen"] is False


def test_without_a_network_the_remote_says_so_and_comes_back(
    hall: Hall, open_agreed: Callable[..., Handset]
) -> None:
    remote = open_agreed(hall.host.user, HOST_PAGE, event=hall.id)
    remote.says("大家自己玩")
    remote.network("off")
    remote.says("网络不给力")
    remote.network("good")
    expect(remote.find(".stale").locator("visible=true")).to_have_count(0)
    remote.tap("暂停")
    remote.says("已暂停")


def test_who_is_no_host_has_no_remote(
    hall: Hall, phones: list[Phone], open_agreed: Callable[..., Handset]
) -> None:
    hall.join(phones[0])
    remote = open_agreed(phones[0].user, HOST_PAGE, event=hall.id)
    remote.says("回首页")
    expect(remote.find(".next")).to_have_count(0)
