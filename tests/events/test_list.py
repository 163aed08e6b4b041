"""Which events people see in the list."""

import pytest

from backend.clock import to_iso
from tests.support import Centre, FakeClock, Phone

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def listed(phone: Phone) -> dict[int, str | None]:
    """Return {event id: join code} of a caller's list."""
    return {item["id"]: item["join_code"] for item in phone.ok("GET", "/events")["items"]}


def test_staff_see_what_is_on_without_its_code_until_they_join(centre: Centre) -> None:
    player = centre.people(1)[0]
    event = centre.open_event(centre.host())
    assert listed(player) == {event["id"]: None}
    centre.join(event, player)
    assert listed(player) == {event["id"]: event["join_code"]}


def test_drafts_and_rehearsals_are_for_hosts(centre: Centre) -> None:
    host, player = centre.host(), centre.people(1)[0]
    draft = host.ok("POST", "/events", {"template": "hunt"})
    rehearsal = centre.open_event(host, rehearsal=True)
    assert listed(player) == {}
    assert listed(host).keys() == {draft["id"], rehearsal["id"]}


def test_staff_see_what_is_on_now(centre: Centre, clock: FakeClock) -> None:
    host, player, fan = centre.host(), *centre.people(2)
    opens_at, closes_at = (to_iso(clock.now() + seconds * 1000) for seconds in (60, 120))
    body = {"template": "hunt", "opens_at": opens_at, "closes_at": closes_at}
    event = host.ok("POST", "/events", body)
    host.ok("POST", f"/events/{event['id']}/transitions", {"action": "schedule"})
    seen = [listed(player)]
    for _ in range(2):
        clock.advance(60)
        seen.append(listed(player))
        if len(seen) == 2:
            centre.join(event, fan)
    assert seen == [{event["id"]: None}, {event["id"]: None}, {}]
    assert listed(fan).keys() == listed(host).keys() == {event["id"]}


def test_a_pause_keeps_an_event_in_the_list(centre: Centre, clock: FakeClock) -> None:
    host, player = centre.host(), centre.people(1)[0]
    body = {"template": "hunt", "closes_at": to_iso(clock.now() + 60_000)}
    event = host.ok("POST", "/events", body)
    for action in ("open", "pause"):
        host.ok("POST", f"/events/{event['id']}/transitions", {"action": action})
    clock.advance(120)
    assert listed(player).keys() == {event["id"]}


def test_guests_see_only_what_they_joined(centre: Centre) -> None:
    guest = centre.guest()
    event = centre.open_event(centre.host())
    assert listed(guest) == {}
    centre.join(event, guest)
    assert listed(guest).keys() == {event["id"]}
