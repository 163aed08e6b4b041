"""The load: a process of its own that keeps connections busy with requests prepared beforehand.

`python -m tests.bench.load` reads a pickled `Plan` (as a dict) from stdin and writes a `Report` as
JSON to stdout. It imports the standard library alone, so that it starts at once and costs little.

Where `wrk` is installed, it sends the requests that may be repeated. It costs less, but looks at no
answer, so that the load in Python warms the server up and looks at the status of each answer.
"""

import itertools
import json
import pickle
import re
import resource
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

CONNECTIONS = 32
WARMUP_SECONDS = 1.0
SAMPLE_EVERY = 97
SAMPLES_KEPT = 40
ERRORS_KEPT = 3
SILENCE_SECONDS = 20
WRK = shutil.which("wrk")
_SCRIPT = Path(__file__).with_name("wrk.lua")
_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)


@dataclass(frozen=True)
class Plan:
    """The requests to send, and for how long.

    With `once` every request is sent once at most. All answers must have `status`.
    """

    port: int
    requests: list[bytes]
    once: bool = False
    status: str = "200"
    connections: int = CONNECTIONS
    warmup_seconds: float = WARMUP_SECONDS
    seconds: float = 4.0


@dataclass
class Report:
    """The answers.

    `answered` counts those within `seconds`, `acknowledged` all of them, also before and after.
    `errors` holds the first answers with another status; `processor_seconds` is the processor time
    of the load tool itself.
    """

    answered: int = 0
    seconds: float = 0.0
    acknowledged: int = 0
    failed: int = 0
    processor_seconds: float = 0.0
    errors: list[str] = field(default_factory=list)
    samples: list[str] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Answers in a second."""
        return self.answered / self.seconds if self.seconds else 0.0

    def add(self, answer: bytes, body_at: int, status: bytes) -> None:
        """Count one answer."""
        if answer[9:12] != status:
            self.fail(answer[9:12] + b" " + answer[body_at : body_at + 200])
            return
        self.acknowledged += 1
        if self.acknowledged % SAMPLE_EVERY == 1 and len(self.samples) < SAMPLES_KEPT:
            self.samples.append(answer[body_at:].decode())

    def fail(self, reason: bytes) -> None:
        """Count one failure."""
        self.failed += 1
        if len(self.errors) < ERRORS_KEPT:
            self.errors.append(reason.decode(errors="replace"))


class Line:
    """One connection that is kept alive, with at most one request under way."""

    def __init__(self, port: int, status: str) -> None:
        self._status = status.encode()
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._got = b""

    def send(self, request: bytes) -> None:
        """Send a request; it fits into the socket's buffer."""
        self.socket.sendall(request)

    def receive(self, report: Report) -> bool:
        """Read what has arrived; returns whether the connection is free again."""
        more = self.socket.recv(262_144)
        if not more:
            report.fail(b"connection closed: " + self._got[:200])
            return True
        self._got += more
        body_at = self._got.find(b"\r\n\r\n") + 4
        if body_at < 4:
            return False
        length = _LENGTH.search(self._got, 0, body_at)
        if self._got[9:12] == b"304":
            report.add(self._got, body_at, self._status)
        elif length is None:
            report.fail(b"no length: " + self._got[:200])
        elif len(self._got) < body_at + int(length[1]):
            return False
        else:
            report.add(self._got, body_at, self._status)
        self._got = b""
        return True


class Load:
    """One run of a plan."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._next: Iterator[bytes] = (
            iter(plan.requests) if plan.once else itertools.cycle(plan.requests)
        )
        self._report = Report()
        self._poll = select.epoll()
        self._lines: dict[int, Line] = {}
        self._busy = 0

    def run(self) -> Report:
        """Warm up, measure, and wait for the last answers."""
        before_work = time.process_time()
        for _ in range(self._plan.connections):
            line = Line(self._plan.port, self._plan.status)
            self._lines[line.socket.fileno()] = line
            self._poll.register(line.socket, select.EPOLLIN)
        for line in self._lines.values():
            self._send(line)
        self._work(self._plan.warmup_seconds, sends=True)
        before = self._report.acknowledged
        self._report.seconds = self._work(self._plan.seconds, sends=True)
        self._report.answered = self._report.acknowledged - before
        self._work(SILENCE_SECONDS, sends=False)
        self._report.processor_seconds = time.process_time() - before_work
        return self._report

    def _send(self, line: Line) -> bool:
        request = next(self._next, None)
        if request is None:
            return False
        line.send(request)
        self._busy += 1
        return True

    def _work(self, seconds: float, *, sends: bool) -> float:
        """Work for a time, or until requests or answers run out; returns how long it was."""
        began = now = time.perf_counter()
        while self._busy and now < began + seconds and not self._report.failed:
            for number, _ in self._poll.poll(began + seconds - now):
                line = self._lines[number]
                if not line.receive(self._report):
                    continue
                self._busy -= 1
                if sends and not self._send(line):
                    return time.perf_counter() - began
            now = time.perf_counter()
        if self._busy and not sends and not self._report.failed:
            self._report.fail(b"no answer in time")
        return now - began


def put_on(plan: Plan, wrk: str | None) -> Report:
    """Run a plan in a process of its own and return its report; `wrk` is where that is, if it is to
    be used."""
    if wrk is None:
        return _put_on_by_python(plan)
    report = _put_on_by_python(replace(plan, seconds=0.0))
    if not report.failed:
        _put_on_by_wrk(wrk, plan, report)
    return report


def _put_on_by_wrk(wrk: str, plan: Plan, report: Report) -> None:
    """Add to a report what wrk measures."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.NamedTemporaryFile() as file:
        for request in plan.requests:
            file.write(b"%d %b" % (len(request), request))
        file.flush()
        command = [wrk, "-t1", f"-c{plan.connections}", f"-d{max(1, round(plan.seconds))}s"]
        address = f"http://127.0.0.1:{plan.port}"
        done = subprocess.run(
            [*command, "-s", _SCRIPT, address, "--", file.name],
            stdout=subprocess.PIPE,
            check=True,
        )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    answered, microseconds, failed = map(int, done.stdout.rpartition(b"report ")[2].split())
    report.answered, report.seconds = answered, microseconds / 1_000_000
    report.acknowledged += answered
    report.processor_seconds += after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if failed:
        report.failed = failed
        report.errors.append(f"wrk counted {failed} failures")


def _put_on_by_python(plan: Plan) -> Report:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.load"],
        input=pickle.dumps(vars(plan)),
        stdout=subprocess.PIPE,
        check=True,
    )
    return Report(**json.loads(done.stdout))


def main() -> None:
    """Run the plan on stdin."""
    plan = Plan(**pickle.load(sys.stdin.buffer))
    json.dump(asdict(Load(plan).run()), sys.stdout)


if __name__ == "__main__":
    main()
