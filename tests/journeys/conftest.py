"""An installation for all evenings of a file, its host, and stub phones that play."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.installation import Installation
from tests.journeys.evening import Evening
from tests.phones import Phone, staff_phone
from tests.support import HOST

Install = Callable[..., Installation]


@pytest.fixture(scope="module")
def installation(install: Install) -> Installation:
    """Return a running installation with the sample centre."""
    made = install()
    made.up()
    return made


@pytest.fixture(scope="module")
def host(installation: Installation) -> Phone:
    """Return the phone of a host."""
    return staff_phone(installation, HOST)


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
