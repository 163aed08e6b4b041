"""A child process for long computations: its results, and its limits."""

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from backend.errors import Unavailable
from backend.offload.errors import Busy, OffloadFailed, TooDemanding
from backend.offload.process import CallLimits, OffloadProcess
from backend.sheets import BadSheet, SheetRow
from tests.installation import ROOT, until
from tests.offload import tasks

LIMITS = CallLimits(
    cpu_seconds=1,
    memory_bytes=300_000_000,
    wall_seconds=120,
    waiting_calls=2,
    waiting_seconds=120,
)

Start = Callable[[CallLimits], OffloadProcess]


@pytest.fixture
def start() -> Iterator[Start]:
    """Return what makes a child process with these limits."""
    made: list[OffloadProcess] = []

    def make(limits: CallLimits) -> OffloadProcess:
        made.append(OffloadProcess(limits))
        return made[-1]

    yield make
    for process in made:
        process.close()


@pytest.fixture
def process(start: Start) -> OffloadProcess:
    """Return a child process with a second of processor time for a call."""
    return start(LIMITS)


def lives(pid: int) -> bool:
    """Say whether a process runs; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_result_comes_back_and_the_child_stays(process: OffloadProcess) -> None:
    assert process.pid is None
    assert process.run(tasks.doubled, 21) == 42
    assert process.run(tasks.doubled, b"x" * 3_000_000) == b"x" * 6_000_000
    assert process.run(tasks.a_row) == SheetRow(7, {"工号": "200001"})
    assert process.run(tasks.pid) == process.pid != os.getpid()


def test_child_is_less_urgent_and_has_no_settings_and_nothing_open(
    process: OffloadProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINKA_SECRET_KEY", "x" * 32)
    inherited = os.open("/dev/null", os.O_RDONLY)
    os.set_inheritable(inherited, True)
    facts = process.run(tasks.facts)
    os.close(inherited)
    assert facts["niceness"] >= os.nice(0) + 5
    assert facts["settings"] == []
    # Its three standard ones, and the folder that it lists.
    assert facts["descriptors"] == 4


def test_refusal_comes_back_as_it_was_raised(process: OffloadProcess) -> None:
    with pytest.raises(BadSheet) as raised:
        process.run(tasks.refuse)
    assert raised.value.message("zh") == "表格是空的。"
    assert raised.value.fields is None


def test_unexpected_error_comes_back_with_its_traceback(process: OffloadProcess) -> None:
    with pytest.raises(OffloadFailed, match="KeyError: 'surprise'"):
        process.run(tasks.fail)
    assert process.run(tasks.doubled, 1) == 2


def test_nothing_else_is_built_from_what_a_child_says(process: OffloadProcess) -> None:
    with pytest.raises(pickle.UnpicklingError, match="Unknown"):
        process.run(tasks.something_unknown)


def test_too_much_processor_time_is_refused_and_a_new_child_takes_over(
    process: OffloadProcess,
) -> None:
    first = process.run(tasks.pid)
    with pytest.raises(TooDemanding):
        process.run(tasks.compute_for_ever)
    assert process.run(tasks.pid) != first
    assert not lives(first)


def test_too_much_memory_is_refused_and_a_new_child_takes_over(process: OffloadProcess) -> None:
    assert process.run(tasks.take_memory, 50_000_000) == 50_000_000
    with pytest.raises(TooDemanding):
        process.run(tasks.take_memory, LIMITS.memory_bytes)
    assert process.run(tasks.doubled, 1) == 2


def test_call_that_makes_no_progress_is_ended_and_may_be_tried_again(start: Start) -> None:
    # Long enough for a child to start on a machine that has much else to do.
    process = start(replace(LIMITS, wall_seconds=5))
    first = process.run(tasks.pid)
    with pytest.raises(Busy):
        process.run(tasks.wait, 60)
    assert not lives(first)
    assert process.run(tasks.doubled, 1) == 2


def in_the_meantime(process: OffloadProcess, pool: ThreadPoolExecutor, marker: Path) -> Any:
    """Begin a long call in another thread; returns its future once the child computes."""
    found = pool.submit(process.run, tasks.match_for_ever, str(marker))
    until(lambda: marker.exists() and marker.read_text(), 20, "a call under way")
    return found


def test_child_that_is_killed_breaks_off_its_call_alone(start: Start, tmp_path: Path) -> None:
    process = start(replace(LIMITS, cpu_seconds=600))
    with ThreadPoolExecutor(2) as pool:
        broken = in_the_meantime(process, pool, tmp_path / "begun")
        waiting = pool.submit(process.run, tasks.doubled, 4)
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        with pytest.raises(Unavailable):
            broken.result(120)
        assert waiting.result(120) == 8


def test_child_that_was_killed_between_calls_is_replaced(process: OffloadProcess) -> None:
    first = process.run(tasks.pid)
    os.kill(first, signal.SIGKILL)
    until(lambda: not lives(first), 20, "the end of the child")
    assert process.run(tasks.doubled, 1) == 2


def test_call_that_meets_a_child_about_to_end_is_sent_to_a_new_child(
    process: OffloadProcess, tmp_path: Path
) -> None:
    first, ended = process.run(tasks.pid), tmp_path / "ended"
    # It lives when it is looked at, and ends without an answer when the call arrives.
    second = process.run(tasks.end_process, str(ended), first)
    assert ended.read_text().split() == [str(first)]
    assert second == process.pid != first


def test_call_is_sent_once_more_at_most(process: OffloadProcess, tmp_path: Path) -> None:
    first, ended = process.run(tasks.pid), tmp_path / "ended"
    with pytest.raises(Unavailable):
        process.run(tasks.end_process, str(ended))
    pids = ended.read_text().split()
    assert len(pids) == 2
    assert pids[0] == str(first)
    # A child that has answered nothing yet: the call itself may have ended it.
    with pytest.raises(Unavailable):
        process.run(tasks.end_process, str(ended))
    assert len(ended.read_text().split()) == 3
    assert process.run(tasks.doubled, 1) == 2


def test_call_beyond_its_limits_is_not_sent_again(process: OffloadProcess, tmp_path: Path) -> None:
    process.run(tasks.pid)
    marker = tmp_path / "begun"
    with pytest.raises(TooDemanding):
        process.run(tasks.match_for_ever, str(marker))
    assert len(marker.read_text().split()) == 1


def test_more_calls_than_may_wait_are_refused_at_once(start: Start, tmp_path: Path) -> None:
    process = start(replace(LIMITS, cpu_seconds=600))
    with ThreadPoolExecutor(8) as pool:
        first = in_the_meantime(process, pool, tmp_path / "begun")
        later = [pool.submit(process.run, tasks.doubled, number) for number in range(5)]
        until(lambda: sum(one.done() for one in later) == 3, 20, "three refusals")
        os.kill(int((tmp_path / "begun").read_text()), signal.SIGKILL)
        assert isinstance(first.exception(120), Unavailable)
        refused = [one for one in later if one.exception(120)]
        assert [type(one.exception()) for one in refused] == [Busy] * 3
        assert process.run(tasks.doubled, 5) == 10


def test_who_waits_too_long_is_refused(start: Start, tmp_path: Path) -> None:
    process = start(replace(LIMITS, cpu_seconds=600, waiting_seconds=0.1))
    with ThreadPoolExecutor(1) as pool:
        in_the_meantime(process, pool, tmp_path / "begun")
        with pytest.raises(Busy) as raised:
            process.run(tasks.doubled, 1)
        os.kill(int((tmp_path / "begun").read_text()), signal.SIGKILL)
    assert raised.value.retry_after_seconds


WORKER = """
import sys
from backend.offload.process import CallLimits, OffloadProcess
from tests.offload import tasks
process = OffloadProcess(CallLimits(600, 300_000_000, 600, 2, 600))
print(process.run(tasks.pid), flush=True)
process.run(tasks.match_for_ever, sys.argv[1])
"""


def test_child_ends_with_a_worker_that_is_killed_even_while_it_computes(tmp_path: Path) -> None:
    marker = tmp_path / "begun"
    with subprocess.Popen(
        [sys.executable, "-c", WORKER, marker], cwd=ROOT, stdout=subprocess.PIPE
    ) as worker:
        assert worker.stdout is not None
        pid = int(worker.stdout.readline())
        until(lambda: marker.exists() and marker.read_text(), 20, "a call under way")
        assert lives(pid)
        worker.kill()
    until(lambda: not lives(pid), 5, "the end of the child")


def test_child_ends_with_a_worker_that_is_killed_between_calls(tmp_path: Path) -> None:
    source = WORKER.replace("process.run(tasks.match", "sys.stdin.read(); (")
    with subprocess.Popen(
        [sys.executable, "-c", source, "-"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as worker:
        assert worker.stdout is not None
        pid = int(worker.stdout.readline())
        assert lives(pid)
        worker.kill()
    until(lambda: not lives(pid), 5, "the end of the child")


GEVENT = """
from gevent import monkey
monkey.patch_all()
import gevent
from backend.offload.process import SHORT, OffloadProcess
from tests.offload import tasks
process = OffloadProcess(SHORT)
process.run(tasks.pid)
turns = []

