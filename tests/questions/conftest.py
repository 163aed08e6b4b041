"""A private database for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.db import Database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Return a migrated database of the test's own."""
    opened = Database(f"sqlite:///{tmp_path / 'linka.sqlite3'}")
    opened.migrate()
    yield opened
    opened.close()
