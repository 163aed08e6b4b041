"""The live layer: reports, a burst of answers, and what an idle socket takes.

Each against a bare counterpart under the same gunicorn command, over real sockets from one other
process on the same two cores.
"""

import json
import os
import statistics
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from backend.activities.contest.models import ContestRound
from backend.activities.contest.pacing import Pacing
from backend.activities.shake import service as shake_service
from backend.activities.shake.rules import RACE
from backend.events.models import Event
from backend.live.feed import Feed
from backend.live.tickets import Ticket, Tickets
from backend.scoring.models import ScoreEntry
from tests.bench import crowd
from tests.bench.crowd import Caller
from tests.bench.figures import Figure, Repeat
from tests.bench.installation import Installation
from tests.bench.processor import Meter, Spent
from tests.bench.scenarios import Wrong, require
from tests.bench.sockets import Heard, Plan, Running

ACK = '{"type":"ack"'
# The snapshot with which the opening of a socket ends.
GREETING = '{"type":"state"'


class LiveScenario(ABC):
    """One row, or several, of the table. `workers` is how many the server and the bare one have."""

    name: str
    postgresql = False
    workers = 2
    repeats = 3

    @abstractmethod
    def measure(
        self, place: Installation, bare_port: int, step: Callable[[], object]
    ) -> list[Figure]:
        """Measure; `step` is called after each of the repeats' halves."""


def hall(place: Installation, template: str, people: int) -> tuple[Event, list[Caller]]:
    """Open an event in which so many people sit."""
    callers = crowd.callers(place, people)
    event = crowd.new_event(place, template)
    crowd.seat(place, event, callers)
    place.scores.rebuild(event.id)
    return event, callers


def paths_to(place: Installation, event: Event, callers: Sequence[Caller]) -> list[str]:
    """Return where each caller opens a socket, with a fresh ticket."""
    tickets = Tickets(place.redis)
    return [
        f"/api/v1/events/{event.id}/socket?ticket="
        + tickets.issue(Ticket(event.id, caller.account_id, 1))
        for caller in callers
    ]


class ShakeReports(LiveScenario):
    """Reports through real sockets, each acknowledged before the next, against an echo."""

    name = "shake_reports"
    target = 0.8
    phones = 200
    seconds = 4.0

    def measure(
        self, place: Installation, bare_port: int, step: Callable[[], object]
    ) -> list[Figure]:
        """Measure the echo and the reports in turn."""
        repeats = []
        for _ in range(self.repeats):
            event, callers = hall(place, "shake", self.phones)
            activity = event.activities.get()
            now = place.clock.now()
            plan = shake_service.RoundPlan(mode=RACE, seconds=60)
            begun, _ = shake_service.begin_round(place.database, activity, plan, 0, now)
            Feed(place.redis).publish(event.id, "activity")
            message = json.dumps(
                {
                    "type": "shake.report",
                    "id": 1,
                    "activity_id": activity.id,
                    "data": {"round_id": begun.id, "count": 0, "how": "shake"},
                },
                separators=(",", ":"),
            ).replace('"count":0', '"count":%d')
            bare = Plan("talk", bare_port, ["/echo"] * self.phones, message, answer='{"type"')
            echo, echo_spent = self._talk(bare, lambda: bare_meter(bare_port))
            step()
            time.sleep(max(0, begun.starts_at / 1000 - time.time() + 0.3))
            paths = paths_to(place, event, callers)
            port = place.settings.port
            ours = Plan("talk", port, paths, message, answer=ACK, greeting=GREETING)
            reports, spent = self._talk(ours, place.meter)
            step()
            repeats.append(Repeat(echo, reports, echo_spent, spent))
        return [Figure(self.name, self.target, repeats, unit="reports/s")]

    def _talk(self, plan: Plan, metered: Callable[[], Meter]) -> tuple[float, Spent]:
        running = Running(replace(plan, seconds=self.seconds))
        running.wait_for("ready")
        meter = metered()
        heard = sound(running.heard())
        return heard.messages / heard.seconds, meter.spent(heard.messages, heard.processor_seconds)


def sound(heard: Heard) -> Heard:
    """Return the messages that were heard; raises `Wrong` if a socket failed."""
    if heard.failed:
        raise Wrong(f"{len(heard.failed)} sockets failed: {heard.failed[0]}")
    return heard


def limit(name: str, most: float, found: Sequence[float], unit: str = "ms") -> Figure:
    """Return a figure that must not be above a limit."""
    repeats = [Repeat(most, value) for value in found]
    return Figure(name, 1.0, repeats, unit=unit, is_limit=True)


