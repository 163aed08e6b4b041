"""Behind proxies a caller is known by the address that the proxies tell, and by no other."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask

from backend.app import create_app
from backend.config import Settings
from backend.screen.api import PAIRING_RATE
from tests.support import FakeClock

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

RATE = int(PAIRING_RATE.partition("/")[0])


@pytest.fixture
def behind(settings: Settings, clock: FakeClock) -> Iterator[Callable[[int], Flask]]:
    """Return what makes an application behind so many proxies."""
    made: list[Flask] = []

    def make(proxies: int) -> Flask:
        made.append(create_app(replace(settings, proxies=proxies), clock))
        return made[-1]

    yield make
    for app in made:
        app.extensions["linka.redis"].close()
        app.extensions["linka.database"].close()


def knock(app: Flask, forwarded_for: str) -> int:
    """Ask for a pairing with an event that there is not: 404, or 429 beyond the rate."""
    answer = app.test_client().post(
        "/api/v1/screens/pairings", json={"event_id": 1}, headers={"X-Forwarded-For": forwarded_for}
    )
    return answer.status_code


def use_up(app: Flask, forwarded_for: str) -> None:
    """Knock as often as one address may."""
    assert {knock(app, forwarded_for) for _ in range(RATE)} == {404}


def test_without_proxies_nobody_says_who_they_are(behind: Callable[[int], Flask]) -> None:
    app = behind(0)
    use_up(app, "203.0.113.1")
    assert knock(app, "203.0.113.2") == 429


def test_behind_a_proxy_each_caller_has_their_own_rate(behind: Callable[[int], Flask]) -> None:
    app = behind(1)
    use_up(app, "203.0.113.1")
    assert knock(app, "203.0.113.1") == 429
    assert knock(app, "203.0.113.2") == 404


def test_address_that_a_caller_invents_is_not_believed(behind: Callable[[int], Flask]) -> None:
    app = behind(1)
    use_up(app, "203.0.113.1")
    assert knock(app, "198.51.100.7, 203.0.113.1") == 429
