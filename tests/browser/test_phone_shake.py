"""摇一摇 on the phone: in step with the big screen, by shaking, tapping or holding, to the podium."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.console import Console
from tests.browser.hall import Hall
from tests.browser.phone import Handset
from tests.browser.screen import Screen
from tests.browser.shake_hall import Round, ShakeHall
from tests.installation import until
from tests.phones import Phone

PAGE = "pages/shake/shake"
SMALL = (320, 568)
LONG = 30
# A browser under load draws late; a clock that is wrong is off by more.
IN_STEP_MS = 600
# Records when the text of an element changes, and how long before the page was not run at all:
# while the machine pauses the page, it can neither show nor record a change.
NOTE = """selector => {
  window.noted = {};
  let looked = Date.now();
  setInterval(() => {
    const now = Date.now();
    const words = document.querySelector(selector)?.textContent ?? "";
    window.noted[words] ??= { at: now, stood: now - looked };
    looked = now;
  }, 20);
}"""
# Two hundred swipes in one moment.
SWIPE_TOO_OFTEN = """pad => {
  for (let times = 0; times < 200; times += 1) {
    for (const [kind, clientY] of [["touchstart", 500], ["touchend", 440]]) {
      const touch = new Touch({ identifier: 1, target: pad, clientX: 150, clientY });
      const touches = kind === "touchstart" ? [touch] : [];
      pad.dispatchEvent(new TouchEvent(kind, { touches, changedTouches: [touch], bubbles: true }));
    }
  }
}"""
Open = Callable[..., Handset]


@pytest.fixture
def shake(new_hall: Callable[..., Hall], phones: list[Phone]) -> ShakeHall:
    """Return an event with a shake that four people have joined."""
    found = ShakeHall(new_hall(template="shake"))
    found.hall.join(*phones[:4])
    return found


@pytest.fixture
def take(open_phone: Open, shake: ShakeHall) -> Callable[..., Handset]:
    """Return what opens the shake on a person's phone."""

    def make(phone: Phone, **more: object) -> Handset:
        hall = shake.hall
        handset = open_phone(phone.user, PAGE, event=hall.id, activity=hall.activity_id, **more)
        handset.tap("同意并开始")
        handset.says("等主持人开始")
        return handset

    return make


def part(phone: Handset, name: str) -> Locator:
    """Return the element of the page with this id."""
    return phone.find(f"[id$='--{name}']")


def pad(phone: Handset) -> Locator:
    """Return the large button under the thumb."""
    return part(phone, "pad")


def lanes(phone: Handset) -> Locator:
    """Return the lanes of others."""
    return part(phone, "others").locator("> wx-view")


def worth(phone: Handset) -> int:
    """Return the large number."""
    found = part(phone, "worth")
    return int(found.inner_text()) if found.count() else 0


def tap(phone: Handset, times: int) -> None:
    """Tap the pad as fast as a thumb can: two taps closer to each other would be one."""
    for _ in range(times):
        pad(phone).click(delay=90)


def own(shake: ShakeHall, phone: Phone) -> int:
    """Return what the server counts of a phone."""
    found = phone.ok("GET", f"/shakes/{shake.hall.activity_id}")["own"]
    return int(found["count"])


def test_countdown_runs_in_step_with_the_screen(
    shake: ShakeHall, take: Callable[..., Handset], screen: Screen, phones: list[Phone]
) -> None:
    screen.open(shake.hall)
    one = take(phones[0])
    one.where.evaluate(NOTE, "[id$='--count']")
    screen.page.evaluate(NOTE, "[data-testid='countdown-number']")
    shake.begin("race", seconds=6)
    one.says("摇起来！")
    expect(screen.part("lanes")).to_be_visible()
    there, here = (page.evaluate("() => window.noted") for page in (screen.page, one.where))
    both = [number for number in "321" if number in there and number in here]
    assert both, (there, here)
    for number in both:
        apart = abs(there[number]["at"] - here[number]["at"])
        stood = there[number]["stood"] + here[number]["stood"]
        assert apart < IN_STEP_MS + stood, (there, here)


