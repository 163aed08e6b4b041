"""Every page of the mini program is accessible, fits, and is used with the keyboard alone.

The pages are those of `app.json`: a new one is tested as soon as it is listed there. What they show
is in `afternoon.py`.
"""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.afternoon import Afternoon
from tests.browser.axe import violations
from tests.browser.conftest import Profiles
from tests.browser.phone import SIZE, Handset
from tests.installation import Installation
from tests.phones import Phone

ROOT = Path(__file__).parents[2]
APP = ROOT / "miniprogram_stub" / "app"
PAGES: list[str] = json.loads((APP / "app.json").read_text(encoding="utf-8"))["pages"]
NARROW = (320, 568)
SETTLED_SECONDS = 5
Show = Callable[..., Handset]

every_page = pytest.mark.parametrize("path", PAGES, ids=lambda path: path.split("/")[1])


@pytest.fixture(scope="module")
def afternoon(installation: Installation, host: Phone, phones: list[Phone]) -> Iterator[Afternoon]:
    """Return events in which every page has something to show."""
    made = Afternoon(installation, host, phones)
    yield made
    for hall in made.halls.values():
        installation.change("UPDATE event SET state = 'archived' WHERE id = ?", hall.id)


class Held:
    """Requests of a page to the API, which are not answered before `let_go`."""

    def __init__(self, page: Page) -> None:
        self._held: list[Route] | None = []
        page.route("**/api/v1/**", self._asked)

    def _asked(self, route: Route) -> None:
        if self._held is None:
            route.continue_()
        else:
            self._held.append(route)

    def let_go(self) -> None:
        """Let them go on, and those that come later."""
        held, self._held = self._held or [], None
        for route in held:
            route.continue_()


@pytest.fixture
def show(profiles: Profiles, installation: Installation, afternoon: Afternoon) -> Iterator[Show]:
    """Return what opens a page of the mini program; in the end it may not have met an error."""
    made: list[Handset] = []

    def make(path: str) -> Handset:
        page = profiles.page(SIZE, reduced_motion="reduce", has_touch=True)
        afternoon.remember(page, path)
        made.append(Handset(page))
        return made[-1]

    yield make
    for phone in made:
        phone.page.evaluate("() => localStorage.clear()")
    profiles.take_back()
    assert [error for phone in made for error in phone.errors] == []


@pytest.fixture
def open_page(show: Show, installation: Installation, afternoon: Afternoon) -> Show:
    """Return what opens a page and waits until it has loaded; `meanwhile` is called before."""

    def make(path: str, meanwhile: Callable[[Handset], object] | None = None) -> Handset:
        phone = show(path)
        held = Held(phone.page) if meanwhile else None
        phone.open(installation, afternoon.user(path), path, **afternoon.query(path))
        if held and meanwhile:
            meanwhile(phone)
            held.let_go()
        expect(phone.find("[aria-label='正在加载']")).to_have_count(0)
        phone.page.wait_for_load_state("networkidle")
        return phone

    return make


def misfits(phone: Handset) -> list[str]:
    """Return what is wider than the page, and text that is cut off, once the page has settled.

    A page computes its sizes again after the viewport or the text has changed.
    """
    deadline = time.monotonic() + SETTLED_SECONDS
    while found := phone.misfits() + phone.body.evaluate(_CUT):
        if time.monotonic() > deadline:
            break
        phone.page.wait_for_timeout(100)
    return found


def unreached(phone: Handset) -> list[str]:
    """Go through the page by the tab key; return controls that never have the focus, or not visibly."""
    controls = phone.where.evaluate(_CONTROLS)
    for _ in range(controls + 10):
        phone.page.keyboard.press("Tab")
        phone.where.evaluate(_VISIT)
    left: list[str] = phone.where.evaluate(_UNVISITED)
    return left


@every_page
def test_page_is_accessible_and_fits(open_page: Show, path: str) -> None:
    loading: list[str] = []
    phone = open_page(path, lambda phone: loading.extend(violations(phone.page)))
    found = {"while it loads": loading, "axe": violations(phone.page), "keyboard": unreached(phone)}
    found["usual"] = misfits(phone)
    found["words beside the middle"] = phone.body.evaluate(_OFF_CENTRE)
    phone.page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    found["narrow"] = misfits(phone)
    phone.large_text()
    found["narrow, large text"] = misfits(phone)
    phone.page.set_viewport_size({"width": SIZE[0], "height": SIZE[1]})
    found["large text"] = misfits(phone)
    assert {what: faults for what, faults in found.items() if faults} == {}


def test_enter_and_space_press_what_has_the_focus(open_page: Show) -> None:
    phone = open_page("pages/hunt/hunt")
    phone.where.get_by_role("button", name="列表").focus()
    phone.page.keyboard.press("Enter")
    expect(phone.where.get_by_role("button", name="地图")).to_be_focused()
    phone.page.keyboard.press("Space")
    expect(phone.where.get_by_role("button", name="列表")).to_be_focused()


# What is hidden by the edge of its box, without dots that say so.
_CUT = """body => [...body.querySelectorAll('*')].filter(node => {
  const style = getComputedStyle(node);
  const hides = ['hidden', 'clip'].includes(style.overflowX) || ['hidden', 'clip'].includes(style.overflowY);
  const hasText = [...node.childNodes].some(child => child.nodeType === 3 && child.data.trim());
  const isShortened = style.textOverflow === 'ellipsis' || style.webkitLineClamp !== 'none';
  return hides && hasText && !isShortened
    && (node.scrollWidth > node.clientWidth + 1 || node.scrollHeight > node.clientHeight + 1);
}).map(node => `${node.tagName}.${node.className} ${node.textContent.slice(0, 40)}`)"""

# Buttons whose words are nearer to the upper or to the lower edge.
_OFF_CENTRE = """body => [...body.querySelectorAll('wx-button')].filter(node => {
  const words = document.createRange();
  words.selectNodeContents(node);
  const [inner, outer] = [words.getBoundingClientRect(), node.getBoundingClientRect()];
  return !node.children.length && node.checkVisibility()
    && Math.abs(inner.top + inner.bottom - outer.top - outer.bottom) > 4;
}).map(node => `${node.className} ${node.textContent}`)"""

# Remembers all controls that can be seen and used, and returns how many there are.
_CONTROLS = """() => {
  const selector = '[role=button], [role=link], [role=tab], [role=radio], [role=checkbox], '
    + '[role=switch], [tabindex], input, textarea';
  window.controls = [...document.querySelectorAll(selector)].filter(node =>
    node.checkVisibility({ visibilityProperty: true })
    && node.tabIndex >= 0
    && !node.disabled
    && node.getAttribute('aria-disabled') !== 'true');
  window.visited = new Set();
  return window.controls.length;
}"""

# Notes that a control has the focus, if one can see that it has.
_VISIT = """() => {
  const node = document.activeElement;
  const style = getComputedStyle(node);
  const isMarked = style.outlineStyle !== 'none' || style.boxShadow !== 'none';
  if (isMarked) window.visited.add(node);
}"""

_UNVISITED = """() => window.controls.filter(node => node.isConnected && !window.visited.has(node))
  .map(node => node.outerHTML.slice(0, 300))"""
