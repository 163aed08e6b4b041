"""Which events people see in the list."""

import pytest

from tests.support import Centre, Phone

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


def test_guests_see_only_what_they_joined(centre: Centre) -> None:
    guest = centre.guest()
    event = centre.open_event(centre.host())
    assert listed(guest) == {}
    centre.join(event, guest)
    assert listed(guest).keys() == {event["id"]}
