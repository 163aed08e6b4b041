"""The page `/stub`: phones side by side, each with its own person, and the tester's controls."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from backend.screen import stub
from tests.browser.axe import violations
from tests.browser.conftest import Profiles
from tests.browser.hall import Hall
from tests.browser.phone import READY, WAIT_SECONDS, Handset
from tests.browser.screen import Screen
from tests.browser.shake_hall import ShakeHall
from tests.installation import Installation, until
from tests.phones import Phone, invite_codes

DESK, LAPTOP = (1440, 900), (1024, 768)
ANNA, BEN = [number for number in invite_codes() if number.startswith("2")][40:42]
NETWORK = {"off": "无网络", "good": "5G"}


class Desk:
    """The page as a tester uses it."""

    def __init__(self, page: Page, installation: Installation) -> None:
        self.page = page
        self._url = f"{installation.url}/stub"
        self.phones: list[Handset] = []

    def visit(self, **asked: Any) -> None:
        """Open the page and wait until its phones run."""
        self.page.goto(f"{self._url}?{urlencode(asked)}")
        expect(self.page.get_by_label("活动", exact=True)).not_to_contain_text("正在取活动")
        count = self.page.locator("iframe").count()
        self.phones = [self.handset(number) for number in range(1, count + 1)]

    def handset(self, number: int) -> Handset:
        """Return a phone that runs, by its place from 1."""
        expect(self.head(number)).to_have_attribute("data-ready", "true")
        frame = self.page.locator("iframe").nth(number - 1).element_handle().content_frame()
        assert frame
        return Handset(self.page, frame)

    def until(self, condition: str, arg: Any = None) -> None:
        """Wait until the page finds this true of its frames, given as a list."""
        asked = f"arg => ({condition})([...document.querySelectorAll('iframe')], arg)"
        until(lambda: self.page.evaluate(asked, arg), WAIT_SECONDS, condition)

    def head(self, number: int) -> Any:
        """Return the part of the page with a phone and who holds it."""
        return self.page.get_by_role("article", name=f"手机 {number}")

    def choose(self, number: int) -> None:
        """Choose a phone, for which the controls are then."""
        self.head(number).get_by_role("button").first.click()

    def press(self, words: str) -> None:
        """Press a button of the controls."""
        self.page.get_by_role("button", name=words, exact=True).click()


@pytest.fixture
def desk(profiles: Profiles, installation: Installation) -> Iterator[Callable[..., Desk]]:
    """Return what opens the page; in the end no phone may have met an error."""
    if not stub.is_built():
        pytest.fail("the phone is not built: make phone")
    made: list[Desk] = []

    def make(size: tuple[int, int] = DESK, **asked: Any) -> Desk:
        page = profiles.page(size, reduced_motion="reduce")
        made.append(Desk(page, installation))
        made[-1].visit(**asked)
        return made[-1]

    yield make
    faults = [fault for desk in made for phone in desk.phones for fault in phone.errors]
    profiles.take_back()
    assert faults == []


@pytest.mark.parametrize(("asked", "shown"), [(1, 1), (2, 2), (3, 4), (8, 8), (99, 8)])
def test_as_many_phones_as_asked_for_each_with_another_person(
    desk: Callable[..., Desk], asked: int, shown: int
) -> None:
    page = desk(phones=asked)
    users = [phone.where.evaluate("() => window.phone.user") for phone in page.phones]
    assert len(set(users)) == len(users) == shown
    # What gets the focus within a phone does not move the phone out of its frame.
    for phone in page.phones:
        phone.where.evaluate(
            "() => document.querySelector('wx-button').scrollIntoView({block: 'start'})"
        )
    boxes = "() => [...document.querySelectorAll('.handset-box')].map(box => box.scrollTop)"
    assert set(page.page.evaluate(boxes)) == {0}


def test_a_deep_link_gives_bound_people_the_activity_that_it_names(
    desk: Callable[..., Desk], hall: Hall
) -> None:
    page = desk(phones=2, code=hall.code, **{"as": f"{ANNA},{BEN}"}, page="hunt")
    for phone in page.phones:
        phone.is_on("pages/hunt/hunt")
        phone.tap("同意并开始")
        phone.says("美多的帐篷")

    def joined() -> set[str]:
        items = hall.host.ok("GET", f"/events/{hall.id}/players")["items"]
        return {player["staff_number"] for player in items}

    until(lambda: joined() == {ANNA, BEN}, 10, "both are in the event")


def test_a_guest_holds_a_phone_without_being_bound(desk: Callable[..., Desk]) -> None:
    page = desk(**{"as": "guest-7"})
    expect(page.head(1)).to_contain_text("亲友 7")
    assert page.phones[0].where.evaluate("() => window.phone.user") == "guest-7"


def test_a_code_that_nobody_knows_is_said_beside_the_phone(desk: Callable[..., Desk]) -> None:
    page = desk(code="ZZZZZZ", **{"as": ANNA})
    expect(page.head(1).get_by_role("status")).to_contain_text("加入码")


def test_a_person_is_found_by_searching_the_roster(desk: Callable[..., Desk]) -> None:
    page = desk(phones=2)
    page.press("给手机 2 换人")
    page.page.get_by_role("searchbox", name="搜索名册").fill(BEN)
    page.page.get_by_role("dialog").get_by_role("button").filter(has_text=BEN).click()
    expect(page.head(2)).to_contain_text(BEN)
    assert f"%2C{BEN}" in page.page.url
    page.until("(frames, user) => frames[1].contentWindow.phone?.user === user", f"staff-{BEN}")


def test_an_event_of_the_list_is_joined_by_all_phones(
    desk: Callable[..., Desk], hall: Hall
) -> None:
    page = desk(phones=2)
    page.page.get_by_label("活动", exact=True).select_option(hall.code)
    page.press("全部加入")
    page.until(
        "frames => frames.every(one => one.contentWindow.phone?.page === 'pages/event/event')"
    )
    assert hall.host.ok("GET", f"/events/{hall.id}/players")["total"] == 2
    screen = page.page.get_by_role("link", name="打开大屏").get_attribute("href")
    assert screen == hall.screen_path


def test_the_network_is_that_of_the_chosen_phone_or_of_all(desk: Callable[..., Desk]) -> None:
    page = desk(phones=2)
    page.choose(2)
    network = page.page.get_by_role("group", name="网络")
    network.get_by_role("radio", name="断网").click()
    signals = [phone.where.locator("#signal") for phone in page.phones]
    expect(signals[0]).to_have_text(NETWORK["good"])
    expect(signals[1]).to_have_text(NETWORK["off"])
    page.page.get_by_text("操作用于所有手机").click()
    network.get_by_role("radio", name="断网").click()
    expect(signals[0]).to_have_text(NETWORK["off"])


def test_a_phone_shakes_by_button_and_while_a_key_is_held(desk: Callable[..., Desk]) -> None:
    page = desk(phones=2)
    first, second = (phone.where for phone in page.phones)
    page.press("摇 3 秒")
    assert first.evaluate("() => window.phone.isShaking()")
    assert not second.evaluate("() => window.phone.isShaking()")
    page.choose(2)
    page.page.keyboard.down("Alt")
    page.page.keyboard.down("KeyS")
    page.phones[1].until("() => window.phone.isShaking()")
    page.page.keyboard.up("KeyS")
    page.page.keyboard.up("Alt")
    page.phones[1].until("() => !window.phone.isShaking()")


def test_a_phone_is_turned_and_has_larger_text_and_goes_away(desk: Callable[..., Desk]) -> None:
    page = desk()
    (phone,) = page.phones
    height = "() => document.querySelector('wx-button').getBoundingClientRect().height"
    upright = phone.where.evaluate(height)
    page.press("转屏")
    phone.until("() => innerWidth === 812 && innerHeight === 375")
    assert phone.where.evaluate(height) == upright
    page.page.get_by_label("系统字号").select_option("1.4")
    expect(phone.body.locator(".page.size-3")).to_be_visible()
    page.press("退到后台 10 秒")
    expect(phone.where.get_by_text("微信在后台")).to_be_visible()


def test_log_and_storage_show_what_the_phone_did_without_its_token(
    desk: Callable[..., Desk], hall: Hall
) -> None:
    page = desk(code=hall.code, **{"as": ANNA}, page="hunt")
    page.phones[0].tap("同意并开始")
    log = page.page.get_by_role("list", name="日志")
    line = log.get_by_role("listitem").filter(has_text=f"/hunts/{hall.activity_id}").first
    expect(line).to_contain_text("200")
    line.locator("summary").click()
    expect(line.locator("pre").first).to_contain_text("sites")
    page.page.get_by_role("tab", name="日志").press("ArrowRight")
    stored = page.page.get_by_role("list", name="手机里存的内容")
    stored.get_by_text("token", exact=True).click()
    expect(stored).to_contain_text("不显示")
    assert "eyJ" not in page.page.locator("body").inner_text()


def test_logs_of_two_phones_stand_side_by_side(desk: Callable[..., Desk]) -> None:
    page = desk(phones=2)
    page.page.get_by_label("打开页面").select_option("boards")
    page.phones[0].is_on("pages/boards/boards")
    page.press("两部对照")
    first = page.page.get_by_role("list", name="第一部的日志")
    second = page.page.get_by_role("list", name="第二部的日志")
    expect(first).to_contain_text("pages/boards/boards")
    expect(second).to_contain_text("pages/home/home")
    expect(second).not_to_contain_text("pages/boards/boards")


def test_a_new_phone_of_the_same_person_has_kept_nothing(desk: Callable[..., Desk]) -> None:
    page = desk(**{"as": ANNA})
    page.phones[0].where.evaluate(
        "() => window.phone.storage.storage.setStorageSync('kept', 'before')"
    )
    page.press("像新手机一样")
    kept = page.handset(1).where.evaluate("() => window.phone.storage.everything()")
    assert "kept" not in kept


@pytest.mark.parametrize("size", [DESK, LAPTOP, (375, 812)], ids=["desk", "laptop", "mobile"])
@pytest.mark.parametrize("count", [1, 2, 4])
def test_nothing_is_wider_than_the_window(
    desk: Callable[..., Desk], size: tuple[int, int], count: int
) -> None:
    page = desk(size, phones=count)
    assert page.page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    cut = """() => [...document.querySelectorAll('.handset')].filter((one) =>
      one.querySelector('.handset-box').getBoundingClientRect().right
        > one.getBoundingClientRect().right).length"""
    assert page.page.evaluate(cut) == 0


def test_a_mobile_is_asked_who_holds_it_and_opens_bound(
    profiles: Profiles, installation: Installation
) -> None:
    page = profiles.page((390, 844), has_touch=True, reduced_motion="reduce")
    page.goto(f"{installation.url}/stub/phone")
    page.get_by_label("在名册里找").fill(BEN)
    page.get_by_role("list", name="名册").get_by_role("button").filter(has_text=BEN).click()
    page.wait_for_url("**/stub/phone?user=staff-*")
    phone = Handset(page)
    phone.until(READY)
    assert phone.where.evaluate("() => window.phone.user") == f"staff-{BEN}"
    page.evaluate("() => localStorage.clear()")
    profiles.take_back()


def test_controls_and_the_list_of_people_are_accessible(
    desk: Callable[..., Desk], profiles: Profiles, installation: Installation
) -> None:
    assert violations(desk(phones=2).page) == []
    mobile = profiles.page((390, 844), has_touch=True, reduced_motion="reduce")
    mobile.goto(f"{installation.url}/stub/phone")
    expect(mobile.get_by_label("在名册里找")).to_be_visible()
    assert violations(mobile) == []


def test_the_code_on_the_big_screen_is_scanned_from_a_picture_of_it(
    desk: Callable[..., Desk], hall: Hall, screen: Screen
) -> None:
    screen.open(hall)
    picture = screen.page.screenshot()
    phone = desk(page="join", **{"as": BEN}).phones[0]
    phone.tap("同意并开始")
    phone.tap("扫大屏幕上的二维码")
    with phone.page.expect_file_chooser() as chooser:
        phone.where.get_by_role("dialog").get_by_role("button", name="从图片里识别").click()
    chooser.value.set_files({"name": "screen.png", "mimeType": "image/png", "buffer": picture})
    players = f"/events/{hall.id}/players"
    until(lambda: hall.host.ok("GET", players)["total"] == 1, WAIT_SECONDS, "it has joined")


def test_a_phone_that_fills_the_screen_is_shaken_by_holding_a_button(
    profiles: Profiles,
    installation: Installation,
    new_hall: Callable[..., Hall],
    phones: list[Phone],
) -> None:
    shake = ShakeHall(new_hall(template="shake"))
    shake.hall.join(phones[0])
    page = profiles.page((390, 844), has_touch=True, reduced_motion="reduce")
    query = urlencode({"event": shake.hall.id, "activity": shake.activity_id})
    asked = {"user": phones[0].user, "path": "pages/shake/shake", "query": query}
    page.goto(f"{installation.url}/stub/phone?{urlencode(asked)}")
    phone = Handset(page)
    phone.until(READY)
    phone.tap("同意并开始")
    phone.says("等主持人开始")
    shake.start("race", seconds=30)
    phone.says("摇起来！")
    page.get_by_role("button", name="按住代替摇").hover()
    page.mouse.down()
    counted = f"/shakes/{shake.activity_id}"
    until(lambda: phones[0].ok("GET", counted)["own"]["count"] >= 5, 15, "it is shaken")
    page.mouse.up()
    phone.has_no_errors()
    page.evaluate("() => localStorage.clear()")
    profiles.take_back()


def test_the_code_of_an_event_is_scanned_by_picking_the_event(
    desk: Callable[..., Desk], new_hall: Callable[..., Hall]
) -> None:
    hall = new_hall(title="扫码加入的活动")
    page = desk(page="join", **{"as": ANNA})
    phone = page.phones[0]
    phone.tap("同意并开始")
    phone.tap("扫大屏幕上的二维码")
    phone.where.get_by_role("dialog").get_by_role("button", name=hall.title).click()
    players = f"/events/{hall.id}/players"
    until(lambda: hall.host.ok("GET", players)["total"] == 1, WAIT_SECONDS, "it has joined")