def count():
    while True:
        turns.append(1)
        gevent.sleep(0.01)

counting = gevent.spawn(count)
process.run(tasks.wait, 0.5)
print(len(turns))
stopped = gevent.spawn(process.run, tasks.wait, 60)
gevent.sleep(0.1)
stopped.kill()
print(process.run(tasks.doubled, 4))
process.close()
"""


def said_by(source: str) -> str:
    """Run a program whose greenlets take turns and return what it printed."""
    found = subprocess.run(
        [sys.executable, "-c", source],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    return found.stdout


def test_greenlets_run_during_a_call_and_one_that_is_killed_leaves_a_new_child() -> None:
    turns, doubled = map(int, said_by(GEVENT).split())
    assert turns >= 10
    assert doubled == 8


STEPS = """
from gevent import monkey
monkey.patch_all()
import socket, time
import gevent
from backend.offload.steps import in_steps
ours, theirs = socket.socketpair()
met = []

def answer():
    met.append(ours.recv(1))

gevent.spawn(answer)
gevent.sleep(0)
for item in in_steps(range(500), 100):
    if item == 150:
        theirs.send(b"x")
    met.append(item)
print(met.index(b"x"), len(met))
"""


def test_loop_in_steps_lets_a_socket_be_answered_after_each_step() -> None:
    assert said_by(STEPS).split() == ["200", "501"]
