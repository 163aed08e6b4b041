"""One installation with fifty logged-in phones for all tests of a file."""

import csv
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from tests.faults.evening import Evening, Phone
from tests.installation import Installation
from tests.support import FIXTURES, HOST, Keys

PHONES = 50


@pytest.fixture(scope="module")
def installation(
    tmp_path_factory: pytest.TempPathFactory, sqlite_files: dict[str, Path]
) -> Iterator[Installation]:
    """Return a running installation with the sample centre."""
    folder = tmp_path_factory.mktemp("installation") / "var"
    folder.mkdir()
    shutil.copyfile(sqlite_files["centre"], folder / "linka.sqlite3")
    made = Installation(folder)
    try:
        made.up()
        yield made
    finally:
        made.remove()


def _roster() -> dict[str, str]:
    text = (FIXTURES / "roster.csv").read_text(encoding="utf-8-sig")
    return {row["工号"]: row["邀请码"] for row in csv.DictReader(text.splitlines())}


def _phone(installation: Installation, number: str, invite_code: str) -> Phone:
    phone = Phone(installation, f"staff-{number}")
    phone.log_in()
    phone.bind(number, invite_code)
    return phone


@pytest.fixture(scope="module")
def host(installation: Installation) -> Phone:
    """Return a host's phone."""
    return _phone(installation, HOST, _roster()[HOST])


@pytest.fixture(scope="module")
def phones(installation: Installation) -> list[Phone]:
    """Return fifty phones of staff."""
    people = islice((pair for pair in _roster().items() if pair[0].startswith("2")), PHONES)
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(lambda person: _phone(installation, *person), people))


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
