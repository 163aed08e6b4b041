"""`make screen-soak`: what the big screen costs the projector's computer during a long evening.

A server with the sample centre is started, and its screen is opened in Chromium at 1920 × 1080. The
page is the real one. Its stream is replaced by the messages of an evening, each drawn in a frame of
its own and followed at once by the next. Half an hour of messages passes in minutes: the test finds
growth with each message, and does not find growth with time alone.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from random import Random
from statistics import median, quantiles
from typing import Any

import click
from playwright.sync_api import CDPSession, Page

from tests.browser.hall import Hall
from tests.browser.screen import LARGE, Screen
from tests.browser.studio import Studio, studio
from tests.browser.view_cases import CASES, Facts, moment, person
from tests.browser.views import Stage

Message = tuple[str, Facts]
# The messages between two frames.
Step = list[Message]

SHARE_MINUTES = 5
STATES_PER_SECOND = 2
SHARE_STEPS = SHARE_MINUTES * 60 * STATES_PER_SECOND
MOST_GROWTH = 0.10
# As often as a busy server sends boards.
GAP_MS = 200
# Enough for animations of petals and of the podium, and for timers, to end.
SETTLE_MS = 10_000
PEOPLE, TEAMS, ROWS = 40, 12, 20
QUIET_VIEWS = ("arrivals", "agenda", "podium", "notice", "welcome")

_PLAY = """async (steps) => {
  for (const messages of steps) {
    for (const [name, data] of messages) name === "state" ? tell(data) : say(name, data);
    await new Promise((done) => requestAnimationFrame(done));
  }
}"""

# The lengths of all frames in ms, with one message after each gap.
_FRAMES = """async ([steps, gap]) => {
  const lengths = [];
  let last = 0;
  let goesOn = true;
  const tick = (now) => {
    if (last > 0) lengths.push(now - last);
    last = now;
    if (goesOn) requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
  for (const messages of steps) {
    for (const [name, data] of messages) name === "state" ? tell(data) : say(name, data);
    await new Promise((done) => setTimeout(done, gap));
  }
  goesOn = false;
  return lengths;
}"""


class Evening:
    """The stream of an event in which somebody overtakes somebody all the time."""

    def __init__(self) -> None:
        self._random = Random(15)
        self._points = {number: 1000 - 20 * number for number in range(PEOPLE)}

    def overtaking(self) -> Step:
        """Let a player among the first ten overtake the one before.

        Returns the gain and the boards.
        """
        order = self._order()
        place = self._random.randrange(1, 10)
        ahead, behind = order[place - 1], order[place]
        gain = self._points[ahead] - self._points[behind] + self._random.randrange(1, 10)
        self._points[behind] += gain
        return [("gain", {**person(behind), "points": gain}), self.state()]

    def state(self, shows: str = "board", activity: Facts | None = None) -> Message:
        """Return the message with the boards, while the host has chosen this view."""
        notice = {"text": "还有 5 分钟，请大家入座", "ends_at": moment(300)}
        return "state", {
            "screen": {"shows": shows, "activity_id": None, "notice": notice},
            "activities": [activity] if activity else [],
            "players": PEOPLE,
            "present": PEOPLE,
            "boards": {"players": self._people(), "teams": self._teams()},
        }

    def _order(self) -> list[int]:
        return sorted(self._points, key=lambda number: (-self._points[number], number))

    def _people(self) -> Facts:
        rows = [
            {"id": number, "rank": rank, **person(number), "points": self._points[number]}
            for rank, number in enumerate(self._order()[:ROWS], 1)
        ]
        return {"total": PEOPLE, "rows": rows}

    def _teams(self) -> Facts:
        sums = {team: sum(list(self._points.values())[team::TEAMS]) for team in range(TEAMS)}
        rows = [
            {"id": team, "rank": rank, "name": f"{team + 1} 班", "points": points, "members": 9}
            for rank, (team, points) in enumerate(
                sorted(sums.items(), key=lambda item: -item[1]), 1
            )
        ]
        return {"total": TEAMS, "rows": rows, "formula": "班组得分为成员得分之和"}

    def share(self) -> Iterator[Step]:
        """Yield the steps of five minutes.

        Two are of boards, one of quiet views, one of all kinds of activities in their most
        demanding states, one of boards.
        """
        minute = SHARE_STEPS // SHARE_MINUTES
        cases = list(CASES.values())
        yield from (self.overtaking() for _ in range(2 * minute))
        for at in range(minute):
            shows = QUIET_VIEWS[at * len(QUIET_VIEWS) // minute]
            yield [*self.overtaking()[:1], self.state(shows)]
        for at in range(minute):
            facts, messages = cases[at * len(cases) // minute]
            yield [*self.overtaking()[:1], *messages, self.state("automatic", facts)]
        yield from (self.overtaking() for _ in range(minute))


@dataclass(frozen=True)
class Cost:
    """What a page holds after garbage collection."""

    heap: int
    nodes: int

    def growth(self, later: "Cost") -> tuple[float, float]:
        """Return the growth of heap and nodes as fractions of this."""
        return later.heap / self.heap - 1, later.nodes / self.nodes - 1


class Projector:
    """The page of a screen, with Chromium's measurements of it."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._chromium: CDPSession = page.context.new_cdp_session(page)
        self._chromium.send("Performance.enable")

    def play(self, steps: Iterator[Step]) -> None:
        """Let the page draw each step in a frame."""
        # In parts, so that the sent script is small beside what the page holds.
        while part := list(islice(steps, 60)):
            self._page.evaluate(_PLAY, part)

    def frames(self, steps: list[Step]) -> list[float]:
        """Return the lengths of frames in ms, while a step comes after each gap."""
        found: list[float] = self._page.evaluate(_FRAMES, [steps, GAP_MS])
        return found

    def work(self) -> float:
        """Return for how many ms the page's main thread has worked so far.

        It runs scripts, style and layout, and lists what to paint. Other threads draw the pixels,
        or a graphics card does.
        """
        return self._metrics()["TaskDuration"] * 1000

    def cost(self) -> Cost:
        """Wait until nothing moves, and measure."""
        self._page.wait_for_timeout(SETTLE_MS)
        # Objects that the first collection frees may hold others, which a second one frees.
        for _ in range(2):
            self._chromium.send("HeapProfiler.collectGarbage")
        found = self._metrics()
        return Cost(int(found["JSHeapUsedSize"]), int(found["Nodes"]))

    def _metrics(self) -> dict[str, float]:
        metrics: list[dict[str, Any]] = self._chromium.send("Performance.getMetrics")["metrics"]
        return {metric["name"]: metric["value"] for metric in metrics}


def open_screen(place: Studio) -> Screen:
    """Open the screen of a new event, whose stream is replaced."""
    event = place.host.ok("POST", "/events", {"template": "hunt"})
    hall = Hall(place.installation, place.host, event)
    hall.host_does("open")
    hall.join(*place.phones)
    context = place.browser.new_context(
        locale="zh-CN", viewport={"width": LARGE[0], "height": LARGE[1]}
    )
    return Stage(Screen(context.new_page(), place.installation), hall).screen


def soak(projector: Projector, evening: Evening, minutes: int) -> tuple[Cost, Cost]:
    """Play so many minutes; returns the cost after five of them and at the end."""
    began = time.monotonic()
    costs = []
    for share in range(1, minutes // SHARE_MINUTES + 1):
        projector.play(evening.share())
        cost = projector.cost()
        costs.append(cost)
        click.echo(
            f"after {share * SHARE_MINUTES:3} minutes of messages:"
            f" {cost.heap / 1e6:6.2f} MB of JavaScript heap, {cost.nodes} DOM nodes"
        )
    states = minutes * 60 * STATES_PER_SECOND
    click.echo(f"{states} states passed in {time.monotonic() - began:.0f} s")
    return costs[0], costs[-1]


def watch_frames(projector: Projector, evening: Evening, movements: int) -> None:
    """Print how long frames are while rows overtake each other."""
    before = projector.work()
    lengths = projector.frames([evening.overtaking() for _ in range(movements)])
    busy = (projector.work() - before) / sum(lengths)
    click.echo(
        f"{len(lengths)} frames during {movements} movements of the board, one each {GAP_MS} ms:"
        f" median {median(lengths):.1f} ms, 95 % below {quantiles(lengths, n=20)[-1]:.1f} ms;"
        f" the page's main thread is busy {busy:.0%} of the time"
    )


def _whole_shares(_: click.Context, option: click.Parameter, minutes: int) -> int:
    if minutes % SHARE_MINUTES:
        raise click.BadParameter(f"must be a multiple of {SHARE_MINUTES}", param=option)
    return minutes


@click.command()
@click.option(
    "--minutes",
    default=30,
    show_default=True,
    type=click.IntRange(2 * SHARE_MINUTES),
    callback=_whole_shares,
    help=f"Play the messages of so many minutes, a multiple of {SHARE_MINUTES}.",
)
@click.option(
    "--movements",
    default=500,
    show_default=True,
    type=click.IntRange(10),
    help="Then move rows of the board so many times.",
)
def main(minutes: int, movements: int) -> None:
    """Measure memory and frames of the big screen.

    Memory is compared between five minutes of messages and the end; frames are measured while the
    board moves. The exit code is 1 when heap or nodes have grown by more than 10 %.
    """
    click.echo("A server with the sample centre is started …")
    with studio() as place:
        screen = open_screen(place)
        projector, evening = Projector(screen.page), Evening()
        first, last = soak(projector, evening, minutes)
        watch_frames(projector, evening, movements)
        faults = screen.faults()
    heap, nodes = first.growth(last)
    click.echo(f"heap {heap:+.1%}, nodes {nodes:+.1%}")
    if faults:
        raise click.ClickException(f"the page complained: {faults[:5]}")
    if max(heap, nodes) > MOST_GROWTH:
        raise click.ClickException(f"more than {MOST_GROWTH:.0%} after {SHARE_MINUTES} minutes")


if __name__ == "__main__":
    main()
