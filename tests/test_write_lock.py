"""One writer at a time, over all processes."""

import fcntl
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from backend.write_lock import WriteLock
from tests.support import at_once

HOLDER = """
import sys, pathlib
from backend.write_lock import WriteLock
with WriteLock(pathlib.Path(sys.argv[1])).hold():
    print("mine", flush=True)
    sys.stdin.read()
"""


def test_no_two_write_at_once(tmp_path: Path) -> None:
    turns = [WriteLock(tmp_path / "db") for _ in range(3)]
    inside: list[int] = []
    seen: list[int] = []

    def write_often(place: int) -> None:
        for _ in range(50):
            with turns[place % 3].hold():
                inside.append(place)
                seen.append(len(inside))
                inside.remove(place)

    at_once([lambda place=place: write_often(place) for place in range(6)])
    assert seen == [1] * 300


def test_busy_process_lets_another_have_its_turn(tmp_path: Path) -> None:
    busy, other = WriteLock(tmp_path / "db"), WriteLock(tmp_path / "db")
    had_its_turn = threading.Event()

    def write_once() -> None:
        with other.hold():
            had_its_turn.set()

    waiting = threading.Thread(target=write_once)
    with busy.hold():
        waiting.start()
    for _ in range(100_000):
        with busy.hold():
            pass
        if had_its_turn.is_set():
            break
    assert had_its_turn.is_set()
    waiting.join(10)


def test_a_process_that_waits_is_not_overtaken_however_rarely_it_looks(tmp_path: Path) -> None:
    busy = WriteLock(tmp_path / "db")
    with (tmp_path / "db-next").open("rb") as waiting:
        fcntl.flock(waiting, fcntl.LOCK_EX)
        with pytest.raises(TimeoutError):
            while True:
                with busy.hold(0.1):
                    pass
    with busy.hold(0.1):
        pass


def test_turn_of_a_killed_process_is_free(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(tmp_path / "db")]
    holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "mine\n"
    holder.kill()
    holder.communicate()
    with WriteLock(tmp_path / "db").hold():
        pass


@pytest.mark.parametrize("seconds", [0, -0.5])
def test_who_has_no_time_left_does_not_wait(tmp_path: Path, seconds: float) -> None:
    lock = WriteLock(tmp_path / "db")
    with lock.hold(), pytest.raises(TimeoutError), lock.hold(seconds):
        raise AssertionError("two hold the lock")
