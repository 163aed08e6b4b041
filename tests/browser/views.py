"""What the kinds show on the big screen in rare states: crowds, ties, difficult names.

The page is the real one; `Stage.show` replaces what its stream says about the activities.
"""

from typing import Any

from tests.browser.hall import Hall
from tests.browser.screen import Screen

Facts = dict[str, Any]

# Stands between the page and its stream: after the first staged state no other state is passed on.
_STAGE = """() => {
  const Real = window.EventSource;
  const hearers = [];
  let real = null;
  let staged = false;
  window.EventSource = class extends Real {
    addEventListener(name, hear) {
      hearers.push([name, hear]);
      super.addEventListener(name, (message) => {
        if (name === "state") real = JSON.parse(message.data);
        if (name !== "state" || !staged) hear(message);
      });
    }
  };
  window.say = (name, data) => {
    for (const [heard, hear] of hearers) if (heard === name) hear({ data: JSON.stringify(data) });
  };
  window.tell = (changes) => {
    staged = true;
    const server_time = new Date().toISOString();
    const state = { ...real, ...changes, event: { ...real.event, ...changes.event }, server_time };
    window.say("state", state);
  };
}"""

# Words that overlap other words, without the space above and below the letters of a line.
_OVERLAPS = """() => {
  const words = [];
  for (const node of document.querySelectorAll(".scene *:not(svg *)")) {
    const own = [...node.childNodes].filter((one) => one.nodeType === 3 && one.data.trim());
    if (!own.length || getComputedStyle(node).visibility === "hidden") continue;
    const range = document.createRange();
    range.setStartBefore(own[0]);
    range.setEndAfter(own.at(-1));
    const clip = node.getBoundingClientRect();
    for (const box of range.getClientRects()) {
      const top = Math.max(box.top + box.height * 0.2, clip.top);
      const bottom = Math.min(box.bottom - box.height * 0.2, clip.bottom);
      const [left, right] = [Math.max(box.left, clip.left), Math.min(box.right, clip.right)];
      if (right > left && bottom > top) words.push({ node, left, right, top, bottom });
    }
  }
  const found = new Set();
  words.forEach((one, at) => {
    for (const other of words.slice(at + 1)) {
      if (one.node === other.node || one.node.contains(other.node)) continue;
      if (other.node.contains(one.node)) continue;
      const wide = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      const high = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
      if (wide > 2 && high > 2) {
        found.add(`${one.node.className} ${one.node.textContent} × ${other.node.className} ${other.node.textContent}`);
      }
    }
  });
  return [...found];
}"""


# The time that is left, or that there is none, stays within its ring.
_OUT_OF_RINGS = """() => [...document.querySelectorAll(".ring__number")]
  .filter((node) => node.offsetWidth > node.parentNode.offsetWidth * 0.8)
  .map((node) => `out of its ring: ${node.textContent}`)"""

# Names of people are whole; those of teams and of entries may end with an ellipsis.
_CUT_NAMES = """() => {
  const names = [".hit__name", ".step__name", ".stand__name", ".winner__name", ".lot__name"];
  names.push(".lanes:not([data-mode=tug]) .lane__name", ".podium__name", ".rooms__drawer");
  const found = [];
  for (const node of document.querySelectorAll(".tally__name")) {
    if (node.clientWidth < 40) found.push(`no room for a name: ${node.textContent}`);
  }
  for (const node of document.querySelectorAll(names.join())) {
    const range = document.createRange();
    range.selectNodeContents(node);
    const [words, box] = [range.getBoundingClientRect(), node.getBoundingClientRect()];
    if (!box.width) continue;
    const isCut = words.width > box.width + 2 || node.scrollHeight > node.clientHeight * 1.4;
    if (isCut) found.push(`cut name: ${node.className} ${node.textContent}`);
  }
  return found;
}"""

# The last row of cards stands in the middle, however many it has.
_OUT_OF_THE_MIDDLE = """() => {
  const found = [];
  for (const list of document.querySelectorAll(".winners__list, .lots, .rooms")) {
    const boxes = [...list.children].map((card) => card.getBoundingClientRect());
    const last = boxes.filter((box) => box.top === boxes.at(-1).top);
    const [left, right] = [last[0].left, last.at(-1).right];
    const all = list.getBoundingClientRect();
    if (Math.abs(left + right - all.left - all.right) > 4) found.push(`hole: ${list.className}`);
  }
  return found;
}"""


class Stage:
    """A big screen on which a test determines what the activities show."""

    def __init__(self, screen: Screen, hall: Hall) -> None:
        self.screen = screen
        screen.page.add_init_script(f"({_STAGE})()")
        screen.open(hall)

    def show(self, activity: Facts | None, **changes: Any) -> None:
        """Let the stream tell of this activity, and wait until it is drawn."""
        state = {"activities": [activity] if activity else [], "players": 65, "present": 65}
        self.screen.page.evaluate("(state) => tell(state)", {**state, **changes})
        self.screen.page.evaluate(
            "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )

    def hear(self, name: str, data: Facts) -> None:
        """Let the stream send a message of an activity."""
        self.screen.page.evaluate("([name, data]) => say(name, data)", [name, data])

    def overlaps(self) -> list[str]:
        """Return words of the scene that lie on other words."""
        found: list[str] = self.screen.page.evaluate(_OVERLAPS)
        return found

    def faults(self) -> list[str]:
        """Return the elements that are cut off, stick out or overlap others."""
        rings: list[str] = self.screen.page.evaluate(_OUT_OF_RINGS)
        names: list[str] = self.screen.page.evaluate(_CUT_NAMES)
        return self.screen.spilt() + self.overlaps() + rings + names

    def holes(self) -> list[str]:
        """Return lists of cards of which the last row is not in the middle."""
        found: list[str] = self.screen.page.evaluate(_OUT_OF_THE_MIDDLE)
        return found
