"""The evenings of shaking that tests play."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from backend.activities import KINDS
from backend.activities.shake import api as shake_api
from backend.activities.shake.kind import Shake
from backend.activities.shake.play import ShakePlay
from backend.app import create_app
from backend.config import Settings
from backend.events.kinds import Kinds
from backend.live.feed import Feed
from tests.shake.evening import Evening
from tests.support import Centre, FakeClock


def with_shake(app: Flask) -> Flask:
    """Return the app with the kind `shake`, whether or not it was built with it."""
    plays = app.extensions["linka.plays"]
    if "shake" not in plays:
        redis = app.extensions["linka.redis"]
        plays["shake"] = ShakePlay(app.extensions["linka.scores"], Feed(redis), redis)
    if "shake" not in app.extensions["linka.kinds"].names():
        app.extensions["linka.kinds"] = Kinds(*KINDS, Shake())
    if "shakes" not in app.blueprints:
        app.register_blueprint(shake_api.blueprint)
    return app


def play_of(app: Flask) -> ShakePlay:
    """Return what hears reports in an app."""
    play: ShakePlay = app.extensions["linka.plays"]["shake"]
    return play


@pytest.fixture
def app(app: Flask) -> Iterator[Flask]:
    """Return the application with the kind `shake`."""
    made = with_shake(app)
    yield made
    play_of(made).close()


@pytest.fixture
def another_app(app: Flask, settings: Settings, clock: FakeClock) -> Iterator[Callable[[], Flask]]:
    """Return what makes further apps that share nothing but Redis and the database."""
    made: list[Flask] = []

    def make() -> Flask:
        made.append(with_shake(create_app(settings, clock, app.extensions["linka.database"])))
        return made[-1]

    yield make
    for other in made:
        play_of(other).close()
        other.extensions["linka.redis"].close()


@pytest.fixture
def evening(centre: Centre, clock: FakeClock) -> Evening:
    """Return an open event with a shake."""
    return Evening(centre, clock)
