"""Kills, stops and restarts parts of a running cluster, one after the other, and measures the
damage."""

import json
import math
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random

import psutil
import psycopg

from backend.cluster import parts, probes, valkey
from backend.cluster.parts import KnownPart
from backend.cluster.probes import Probe
from backend.errors import OperatorError

# The order of the rows in the table.
KINDS = ("node", "worker", "valkey", "sentinel", "pgbouncer", "postgresql", "replica", "nginx")
KILL, STOP, RESTART = "kill", "stop", "restart"
HOWS = (KILL, STOP, RESTART)
# All parts of these kinds are restarted one after the other, each when the one before works again.
RESTARTED = ("node",)
# How many seconds a part stays stopped.
SHORTEST_STOP, LONGEST_STOP = 1.0, 8.0
# How many seconds to wait at most until the cluster is whole again; then the next part is hit in
# any case.
WHOLE_SECONDS = 30
FRESH_SECONDS = 2.0
LOOK_SECONDS = 0.1


@dataclass
class ChaosHit:
    """A part that was killed or stopped, or parts that were restarted; `until` is the moment of the
    next hit."""

    kind: str
    name: str
    how: str
    at: float
    until: float = math.inf


@dataclass(frozen=True)
class HitCost:
    """The damage that all hits of one sort caused.

    Gaps are in seconds: the longest time in which nobody could log in, in which no node was ready,
    which needs a write to Redis, and in which a phone had no socket after it lost one. `errors` are
    answers of 500 and more, `unanswered` are requests without an answer, both of log-ins.
    `lost_and_told` are rounds of which the server says that counts are lost.
    """

    kind: str
    how: str
    times: int
    longest_without_login: float
    longest_unready: float
    longest_without_socket: float
    errors: int
    unanswered: int
    lost: int
    lost_and_told: int
    doubled: int


