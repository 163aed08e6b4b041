"""The files in which each process writes its metrics, for `/metrics` of all processes of a machine.

`PROMETHEUS_MULTIPROC_DIR` names their folder. Apart from `backend.metrics`, because the process that
watches the others has no metrics of its own.
"""

import os
from pathlib import Path
from typing import Final

FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"


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
