"""Fifty logged-in phones for all tests of a file."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any

import pytest

from tests.faults.evening import Evening
from tests.installation import Installation
from tests.phones import Phone, invite_codes, staff_phone
from tests.support import Keys

PHONES = 50


@pytest.fixture(scope="module")
def phones(installation: Installation) -> list[Phone]:
    """Return fifty phones of staff."""
    people = islice((number for number in invite_codes() if number.startswith("2")), PHONES)
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(lambda number: staff_phone(installation, number), people))


@pytest.fixture(scope="module")
def keys() -> Keys:
    """Return the answer keys of the sample banks."""
    return Keys()


@pytest.fixture
def new_event(host: Phone) -> Callable[[], dict[str, Any]]:
    """Return what makes and opens an event."""

    def make() -> dict[str, Any]:
        event = host.ok("POST", "/events", {"template": "hunt"})
        opened: dict[str, Any] = host.ok(
            "POST", f"/events/{event['id']}/transitions", {"action": "open"}
        )
        return opened

    return make


@pytest.fixture
def evening(
    phones: list[Phone], new_event: Callable[[], dict[str, Any]], keys: Keys
) -> Iterator[Evening]:
    """Return an evening that has begun: fifty phones dig in a new event."""
    made = Evening(phones, new_event(), keys)
    made.begin()
    yield made
    made.end()
