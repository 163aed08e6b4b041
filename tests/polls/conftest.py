"""The halls that vote in tests."""

import pytest
from redis import Redis

from backend.db import Database
from tests.polls.contest import Contest
from tests.polls.hall import Hall
from tests.support import Centre, FakeClock


@pytest.fixture
def hall(database: Database, redis_server: Redis, clock: FakeClock) -> Hall:
    """Return an open event with polls."""
    return Hall(database, redis_server, clock)


@pytest.fixture
def contest(centre: Centre, clock: FakeClock) -> Contest:
    """Return an open event with polls and people."""
    host, staff, guest = centre.host(), centre.people(3), centre.guest()
    event = centre.open_event(host, "anniversary")
    centre.join(event, *staff, guest)
    [activity] = [one["id"] for one in event["activities"] if one["kind"] == "polls"]
    return Contest(clock, host, staff, guest, event["id"], f"/polls/{activity}")
