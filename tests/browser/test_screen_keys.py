"""The views of the evening, changed by keys at the computer and chosen by hosts."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import HARD
from tests.browser.hall import Hall
from tests.browser.screen import SIZES, Screen
from tests.browser.test_screen_media import upload
from tests.installation import until
from tests.phones import Phone
from tests.support import picture_bytes

LONG = "还有五分钟，请各位带好手机回到座位，晚会马上就要开始，谢谢大家的等待与配合呀"


def choose(hall: Hall, shows: str, **more: object) -> None:
    """Let the host choose what the screen shows."""
    hall.host.ok("PUT", f"/events/{hall.id}/screen-choice", {"shows": shows, **more})


def is_at(screen: Screen, name: str) -> None:
    """Wait until a view is shown."""
    expect(screen.page.locator("body")).to_have_attribute("data-view", name)


def fits(screen: Screen) -> bool:
    """Return whether everything on the page is inside it and uncut.

    Names are checked after a moment.
    """
    return screen.misfits() + screen.spilt() == []


def test_keys_turn_this_page_until_the_host_chooses(
    hall: Hall, new_screen: Callable[..., Screen], phones: list[Phone]
) -> None:
    hall.play(*phones[:2])
    screen, other = new_screen(), new_screen()
    for one in (screen, other):
        one.open(hall)
        is_at(one, "board")
    press = screen.page.keyboard.press
    for key, name in (
        ("Space", "podium"),
        ("ArrowRight", "welcome"),
        ("Space", "arrivals"),
        ("Space", "agenda"),
        ("ArrowLeft", "arrivals"),
    ):
        press(key)
        is_at(screen, name)
        expect(screen.part("newcomers").locator("li")).to_have_count(2 if name == "welcome" else 0)
    expect(screen.part("arrivals-people").locator("li")).to_have_count(2)
    # After a restart the page shows the same view; the other screen has not changed.
    screen.page.reload()
    is_at(screen, "arrivals")
    is_at(other, "board")
    press("Escape")
    is_at(screen, "board")
    press("Space")
    is_at(screen, "podium")
    choose(hall, "agenda")
    for one in (screen, other):
        is_at(one, "agenda")
    expect(screen.part("help")).to_be_hidden()
    press("?")
    expect(screen.part("help")).to_be_visible()
    press("Escape")
    expect(screen.part("help")).to_be_hidden()
    is_at(screen, "agenda")
    press("f")
    screen.page.wait_for_function("() => document.fullscreenElement !== null")
    # Keys in a text field do not change the view.
    screen.page.evaluate(
        "() => { const field = document.createElement('input');"
        " document.body.append(field); field.focus(); }"
    )
    press("Space")
    press("ArrowRight")
    is_at(screen, "agenda")


def test_cues_are_off_until_they_are_switched_on(
    hall: Hall, screen: Screen, phones: list[Phone]
) -> None:
    hall.play(*phones[:2])
    hall.host_does("freeze")
    screen.open(hall)
    body = screen.page.locator("body")
    hall.host_does("reveal", step=10)
    screen.keeps_closed(1)
    expect(body).not_to_have_attribute("data-cue", "reveal")
    screen.page.keyboard.press("s")
    expect(screen.part("cues")).to_have_attribute("aria-pressed", "true")
    hall.host_does("reveal", step=11)
    expect(body).to_have_attribute("data-cue", "winner")
    screen.page.keyboard.press("s")
    expect(screen.part("cues")).to_have_attribute("aria-pressed", "false")


def test_views_fit_with_long_names(
    new_hall: Callable[..., Hall],
    new_screen: Callable[..., Screen],
    hard_phones: list[Phone],
    phones: list[Phone],
) -> None:
    hall = new_hall()
    screen = new_screen(reduced_motion="reduce")
    screen.open(hall)
    for size in SIZES:
        screen.page.set_viewport_size({"width": size[0], "height": size[1]})
        choose(hall, "arrivals")
        expect(screen.part("arrivals")).to_be_visible()
        until(lambda: fits(screen), 10, f"an empty wall fits {size}")
    hall.play(*hard_phones, *phones[:8])
    upload(hall, "picture", "poster.png", picture_bytes(size=(640, 360)))
    expect(screen.part("arrivals-people")).to_contain_text(HARD["990005"][0])
    for size in SIZES:
        screen.page.set_viewport_size({"width": size[0], "height": size[1]})
        for view in ("welcome", "arrivals", "agenda", "slides", "board", "podium", "notice"):
            more = {"text": LONG, "minutes": 90} if view == "notice" else {}
            choose(hall, view, **more)
            is_at(screen, view)
            until(lambda: fits(screen), 10, f"{view} fits {size}")
    choose(hall, "board")
    hall.host_does("pause")
    expect(screen.part("halt")).to_be_visible()
    assert screen.misfits() == []
