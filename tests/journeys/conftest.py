"""Stub phones that play an evening on a running installation."""

from pathlib import Path
from typing import Any

import pytest

from tests.installation import Installation
from tests.journeys.evening import Evening


@pytest.fixture
def play(installation: Installation, tmp_path: Path) -> Any:
    """Return what lets stub phones play; they are stopped when the test is over."""
    begun: list[Evening] = []

    def begin(*options: str) -> Evening:
        begun.append(Evening(installation, tmp_path / "journal", *options))
        return begun[-1]

    yield begin
    for evening in begun:
        evening.process.kill()
        evening.process.wait()
