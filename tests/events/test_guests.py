"""Guests may watch: they are counted as players, and are on no board."""

import pytest

from backend.live.feed import Feed
from tests.support import Centre

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def test_guest_who_joins_is_counted_and_the_feed_is_told(centre: Centre) -> None:
    event = centre.open_event(centre.host())
    feed = Feed(centre.app.extensions["linka.redis"])
    before = feed.last_seq(event["id"])
    centre.join(event, centre.guest())
    assert feed.after(event["id"], before)
    reader = centre.app.extensions["linka.reader"]
    assert reader.player_count(event["id"]) == 1


def test_guest_is_on_no_board(centre: Centre) -> None:
    guest = centre.guest()
    event = centre.open_event(centre.host())
    centre.join(event, guest)
    board = guest.ok("GET", f"/events/{event['id']}/leaderboards/event")
    assert (board["total"], board["rows"], board["me"]) == (0, [], None)
