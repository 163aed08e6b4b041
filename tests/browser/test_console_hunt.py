"""What a host sees of a hunt in the console: who dug how much, and statistics that are withheld."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from tests.browser.console import DESKTOP, NARROW, Console
from tests.browser.hall import Hall
from tests.phones import Phone

Opens = Callable[..., Console]


def opened(new_console: Opens, hall: Hall, size: tuple[int, int]) -> Console:
    """Return a browser at the page of the hunt."""
    console = new_console(size)
    console.log_in(hall.host)
    console.open(f"/host/events/{hall.id}/activities/{hall.activity('hunt')}")
    return console


@pytest.mark.parametrize("size", [DESKTOP, NARROW], ids=["desktop", "phone"])
def test_digs_are_counted_as_they_come(
    new_console: Opens, new_hall: Callable[..., Hall], phones: list[Phone], size: tuple[int, int]
) -> None:
    hall = new_hall(rehearsal=True)
    console = opened(new_console, hall, size)
    console.says("还没有人挖。请大家打开小程序，进活动，点地图上的挖点。")
    console.is_sound()
    hall.play(*phones[:3])
    totals = console.part("totals")
    expect(totals.locator("dd").first).to_have_text("3")
    console.page.get_by_text("按人看").click()
    expect(console.part("people").locator("tbody tr")).to_have_count(3)
    # Parts that were unfolded stay so when the panel loads again.
    hall.score(phones[0])
    expect(totals.locator("dd").nth(1)).to_have_text("4")
    expect(console.part("people")).to_be_visible()
    expect(console.part("topics").locator("tbody tr")).not_to_have_count(0)
    console.is_sound()


def test_all_open_pages_come_to_show_the_last_dig(
    new_console: Opens, new_hall: Callable[..., Hall], phones: list[Phone]
) -> None:
    hall = new_hall(rehearsal=True)
    consoles = [opened(new_console, hall, DESKTOP) for _ in range(3)]
    hall.play(*phones[:3])
    # A page may show what was counted for another one, and nothing happens after the last dig.
    for console in consoles:
        expect(console.part("totals").locator("dd").nth(1)).to_have_text("3")


def test_page_that_shows_earlier_counts_asks_again(
    new_console: Opens, new_hall: Callable[..., Hall]
) -> None:
    hall = new_hall(rehearsal=True)
    console = new_console(DESKTOP)
    console.log_in(hall.host)

    def answer_late(route: Route) -> None:
        answer = route.fetch()
        marked = answer.text().replace('id="hunt-now"', 'id="hunt-now" data-again-ms="10"')
        route.fulfill(response=answer, body=marked)

    # Without the stream the page asks only because its counts are marked as earlier ones.
    console.page.route("**/stream?*", lambda route: route.abort())
    console.page.route(re.compile(r"/activities/\d+(/panel.*)?$"), answer_late)
    panel = re.compile(r"/activities/\d+/panel$")
    with console.page.expect_request(panel):
        console.open(f"/host/events/{hall.id}/activities/{hall.activity('hunt')}")
    # The panel that came is marked, too.
    console.page.wait_for_event("request", lambda request: bool(panel.search(request.url)))


def test_statistics_wait_for_the_last_sitting_for_hosts_too(
    new_console: Opens, new_hall: Callable[..., Hall]
) -> None:
    hall = new_hall(template="hunt-three-shifts", rehearsal=True)
    console = opened(new_console, hall, NARROW)
    expect(console.part("sealed")).to_contain_text("还有 3 个场次没有结束")
    expect(console.part("sittings").locator("li")).to_have_count(3)
    expect(console.part("topics")).to_have_count(0)
    console.is_sound()
