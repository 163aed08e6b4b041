"""Making an event from a template: what may be said about it, and what is refused."""

from typing import Any

import pytest

from backend.clock import to_iso
from backend.events.making import CODE_LENGTH, CODE_LETTERS
from backend.events.models import Event
from tests.support import Centre, FakeClock, Phone, at_once, refused

ONE_DATABASE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@pytest.fixture
def host(centre: Centre) -> Phone:
    """Return a host's phone."""
    return centre.host()


def make(host: Phone, **more: Any) -> Any:
    """Ask for an event."""
    return host.post("/events", {"template": "hunt", **more})


def test_template_gives_title_activities_and_a_code(host: Phone) -> None:
    event = make(host).json
    assert event["title"] == "“美多”大淘金"
    assert [activity["kind"] for activity in event["activities"]] == ["hunt"]
    assert len(event["join_code"]) == CODE_LENGTH
    assert set(event["join_code"]) <= set(CODE_LETTERS)
    assert (event["state"], event["player_count"], event["rehearsal"]) == ("draft", 0, False)


def test_host_has_the_last_word_on_title_code_and_times(host: Phone, clock: FakeClock) -> None:
    times = {
        "opens_at": to_iso(clock.now() + 60_000),
        "closes_at": to_iso(clock.now() + 120_000),
    }
    event = make(host, title="中班专场", join_code="meiduo26", rehearsal=True, **times).json
    assert event["title"] == "中班专场"
    assert event["join_code"] == "MEIDUO26"
    assert event["rehearsal"] is True
    assert {name: event[name] for name in times} == times


@ONE_DATABASE
def test_templates_are_listed_by_name(host: Phone) -> None:
    listed = host.ok("GET", "/event-templates")
    names = [template["name"] for template in listed]
    assert names == sorted(names)
    assert {"hunt", "hunt-three-shifts"} <= set(names)
    assert all(template["title"] and template["description"] for template in listed)


@ONE_DATABASE
def test_unknown_template_is_refused(host: Phone) -> None:
    refused(make(host, template="chess"), 404, "unknown_template")


def test_code_of_another_event_is_refused(host: Phone) -> None:
    make(host, join_code="MEIDUO26")
    refused(make(host, join_code="meiduo26"), 409, "join_code_taken")
    assert Event.select().count() == 1


def test_same_code_asked_for_at_once_goes_to_one_event(host: Phone) -> None:
    answers = at_once([lambda: make(host, join_code="MEIDUO26").status_code] * 5)
    assert sorted(answers) == [201, 409, 409, 409, 409]


@ONE_DATABASE
@pytest.mark.parametrize(("opens", "closes"), [(0, -1), (0, 0), (60, 60), (60, 30)])
def test_end_before_the_beginning_is_refused(
    host: Phone, clock: FakeClock, opens: int, closes: int
) -> None:
    times = {"opens_at": opens, "closes_at": closes}
    moments = {name: to_iso(clock.now() + at * 1000) for name, at in times.items()}
    answer = make(host, **moments)
    refused(answer, 422, "invalid")
    assert answer.json["errors"].keys() == {"closes_at"}


@ONE_DATABASE
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", "长" * 61),
        ("title", "两\u0007行"),
        ("join_code", "abc"),
        ("join_code", "A" * 13),
        ("join_code", "AB-CD"),
        ("join_code", "加入码加入码"),
        ("opens_at", "tomorrow"),
        ("opens_at", "2026-11-22T10:00:00"),
        ("closes_at", "9999-12-31T00:00:00Z"),
        ("rehearsal", "perhaps"),
        ("state", "open"),
    ],
)
def test_bad_field_is_named(host: Phone, field: str, value: object) -> None:
    answer = make(host, **{field: value})
    refused(answer, 422, "invalid")
    assert answer.json["errors"].keys() == {field}


@ONE_DATABASE
def test_screen_path_is_for_hosts(centre: Centre, host: Phone) -> None:
    event = centre.open_event(host)
    player = centre.people(1)[0]
    joined = player.ok("POST", "/events/join", {"code": event["join_code"]})["event"]
    assert event["screen_path"].startswith(f"/screen/{event['id']}?key=")
    assert "screen_path" not in joined
    assert "screen_path" not in player.ok("GET", f"/events/{event['id']}")
    assert "screen_path" not in player.ok("GET", "/events")["items"][0]


@ONE_DATABASE
def test_list_comes_in_pages_newest_first(host: Phone) -> None:
    ids = [make(host).json["id"] for _ in range(3)]
    page = host.ok("GET", "/events?page=2&page_size=2")
    assert [event["id"] for event in page["items"]] == ids[:1]
    assert (page["total"], page["page"], page["page_size"]) == (3, 2, 2)
    assert host.ok("GET", "/events?page=9")["items"] == []
    refused(host.get("/events?page=0"), 422, "invalid")
