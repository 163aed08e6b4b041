"""Runs `linka-stub play` against a running installation."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.installation import STUB, Installation, until

CLEAN = "核对无误"


class Evening:
    """A run of `linka-stub play` on an event; `said` is its output."""

    def __init__(self, installation: Installation, journal: Path, *options: str) -> None:
        self._journal = journal
        self._output = journal.with_suffix(".out")
        with self._output.open("w") as output:
            self.process = subprocess.Popen(
                [STUB, "play", "--journal", journal, "--seed", "20261122", *options],
                env=installation.full_environ() | {"COLUMNS": "150"},
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def acknowledged(self) -> dict[int, dict[str, Any]]:
        """Return {dig: what the phone was told} so far."""
        lines = self._journal.read_text().splitlines() if self._journal.exists() else []
        told = (json.loads(line) for line in lines)
        return {line["dig_id"]: line for line in told if "refused" not in line}

    def reaches(self, answers: int) -> None:
        """Wait until so many answers were acknowledged."""
        until(lambda: len(self.acknowledged()) >= answers, 60, f"{answers} answers; {self.said}")

    @property
    def said(self) -> str:
        """What it printed."""
        return self._output.read_text()

    def end(self) -> int:
        """Wait for the end and return the exit code."""
        return self.process.wait(200)


Play = Callable[..., Evening]
