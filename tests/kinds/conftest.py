"""One app that knows one kind more than Linka has."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from backend.config import Settings
from backend.events import templates
from tests.kinds.evening import QuickfireEvening, app_with_quickfire, write_template
from tests.support import Centre


@pytest.fixture
def app(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """Return the application with `quickfire` among its kinds."""
    monkeypatch.setattr(templates, "FOLDER", write_template(tmp_path))
    with app_with_quickfire(settings) as made:
        yield made


@pytest.fixture
def evening(centre: Centre) -> QuickfireEvening:
    """Return an open evening."""
    return QuickfireEvening(centre)
