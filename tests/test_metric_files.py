"""The folders of metrics: one for each start, and none is left behind for long."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from backend import metric_files

_OWNER = """
import os, sys
from backend import metric_files
with metric_files.ready():
    print(os.environ[metric_files.FOLDER], flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder for temporary files of this test, in which no folder is named."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    # Restored at the end.
    monkeypatch.setenv(metric_files.FOLDER, "")
    monkeypatch.delenv(metric_files.FOLDER)
    return tmp_path


Start = Callable[[], tuple[subprocess.Popen[str], Path]]


@pytest.fixture
def start(temporary: Path) -> Iterator[Start]:
    """Return what starts a process with a folder of metrics, as a start of an hour ago."""
    started: list[subprocess.Popen[str]] = []

    def begin() -> tuple[subprocess.Popen[str], Path]:
        owner = subprocess.Popen(
            [sys.executable, "-c", _OWNER],
            env={**os.environ, "TMPDIR": str(temporary)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(owner)
        assert owner.stdout is not None
        folder = Path(owner.stdout.readline().strip())
        (folder / "counter_1.db").write_bytes(b"counts")
        an_hour_ago = time.time() - 3600
        os.utime(folder, (an_hour_ago, an_hour_ago))
        return owner, folder

    yield begin
    for owner in started:
        owner.kill()
        owner.communicate()


def _killed(owner: subprocess.Popen[str]) -> None:
    owner.send_signal(signal.SIGKILL)
    owner.wait()


def test_folder_of_a_killed_process_is_removed_by_the_next_start(start: Start) -> None:
    owner, folder = start()
    _killed(owner)
    assert folder.exists()
    with metric_files.ready():
        assert not folder.exists()
        assert Path(os.environ[metric_files.FOLDER]).is_dir()


def test_folder_in_use_is_kept(start: Start) -> None:
    owner, folder = start()
    with metric_files.ready():
        assert (folder / "counter_1.db").exists()
    owner.communicate()
    assert (owner.returncode, folder.exists()) == (0, False)


def test_new_folder_is_kept_because_its_owner_may_be_about_to_lock_it(start: Start) -> None:
    owner, folder = start()
    _killed(owner)
    os.utime(folder)
    with metric_files.ready():
        assert folder.exists()


def test_named_folder_is_used_and_kept(
    temporary: Path, monkeypatch: pytest.MonkeyPatch, start: Start
) -> None:
    owner, folder = start()
    _killed(owner)
    monkeypatch.setenv(metric_files.FOLDER, str(temporary / "named"))
    with metric_files.ready():
        assert (temporary / "named").is_dir()
    assert (temporary / "named").is_dir()
    assert folder.exists()