class ContestBurst(LiveScenario):
    """A thousand phones answer the same question within one second."""

    name = "contest_burst"
    most_ms = 1500.0
    phones = 1000

    def measure(
        self, place: Installation, bare_port: int, step: Callable[[], object]
    ) -> list[Figure]:
        """Measure how late acknowledgements are; the ledger is counted after the reveal."""
        bursts = []
        for _ in range(self.repeats):
            event, callers = hall(place, "contest", self.phones)
            activity = event.activities.get()
            activity.settings = {**activity.settings, "question_seconds": 60}
            activity.save()
            pacing = Pacing(place.scores, Feed(place.redis))
            pacing.act(activity, "begin", place.clock.now())
            pacing.act(activity, "next", place.clock.now(), position=1)
            bursts.append(self._burst(place, event, activity.id, callers))
            step()
            pacing.act(activity, "reveal", place.clock.now(), position=1)
            entries = ScoreEntry.select().where(
                ScoreEntry.event == event, ScoreEntry.reason == "answer"
            )
            require(entries.count() == self.phones, f"{entries.count()} entries")
            step()
        return self._limits(bursts)

    def _limits(self, bursts: Sequence[Heard]) -> list[Figure]:
        """Return how late 99 of 100 acknowledgements are at most."""
        late = [statistics.quantiles(heard.late_ms, n=100)[98] for heard in bursts]
        return [limit(self.name, self.most_ms, late)]

    def _burst(
        self, place: Installation, event: Event, activity_id: int, callers: Sequence[Caller]
    ) -> Heard:
        current = ContestRound.get(ContestRound.activity == activity_id, ContestRound.position == 1)
        letter = "T" if current.question.kind == "truefalse" else "A"
        data = {"round_id": current.id, "choice": [letter]}
        asked = {"type": "contest.answer", "id": 1, "activity_id": activity_id, "data": data}
        running = Running(
            Plan(
                "burst",
                place.settings.port,
                paths_to(place, event, callers),
                messages=[json.dumps(asked)] * len(callers),
                answer=ACK,
                greeting=GREETING,
            )
        )
        running.wait_for("ready")
        heard = sound(running.heard())
        require(heard.messages == self.phones, f"{heard.messages} acknowledged")
        return heard


class Burst5000(ContestBurst):
    """Five thousand phones answer the same question within one second."""

    name = "burst_5000"
    phones = 5000
    most_seconds = 2.0

    def _limits(self, bursts: Sequence[Heard]) -> list[Figure]:
        # An answer is acknowledged once it is committed.
        kept = [heard.seconds for heard in bursts]
        return [
            *super()._limits(bursts),
            limit(f"{self.name}_kept", self.most_seconds, kept, unit="s"),
        ]


class SocketMemory(LiveScenario):
    """Resident memory of a thousand idle sockets, and beside it that of as many of the bare echo."""

    name = "socket_memory"
    most_megabytes = 15.0
    workers = 1
    repeats = 1
    phones = 1000

    def measure(
        self, place: Installation, bare_port: int, step: Callable[[], object]
    ) -> list[Figure]:
        """Measure by how much the workers grow."""
        bare = self._grown(bare_port, ["/echo"] * self.phones)
        step()
        event, callers = hall(place, "shake", self.phones)
        ours = self._grown(place.settings.port, paths_to(place, event, callers))
        step()
        return [
            Figure(f"{self.name}_bare", 0.0, [Repeat(bare, ours)], unit="MB/1000 sockets"),
            limit(self.name, self.most_megabytes, [ours], unit="MB"),
        ]

    def _grown(self, port: int, paths: list[str]) -> float:
        workers = _workers(port)
        before = sum(map(_resident, workers))
        running = Running(Plan("listen", port, paths, seconds=2.0))
        running.wait_for("ready")
        after = sum(map(_resident, workers))
        running.heard()
        return (after - before) / 1024 / 1024


def _workers(port: int) -> list[int]:
    """Return the gunicorn workers that serve a port, as the kernel names them."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_text().replace("\0", " ")
            parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
            above = Path(f"/proc/{parent}/cmdline").read_text().replace("\0", " ")
        except OSError:
            continue
        if "gunicorn: worker" in command and "gunicorn: master" in above:
            found.append(int(folder.name))
    return [pid for pid in found if _listens(pid, port)]


def bare_meter(port: int) -> Meter:
    """Begin to measure the processor time of the gunicorn that serves a port."""
    stat = Path(f"/proc/{_workers(port)[0]}/stat").read_text()
    return Meter({"workers": int(stat.rpartition(")")[2].split()[1])})


def _listens(pid: int, port: int) -> bool:
    """Say whether a process has the socket that listens on a port."""
    inodes = {
        line.split()[9]
        for line in Path("/proc/net/tcp").read_text().splitlines()[1:]
        if line.split()[3] == "0A" and int(line.split()[1].partition(":")[2], 16) == port
    }
    links = set()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        try:
            links.add(str(link.readlink()))
        except OSError:
            continue
    return any(f"socket:[{inode}]" in links for inode in inodes)


def _resident(pid: int) -> int:
    """Return the resident memory of a process in bytes."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


SCENARIOS = (ShakeReports, ContestBurst, Burst5000, SocketMemory)
