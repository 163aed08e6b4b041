"""The evenings that tests of scoring stand on."""

import pytest
import redis

from backend.db import Database
from tests.scoring.evening import Evening


@pytest.fixture
def evening(database: Database, redis_server: redis.Redis) -> Evening:
    """Return an event with three players of one team and two of another."""
    return Evening(database, redis_server)
