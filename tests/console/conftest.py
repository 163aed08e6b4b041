"""What all tests of the console's pages share."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _libraries(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let pages be rendered where npm has not installed their scripts, which no test here runs."""
    monkeypatch.setattr("backend.console.frame.VENDOR", tmp_path)
