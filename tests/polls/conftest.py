"""The halls that vote in tests."""

import pytest
from redis import Redis

from backend.db import Database
from tests.polls.hall import Hall
from tests.support import FakeClock


@pytest.fixture
def hall(database: Database, redis_server: Redis, clock: FakeClock) -> Hall:
    """Return an open event with polls."""
    return Hall(database, redis_server, clock)
