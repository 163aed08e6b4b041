"""The phone in the browser: the mini program runs in it, with WeChat's bars around."""

from collections.abc import Callable

from tests.browser.phone import Handset


def test_the_mini_program_starts_on_its_first_page(open_phone: Callable[..., Handset]) -> None:
    phone = open_phone("guest-1")
    phone.is_on("pages/home/home")
    phone.tap("榜单")
    phone.is_on("pages/boards/boards")


def test_bars_of_the_phone_keep_their_looks_beside_those_of_the_pages(
    open_phone: Callable[..., Handset],
) -> None:
    phone = open_phone("guest-2", "pages/keywords/keywords", event=1, activity=1)
    assert phone.where.get_by_role("navigation", name="标签栏").count() == 0
    page = phone.page.locator("section[data-path]").bounding_box()
    body = phone.body.bounding_box()
    assert page
    assert body
    assert (page["x"], page["y"], page["width"]) == (0, 0, 375)
    assert (body["x"], body["width"]) == (0, 375)
    # The status bar and WeChat's bar are 44 px each.
    assert body["y"] == 88
