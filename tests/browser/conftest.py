"""A real Chromium in front of a real server; every test has its own event and empty profiles."""

import csv
import os
import shutil
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from backend.console.frame import VENDOR
from backend.screen import stub
from tests.browser.chromium import launch, program
from tests.browser.console import DESKTOP, Console
from tests.browser.hall import Hall
from tests.browser.phone import SIZE, Handset
from tests.browser.screen import OLD_PROJECTOR, Screen
from tests.installation import Installation
from tests.phones import Phone, invite_codes, staff_phone
from tests.support import HOST

PEOPLE = 12
# A Playwright clock stays in a profile for all its later pages, and continues from its last time.
HAS_OWN_CLOCK = "() => '__pwClock' in globalThis"
# People whose names and teams are hard to show: {工号: (姓名, 班组)}.
MARKUP = "<img src=x onerror=alert(1)>"
LONG_TEAM = "高原客户服务中心夜间综合业务支撑与投诉升级处理专席第一百二十八小组甲班次"
HARD = {
    "990001": (MARKUP, "<b>粗体</b>&amp;组"),
    "990002": ("次仁旺堆" * 10, LONG_TEAM),
    "990003": ("W" * 40, LONG_TEAM),
    "990004": ("Konchok Tsering Wangdu of Shigatse 的全名", "M" * 40),
    "990005": ("ཚེ་རིང་དབང་འདུས་བཀྲ་ཤིས་བདེ་ལེགས", LONG_TEAM),
}
INVITE_CODE = "HARD2026"


def _without_chromium() -> None:
    reason = "no Chromium on PATH: see tests/install-system-packages"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Return a running browser. Without Chromium tests are skipped, and fail where CI is true."""
    if program() is None:
        _without_chromium()
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def installation(
    chromium: Browser, tmp_path_factory: pytest.TempPathFactory, sqlite_files: dict[str, Path]
) -> Iterator[Installation]:
    """Return a running server with the sample centre and the people with hard names."""
    folder = tmp_path_factory.mktemp("screen") / "var"
    folder.mkdir()
    shutil.copyfile(sqlite_files["centre"], folder / "linka.sqlite3")
    made = Installation(folder)
    try:
        _import_hard_names(made)
        made.up()
        yield made
    finally:
        made.remove()


def _import_hard_names(installation: Installation) -> None:
    file = installation.folder.parent / "hard-names.csv"
    with file.open("w", encoding="utf-8-sig", newline="") as opened:
        table = csv.writer(opened)
        table.writerow(["工号", "姓名", "班组", "班次", "邀请码"])
        for number, (name, team) in HARD.items():
            table.writerow([number, name, team, "夜班", INVITE_CODE])
    imported = installation.linka("roster", "import", str(file), "--yes")
    assert imported.returncode == 0, imported.stdout + imported.stderr


@pytest.fixture(scope="session")
def host(installation: Installation) -> Phone:
    """Return a host's phone."""
    return staff_phone(installation, HOST)


@pytest.fixture(scope="session")
def phones(installation: Installation) -> list[Phone]:
    """Return the phones of a dozen staff, who play in no event yet."""
    numbers = islice((number for number in invite_codes() if number.startswith("2")), PEOPLE)
    return [staff_phone(installation, number) for number in numbers]


@pytest.fixture(scope="session")
def hard_phones(installation: Installation) -> list[Phone]:
    """Return the phones of those whose names are hard to show, the one with markup first."""
    made = [Phone(installation, f"staff-{number}") for number in HARD]
    for phone, number in zip(made, HARD, strict=True):
        phone.log_in()
        phone.bind(number, INVITE_CODE)
    return made


@pytest.fixture
def new_hall(installation: Installation, host: Phone) -> Iterator[Callable[..., Hall]]:
    """Return a function that makes an event and opens it, or does another `first` action; the event
    is archived at the end."""
    made: list[Hall] = []

    def make(first: str = "open", **facts: Any) -> Hall:
        event = host.ok("POST", "/events", {"template": "hunt", **facts})
        made.append(Hall(installation, host, event))
        made[-1].host_does(first)
        return made[-1]

    yield make
    for hall in made:
        installation.change("UPDATE event SET state = 'archived' WHERE id = ?", hall.id)


