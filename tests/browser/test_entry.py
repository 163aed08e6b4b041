"""How the big screen is admitted, and what a screen without admission shows."""

import re
from collections.abc import Callable

import pytest
import urllib3
from playwright.sync_api import expect

from tests.browser.hall import Hall
from tests.browser.screen import Screen
from tests.installation import Installation

NewHall = Callable[..., Hall]


def test_key_leaves_the_address_bar(hall: Hall, screen: Screen) -> None:
    screen.open(hall)
    assert screen.page.url == f"{screen.url}/screen/{hall.id}"


def test_cookie_lets_in_and_scripts_cannot_read_it(hall: Hall, screen: Screen) -> None:
    screen.open(hall)
    screen.visit(f"/screen/{hall.id}")
    screen.is_live()
    assert screen.page.evaluate("document.cookie") == ""


def test_cookie_of_one_event_does_not_open_another(new_hall: NewHall, screen: Screen) -> None:
    screen.open(new_hall())
    screen.visit(f"/screen/{new_hall().id}")
    screen.is_pairing()


@pytest.mark.parametrize("query", ["", "?key=", "?key=wrong", "?key=%E9%92%A5%E5%8C%99"])
def test_without_the_key_six_digits_wait_for_the_host(
    hall: Hall, screen: Screen, query: str
) -> None:
    screen.visit(f"/screen/{hall.id}{query}")
    screen.is_pairing()
    assert hall.title not in screen.page.content()


def test_page_moves_on_by_itself_once_the_host_approved(hall: Hall, screen: Screen) -> None:
    screen.visit(f"/screen/{hall.id}")
    code = screen.pairing_code()
    hall.host.ok("POST", f"/events/{hall.id}/screens", {"pairing_code": code})
    screen.is_live()
    expect(screen.part("title")).to_have_text(hall.title)


def test_page_moves_on_by_itself_once_the_operator_approved(hall: Hall, screen: Screen) -> None:
    screen.visit(f"/screen/{hall.id}")
    code = screen.pairing_code()
    approved = hall.installation.linka("events", "pair", str(hall.id), code)
    assert (approved.returncode, approved.stdout) == (0, "大屏已核准\n")
    screen.is_live()


def test_approval_of_another_screen_changes_nothing(
    hall: Hall, new_screen: Callable[..., Screen]
) -> None:
    waiting, approved = new_screen(), new_screen()
    for screen in (waiting, approved):
        screen.visit(f"/screen/{hall.id}")
    waiting.is_pairing()
    code = approved.pairing_code()
    hall.host.ok("POST", f"/events/{hall.id}/screens", {"pairing_code": code})
    approved.is_live()
    with waiting.page.expect_response(re.compile("/screens/pairings/")):
        pass
    waiting.is_pairing()


@pytest.mark.parametrize("address", ["/screen/999999", "/screen/abc", f"/screen/{'9' * 30}"])
def test_unknown_event_is_a_page_for_people(
    installation: Installation, screen: Screen, address: str
) -> None:
    answer = screen.page.goto(f"{installation.url}{address}")
    assert answer is not None
    assert (answer.status, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    expect(screen.part("refusal")).to_have_text("没有这个活动")


def test_unknown_event_of_the_api_stays_an_error_body(installation: Installation) -> None:
    answer = urllib3.request(
        "POST", f"{installation.url}/api/v1/screens/pairings", json={"event_id": 999999}
    )
    assert (answer.status, answer.json()["error"]) == (404, "not_found")
