"""Kills and stops parts of a running cluster, one after the other, and measures the damage."""

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

from backend.cluster import parts, valkey
from backend.cluster.parts import KnownPart
from backend.cluster.probes import Probe

# The order of the rows in the table.
KINDS = ("node", "worker", "valkey", "sentinel", "pgbouncer", "postgresql", "replica", "nginx")
KILL, STOP = "kill", "stop"
HOWS = (KILL, STOP)
# How many seconds a part stays stopped.
SHORTEST_STOP, LONGEST_STOP = 1.0, 8.0
# How many seconds to wait at most until the cluster is whole again; then the next part is hit in
# any case.
WHOLE_SECONDS = 30
FRESH_SECONDS = 2.0
LOOK_SECONDS = 0.1


@dataclass
class ChaosHit:
    """A part that was killed or stopped; `until` is the moment of the next hit."""

    kind: str
    name: str
    how: str
    at: float
    until: float = math.inf


@dataclass(frozen=True)
class HitCost:
    """The damage that all hits of one sort caused.

    Gaps are in seconds: the longest time in which nobody could log in, and in which no node was
    ready, which needs a write to Redis.
    """

    kind: str
    how: str
    times: int
    longest_without_login: float
    longest_unready: float
    errors: int
    lost: int
    doubled: int


class Chaos:
    """Kills and stops the parts of the cluster in a folder, in random order."""

    def __init__(
        self, folder: Path, random: Random, kinds: Sequence[str], hows: Sequence[str]
    ) -> None:
        self._folder = folder
        self._random = random
        self._kinds = kinds
        self._hows = hows
        self._probes: tuple[Probe, ...] = ()
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
        for turn, (kind, how) in enumerate(self._turns()):
            if turn >= len(self._kinds) * len(self._hows) and not goes_on():
                break
            time.sleep(every_seconds * self._random.uniform(0.5, 1.5))
            self._wait_until_whole()
            self._hit(kind, how, tell)
        self._wait_until_whole()
        if self.hits:
            self.hits[-1].until = time.time()

    def _turns(self) -> Iterator[tuple[str, str]]:
        """Yield each sort of hit once, then all sorts again in another order, and so on."""
        every = [(kind, how) for how in self._hows for kind in self._kinds]
        while True:
            yield from self._random.sample(every, len(every))

    def _wait_until_whole(self) -> None:
        ends = time.monotonic() + WHOLE_SECONDS
        while not self._is_whole() and time.monotonic() < ends:
            time.sleep(LOOK_SECONDS)

    def _is_whole(self) -> bool:
        now = time.time()
        return all(now - probe.last_good < FRESH_SECONDS for probe in self._probes) and all(
            part.lives() for part in parts.read(self._folder).parts
        )

    def _hit(self, kind: str, how: str, tell: Callable[[ChaosHit], object]) -> None:
        found = parts.read(self._folder).of_kind(kind)
        if kind == "valkey":
            # Redis' primary is hit only while a replica can take its place.
            found = [part for part in found if valkey.is_primary(part.port)]
            if not found:
                return
        part = self._random.choice(found)
        hit = ChaosHit(kind, part.name, how, time.time())
        if self.hits:
            self.hits[-1].until = hit.at
        self.hits.append(hit)
        tell(hit)
        if how == KILL:
            kill(part)
        else:
            with stopped(part):
                time.sleep(self._random.uniform(SHORTEST_STOP, LONGEST_STOP))


def kill(part: KnownPart) -> None:
    """Kill all processes of a part at once; the cluster starts them again."""
    for process in part.processes():
        with suppress(psutil.NoSuchProcess):
            process.kill()


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
    """An answer that was acknowledged to a stub phone, with the ledger entry that it must have."""

    at: float
    source: str
    points: int


def acknowledged(journal: Iterable[str]) -> list[Acknowledged]:
    """Read the lines of a stub's journal; a repeat of an answer counts once."""
    found: dict[str, Acknowledged] = {}
    for line in journal:
        record = json.loads(line)
        if record.get("counted"):
            source = f"dig:{record['dig_id']}"
            found.setdefault(source, Acknowledged(record["at"], source, record["points"]))
    return list(found.values())


def ledger(database_url: str) -> dict[str, list[int]]:
    """Return {source: points of its entries} of the answers of all hunts."""
    found: dict[str, list[int]] = {}
    with psycopg.connect(database_url) as connection:
        for source, points in connection.execute(
            "SELECT source, points FROM score_entry WHERE source LIKE 'dig:%'"
        ):
            found.setdefault(source, []).append(points)
    return found


def table(
    hits: Sequence[ChaosHit],
    logins: Probe,
    ready: Probe,
    told: Sequence[Acknowledged],
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
            after = [one for one in told if any(hit.at <= one.at < hit.until for hit in same)]
            found = [entries.get(one.source, []) for one in after]
            rows.append(
                HitCost(
                    kind,
                    how,
                    len(same),
                    max(logins.longest_gap(hit.at, hit.until) for hit in same),
                    max(ready.longest_gap(hit.at, hit.until) for hit in same),
                    sum(logins.errors(hit.at, hit.until) for hit in same),
                    sum(one.points not in points for one, points in zip(after, found, strict=True)),
                    sum(len(points) > 1 for points in found),
                )
            )
    return rows


def write(file: Path, rows: Sequence[HitCost]) -> None:
    """Write the rows as JSON."""
    file.write_text(json.dumps([asdict(row) for row in rows], indent=1))
