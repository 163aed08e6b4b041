"""The console in a browser, used by the texts on its pages, as a host uses it."""

import re
from typing import Any

from playwright.sync_api import ConsoleMessage, Locator, Page, Request, expect

from tests.browser.axe import violations
from tests.installation import Installation
from tests.phones import Phone

DESKTOP, NARROW = (1280, 900), (390, 844)
SIZES = (DESKTOP, NARROW)
# The browser's messages about a refused request are no errors of the page.
_NETWORK = re.compile(r"Failed to load resource|net::ERR_")
_MISFITS = """() => {
  const found = [];
  const page = document.scrollingElement;
  if (page.scrollWidth > innerWidth) found.push(`page ${page.scrollWidth} > ${innerWidth}`);
  for (const node of document.querySelectorAll("main *, .event-bar *")) {
    if (node.closest(".table-responsive, .tabs, .subtabs, canvas, svg, [data-scrolls]")) continue;
    const box = node.getBoundingClientRect();
    if (box.width && box.right > innerWidth + 1) found.push(`${node.tagName}.${node.className}`);
  }
  return found;
}"""


class Console:
    """A browser in which somebody is logged in; `errors` collects all errors of its pages."""

    def __init__(self, page: Page, installation: Installation) -> None:
        self.page = page
        self.installation = installation
        self.errors: list[str] = []
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("requestfailed", self._failed)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not _NETWORK.search(message.text):
            self.errors.append(message.text)

    def _failed(self, request: Request) -> None:
        # A page that is left cancels its requests; a stream ends with the process behind it.
        if "ERR_ABORTED" not in (request.failure or "") and "/stream?" not in request.url:
            self.errors.append(f"{request.method} {request.url}: {request.failure}")

    def log_in(self, phone: Phone) -> None:
        """Log in as the page of the code does, without opening it: it asks every 1.5 s.

        The rate limits count anew, because tests log in more often than a person may.
        """
        with self.installation.redis() as redis:
            for key in redis.scan_iter("*/console-*"):
                redis.delete(key)
        api = self.installation.url + "/api/v1/console/pairings"
        pairing = self.page.context.request.post(api).json()
        phone.ok("POST", "/console/approvals", {"pairing_code": pairing["pairing_code"]})
        answer = self.page.context.request.post(f"{api}/{pairing['secret']}")
        assert answer.json() == {"status": "approved"}

    def pair(self, phone: Phone) -> None:
        """Show the code, let a phone approve it, and wait for the page behind it."""
        self.open("/host/login")
        code = self.page.get_by_test_id("pairing-code")
        expect(code).to_have_text(re.compile(r"[0-9]{3} [0-9]{3}"))
        phone.ok("POST", "/console/approvals", {"pairing_code": code.inner_text().replace(" ", "")})
        self.page.wait_for_url(re.compile(r"/host(?!/login)"))

    def open(self, path: str) -> None:
        """Open a page of the console."""
        self.page.goto(self.installation.url + path)

    def is_on(self, path: str) -> None:
        """Wait until this page is shown."""
        self.page.wait_for_url(self.installation.url + path)

    def says(self, text: str | re.Pattern[str]) -> None:
        """Wait until these words are visible anywhere on the page."""
        expect(self.page.get_by_text(text).locator("visible=true").first).to_be_visible()

    def press(self, words: str) -> None:
        """Press the button, or follow the link, with this name, once the scripts of the page run."""
        self.page.wait_for_load_state()
        button = self.page.get_by_role("button", name=words, exact=True)
        target = button.or_(self.page.get_by_role("link", name=words, exact=True))
        target.locator("visible=true").first.click()

    def agree(self, typed: str = "") -> None:
        """Confirm the dialog, with the words to type if it requires any."""
        dialog = self.dialog
        expect(dialog).to_be_visible()
        if typed:
            dialog.get_by_role("textbox").fill(typed)
        dialog.locator("#ask-yes").click()
        expect(dialog).to_be_hidden()

    @property
    def dialog(self) -> Locator:
        """The dialog that asks before something is done."""
        return self.page.locator("#ask")

    def fill(self, label: str, value: str) -> None:
        """Write into the field with this label."""
        self.page.get_by_label(label, exact=True).locator("visible=true").first.fill(value)

    def part(self, name: str) -> Locator:
        """Return the element with this `data-testid`."""
        return self.page.get_by_test_id(name)

    def misfits(self) -> list[str]:
        """Return the elements that are wider than the window.

        Waits for a page that is being opened.
        """
        self.page.wait_for_load_state()
        found: list[str] = self.page.evaluate(_MISFITS)
        return found

    def is_sound(self) -> None:
        """Fail if the page is too wide, or if axe-core finds violations."""
        wide = self.misfits()
        assert wide == [], "\n".join(wide)
        found = violations(self.page)
        assert found == [], "\n".join(found)

    def evaluate(self, script: str) -> Any:
        """Run a script in the page."""
        return self.page.evaluate(script)
