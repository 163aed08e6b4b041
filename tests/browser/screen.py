"""The big screen's page in a browser, read by its visible texts."""

import re
from collections.abc import Sequence

from playwright.sync_api import ConsoleMessage, Locator, Page, Request, expect

from tests.browser.hall import Hall, Row
from tests.installation import Installation

LARGE, OLD_PROJECTOR, PHONE = (1920, 1080), (1024, 768), (390, 844)
SIZES = (LARGE, OLD_PROJECTOR, PHONE)
# The places of a board that a reveal opens one by one, as the sample event sets it.
REVEAL_TOP = 10
# Messages of the browser about a server that is away or refuses; they are no errors of the page.
_NETWORK = re.compile(r"Failed to load resource|net::ERR_")

_MISFITS = """() => {
  const found = [];
  const page = document.scrollingElement;
  if (page.scrollWidth > innerWidth) found.push(`page ${page.scrollWidth} > ${innerWidth}`);
  const inside = (part, whole, what) => {
    if (!part.width || !whole.width) return;
    const out = part.left < whole.left - 1 || part.right > whole.right + 1
      || part.top < whole.top - 1 || part.bottom > whole.bottom + 1;
    if (out) found.push(what);
  };
  const wordsOf = (node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    return range.getBoundingClientRect();
  };
  for (const row of document.querySelectorAll(".row")) {
    const box = row.getBoundingClientRect();
    for (const part of row.querySelectorAll(".row__rank, .row__points, .row__veil")) {
      inside(wordsOf(part), box, `${part.className} of ${row.textContent}`);
    }
    for (const part of row.querySelectorAll(".row__name, .row__team")) {
      inside(part.getBoundingClientRect(), box, `${part.className} of ${row.textContent}`);
    }
    const [who, points] = [".row__who", ".row__points"].map((name) => row.querySelector(name));
    if (who && who.getBoundingClientRect().right > wordsOf(points).left + 1) {
      found.push(`points over the name of ${row.textContent}`);
    }
  }
  const card = document.querySelector(".spotlight:not([hidden]) .spotlight__card");
  if (card) {
    inside(card.getBoundingClientRect(), new DOMRect(0, 0, innerWidth, innerHeight), "spotlight");
    for (const part of card.children) {
      inside(wordsOf(part), card.getBoundingClientRect(), part.textContent);
    }
  }
  const single = "h1, h2, .badge, .figure dd, .join__code, .pairing__code, .pairing__lead";
  for (const node of document.querySelectorAll(single)) {
    const words = wordsOf(node);
    if (words.width && (words.left < -1 || words.right > innerWidth + 1)) {
      if (getComputedStyle(node).textOverflow !== "ellipsis") found.push(node.textContent);
    }
  }
  return found;
}"""

# Returns elements of a scene that are outside the page, or whose text is cut without an ellipsis.
_SPILT = """() => {
  const found = [];
  // A phone scrolls down, a large screen never.
  const end = Math.max(innerHeight, document.scrollingElement.scrollHeight - scrollY);
  for (const node of document.querySelectorAll(".scene *:not(svg *), .quiet *:not(svg *), .exhibit *")) {
    const box = node.getBoundingClientRect();
    if (!box.width || !box.height) continue;
    const out = box.left < -1 || box.right > innerWidth + 1 || box.bottom > end + 1;
    const isSeen = node.textContent || node.tagName === "IMG";
    if (out && isSeen) found.push(`out: ${node.className} ${node.textContent}`);
    const style = getComputedStyle(node);
    if (style.overflowY !== "hidden" || style.textOverflow === "ellipsis") continue;
    // Lines that are clamped end with an ellipsis, too.
    if (style.webkitLineClamp !== "none") continue;
    const line = parseFloat(style.fontSize);
    const cut = node.scrollHeight > node.clientHeight + line * 0.5
      || node.scrollWidth > node.clientWidth + line * 0.5;
    if (cut && node.textContent) found.push(`cut: ${node.className} ${node.textContent}`);
  }
  return found;
}"""


class Screen:
    """A page that shows the big screen, with all its errors."""

    def __init__(self, page: Page, installation: Installation) -> None:
        self.page = page
        self.url = installation.url
        # A phone in the browser asks the emulator for a code, as it would ask WeChat.
        self._codes = f"{installation.wechat_url}/__emulator__/codes"
        self.complaints: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("request", self._see)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text}")

    def _see(self, request: Request) -> None:
        if not request.url.startswith((f"{self.url}/", "data:", self._codes)):
            self.complaints.append(f"foreign request: {request.url}")

    def faults(self) -> list[str]:
        """Return the errors of the page, without those about a server that was away or refused."""
        return [text for text in self.complaints if not _NETWORK.search(text)]

    def visit(self, path: str) -> None:
        """Go to an address of the server."""
        self.page.goto(f"{self.url}{path}")

    def open(self, hall: Hall) -> None:
        """Open the board with the event's screen key, and wait until it is live."""
        self.visit(hall.screen_path)
        self.is_live()

    def part(self, name: str) -> Locator:
        """Return a part of the page by its test id."""
        return self.page.get_by_test_id(name)

    def is_live(self) -> None:
        """Wait until the page shows what the server says at this moment."""
        expect(self.page.locator("body")).to_have_attribute("data-stream", "live")
        expect(self.part("stale-badge")).to_be_hidden()

    def is_pairing(self) -> None:
        """Wait until the page shows a code for the host."""
        expect(self.part("pairing-code")).to_have_text(re.compile(r"^\d{6}$"))
        expect(self.part("pairing-status")).to_have_text("等待主持人核准…")

    def pairing_code(self) -> str:
        """Return the six digits that the page shows."""
        self.is_pairing()
        return self.part("pairing-code").inner_text()

    def shows(self, rows: Sequence[Row]) -> None:
        """Wait until the board shows these rows of the API, in their order."""
        names = self.part("player-board").locator(".row__name")
        expect(names).to_have_text([row["name"] for row in rows])
        for row in rows:
            points = self.part(f"points-{row['id']}")
            expect(points).to_have_attribute("data-points", str(row["points"]))
            expect(points).to_have_text(str(row["points"]))

    def standing(self) -> list[str]:
        """Return the texts of all rows at this moment."""
        return self.part("player-board").locator(".row").all_inner_texts()

    def wears(self, badge: str, words: str) -> None:
        """Wait until a badge with this text is visible."""
        expect(self.part(badge)).to_be_visible()
        expect(self.part(badge)).to_have_text(words)

    def keeps_closed(self, places: int) -> None:
        """Wait until so many places of the board are still to be revealed."""
        expect(self.part("player-board").locator(".row--closed")).to_have_count(places)

    def counts(self, players: int) -> None:
        """Wait until the page has heard that so many people play."""
        expect(self.part("player-count")).to_have_text(str(players))

    def misfits(self) -> list[str]:
        """Return what is wider than the page, or stands out of its row."""
        found: list[str] = self.page.evaluate(_MISFITS)
        return found

    def spilt(self) -> list[str]:
        """Return the parts of a scene or a view that are outside the page, or cut off."""
        found: list[str] = self.page.evaluate(_SPILT)
        return found