def test_two_phones_race_on_the_screen(
    shake: ShakeHall, take: Callable[..., Handset], screen: Screen, phones: list[Phone]
) -> None:
    screen.open(shake.hall)
    one, two = take(phones[0]), take(phones[1])
    begun = shake.start("race", seconds=LONG)
    one.says("摇起来！")
    one.shake(60_000)
    two.shake(1_500)
    until(lambda: worth(one) >= 30, 10, "one is shaken for some seconds")
    mine, other = (phone.ok("GET", f"/events/{shake.hall.id}/me")["player"] for phone in phones[:2])
    ahead = screen.part(f"lane-{mine['id']}")
    until(lambda: int(ahead.get_attribute("data-count") or 0) >= 30, 5, "the screen shows them")
    one.says("第 1 名，领先！")
    two.says("第 2 名")
    expect(lanes(two).first).to_contain_text(mine["name"])
    shake.finish(begun)
    one.says("停！")
    stopped = worth(one)
    one.says("冠军")
    two.says("亚军")
    expect(screen.part("podium-1")).to_contain_text(mine["name"])
    expect(screen.part("podium-2")).to_contain_text(other["name"])
    counted = own(shake, phones[0])
    assert counted == stopped
    one.says(f"摇了 {counted} 下")
    one.says("+55 分")
    shake.begin("luck", seconds=6)
    one.says("拼手气")


def test_banknotes_and_packets_from_the_console_to_the_ledger(
    shake: ShakeHall,
    take: Callable[..., Handset],
    screen: Screen,
    console: Console,
    phones: list[Phone],
) -> None:
    screen.open(shake.hall)
    one, fast = take(phones[0]), take(phones[1])
    console.open(f"/host/events/{shake.hall.id}/activities/{shake.activity_id}")
    name, other = (
        phone.ok("GET", f"/events/{shake.hall.id}/me")["player"]["name"] for phone in phones[:2]
    )

    money = begun(console, shake, "数钱")
    expect(screen.part("race-mode")).to_have_text("数钱")
    for phone in (one, fast):
        phone.says("往上划！")
        expect(part(phone, "ways")).not_to_contain_text("摇")
    for _ in range(3):
        swipe(one)
    pad(fast).evaluate(SWIPE_TOO_OFTEN)
    fast.says("已是最快：每秒最多算 8 张")
    shake.finish(money)
    expect(screen.part("podium-1")).to_contain_text(name)
    expect(screen.part("podium-1")).to_contain_text("3 张")
    one.says("数了 3 张")
    capped = own(shake, phones[1])
    assert 3 < capped <= 8 * newest(shake)["seconds"]
    # More than a hand can do: behind those who swiped less.
    expect(screen.part("podium-2")).to_contain_text(other)
    expect(screen.part("podium-2")).to_contain_text(f"{capped} 张")
    says_what_the_ledger_says(shake, screen, {1: phones[0], 2: phones[1]}, 1)
    console.press("从大屏收起")

    rain = begun(console, shake, "红包雨")
    expect(screen.part("race-mode")).to_have_text("红包雨")
    part(one, "rain").wait_for()
    taps = 0
    # A packet that has fallen past the finger is not caught.
    while worth(one) < 3:
        assert taps < 20
        one.find(".packet").last.click()
        taps += 1
    until(lambda: own(shake, phones[0]) >= 3, 10, "they are reported")
    shake.finish(rain)
    expect(screen.part("podium-1")).to_contain_text(name)
    caught = own(shake, phones[0])
    # A packet counts once.
    assert 3 <= caught <= taps
    expect(screen.part("podium-1")).to_contain_text(f"{caught} 个")
    one.says(f"接了 {caught} 个")
    fast.says("这一轮没有接")
    says_what_the_ledger_says(shake, screen, {1: phones[0]}, 2)


def begun(console: Console, shake: ShakeHall, mode: str) -> Round:
    """Let the host begin a round of a mode on the console, and skip its countdown."""
    console.says("现在没有在摇。")
    console.page.get_by_label(mode).check()
    console.page.get_by_label("这一轮多少秒").fill(str(LONG))
    console.press("开始")
    expect(console.part("shake-phase")).to_have_text("倒数")
    shake.skip_countdown(newest(shake))
    return newest(shake)


def newest(shake: ShakeHall) -> Round:
    """Return the round that is on."""
    found: Round = shake.hall.host.ok("GET", f"/shakes/{shake.activity_id}")["round"]
    return found


def swipe(phone: Handset) -> None:
    """Swipe over the pad from below."""
    box = pad(phone).bounding_box()
    assert box
    mouse, x, y = phone.page.mouse, box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    mouse.move(x, y)
    mouse.down()
    mouse.move(x, y - 60)
    mouse.up()


def says_what_the_ledger_says(
    shake: ShakeHall, screen: Screen, at: dict[int, Phone], rounds: int
) -> None:
    """Compare the points on the podium with the newest lines of the receipts."""
    for place, phone in at.items():
        lines = phone.ok("GET", f"/events/{shake.hall.id}/receipts")["items"]
        earned = [line["points"] for line in lines if line["reason"] == "shake"]
        assert len(earned) == (rounds if place == 1 else 1)
        expect(screen.part(f"podium-{place}")).to_contain_text(f"+{earned[-1]} 分")


