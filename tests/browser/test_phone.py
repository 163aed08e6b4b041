"""The phone in the browser: the mini program runs in it, with WeChat's bars around."""

from collections.abc import Callable

from tests.browser.phone import Handset


def test_the_mini_program_starts_on_its_first_page(open_phone: Callable[..., Handset]) -> None:
    phone = open_phone("guest-1")
    phone.is_on("pages/home/home")
    phone.tap("榜单")
    phone.is_on("pages/boards/boards")
