"""The evenings with a raffle that tests play."""

import pytest

from tests.raffle.evening import Evening
from tests.support import Centre, FakeClock


@pytest.fixture
def evening(centre: Centre, clock: FakeClock) -> Evening:
    """Return an open event with a raffle that has no prizes yet."""
    return Evening(centre, clock)
