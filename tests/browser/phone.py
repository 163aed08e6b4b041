"""The phone in the browser, as a tester uses it: by what is written on its pages.

`Handset` is one phone on a page of its own (`/stub/phone`), which is quicker than the page with
controls; `open_phone` in `conftest.py` makes them.
"""

from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import ConsoleMessage, Frame, Locator, Page, expect

from tests.installation import Installation, until

SIZE = (375, 812)
WAIT_SECONDS = 20
LEFT_EARLY = "WebSocket is closed before the connection is established."
READY = "document.documentElement?.dataset.ready === 'true'"


class Handset:
    """A phone whose mini program runs; `errors` collects every error and warning of its console.

    `where` is the document of the phone: a page, or a frame within one.
    """

    def __init__(self, page: Page, where: Page | Frame | None = None) -> None:
        self.page = page
        self.where: Page | Frame = where or page
        self.errors: list[str] = []
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _heard(self, message: ConsoleMessage) -> None:
        # These messages are no errors of the page: a refused request, a socket that a page closes
        # before it is open because the user leaves, and advice about a canvas that a test reads.
        is_ours = not message.text.startswith(("Failed to load resource", "Canvas2D"))
        is_ours = is_ours and not message.text.endswith(LEFT_EARLY)
        if message.type in ("error", "warning") and is_ours:
            self.errors.append(message.text)

    def open(self, installation: Installation, user: str, path: str = "", **query: Any) -> None:
        """Start the mini program of a WeChat user on a page such as `pages/hunt/hunt`."""
        asked = {
            "user": user,
            "frame": "1",
            "strict": "1",
            "path": path,
            "query": urlencode(query),
        }
        self.page.goto(f"{installation.url}/stub/phone?{urlencode(asked)}")
        self.until(READY)

    def go(self, path: str, **query: Any) -> None:
        """Close all pages and open this one."""
        self.where.evaluate("url => window.phone.open(url)", f"/{path}?{urlencode(query)}")

    @property
    def path(self) -> str:
        """The page that is shown, such as `pages/home/home`."""
        return str(self.where.evaluate("() => window.phone.page"))

    def is_on(self, path: str) -> None:
        """Wait until this page is shown."""
        self.until("path => window.phone.page === path", path)

    def until(self, condition: str, arg: Any = None) -> None:
        """Wait until the phone's document finds this true.

        Asked from here: the page's policy forbids what Playwright would leave there to ask again.
        """
        until(lambda: self.where.evaluate(condition, arg), WAIT_SECONDS, condition)

    @property
    def body(self) -> Locator:
        """What is on the page that is shown, without the bars."""
        return self.where.locator(".page:not([hidden]) > .page-view > wx-body").last

    def find(self, selector: str, has_text: str | None = None) -> Locator:
        """Find by CSS: built-in tags are `wx-view` …, an element with the id `go` is `[id$='--go']`."""
        return self.body.locator(selector, has_text=has_text)

    def says(self, text: str) -> None:
        """Wait until these words are seen anywhere on the phone."""
        expect(self.where.get_by_text(text).locator("visible=true").first).to_be_visible()

    def tap(self, words: str) -> None:
        """Tap what bears these words: a button by its name, else any element."""
        button = self.where.get_by_role("button", name=words).locator("visible=true")
        target = button.or_(self.where.get_by_text(words, exact=True).locator("visible=true"))
        target.first.click()

    def type(self, label: str, text: str) -> None:
        """Write into the field with this label or placeholder."""
        self.where.get_by_label(label).locator("visible=true").first.fill(text)

    def back(self) -> None:
        """Go back by the bar."""
        self.where.locator(".page:not([hidden]) > .bar > .bar-back").last.click()

    def network(self, condition: str) -> None:
        """Change the network: `good`, `slow`, `drop`, `off` or `doubled`."""
        self.where.evaluate("condition => window.phone.network.change(condition)", condition)

    def shake(self, ms: int) -> None:
        """Shake the phone for so many milliseconds."""
        self.where.evaluate("ms => window.phone.shake(ms)", ms)

    def leave(self) -> None:
        """Put WeChat into the background."""
        self.where.evaluate("() => window.phone.leave()")

    def come_back(self) -> None:
        """Take WeChat up again."""
        self.where.evaluate("() => window.phone.comeBack()")

    def large_text(self) -> None:
        """Choose large text in WeChat, which the mini program follows."""
        self.where.evaluate("() => window.phone.setTextScale(1.4)")

    def journal(self, kind: str) -> list[dict[str, Any]]:
        """Return the lines of a kind: `request`, `sent`, `received`, `socket`, `page`, `error` …"""
        lines: list[dict[str, Any]] = self.where.evaluate("() => window.phone.journal.all()")
        return [line for line in lines if line["kind"] == kind]

    def misfits(self) -> list[str]:
        """Return what is wider than the page."""
        found: list[str] = self.body.evaluate(_MISFITS)
        return found

    def has_no_errors(self) -> None:
        """Fail with what the console said."""
        assert self.errors == []
        assert self.journal("error") == []


_MISFITS = """body => {
  // A page that is still coming in from the side fits as well.
  const edge = body.getBoundingClientRect().left + body.clientWidth;
  const scrolls = node => node.closest('wx-scroll-view, wx-swiper');
  return [...body.querySelectorAll('*')]
    .filter(node => node.getBoundingClientRect().right > edge + 1 && !scrolls(node))
    .map(node => `${node.tagName}.${node.className} ${node.textContent.slice(0, 40)}`);
}"""
