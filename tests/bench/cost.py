"""`python -m tests.bench.cost`: what one event costs the servers, counted while stub phones play.

A hunt (over HTTP) and a contest (over sockets) are played to the end, each with so many phones, on
an installation of its own. Printed are requests, messages, written rows, what Redis keeps of the
event, and processor time. docs/performance.md compares the figures with a model.

With `--seconds` people come to the hunt, and to the contest, one after the other, so that one machine can
serve many. What is counted stays the same, except that a phone receives messages from its own arrival on.
Where the sample centre has too few people, more join its teams.
"""

import resource
import signal
import sys
import tempfile
from collections import Counter
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any

import click
import urllib3
from prometheus_client.parser import text_string_to_metric_families
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from backend import logs
from backend.config import load_settings
from backend.events.models import Event
from backend.identity import roster
from backend.identity.invites import InviteCodes
from miniprogram_stub.centre import Centre, RosterLine, load_centre
from miniprogram_stub.evening import Evening, Servers
from miniprogram_stub.faults import FINE
from miniprogram_stub.host import Host
from miniprogram_stub.journal import Journal
from miniprogram_stub.live import contest
from miniprogram_stub.live.evening import LiveEvening
from miniprogram_stub.live.journal import LiveJournal
from miniprogram_stub.pace import ARRIVING, FAST, Pace
from miniprogram_stub.players import StubPlayer
from tests.bench.__main__ import installation
from tests.bench.installation import WORKERS, Installation

SEED = 18
GAMES = ("hunt", contest.KIND)
# A worker takes so many connections that are kept open.
PEOPLE_PER_WORKER = 3000
# On a full machine the stub itself is late; nothing is learnt from a phone that gives up.
PATIENCE_SECONDS = 600.0


@dataclass(frozen=True)
class OneAfterTheOther(Pace):
    """People come at any moment of the evening, and dig as fast as they can."""

    def arrival_seconds(self, player: StubPlayer) -> float:
        """Return when a player joins."""
        return player.spread(self.evening_seconds) - self.evening_seconds / 2

    def _share(self, digs: int) -> float:
        return FAST.evening_seconds / max(digs, 1)


@dataclass(frozen=True)
class Cost:
    """What a game of so many people has cost.

    `rows` are those that each table has gained; `outcomes` says how many phones ended how.
    """

    people: int
    outcomes: Counter[str]
    requests: int
    sent: int
    received: int
    rows: Counter[str]
    redis_bytes: int
    processor_seconds: float