def test_who_cannot_shake_taps_or_holds(
    shake: ShakeHall, take: Callable[..., Handset], phones: list[Phone]
) -> None:
    one = take(phones[0])
    one.tap("点一点")
    shake.start("race", seconds=LONG)
    one.says("点这里！")
    one.says("1 下算 1.25")
    tap(one, 8)
    until(lambda: own(shake, phones[0]) == 10, 5, "taps are counted with their percent")
    one.tap("按住不放")
    assert worth(one) == 10
    box = pad(one).bounding_box()
    assert box
    one.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    one.page.mouse.down()
    until(lambda: worth(one) >= 15, 8, "holding counts by the half second")
    one.page.mouse.up()
    until(lambda: own(shake, phones[0]) == worth(one), 5, "and the server hears of it")


def test_count_outlives_a_restart_and_a_cut(
    shake: ShakeHall, take: Callable[..., Handset], phones: list[Phone]
) -> None:
    one = take(phones[0])
    one.tap("点一点")
    shake.start("race", seconds=120)
    one.says("点这里！")
    tap(one, 8)
    until(lambda: own(shake, phones[0]) == 10, 5, "the taps arrive")
    one.network("off")
    one.says("网络断开了")
    tap(one, 4)
    until(lambda: worth(one) == 15, 5, "counting goes on without a network")
    one.network("good")
    until(lambda: own(shake, phones[0]) == 15, 20, "the count arrives once the network is back")
    one.go(PAGE, event=shake.hall.id, activity=shake.hall.activity_id)
    until(lambda: worth(one) == 15, 10, "the page begins where it was")


def test_pause_stops_clock_and_count(
    shake: ShakeHall, take: Callable[..., Handset], phones: list[Phone]
) -> None:
    one = take(phones[0])
    one.tap("点一点")
    shake.start("race", seconds=LONG)
    one.says("点这里！")
    tap(one, 4)
    until(lambda: worth(one) == 5, 5, "taps count")
    shake.hall.host_does("pause")
    one.says("主持人按了暂停")
    stood = one.where.get_by_role("timer").inner_text()
    pad(one).click()
    assert worth(one) == 5
    shake.hall.host_does("resume")
    one.says("点这里！")
    assert int(stood) >= int(one.where.get_by_role("timer").inner_text())
    tap(one, 4)
    until(lambda: worth(one) == 10, 5, "and count again")


def test_team_that_does_not_pull_watches(
    shake: ShakeHall, take: Callable[..., Handset], phones: list[Phone]
) -> None:
    one, two, three = (
        phone.ok("GET", f"/events/{shake.hall.id}/me")["player"]["team"]["id"]
        for phone in phones[:3]
    )
    assert len({one, two, three}) == 3
    inside, outside = take(phones[0]), take(phones[2])
    shake.start("tug", seconds=LONG, team_ids=[one, two])
    inside.says("摇起来！")
    outside.says("你的班组没有上场")
    expect(part(outside, "ways")).to_have_count(0)


def test_guest_watches_and_is_told_how_to_join(
    shake: ShakeHall, open_phone: Open, phones: list[Phone]
) -> None:
    hall = shake.hall
    guest = Phone(hall.installation, "guest-shake")
    guest.log_in()
    hall.join(guest)
    one = open_phone(guest.user, PAGE, event=hall.id, activity=hall.activity_id)
    one.tap("同意并开始")
    one.says("亲友观战中")
    shake.start("race", seconds=LONG)
    shake_ahead = shake.hall.host.ok("GET", f"/shakes/{hall.activity_id}")["round"]
    shake.shake(phones[0], shake_ahead, 5)
    expect(lanes(one)).to_have_count(1)
    one.tap("绑定工号")
    one.is_on("pages/bind/bind")


@pytest.mark.parametrize("size", ["size-1", "size-3"])
def test_whole_pad_fits_a_small_phone(
    shake: ShakeHall, take: Callable[..., Handset], phones: list[Phone], size: str
) -> None:
    one = take(phones[0], size=SMALL)
    key = f"linka-phone:{phones[0].user}:text-size"
    one.where.evaluate(
        "([key, value]) => localStorage.setItem(key, value)", [key, f'{{"value":"{size}"}}']
    )
    one.go(PAGE, event=shake.hall.id, activity=shake.hall.activity_id)
    one.tap("点一点")
    shake.start("race", seconds=LONG)
    one.says("点这里！")
    pad(one).click()
    expect(part(one, "others")).to_be_visible()
    for name in ("pad", "ways", "worth", "mine"):
        expect(part(one, name)).to_be_in_viewport(ratio=1)
    assert one.misfits() == []
