"""The evenings that tests of drawing and guessing play."""

import pytest
from flask import Flask

from backend.activities.drawing import api
from backend.activities.drawing.kind import Drawing
from backend.activities.drawing.play import DrawingPlay
from backend.events.kinds import Kinds
from backend.live.feed import Feed
from tests.drawing.evening import Evening
from tests.support import Centre, FakeClock


@pytest.fixture
def app(app: Flask) -> Flask:
    """Return the application with this kind of activity."""
    extensions = app.extensions
    if "drawing" not in extensions["linka.kinds"].names():
        known = [extensions["linka.kinds"][name] for name in extensions["linka.kinds"].names()]
        extensions["linka.kinds"] = Kinds(*known, Drawing())
    if api.blueprint.name not in app.blueprints:
        app.register_blueprint(api.blueprint)
    if "drawing" not in extensions["linka.plays"]:
        client = extensions["linka.redis"]
        extensions["linka.plays"]["drawing"] = DrawingPlay(
            extensions["linka.scores"], Feed(client), client
        )
    return app


@pytest.fixture
def evening(centre: Centre, clock: FakeClock) -> Evening:
    """Return an open event with a game in rooms that has not begun."""
    return Evening(centre, clock)
