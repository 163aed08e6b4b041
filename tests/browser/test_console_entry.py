"""Logging in to the console, its first page, its sessions, and people who may not enter."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.console import DESKTOP, NARROW, Console
from tests.browser.hall import Hall
from tests.browser.phone import Handset
from tests.installation import Installation
from tests.phones import Phone, Refused
from tests.support import HOST

Opens = Callable[..., Console]


@pytest.mark.parametrize("size", [DESKTOP, NARROW])
def test_a_host_pairs_with_the_phone_and_sees_the_events(
    new_console: Opens, host: Phone, hall: Hall, size: tuple[int, int]
) -> None:
    console = new_console(size)
    console.open("/host/")
    expect(console.page).to_have_url(re.compile(r"/host/login\?next=/host/"))
    console.is_sound()
    console.pair(host)
    console.is_on("/host/")
    expect(console.part("events")).to_contain_text(hall.title)
    console.is_sound()


def test_a_host_types_the_code_on_the_phone(
    new_console: Opens, open_phone: Callable[..., Handset], host: Phone
) -> None:
    console = new_console()
    console.open("/host/login?next=/host/sessions")
    code = console.part("pairing-code")
    expect(code).to_have_text(re.compile(r"\d{3} \d{3}"))
    phone = open_phone(host.user, "pages/me/me")
    phone.tap("同意并开始")
    phone.tap("登录电脑控制台")
    phone.type("配对码", code.inner_text())
    phone.tap("登录这台电脑")
    phone.says("电脑已登录")
    console.is_on("/host/sessions")
    assert phone.misfits() == []


def test_a_printed_link_logs_in_once(new_console: Opens, installation: Installation) -> None:
    printed = installation.linka("console", "link", HOST)
    address = printed.stdout.splitlines()[0].removeprefix(installation.url)
    first = new_console()
    first.open(address)
    first.is_sound()
    first.press("登录")
    first.is_on("/host/")
    second = new_console()
    second.open(address)
    second.press("登录")
    second.says("这个登录链接已用过或已过期")


def test_a_player_may_not_approve_a_console(new_console: Opens, phones: list[Phone]) -> None:
    console = new_console()
    console.open("/host/login")
    code = console.part("pairing-code")
    expect(code).to_have_text(re.compile(r"\d{3} \d{3}"))
    with pytest.raises(Refused, match="no_console_role"):
        phones[0].ok(
            "POST", "/console/approvals", {"pairing_code": code.inner_text().replace(" ", "")}
        )
    console.says("等手机确认…")


def test_a_session_is_ended_from_another_browser(new_console: Opens, host: Phone) -> None:
    one, other = new_console(), new_console()
    one.pair(host)
    other.pair(host)
    one.open("/host/sessions")
    one.is_sound()
    here = one.part("sessions").locator("li").filter(has_text="这一台")
    expect(here).to_have_count(1)
    before = one.part("sessions").locator("li").count()
    there = one.part("sessions").locator("li").filter(has_not_text="这一台").first
    there.get_by_role("button", name="退出").click()
    one.agree()
    expect(one.part("sessions").locator("li")).to_have_count(before - 1)
    other.open("/host/sessions")
    expect(other.page).to_have_url(re.compile("/host/login"))


def test_leaving_ends_the_session(new_console: Opens, host: Phone) -> None:
    console = new_console()
    console.pair(host)
    console.press("退出")
    console.is_on("/host/login")
    console.open("/host/")
    expect(console.page).to_have_url(re.compile("/host/login"))
