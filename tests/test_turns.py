"""One writer at a time, over all processes."""

import subprocess
import sys
import threading
from pathlib import Path

from backend.turns import Turns
from tests.support import at_once

HOLDER = """
import sys, pathlib
from backend.turns import Turns
with Turns(pathlib.Path(sys.argv[1])).mine():
    print("mine", flush=True)
    sys.stdin.read()
"""


def test_no_two_write_at_once(tmp_path: Path) -> None:
    turns = [Turns(tmp_path / "db") for _ in range(3)]
    inside: list[int] = []
    seen: list[int] = []

    def write_often(place: int) -> None:
        for _ in range(50):
            with turns[place % 3].mine():
                inside.append(place)
                seen.append(len(inside))
                inside.remove(place)

    at_once([lambda place=place: write_often(place) for place in range(6)])
    assert seen == [1] * 300


def test_busy_process_lets_another_have_its_turn(tmp_path: Path) -> None:
    busy, other = Turns(tmp_path / "db"), Turns(tmp_path / "db")
    had_its_turn = threading.Event()

    def write_once() -> None:
        with other.mine():
            had_its_turn.set()

    waiting = threading.Thread(target=write_once)
    with busy.mine():
        waiting.start()
    for _ in range(100_000):
        with busy.mine():
            pass
        if had_its_turn.is_set():
            break
    assert had_its_turn.is_set()
    waiting.join(10)


def test_turn_of_a_killed_process_is_free(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(tmp_path / "db")]
    holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "mine\n"
    holder.kill()
    holder.communicate()
    with Turns(tmp_path / "db").mine():
        pass