class Counting:
    """Plays games on an installation and counts."""

    def __init__(self, place: Installation, seconds: float, console: Console) -> None:
        self._place = place
        self._console = console
        self._pace = OneAfterTheOther(seconds, FAST.longest_wait_seconds)
        self._centre: Centre = load_centre()
        self._servers = Servers(
            f"http://127.0.0.1:{place.settings.port}", place.settings.wechat_url
        )

    def cost(self, game: str, people: int) -> Cost:
        """Play a game to the end and return what it has cost."""
        self._hire(people - len(self._centre.pick(people, Random(SEED))))
        requests, rows, meter = self._requests(), self._rows(), self._place.meter()
        evening = self._hunt(people) if game == "hunt" else self._contest(people)
        messages = _messages(evening)
        event = Event.select().order_by(Event.id.desc()).get()
        return Cost(
            len(evening.phones),
            evening.outcomes(),
            self._requests() - requests,
            messages["sent"],
            messages["received"],
            self._rows() - rows,
            self._redis_bytes(event.id),
            meter.spent(1, 0.0).served / 1e6,
        )

    def _hire(self, missing: int) -> None:
        """Add so many people to the roster, spread over the teams and shifts of the sample."""
        if missing <= 0:
            return
        known = self._centre.roster
        lines = tuple(
            RosterLine(f"9{at:06}", f"压测{at}", like.team, like.shift, f"BENCH{at:06}")
            for at, like in zip(range(missing), cycle(known), strict=False)
        )
        rows = (
            ",".join((one.number, one.name, one.team, one.shift, one.invite_code)) for one in lines
        )
        sheet = roster.read_roster("\n".join(["工号,姓名,班组,班次,邀请码", *rows]).encode())
        codes = InviteCodes(self._place.settings.secret)
        roster.apply(
            sheet,
            roster.compare(sheet, codes),
            database=self._place.database,
            codes=codes,
            now=self._place.clock.now(),
            source="bench",
        )
        self._centre = replace(self._centre, roster=known + lines)

    def _hunt(self, people: int) -> Evening:
        with Journal() as journal:
            evening = Evening(self._servers, journal, SEED, patience_seconds=PATIENCE_SECONDS)
            chosen = self._centre.pick(people, evening.random("people"))
            evening.invite(chosen, self._centre.answers, FINE, self._pace, None)
            self._play(evening, "hunt")
        return evening

    def _contest(self, people: int) -> Evening:
        with LiveJournal() as journal:
            evening = LiveEvening(self._servers, journal, SEED, patience_seconds=PATIENCE_SECONDS)
            chosen = self._centre.pick(people, evening.random("people"))
            answers, arriving = self._centre.answers, self._pace.evening_seconds * ARRIVING
            evening.invite_live(contest.KIND, contest.KIND, chosen, answers, FINE, arriving)
            self._play(evening, contest.KIND)
        return evening

    def _play(self, evening: Any, template: str) -> None:
        host = Host(evening.program(self._centre.host.user), self._centre.host)
        try:
            with (
                host.rehearsal(template) as event,
                Progress(console=self._console, transient=True) as progress,
                self._led(evening, host, event),
            ):
                task = progress.add_task(template, total=len(evening.phones))

                def show() -> None:
                    done = sum(1 for phone in evening.phones if phone.tally.outcome)
                    progress.update(task, completed=done)

                evening.play(event.join_code, show)
        finally:
            evening.close()

    def _led(self, evening: Any, host: Host, event: Any) -> AbstractContextManager[object]:
        """Let the host lead what is live."""
        return evening.led_by(host, event) if isinstance(evening, LiveEvening) else nullcontext()

    def _requests(self) -> int:
        """Return how many requests the service has answered."""
        text = urllib3.request("GET", f"{self._servers.url}/metrics").data.decode()
        return sum(
            int(sample.value)
            for family in text_string_to_metric_families(text)
            for sample in family.samples
            if sample.name == "linka_requests_total"
        )

    def _rows(self) -> Counter[str]:
        found = self._place.database.read("SELECT name FROM sqlite_master WHERE type = 'table'")
        return Counter(
            {
                table: self._place.database.read(f'SELECT COUNT(*) FROM "{table}"')[0][0]
                for (table,) in found
            }
        )

    def _redis_bytes(self, event_id: int) -> int:
        keys = self._place.redis.scan_iter(match=f"linka:{{e{event_id}}}:*", count=1000)
        return sum(self._place.redis.memory_usage(key, samples=0) or 0 for key in keys)


def _messages(evening: Evening) -> Counter[str]:
    """Return how many messages the phones have sent and received on their sockets."""
    if not isinstance(evening, LiveEvening):
        return Counter()
    return sum((phone.wire.messages for phone in evening.phones), Counter[str]())


def _print(console: Console, game: str, cost: Cost) -> None:
    table = Table("", "all", "each", title=f"{game}, {cost.people} people", title_justify="left")
    for name, value in (
        ("requests", cost.requests),
        ("messages sent by phones", cost.sent),
        ("messages received by phones", cost.received),
        ("rows", cost.rows.total()),
        ("bytes in Redis", cost.redis_bytes),
    ):
        table.add_row(name, f"{value:,}", f"{value / cost.people:,.1f}")
    milliseconds = cost.processor_seconds * 1000 / cost.people
    table.add_row("processor time", f"{cost.processor_seconds:,.1f} s", f"{milliseconds:,.1f} ms")
    console.print(table)
    rows = (f"{table} {number}" for table, number in cost.rows.most_common() if number > 0)
    console.print(f"phones: {dict(cost.outcomes)}", highlight=False)
    console.print(f"rows: {', '.join(rows)}", highlight=False)


@click.command()
@click.option("--people", default=155, show_default=True, type=click.IntRange(2, 10_000))
@click.option(
    "--seconds",
    default=FAST.evening_seconds,
    show_default=True,
    type=click.FloatRange(1),
    help="How long people keep coming to the hunt, and ten times as long as to the contest.",
)
@click.option("--game", type=click.Choice(GAMES), multiple=True, help="Play these. Default: both.")
def main(people: int, seconds: float, game: tuple[str, ...]) -> None:
    """Play, and print what it has cost."""
    # Ended from outside, it still stops what it started and removes its folder.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    logs.configure(load_settings())
    console = Console()
    workers = max(WORKERS, -(-people // PEOPLE_PER_WORKER))
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    with (
        tempfile.TemporaryDirectory(prefix="linka-cost-") as folder,
        installation(Path(folder) / "var", workers=workers) as place,
    ):
        counting = Counting(place, seconds, console)
        for name in game or GAMES:
            _print(console, name, counting.cost(name, people))


if __name__ == "__main__":
    main()
