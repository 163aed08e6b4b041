"""Every page that the server can serve, opened in a browser: text there, nothing failed, no complaint."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, Response, expect

from backend.app import create_app
from backend.config import load_settings
from backend.identity.slips import Slip, write_slips
from tests.browser.hall import Hall
from tests.browser.screen import LARGE, PHONE, Screen

# Routes outside the API that give no page of their own.
NO_PAGES = {
    "/healthz",
    "/readyz",
    "/metrics",
    # WeChat calls it, see `tests/lookup/test_official_account.py`.
    "/wechat/messages",
    "/api/openapi.json",
    "/api/docs/swagger-ui/<path:name>",
    "/api/docs/static/<path:filename>",
    "/screen/static/<path:filename>",
    "/screen/kinds/<string:kind>/<path:file>",
    "/stub/files/settings.json",
    "/stub/files/<path:name>",
}
# A page's route, and for each state of it: its address, its status, and a text that must be seen.
PAGES = {
    "/": [("/", 200, "林卡 Linka")],
    "/api/docs": [("/api/docs", 200, "What people join")],
    "/screen/": [("/screen/", 404, "没有这个活动")],
    "/screen/<path:number>": [
        ("{screen_path}", 200, "扫码或输入加入码参与"),
        ("/screen/{id}", 200, "这块大屏还没有连上活动"),
        ("/screen/999999", 404, "没有这个活动"),
    ],
    "/stub": [("/stub", 200, "林卡手机")],
    "/stub/phone": [
        ("/stub/phone", 200, "你是谁"),
        ("/stub/phone?user=guest-9", 200, "首页"),
    ],
}
STATES = [state for states in PAGES.values() for state in states]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Return an app that nobody asks anything: its routes are looked at."""
    folder = tmp_path_factory.mktemp("routes")
    return create_app(load_settings({"LINKA_DATA_DIR": str(folder)}))


def test_every_route_outside_the_api_is_a_page_that_is_tested_or_no_page(app: Flask) -> None:
    routes = {
        rule.rule
        for rule in app.url_map.iter_rules()
        # Pages of the console have tests of their own, see `tests/console`.
        if not rule.rule.startswith(("/api/v1/", "/host/"))
    }
    assert routes == PAGES.keys() | NO_PAGES


@contextmanager
def _without_failures(page: Page, status: int) -> Iterator[None]:
    """Fail if a request of the page fails, or its document has another status."""
    failed: list[str] = []

    def look(response: Response) -> None:
        is_document = response.request.is_navigation_request()
        if is_document and response.status not in (status, 302):
            failed.append(f"{response.status} {response.url}")
        if not is_document and response.status >= 400:
            failed.append(f"{response.status} {response.url}")

    page.on("response", look)
    page.on("requestfailed", lambda request: failed.append(f"{request.failure} {request.url}"))
    yield
    assert failed == []


@pytest.mark.parametrize("size", [LARGE, PHONE], ids=["large", "phone"])
@pytest.mark.parametrize(("path", "status", "text"), STATES, ids=[state[0] for state in STATES])
def test_page_shows_its_text_and_nothing_of_it_fails(
    hall: Hall,
    new_screen: Callable[..., Screen],
    path: str,
    status: int,
    text: str,
    size: tuple[int, int],
) -> None:
    screen = new_screen(size)
    with _without_failures(screen.page, status):
        screen.visit(path.format(id=hall.id, screen_path=hall.screen_path))
        expect(screen.page.get_by_text(text).first).to_be_visible()
        screen.page.wait_for_load_state()
    assert screen.page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    # The browser itself reports a document that is not found; nothing else may be reported.
    assert [said for said in screen.complaints if status < 400] == []


@pytest.mark.parametrize("path", ["/", "/api/docs", "/screen/1"])
def test_page_has_a_policy_and_cannot_be_framed(hall: Hall, screen: Screen, path: str) -> None:
    answer = screen.page.request.get(f"{screen.url}{path}")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("size", [LARGE, PHONE], ids=["large", "phone"])
def test_slips_hold_long_names_and_a_code_to_scan(
    new_screen: Callable[..., Screen], tmp_path: Path, size: tuple[int, int]
) -> None:
    long = Slip("20000000000000000001", "次仁旺堆" * 10, "班组" * 20, "行政班", "Q8VRCTAZ")
    slips = [Slip("200001", "陈敏春", "话务一组", "早班", "K7MNPQ2R"), long]
    _, page = write_slips(tmp_path, slips)
    screen = new_screen(size)
    screen.page.goto(page.as_uri())
    expect(screen.page.locator(".slip svg")).to_have_count(2)
    expect(screen.page.get_by_text("K7MN PQ2R")).to_be_visible()
    assert screen.page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    overflow = "[...document.querySelectorAll('.slip')].map((slip) => slip.scrollHeight - slip.clientHeight)"
    assert screen.page.evaluate(overflow) == [0, 0]
    assert [text for text in screen.complaints if "foreign" not in text] == []
    screen.complaints.clear()


def test_documentation_opens_an_operation(screen: Screen) -> None:
    screen.visit("/api/docs")
    screen.page.locator(".opblock-tag", has_text="What people join").click()
    screen.page.locator(".opblock-summary", has_text="/api/v1/events/join").click()
    expect(screen.page.get_by_text("Join an event").first).to_be_visible()
    expect(screen.page.locator(".opblock-body").get_by_text("Responses").first).to_be_visible()


def test_landing_page_leads_to_the_screen_of_an_event(hall: Hall, screen: Screen) -> None:
    screen.visit("/")
    expect(screen.part("running")).to_contain_text("✓ 正常")
    screen.page.locator(f"a[href='/screen/{hall.id}']").click()
    screen.is_pairing()


def test_landing_page_on_a_phone_has_number_and_title_of_an_event_in_one_line(
    hall: Hall, new_screen: Callable[..., Screen]
) -> None:
    screen = new_screen(PHONE)
    screen.visit("/")
    event = screen.page.locator(f"a[href='/screen/{hall.id}']")
    number = event.locator(".landing__number").bounding_box()
    title = event.locator(".landing__event-title").bounding_box()
    assert number and title
    assert title["x"] > number["x"] + number["width"]
    assert title["y"] < number["y"] + number["height"]