@pytest.fixture
def hall(new_hall: Callable[..., Hall]) -> Hall:
    """Return an open event that nobody has joined."""
    return new_hall()


class Profiles:
    """Browser profiles, used again by later tests: a new one costs more than most pages.

    What a profile remembers is forgotten in between. An empty page stays open in each, with which
    the process behind it stays.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: dict[str, list[BrowserContext]] = {}
        self._lent: list[tuple[str, BrowserContext]] = []

    def page(self, size: tuple[int, int], **facts: Any) -> Page:
        """Return a new page of this size, in a profile that nobody else uses."""
        kind = repr(facts)
        free = self._free.setdefault(kind, [])
        profile = free.pop() if free else self._new(**facts)
        self._lent.append((kind, profile))
        page = profile.new_page()
        page.set_viewport_size({"width": size[0], "height": size[1]})
        return page

    def _new(self, **facts: Any) -> BrowserContext:
        profile = self._browser.new_context(locale="zh-CN", **facts)
        profile.new_page()
        return profile

    def take_back(self) -> None:
        """Close all pages, and delete what they stored.

        A profile with a clock of its own is discarded.
        """
        for kind, profile in self._lent:
            if any(page.evaluate(HAS_OWN_CLOCK) for page in profile.pages[1:]):
                profile.close()
                continue
            for page in profile.pages[1:]:
                if page.url.startswith("http"):
                    page.evaluate("() => localStorage.clear()")
                page.close()
            profile.clear_cookies()
            profile.set_offline(False)
            self._free[kind].append(profile)
        self._lent.clear()


@pytest.fixture(scope="session")
def profiles(chromium: Browser) -> Profiles:
    """Return the profiles of all tests."""
    return Profiles(chromium)


@pytest.fixture
def new_screen(profiles: Profiles, installation: Installation) -> Iterator[Callable[..., Screen]]:
    """Return a function that opens a page in a profile of its own; at the end no page may have had
    an error."""
    made: list[Screen] = []

    def make(size: tuple[int, int] = OLD_PROJECTOR, **facts: Any) -> Screen:
        made.append(Screen(profiles.page(size, **facts), installation))
        return made[-1]

    yield make
    profiles.take_back()
    assert [fault for screen in made for fault in screen.faults()] == []


@pytest.fixture
def screen(new_screen: Callable[..., Screen]) -> Screen:
    """Return a large screen that shows nothing yet."""
    return new_screen()


@pytest.fixture
def open_phone(profiles: Profiles, installation: Installation) -> Iterator[Callable[..., Handset]]:
    """Return a function that opens a phone in the browser; at the end none may have had an error.

    `open_phone("staff-200001", "pages/hunt/hunt", event=1, activity=2)`; `size` is that of the phone.
    The user is bound to a person where `staff_phone` has bound it before.
    """
    if not stub.is_built():
        pytest.fail("the phone is not built: make phone")
    made: list[Handset] = []

    def make(user: str, path: str = "", *, size: tuple[int, int] = SIZE, **query: Any) -> Handset:
        page = profiles.page(size, reduced_motion="reduce", has_touch=True)
        made.append(Handset(page))
        made[-1].open(installation, user, path, **query)
        return made[-1]

    yield make
    faults = [fault for phone in made for fault in phone.errors]
    profiles.take_back()
    assert faults == []


@pytest.fixture
def new_console(profiles: Profiles, installation: Installation) -> Iterator[Callable[..., Console]]:
    """Return a function that opens a browser for the console, in which nobody is logged in.

    At the end none of its pages may have had an error. `size` is that of the window.
    """
    if not VENDOR.exists():
        pytest.fail("the console has no libraries: make console")
    made: list[Console] = []

    def make(size: tuple[int, int] = DESKTOP) -> Console:
        made.append(Console(profiles.page(size, reduced_motion="reduce"), installation))
        return made[-1]

    yield make
    profiles.take_back()
    assert [fault for console in made for fault in console.errors] == []


@pytest.fixture
def console(new_console: Callable[..., Console], host: Phone) -> Console:
    """Return a browser in which a host of all events is logged in to the console."""
    made = new_console()
    made.log_in(host)
    return made
