"""The evenings that tests of the hunt play."""

import pytest

from tests.hunt.evening import Evening
from tests.support import Centre, FakeClock


@pytest.fixture
def evening(centre: Centre, clock: FakeClock) -> Evening:
    """Return an open event for all shifts at once."""
    return Evening(centre, clock)


@pytest.fixture
def three_shifts(centre: Centre, clock: FakeClock) -> Evening:
    """Return an open event with a sitting for each shift."""
    return Evening(centre, clock, "hunt-three-shifts")
