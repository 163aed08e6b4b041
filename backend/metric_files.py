"""The files in which each process writes its metrics, for `/metrics` of all processes of a machine.

`PROMETHEUS_MULTIPROC_DIR` names their folder. Apart from `backend.metrics`, because the process that
watches the others has no metrics of its own.
"""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
_PREFIX = "linka-metric-files-"
# A folder is locked a moment after it was made.
_NEW_SECONDS = 60


def forget(pid: int) -> None:
    """Remove what counts for a running process only, such as its open sockets, after it ended."""
    if FOLDER in os.environ:
        for file in Path(os.environ[FOLDER]).glob(f"gauge_live*_{pid}.db"):
            file.unlink(missing_ok=True)


def prepare(folder: Path) -> None:
    """Prepare the folder for a new start: remove the files of processes that have ended."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.glob("*.db"):
        pid = file.stem.rpartition("_")[2]
        if not Path(f"/proc/{pid}").exists():
            file.unlink(missing_ok=True)


@contextmanager
def ready() -> Iterator[None]:
    """Have a folder for the processes that the block starts: a temporary one, unless one is named.

    A temporary folder is locked until its process ends. If that was killed, its folder is left
    behind without a lock; the next start removes it.
    """
    if FOLDER in os.environ:
        prepare(Path(os.environ[FOLDER]))
        yield
        return
    _remove_left_behind()
    with tempfile.TemporaryDirectory(prefix=_PREFIX) as folder, _locked(folder):
        os.environ[FOLDER] = folder
        yield


def _remove_left_behind() -> None:
    """Remove the temporary folders that no process has locked, but for new ones."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        # Another user's, or one that is in use, or that is being removed.
        with suppress(OSError), _locked(str(folder)):
            if time.time() - folder.stat().st_mtime > _NEW_SECONDS:
                shutil.rmtree(folder)


@contextmanager
def _locked(folder: str) -> Iterator[None]:
    """Lock a folder; raises `OSError` if another process has locked it."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(opened)
