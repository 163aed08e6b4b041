"""Redis hangs: it accepts connections and does not reply. Answers are still taken, at once."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.faults.evening import DIGS
from tests.faults.test_kill import verified_within
from tests.installation import Installation, until
from tests.phones import Phone, invite_codes, staff_phone
from tests.support import Keys

# Each of two workers and of two pools may wait once for a reply, 0.4 s; this leaves room for a slow
# machine. Without a breaker an answer took 4 to 8 s.
LONGEST_SECONDS = 2.0
PEOPLE = 6


@pytest.fixture(scope="module")
def phones(installation: Installation) -> list[Phone]:
    """Return the phones of some staff."""
    numbers = [number for number in invite_codes() if number.startswith("2")]
    return [staff_phone(installation, number) for number in numbers[:PEOPLE]]


def test_answers_are_quick_and_boards_catch_up(
    installation: Installation,
    phones: list[Phone],
    new_event: Callable[[], dict[str, Any]],
    keys: Keys,
) -> None:
    event = new_event()
    path = ""
    opened: list[tuple[Phone, dict[str, Any]]] = []
    for phone in phones:
        path = f"/hunts/{phone.join(event['join_code'])['activities'][0]['id']}"
        sites = [site["key"] for site in phone.ok("GET", path)["sites"][:DIGS]]
        opened += [(phone, phone.ok("POST", f"{path}/digs", {"site": site})) for site in sites[:1]]
    server = installation.process("redis.sock")
    server.pause()
    try:
        took = []
        for phone, dig in opened:
            begun = time.monotonic()
            said = phone.answer(path, dig, keys.right(dig))
            took.append(time.monotonic() - begun)
            assert (said["verdict"], said["score"]["rank"]) == ("correct", None)
        assert max(took) < LONGEST_SECONDS
        assert not installation.is_ready()
    finally:
        server.go_on()
    until(installation.is_ready, 10, "the server is ready again")
    verified_within(installation, event["id"], 10)
    rows = phones[0].ok("GET", f"/events/{event['id']}/leaderboards/event")["rows"]
    assert len(rows) == PEOPLE
    assert all(row["points"] > 0 for row in rows)
