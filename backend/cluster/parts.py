"""The parts of a cluster. A part is one process, or a process together with its children."""

import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from backend.errors import OperatorError
from backend.processes import Child

FILE = "parts.json"


@dataclass(frozen=True)
class ClusterPart:
    """A part; `works` says whether other parts can use it."""

    name: str
    kind: str
    port: int
    child: Child
    works: Callable[[], bool]


@dataclass(frozen=True)
class KnownPart:
    """A running part as another program knows it."""

    name: str
    kind: str
    port: int
    pid: int

    def processes(self) -> list[psutil.Process]:
        """Return its process and the children of that; none while it is being started again."""
        try:
            first = psutil.Process(self.pid)
            return [first, *first.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def lives(self) -> bool:
        """Return whether its process runs and is not stopped."""
        try:
            state = psutil.Process(self.pid).status()
        except psutil.NoSuchProcess:
            return False
        return state not in (psutil.STATUS_ZOMBIE, psutil.STATUS_STOPPED)


@dataclass(frozen=True)
class RunningCluster:
    """A running cluster as its folder describes it. `environ` are the settings of its nodes."""

    url: str
    environ: dict[str, str]
    database_url: str
    parts: tuple[KnownPart, ...]

    def of_kind(self, kind: str) -> list[KnownPart]:
        """Return the parts of a kind."""
        return [part for part in self.parts if part.kind == kind]


def write(folder: Path, running: RunningCluster) -> None:
    """Describe a running cluster in its folder, for its owner alone."""
    unfinished = folder / f".{FILE}"
    unfinished.touch(mode=0o600)
    unfinished.write_text(json.dumps(asdict(running), indent=1))
    os.replace(unfinished, folder / FILE)


def read(folder: Path) -> RunningCluster:
    """Return the cluster that runs in a folder; raises `OperatorError` if none does."""
    try:
        found = json.loads((folder / FILE).read_text())
    except FileNotFoundError:
        raise OperatorError(f"no cluster runs in {folder}: start one with `make cluster`") from None
    return RunningCluster(
        found["url"],
        found["environ"],
        found["database_url"],
        tuple(KnownPart(**part) for part in found["parts"]),
    )


def known(parts: Sequence[ClusterPart]) -> Iterator[KnownPart]:
    """Yield descriptions of started parts for other programs."""
    for part in parts:
        if part.child.process:
            yield KnownPart(part.name, part.kind, part.port, part.child.process.pid)
