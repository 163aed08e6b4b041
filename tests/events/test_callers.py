"""Concurrent requests share the statement that reads who they are; each gets its own answer."""

from collections.abc import Callable
from functools import partial
from typing import Any

from tests.support import Centre, Phone, at_once


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
