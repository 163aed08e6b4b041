"""The evenings of shaking that tests play."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from backend.app import create_app
from backend.config import Settings
from tests.shake.evening import Evening
from tests.support import Centre, FakeClock


@pytest.fixture
def another_app(app: Flask, settings: Settings, clock: FakeClock) -> Iterator[Callable[[], Flask]]:
    """Return what makes further apps that share nothing but Redis and the database."""
    made: list[Flask] = []

    def make() -> Flask:
        made.append(create_app(settings, clock, app.extensions["linka.database"]))
        return made[-1]

    yield make
    for other in made:
        other.extensions["linka.plays"]["shake"].close()
        other.extensions["linka.redis"].close()


@pytest.fixture
def evening(centre: Centre, clock: FakeClock) -> Evening:
    """Return an open event with a shake."""
    return Evening(centre, clock)
