"""Processor time of the servers for one request, as the kernel counts it.

On a machine that others use too, it varies less than requests per second.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

_MICROSECONDS = 1_000_000
_TICKS = os.sysconf("SC_CLK_TCK")
_MEASURED = ("workers", "database", "redis", "emulator")


@dataclass(frozen=True)
class Spent:
    """Microseconds of processor time for one request: of gunicorn, PostgreSQL, Redis, the emulator of
    WeChat's server, the load tool.

    SQLite runs in gunicorn's workers. Emulator and load tool only share the machine with the servers.
    """

    workers: float
    database: float
    redis: float
    emulator: float
    load: float

    @property
    def served(self) -> float:
        """The processor time of all servers together."""
        return self.workers + self.database + self.redis


def rounded(spent: Spent) -> dict[str, int]:
    """Return the parts in whole microseconds."""
    return {name: round(value) for name, value in asdict(spent).items()}


def middle(found: Sequence[Spent]) -> Spent:
    """Return the median of each part."""
    parts = [asdict(one) for one in found]
    return Spent(**{name: median(part[name] for part in parts) for name in parts[0]})


class Meter:
    """Measures from its construction on.

    `pids` has each server's first process by the parts of `Spent`.
    """

    def __init__(self, pids: Mapping[str, int]) -> None:
        self._pids = pids
        self._before = self._read()

    def _read(self) -> dict[str, float]:
        return {name: used_seconds(pid) for name, pid in self._pids.items()}

    def spent(self, requests: int, load_seconds: float) -> Spent:
        """Return the processor time of each request; `load_seconds` is that of the load tool."""
        used = {name: seconds - self._before[name] for name, seconds in self._read().items()}
        each = _MICROSECONDS / max(requests, 1)
        parts = {name: used.get(name, 0.0) * each for name in _MEASURED}
        return Spent(**parts, load=load_seconds * each)


def used_seconds(pid: int) -> float:
    """Return the processor time of a process and of all its children, including those that ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    # User and system time, its own and that of ended children.
    own = sum(map(int, fields[11:15])) / _TICKS
    running = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return own + sum(used_seconds(int(child)) for child in running)
