"""What all tests of the console's pages share."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _libraries(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let pages be rendered without the scripts that npm installs; no test here runs them."""
    monkeypatch.setattr("backend.console.frame.VENDOR", tmp_path)
