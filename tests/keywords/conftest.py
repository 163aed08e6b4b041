"""The evenings of announced words that tests play."""

import pytest

from tests.keywords.evening import Evening
from tests.support import Centre, FakeClock


@pytest.fixture
def evening(centre: Centre, clock: FakeClock) -> Evening:
    """Return an open event in which a host may announce words."""
    return Evening(centre, clock)
