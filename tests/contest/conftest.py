"""The evenings that tests of the contest play."""

import pytest

from tests.contest.evening import ContestEvening
from tests.support import Centre, FakeClock


@pytest.fixture
def evening(centre: Centre, clock: FakeClock) -> ContestEvening:
    """Return an evening with three phones, before the contest begins."""
    return ContestEvening(centre, clock)
