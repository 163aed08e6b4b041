"""After the erasure of an account only the masked name stays in the records of draws."""

import pytest

from backend.activities.raffle.verifying import verify
from tests.raffle.evening import Evening


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_erased_winner_is_masked_and_the_record_is_still_verified(evening: Evening) -> None:
    phone = evening.player()
    name = phone.ok("GET", "/me")["staff"]["name"]
    draw = evening.commit(evening.prize())
    assert evening.drawing(draw).status_code == 200
    evening.verified(draw)
    path = f"/events/{evening.event_id}/transitions"
    evening.host.ok("POST", path, {"action": "close"})
    record = evening.proof(draw)
    assert phone.call("DELETE", "/me", {"confirm": "erase"}).status_code == 204
    [winner] = evening.host.ok("GET", f"{evening.path}/winners")
    assert winner["name"] == f"{name[0]}{'*' * max(len(name) - 2, 1)}{name[2:][-1:]}"
    assert winner["staff_number"] is None
    assert evening.proof(draw) == record
    verify(record)
