"""The evening that tests of moderation play."""

import pytest

from tests.moderation.evening import Evening
from tests.support import Centre, FakeClock


@pytest.fixture
def evening(centre: Centre, clock: FakeClock) -> Evening:
    """Return an open event with a host and two players."""
    return Evening(centre, clock)
