"""A whole Linka in processes of its own, as an operator runs it: started, inspected, killed. Every
installation has a data folder and ports of its own, and remembers all its processes, so that none
outlives the test.
"""

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import redis
import urllib3

from backend.live.embedded import socket_path
from tests.support import free_port

ROOT = Path(__file__).parent.parent
LINKA = Path(sys.executable).parent / "linka"
STUB = Path(sys.executable).parent / "linka-stub"
READY_SECONDS = 120

_http = urllib3.PoolManager(retries=False, timeout=5)


def until(holds: Callable[[], Any], seconds: float, what: str) -> Any:
    """Call a function until it returns something true, and return that; fails after so many
    seconds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = holds()
        if found:
            return found
        threading.Event().wait(0.05)
    raise AssertionError(f"not within {seconds} s: {what}")


def free_bind() -> str:
    """Return an address whose emulator's port, 1,000 above, is free as well."""
    return f"127.0.0.1:{free_port(1000)}"


@dataclass(frozen=True)
class Process:
    """A running process, as the kernel describes it."""

    pid: int
    parent: int
    command: str

    def lives(self) -> bool:
        """Say whether it runs; one that ended and was not waited for does not."""
        found = _read(self.pid)
        return found is not None and found.command == self.command

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def pause(self) -> None:
        """Stop its processes until `go_on`: it keeps its connections, and does not answer."""
        os.kill(self.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        """Let its processes continue."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGCONT)


def _read(pid: int) -> Process | None:
    try:
        state, parent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:2]
        command = Path(f"/proc/{pid}/cmdline").read_text()
    except (OSError, UnicodeDecodeError):
        return None
    if state == "Z":
        return None
    return Process(pid, int(parent), command.replace("\0", " ").strip())


def descendants(pid: int) -> list[Process]:
    """Return a process and everything that it started, and that they started."""
    every = [_read(int(folder.name)) for folder in Path("/proc").glob("[0-9]*")]
    tree = [process for process in every if process and process.pid == pid]
    for process in tree:
        tree += [child for child in every if child and child.parent == process.pid]
    return tree


class Installation:
    """A Linka with its own data folder and ports."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.bind = free_bind()
        self.environ = {"LINKA_BIND": self.bind, "LINKA_DATA_DIR": str(folder), **settings}
        self.log_file = folder.parent / f"{folder.name}.log"
        self.started: subprocess.Popen[bytes] | None = None
        self._seen: dict[int, Process] = {}

    @property
    def url(self) -> str:
        """Where the server answers."""
        return f"http://{self.bind}"

    @property
    def wechat_url(self) -> str:
        """Where the emulator of WeChat answers."""
        host, _, port = self.bind.partition(":")
        return self.environ.get("LINKA_WECHAT_URL", f"http://{host}:{int(port) + 1000}")

    @property
    def database_file(self) -> Path:
        """The embedded database."""
        return self.folder / "linka.sqlite3"

    @property
    def log(self) -> str:
        """Everything that the processes wrote to stdout and stderr."""
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""

    def _last_words(self) -> str:
        """Return what commands said, and the end of the log."""
        said = [line for line in self.log.splitlines() if line.startswith("linka:")]
        return "\n".join([*said[-5:], self.log[-2000:]])

    def full_environ(self) -> dict[str, str]:
        """Return the environment of its processes: no setting but its own."""
        own = {name: value for name, value in os.environ.items() if not name.startswith("LINKA_")}
        return {**own, **self.environ}

    def start(self, *command: str) -> None:
        """Start a command, `up` if none is named, without waiting for it."""
        with self.log_file.open("ab") as log:
            self.started = subprocess.Popen(
                [LINKA, *(command or ("up",))],
                cwd=self.folder.parent,
                env=self.full_environ(),
                stdout=log,
                stderr=log,
            )

    def up(self, *command: str) -> None:
        """Start it and wait until it can serve people."""
        self.start(*(command or ("up",)))
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        """Wait until people can be served."""
        try:
            until(self.is_ready, READY_SECONDS, f"{self.url} ready")
        except AssertionError as late:
            raise AssertionError(f"{late}\n{self.log[-2000:]}") from None
        self.processes()

    def is_ready(self) -> bool:
        """Say whether people can be served; fails when the process has ended instead."""
        assert self.started is None or self.started.poll() is None, self._last_words()
        try:
            return bool(_http.request("GET", f"{self.url}/readyz").status == 200)
        except urllib3.exceptions.HTTPError:
            return False

    def processes(self) -> list[Process]:
        """Return all its processes, the one that was started first."""
        tree = descendants(self.started.pid) if self.started else []
        self._seen |= {process.pid: process for process in tree}
        return tree

    def process(self, name: str) -> Process:
        """Return one of its processes by a part of its command line."""
        return next(found for found in self.processes() if name in found.command)

    def kill(self, processes: Iterable[Process]) -> None:
        """Kill processes at once."""
        for process in processes:
            process.kill()

    def crash(self, *, supervisor_alone: bool = False) -> None:
        """Kill all its processes at once, or only the supervisor."""
        assert self.started is not None
        self.kill(self.processes()[: 1 if supervisor_alone else None])
        self.started.wait(10)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send SIGTERM, wait for the end, and return the exit code."""
        assert self.started is not None
        self.processes()
        self.started.send_signal(number)
        return self.started.wait(30)

    def survivors(self) -> list[Process]:
        """Return those of the processes it ever had that still run."""
        return [process for process in self._seen.values() if process.lives()]

    def remove(self) -> None:
        """Kill all processes that still run."""
        if self.started:
            self.crash()
        self.kill(self.survivors())

    def linka(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return self.run(LINKA, *arguments, **settings)

    def run(
        self, program: Path, *arguments: str, **settings: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a program of ours to its end."""
        return subprocess.run(
            [program, *arguments],
            cwd=self.folder.parent,
            env={**self.full_environ(), **settings},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def rows(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Read the database file by hand."""
        address = f"file:{self.database_file}?mode=ro"
        with contextlib.closing(sqlite3.connect(address, uri=True, timeout=10)) as connection:
            return connection.execute(statement, parameters).fetchall()

    def change(self, statement: str, *parameters: Any) -> None:
        """Change the database file without the server."""
        with contextlib.closing(sqlite3.connect(self.database_file, timeout=10)) as connection:
            connection.execute(statement, parameters)
            connection.commit()

    def redis(self) -> redis.Redis:
        """Return a client of its private Redis."""
        return redis.Redis(unix_socket_path=str(socket_path(self.folder)))
