"""The storage of a mini program on its phone: `wx.setStorageSync` and related functions."""

import copy
import json
import threading
from pathlib import Path
from typing import Any


class Storage:
    """Values by key, in memory unless a file is given.

    The file is JSON and replaced as a whole at every change. A file that cannot be read is refused
    with `BadStorage` when the phone is switched on.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._values: dict[str, Any] = _read(file) if file and file.exists() else {}

    def get(self, key: str, default: Any = None) -> Any:
        """Return a copy of the value under a key."""
        with self._lock:
            return copy.deepcopy(self._values.get(key, default))

    def set(self, key: str, value: Any) -> None:
        """Store a value that JSON can hold."""
        with self._lock:
            self._values[key] = copy.deepcopy(value)
            self._write()

    def remove(self, key: str) -> None:
        """Remove a key, if it exists."""
        with self._lock:
            self._values.pop(key, None)
            self._write()

    def _write(self) -> None:
        if self._file is None:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._file.with_name(self._file.name + ".new")
        fresh.write_text(json.dumps(self._values, ensure_ascii=False, indent=1), encoding="utf-8")
        fresh.replace(self._file)


class BadStorage(Exception):
    """The file is not one that a phone wrote; the text names it."""


def _read(file: Path) -> dict[str, Any]:
    try:
        values = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadStorage(f"{file}: {error}") from None
    if not isinstance(values, dict):
        raise BadStorage(f"{file}: not a JSON object")
    return values
