"""The evenings that tests of drawing and guessing play."""

import pytest

from tests.drawing.evening import Evening
from tests.support import Centre, FakeClock


@pytest.fixture
def evening(centre: Centre, clock: FakeClock) -> Evening:
    """Return an open event with a game in rooms that has not begun."""
    return Evening(centre, clock)
