"""`make soak`: a long evening of many people on one installation, whose resources must not grow.

Stub phones play a hunt at the pace of people, each with an open socket. Memory, descriptors and
Redis are measured during the whole time. The values when everybody has joined are compared with
those at the end.
"""

import signal
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

import click
import psutil
from rich.console import Console
from rich.table import Table

from backend import logs
from backend.config import load_settings
from backend.events.models import Player
from backend.live.tickets import Ticket, Tickets
from miniprogram_stub.centre import load_centre
from miniprogram_stub.evening import Evening, Servers
from miniprogram_stub.faults import FINE, FaultRates
from miniprogram_stub.journal import Journal
from miniprogram_stub.pace import human
from miniprogram_stub.phone import Phone
from miniprogram_stub.program import MiniProgram
from miniprogram_stub.transport import HttpReply, Network, Outgoing
from tests.bench import crowd
from tests.bench.__main__ import installation
from tests.bench.installation import Installation
from tests.bench.sockets import Plan, Running

# Everybody has joined, and every path of the code was used once.
WARM = 0.3
SAMPLES = 40
DIGS_PER_MINUTE = 2.0
MOST_DIGS = 120
MOST_GROWTH = 0.10
# These vary with the moment of the measurement.
SLACK_MB = 8.0
SLACK_REDIS_MB = 2.0
SLACK_DESCRIPTORS = 50
PING = '{"type": "ping"}'
# What a request is for, by the last part of its path.
_ASKED = {
    "answer": "answer",
    "digs": "question",
    "event": "board",
    "join": "join",
    "login": "login",
}


@dataclass(frozen=True)
class Sample:
    """The resources of all server processes together and of Redis at a moment of the evening.

    `processor_seconds` counts from their start.
    """

    seconds: float
    memory_mb: float
    descriptors: int
    redis_mb: float
    processor_seconds: float = 0.0


Tell = Callable[[Sample], object]


class Stopwatch:
    """Records how long requests take, by their purpose."""

    def __init__(self) -> None:
        self.took_ms: dict[str, list[float]] = defaultdict(list)
        self._lock = threading.Lock()

    def note(self, url: str, seconds: float) -> None:
        """Note one request."""
        last = url.partition("?")[0].rpartition("/")[2]
        with self._lock:
            self.took_ms[_ASKED.get(last, "other")].append(seconds * 1000)


class TimedNetwork(Network):
    """A network whose requests are timed."""

    def __init__(self, stopwatch: Stopwatch) -> None:
        super().__init__()
        self._stopwatch = stopwatch

    def send(self, request: Outgoing, timeout_seconds: float) -> HttpReply:
        """Send and note how long it took."""
        began = time.monotonic()
        reply = super().send(request, timeout_seconds)
        self._stopwatch.note(request.url, time.monotonic() - began)
        return reply


class SoakEvening(Evening):
    """An evening whose requests are timed."""

    stopwatch = Stopwatch()

    def program(self, user: str, fault_rates: FaultRates = FINE) -> MiniProgram:
        """Return the mini program on a new phone."""
        return MiniProgram(
            Phone(user, self.servers.wechat_url, TimedNetwork(self.stopwatch)),
            self.servers.url,
            sleep=self.stop_signal.wait,
            random=self.random(f"program:{user}"),
        )


class Soak:
    """One evening on an installation."""

    def __init__(self, place: Installation, people: int, minutes: float, tell: Tell) -> None:
        self._place = place
        self._seconds = minutes * 60
        self._tell = tell
        self._began = 0.0
        self._sockets: Running | None = None
        self.samples: list[Sample] = []
        self._event = crowd.new_event(place)
        activity = self._event.activities.get()
        digs = max(min(round(minutes * DIGS_PER_MINUTE), MOST_DIGS), 4)
        activity.settings = {**activity.settings, "digs_per_day": digs}
        activity.save()
        self._people = people

    def run(self) -> tuple[SoakEvening, list[str]]:
        """Play; returns the evening and what was wrong with it."""
        centre = load_centre()
        servers = Servers(
            f"http://127.0.0.1:{self._place.settings.port}", self._place.settings.wechat_url
        )
        with Journal() as journal:
            evening = SoakEvening(servers, journal, seed=16)
            people = list(centre.pick(self._people, evening.random("people")))
            evening.invite(people, centre.answers, FINE, human(self._seconds / 60), None)
            self._began = time.monotonic()
            try:
                evening.play(self._event.join_code, lambda: self._look(evening))
                found = [
                    f"{one.kind} {one.phone} {one.text}" for one in evening.recount().differences
                ]
            finally:
                evening.close()
        if self._sockets:
            found += self._sockets.heard().failed[:5]
        return evening, found

    def _look(self, evening: SoakEvening) -> None:
        """Open the sockets when everybody has joined, measure from time to time, and end in time."""
        passed = time.monotonic() - self._began
        if self._sockets is None and passed > self._seconds * WARM / 2:
            self._sockets = self._connected(self._seconds - passed)
        if self._seconds > passed >= len(self.samples) * self._seconds / SAMPLES:
            sample = self._sample(passed)
            self.samples.append(sample)
            self._tell(sample)
        if passed >= self._seconds:
            evening.stop_signal.send()

    def _connected(self, seconds: float) -> Running:
        """Open a socket for each player, and hold them for so many seconds."""
        tickets = Tickets(self._place.redis)
        players = Player.select(Player.account_id).where(Player.event == self._event)
        paths = [
            f"/api/v1/events/{self._event.id}/socket?ticket="
            + tickets.issue(Ticket(self._event.id, player.account_id, 1))
            for player in players
        ]
        running = Running(
            Plan("hold", self._place.settings.port, paths, message=PING, seconds=seconds)
        )
        running.wait_for("ready")
        return running

    def _sample(self, seconds: float) -> Sample:
        every = psutil.Process().children(recursive=True)
        processes = [one for one in every if _serves(one)]
        return Sample(
            seconds,
            sum(one.memory_full_info().uss for one in processes) / 1e6,
            sum(one.num_fds() for one in processes),
            self._place.redis.info("memory")["used_memory"] / 1e6,
            sum(sum(one.cpu_times()[:2]) for one in processes),
        )


