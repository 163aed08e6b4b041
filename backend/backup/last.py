"""Stores in the data folder when the last backup was made, for `linka doctor`."""

from pathlib import Path

from backend.config import own_folder

_FILE = "last-backup"


def note(data_dir: Path, now: int) -> None:
    """Store that a backup was made at this moment."""
    own_folder(data_dir)
    (data_dir / _FILE).write_text(f"{now}\n", encoding="ascii")


def made_at(data_dir: Path) -> int | None:
    """Return when the last backup was made, None if there was none."""
    try:
        return int((data_dir / _FILE).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