class Chaos:
    """Kills, stops and restarts the parts of the cluster in a folder, in random order."""

    def __init__(
        self, folder: Path, random: Random, kinds: Sequence[str], hows: Sequence[str]
    ) -> None:
        self._folder = folder
        self._random = random
        self._kinds = kinds
        self._hows = hows
        self._probes: tuple[Probe, ...] = ()
        self._hit_ended_at = 0.0
        self.hits: list[ChaosHit] = []

    def go_on(
        self,
        probes: tuple[Probe, ...],
        every_seconds: float,
        goes_on: Callable[[], bool],
        tell: Callable[[ChaosHit], object],
    ) -> None:
        """Hit a part about every so many seconds, once the cluster is whole again after the last
        hit.

        There is at least one hit of each sort.
        """
        self._probes = probes
        sorts = self._sorts()
        for turn, (kind, how) in enumerate(self._turns(sorts)):
            if turn >= len(sorts) and not goes_on():
                break
            time.sleep(every_seconds * self._random.uniform(0.5, 1.5))
            self._wait_until_whole()
            self._hit(kind, how, tell)
            self._hit_ended_at = time.time()
        self._wait_until_whole()
        if self.hits:
            self.hits[-1].until = time.time()

    def _sorts(self) -> list[tuple[str, str]]:
        """Return the sorts of hits; raises `OperatorError` if the choice leaves none."""
        every = [
            (kind, how)
            for how in self._hows
            for kind in self._kinds
            if how != RESTART or kind in RESTARTED
        ]
        if not every:
            raise OperatorError(f"--how {RESTART} is for --part {', '.join(RESTARTED)}")
        return every

    def _turns(self, sorts: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        """Yield each sort of hit once, then all sorts again in another order, and so on."""
        while True:
            yield from self._random.sample(sorts, len(sorts))

    def _wait_until_whole(self) -> None:
        _wait_until(self._is_whole)

    def _is_whole(self) -> bool:
        """Return whether phones get answers, all parts run, and each node is ready.

        One node is enough for the phones, so each is asked by itself. What was answered before the
        last hit ended says nothing.
        """
        since = max(time.time() - FRESH_SECONDS, self._hit_ended_at)
        found = parts.read(self._folder)
        return (
            all(probe.last_good > since for probe in self._probes)
            and all(part.lives() for part in found.parts)
            and all(probes.is_ready(node.port) for node in found.of_kind("node"))
        )

    def _primaries(self) -> list[KnownPart]:
        """Return Redis' primary if all replicas follow it."""
        found = parts.read(self._folder).of_kind("valkey")
        return [part for part in found if valkey.is_primary(part.port)]

    def _hit(self, kind: str, how: str, tell: Callable[[ChaosHit], object]) -> None:
        if kind == "valkey":
            # Sentinel takes ten seconds to make a lost primary a replica.
            _wait_until(lambda: bool(self._primaries()))
        found = self._primaries() if kind == "valkey" else parts.read(self._folder).of_kind(kind)
        if not found:
            return
        part = self._random.choice(found)
        name = kind if how == RESTART else part.name
        hit = ChaosHit(kind, name, how, time.time())
        if self.hits:
            self.hits[-1].until = hit.at
        self.hits.append(hit)
        tell(hit)
        if how == KILL:
            kill(part)
        elif how == RESTART:
            for each in found:
                restart(self._folder, each)
        else:
            with stopped(part):
                time.sleep(self._random.uniform(SHORTEST_STOP, LONGEST_STOP))


def kill(part: KnownPart) -> None:
    """Kill all processes of a part at once; the cluster starts them again."""
    for process in part.processes():
        with suppress(psutil.NoSuchProcess):
            process.kill()


def restart(folder: Path, part: KnownPart) -> None:
    """Let a node drain and end, and wait until the one that takes its place is ready."""
    with suppress(psutil.NoSuchProcess):
        psutil.Process(part.pid).terminate()
    _wait_until(lambda: _is_back(folder, part))


def _wait_until(holds: Callable[[], bool]) -> None:
    """Wait until a condition holds, `WHOLE_SECONDS` at most."""
    ends = time.monotonic() + WHOLE_SECONDS
    while not holds() and time.monotonic() < ends:
        time.sleep(LOOK_SECONDS)


def _is_back(folder: Path, part: KnownPart) -> bool:
    return any(
        one.name == part.name and one.pid != part.pid and probes.is_ready(one.port)
        for one in parts.read(folder).parts
    )


@contextmanager
def stopped(part: KnownPart) -> Iterator[None]:
    """Stop the processes of a part during the block: they keep their connections, and do not
    answer.
    """
    processes = part.processes()
    try:
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.suspend()
        yield
    finally:
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.resume()


# --- the damage


@dataclass(frozen=True)
class Acknowledged:
    """What was acknowledged to a stub phone, with the ledger entry that it must have."""

    at: float
    source: str
    points: int


@dataclass(frozen=True)
class Told:
    """What the journals of stub phones say.

    `uncounted` are acknowledged sources whose points no phone could count again. `gaps` are (moment,
    seconds without a socket), `losses` the moments at which the server said that counts are lost.
    """

    acknowledged: Sequence[Acknowledged]
    uncounted: int
    gaps: Sequence[tuple[float, float]]
    losses: Sequence[float]


def read_journals(lines: Iterable[str]) -> Told:
    """Read the lines of the stub's journals; a repeat of an answer counts once."""
    told_at: dict[str, float] = {}
    due: dict[str, int] = {}
    gaps, losses = [], []
    for line in lines:
        record = json.loads(line)
        at, source = record["at"], record.get("source")
        if "dig_id" in record:
            if record.get("counted"):
                source = f"dig:{record['dig_id']}"
                told_at.setdefault(source, at)
                due.setdefault(source, record["points"])
        elif "socket_back_seconds" in record:
            gaps.append((at, record["socket_back_seconds"]))
        elif record.get("subject", "").endswith(":counts_lost"):
            losses.append(at)
        elif "points" in record:
            due[source] = record["points"]
        elif "told" in record or record.get("accepted"):
            told_at.setdefault(source, at)
    found = [Acknowledged(at, one, due[one]) for one, at in told_at.items() if one in due]
    return Told(found, len(told_at) - len(found), gaps, losses)


def ledger(database_url: str, told: Told) -> dict[str, list[int]]:
    """Return {source: points of its entries} of what was acknowledged."""
    found: dict[str, list[int]] = {}
    sources = [one.source for one in told.acknowledged]
    with psycopg.connect(database_url) as connection:
        for source, points in connection.execute(
            "SELECT source, points FROM score_entry WHERE source = ANY(%s)", (sources,)
        ):
            found.setdefault(source, []).append(points)
    return found


def table(
    hits: Sequence[ChaosHit],
    logins: Probe,
    ready: Probe,
    told: Told,
    entries: dict[str, list[int]],
) -> list[HitCost]:
    """Return a row for each sort of hit.

    A lost answer counts for the hit before its acknowledgement.
    """
    rows = []
    for kind in KINDS:
        for how in HOWS:
            same = [hit for hit in hits if (hit.kind, hit.how) == (kind, how)]
            if not same:
                continue
            after = [one for one in told.acknowledged if _is_after(same, one.at)]
            gaps = [seconds for at, seconds in told.gaps if _is_after(same, at)]
            found = [entries.get(one.source, []) for one in after]
            rows.append(
                HitCost(
                    kind,
                    how,
                    times=len(same),
                    longest_without_login=max(
                        logins.longest_gap(hit.at, hit.until) for hit in same
                    ),
                    longest_unready=max(ready.longest_gap(hit.at, hit.until) for hit in same),
                    longest_without_socket=max(gaps, default=0.0),
                    errors=sum(logins.errors(hit.at, hit.until) for hit in same),
                    unanswered=sum(logins.unanswered(hit.at, hit.until) for hit in same),
                    lost=sum(
                        one.points not in points for one, points in zip(after, found, strict=True)
                    ),
                    lost_and_told=sum(_is_after(same, at) for at in told.losses),
                    doubled=sum(len(points) > 1 for points in found),
                )
            )
    return rows


def _is_after(hits: Sequence[ChaosHit], at: float) -> bool:
    """Return whether one of these hits was the last one before a moment."""
    return any(hit.at <= at < hit.until for hit in hits)


def write(file: Path, rows: Sequence[HitCost]) -> None:
    """Write the rows as JSON."""
    file.write_text(json.dumps([asdict(row) for row in rows], indent=1))