def _serves(process: psutil.Process) -> bool:
    """Return whether a process is a server's or a worker's, not Redis, WeChat or a holder of
    sockets, and has not ended.
    """
    try:
        words = " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return False
    return "gunicorn" in words or words.endswith("backend.cli worker")


def growth(samples: Sequence[Sample], seconds: float) -> list[str]:
    """Return what has grown between the time when everybody had joined and the end."""
    warm, last = _warm(samples, seconds), samples[-1]
    found = []
    for name, slack in (
        ("memory_mb", SLACK_MB),
        ("descriptors", SLACK_DESCRIPTORS),
        ("redis_mb", SLACK_REDIS_MB),
    ):
        before, after = getattr(warm, name), getattr(last, name)
        if after > before * (1 + MOST_GROWTH) + slack:
            found.append(f"{name} has grown from {before:.1f} to {after:.1f}")
    return found


def _warm(samples: Sequence[Sample], seconds: float) -> Sample:
    """Return the first sample after everybody had joined."""
    return next(one for one in samples if one.seconds >= seconds * WARM)


def cores(samples: Sequence[Sample], seconds: float) -> float:
    """Return how many cores the server processes kept busy after everybody came."""
    warm, last = _warm(samples, seconds), samples[-1]
    return (last.processor_seconds - warm.processor_seconds) / (last.seconds - warm.seconds)


def p99s(stopwatch: Stopwatch) -> dict[str, tuple[int, float, float]]:
    """Return {what was asked: (how often, median, 99th percentile in ms)}."""
    return {
        name: (len(took), median(took), quantiles(took, n=100)[98])
        for name, took in sorted(stopwatch.took_ms.items())
        if len(took) > 1
    }


@click.command()
@click.option("--minutes", default=120.0, show_default=True, type=click.FloatRange(0.2))
@click.option("--people", default=1000, show_default=True, type=click.IntRange(2, 1000))
@click.option(
    "--most-ms", default=1000, show_default=True, help="What 99 of 100 answers may take at most."
)
def main(minutes: float, people: int, most_ms: int) -> None:
    """Play, print figures, and exit with 1 when something grows, is slow, or was lost."""
    # Ended from outside, it still stops what it started and removes its folder.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    logs.configure(load_settings())
    console = Console()
    with (
        tempfile.TemporaryDirectory(prefix="linka-soak-") as folder,
        installation(Path(folder) / "var") as place,
    ):
        soak = Soak(place, people, minutes, lambda sample: _tell(console, sample))
        evening, wrong = soak.run()
    asked = p99s(evening.stopwatch)
    console.print(_shown(asked))
    console.print(
        f"{len(evening.journal)} answers acknowledged, {len(soak.samples)} samples,"
        f" {people} people with a socket each,"
        f" {cores(soak.samples, minutes * 60):.2f} cores of the server busy"
    )
    wrong += growth(soak.samples, minutes * 60)
    if asked["answer"][2] > most_ms:
        wrong.append(f"99 % of answers take up to {asked['answer'][2]:.0f} ms")
    if wrong:
        raise click.ClickException("; ".join(wrong))


def _tell(console: Console, sample: Sample) -> None:
    console.print(
        f"{sample.seconds / 60:6.1f} min: {sample.memory_mb:7.1f} MB,"
        f" {sample.descriptors} descriptors, Redis {sample.redis_mb:.1f} MB"
    )


def _shown(asked: dict[str, tuple[int, float, float]]) -> Table:
    table = Table("request", "times", "median", "99 %")
    for name, (times, middle, p99) in asked.items():
        table.add_row(name, str(times), f"{middle:.0f} ms", f"{p99:.0f} ms")
    return table


if __name__ == "__main__":
    main()
