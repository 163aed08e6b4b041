"""Concurrent requests share the statement that reads who they are; each gets its own answer."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from tests.support import START, Centre, Phone, at_once

OTHERS = 5_000

# PostgreSQL has no statistics of these rows.
_OTHER_PLAYERS = """
INSERT INTO player (event_id, account_id, staff_id, name, shift, status, joined_at)
SELECT ?, 1000000 + n, 1000000 + n, '同事', '', 'active', 0 FROM generate_series(1, ?) n
"""
_READ = """
SELECT COALESCE(seq_tup_read, 0) + COALESCE(idx_tup_fetch, 0)
FROM pg_stat_xact_user_tables WHERE relname = 'player'
"""


def _reads(phone: Phone, event: dict[str, Any]) -> Callable[[], tuple[int, Any]]:
    def read() -> tuple[int, Any]:
        answer = phone.get(f"/events/{event['id']}/me")
        body = answer.get_json()
        return answer.status_code, body["player"]["id"] if answer.status_code == 200 else body

    return read


def test_each_of_many_readers_at_once_is_told_about_their_own_seat(centre: Centre) -> None:
    host = centre.host()
    hall, other = centre.open_event(host), centre.open_event(host)
    people = centre.people(6)
    seats = [player["id"] for player in centre.join(hall, *people[:4])]
    elsewhere = [player["id"] for player in centre.join(other, *people[3:5])]
    gone, stranger = people[2], people[5]
    gone.ok("DELETE", "/me/tokens")
    calls = [_reads(phone, hall) for phone in people[:4]]
    calls += [_reads(phone, other) for phone in people[3:5]]
    calls += [_reads(stranger, hall), partial(host.get, f"/events/{hall['id']}")]
    for _ in range(3):
        *found, refused, hosted = at_once(calls)
        assert found[:2] + found[3:] == [(200, seat) for seat in (*seats[:2], seats[3], *elsewhere)]
        assert (found[2][0], found[2][1]["error"]) == (401, "signed_out")
        assert (refused[0], refused[1]["error"]) == (403, "not_a_player")
        assert hosted.status_code == 200


def test_callers_who_are_read_together_get_what_holds_now(centre: Centre) -> None:
    event = centre.open_event(centre.host())
    first, second = centre.people(2)
    seats = [player["id"] for player in centre.join(event, first, second)]
    parts = centre.app.extensions
    callers, tokens, now = parts["linka.callers"], parts["linka.logins"].tokens, START
    # The first account that is asked for does not exist.
    asked = [
        (event["id"], *who)
        for who in [(0, 1)] + [tokens.read(p.token, now) for p in (first, second)]
    ]

    def seen() -> list[Any]:
        found = callers.read_all(asked)
        return [one and (one.event.id, one.player.id, one.player.status) for one in found]

    expected = [None, *((event["id"], seat, "active") for seat in seats)]
    assert seen() == seen() == expected
    kicked = {"status": "kicked", "reason": "不守规则"}
    centre.host().ok("PUT", f"/events/{event['id']}/players/{seats[0]}", kicked)
    second.ok("DELETE", "/me/tokens")
    assert seen() == [None, (event["id"], seats[0], "kicked"), None]
    assert callers.read_all([(0, *asked[1][1:])])[0].event is None


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_callers_are_read_without_reading_all_players(centre: Centre) -> None:
    event = centre.open_event(centre.host())
    people = centre.people(6)
    centre.join(event, *people)
    parts = centre.app.extensions
    database, tokens = parts["linka.database"], parts["linka.logins"].tokens
    asked = [(event["id"], *tokens.read(phone.token, START)) for phone in people]
    with database.write():
        database.sql(_OTHER_PLAYERS, (event["id"], OTHERS))
        [(before,)] = database.sql(_READ).fetchall()
        found = parts["linka.callers"].read_all(asked)
        [(after,)] = database.sql(_READ).fetchall()
    assert all(one.player is not None for one in found)
    # The seat is found in an index, and then its row.
    assert after - before <= 2 * len(people)
