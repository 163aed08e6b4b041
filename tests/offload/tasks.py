"""What tests let a child process compute: it imports this module."""

import os
import signal
import time
from pathlib import Path
from typing import Any

from backend.errors import Sentence
from backend.sheets import BadSheet, SheetRow


def _note_pid(file: str) -> None:
    with Path(file).open("a") as noted:
        print(os.getpid(), file=noted)


def doubled(value: Any) -> Any:
    return value * 2


def pid() -> int:
    return os.getpid()


def facts() -> dict[str, Any]:
    """Return what the process is like."""
    return {
        "niceness": os.nice(0),
        "settings": [name for name in os.environ if name.startswith("LINKA_")],
        "descriptors": len(os.listdir("/proc/self/fd")),
    }


def a_row() -> SheetRow:
    return SheetRow(7, {"工号": "200001"})


def refuse() -> None:
    raise BadSheet(Sentence("表格是空的。", "The table is empty."))


def fail() -> None:
    raise KeyError("surprise")


def compute_for_ever() -> None:
    while True:
        pass


def match_for_ever(begun: str) -> None:
    """Compute inside one call of C, which no handler of Python's interrupts."""
    _note_pid(begun)
    sum(range(10**12))


def wait(seconds: float) -> None:
    time.sleep(seconds)


def take_memory(size: int) -> int:
    return len(bytearray(size))


def end_process(ended: str, which: int | None = None) -> int:
    """End this process after noting its id in a file. With `which`, end only the process of that id;
    any other one returns its own."""
    if which in (None, os.getpid()):
        _note_pid(ended)
        os.kill(os.getpid(), signal.SIGKILL)
    return os.getpid()


class Unknown:
    """Neither a dataclass nor a refusal."""


def something_unknown() -> Unknown:
    return Unknown()
