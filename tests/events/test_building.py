"""Changing the parts of an event: what hosts may change, until when, and two of them at once."""

from typing import Any

import pytest

from backend.activities.keywords.models import Keyword
from backend.clock import to_iso
from backend.events.models import Activity, Event, Sitting
from backend.identity.models import AuditLine
from tests.support import Centre, FakeClock, Phone, at_once, refused

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
HOUR = 3_600_000


@pytest.fixture
def host(centre: Centre) -> Phone:
    """Return a host's phone."""
    return centre.host()


def made(host: Phone, template: str = "evening", **more: Any) -> Any:
    """Make an event and return its setup."""
    event = host.ok("POST", "/events", {"template": template, **more})
    return setup(host, event["id"])


def setup(host: Phone, event_id: int) -> Any:
    """Return what hosts set up."""
    return host.ok("GET", f"/events/{event_id}/setup")


def activity(found: Any, kind: str) -> Any:
    """Return the activity of a kind."""
    return next(one for one in found["activities"] if one["kind"] == kind)


def at(found: Any, kind: str) -> str:
    """Return the address of the activity of a kind."""
    return f"/events/{found['id']}/activities/{activity(found, kind)['id']}"


def change(host: Phone, found: Any, **facts: Any) -> Any:
    """Ask for a change of the event."""
    return host.put(f"/events/{found['id']}", {"version": found["version"], **facts})


def test_title_code_dates_and_formula_change(host: Phone, clock: FakeClock) -> None:
    found = made(host)
    facts = {
        "title": "元旦之夜",
        "description": "新年快乐",
        "join_code": "yuandan27",
        "opens_at": to_iso(clock.now() + HOUR),
        "closes_at": to_iso(clock.now() + 3 * HOUR),
        "team_formula": {"kind": "mean", "best": 5, "minimum": 3},
        "reveal_top": 3,
    }
    changed = change(host, found, **facts).json
    assert {name: changed[name] for name in facts} == {**facts, "join_code": "YUANDAN27"}
    assert changed["version"] == found["version"] + 1
    assert setup(host, found["id"]) == changed


def test_change_from_an_old_version_is_refused(host: Phone) -> None:
    found = made(host)
    change(host, found, title="先改的")
    refused(change(host, found, title="后改的"), 409, "changed_meanwhile")
    assert Event.get_by_id(found["id"]).title == "先改的"


def test_of_two_hosts_at_once_one_is_told(host: Phone) -> None:
    found = made(host)
    answers = at_once([lambda: change(host, found, title="改").status_code] * 4)
    assert sorted(answers) == [200, 409, 409, 409]
    assert Event.get_by_id(found["id"]).version == found["version"] + 1


def test_change_is_in_the_audit_with_before_and_after(host: Phone) -> None:
    found = made(host)
    change(host, found, title="新名字", description=found["description"])
    line = AuditLine.select().order_by(AuditLine.id.desc()).first()
    assert (line.action, line.event_id) == ("change_event", found["id"])
    assert line.detail == {"before": {"title": found["title"]}, "after": {"title": "新名字"}}


def test_code_of_another_event_is_refused(host: Phone) -> None:
    made(host, join_code="FIRST1")
    found = made(host)
    refused(change(host, found, join_code="first1"), 409, "join_code_taken")
    assert setup(host, found["id"]) == found


def test_end_before_the_beginning_is_refused(host: Phone, clock: FakeClock) -> None:
    found = made(host, opens_at=to_iso(clock.now() + HOUR))
    answer = change(host, found, closes_at=to_iso(clock.now() + HOUR // 2))
    refused(answer, 422, "invalid")
    assert answer.json["errors"].keys() == {"closes_at"}


def test_sittings_keep_their_distance_from_the_opening(host: Phone, clock: FakeClock) -> None:
    found = made(host, "hunt-three-shifts", opens_at=to_iso(clock.now() + HOUR))
    before = [row.starts_at for row in Sitting.select().order_by(Sitting.id)]
    change(host, found, opens_at=to_iso(clock.now() + 3 * HOUR))
    after = [row.starts_at for row in Sitting.select().order_by(Sitting.id)]
    assert [late - early for early, late in zip(before, after, strict=True)] == [2 * HOUR] * 3


def test_opening_stays_once_the_event_has_begun(host: Phone, clock: FakeClock) -> None:
    found = made(host)
    host.ok("POST", f"/events/{found['id']}/transitions", {"action": "open"})
    answer = change(host, found, opens_at=to_iso(clock.now() + HOUR))
    refused(answer, 422, "invalid")
    assert answer.json["errors"].keys() == {"opens_at"}
    assert change(host, found, closes_at=to_iso(clock.now() + HOUR)).status_code == 200


def test_end_that_a_pause_postponed_can_be_later(host: Phone, clock: FakeClock) -> None:
    found = made(host)
    path = f"/events/{found['id']}/transitions"
    host.ok("POST", path, {"action": "open"})
    planned = clock.now() + HOUR // 6
    assert change(host, found, closes_at=to_iso(planned)).status_code == 200
    host.ok("POST", path, {"action": "pause"})
    clock.advance(20 * 60)
    host.ok("POST", path, {"action": "resume"})
    found = setup(host, found["id"])
    # The planned moment has passed, but ten minutes are left, because the pause does not count.
    refused(change(host, found, closes_at=to_iso(planned - HOUR // 6)), 422, "invalid")
    assert change(host, found, closes_at=to_iso(planned + HOUR // 12)).status_code == 200


def test_formula_stays_while_the_board_is_frozen(host: Phone) -> None:
    found = made(host)
    for action in ("open", "freeze"):
        host.ok("POST", f"/events/{found['id']}/transitions", {"action": action})
    refused(change(host, found, team_formula={"kind": "sum"}), 409, "wrong_state")


def test_archived_event_stays_as_it_is(host: Phone) -> None:
    found = made(host)
    host.ok("POST", f"/events/{found['id']}/transitions", {"action": "archive"})
    refused(change(host, found, title="太晚了"), 409, "wrong_state")


def test_activities_are_added_renamed_ordered_and_removed(host: Phone) -> None:
    found = made(host, "hunt")
    path = f"/events/{found['id']}/activities"
    new = {"kind": "raffle", "title": "抽奖", "settings": {"prizes": [{"title": "杯", "stock": 2}]}}
    found = host.ok("POST", path, {"version": found["version"], **new})
    assert activity(found, "raffle")["settings"]["prizes"] == [
        {"title": "杯", "stock": 2, "again": False}
    ]
    ids = [one["id"] for one in found["activities"]][::-1]
    found = host.ok("PUT", path, {"version": found["version"], "activities": ids})
    assert [one["kind"] for one in found["activities"]] == ["raffle", "hunt"]
    name = {"version": found["version"], "title": "幸运抽奖"}
    found = host.ok("PUT", at(found, "raffle"), name)
    assert activity(found, "raffle")["title"] == "幸运抽奖"
    answer = host.call("DELETE", at(found, "raffle"), {"version": found["version"]})
    assert [one["kind"] for one in answer.json["activities"]] == ["hunt"]


@pytest.mark.parametrize("ids", [[], [1, 1], [1, 2, 3, 4, 5, 6, 7, 8]])
def test_order_that_names_other_activities_is_refused(host: Phone, ids: list[int]) -> None:
    found = made(host)
    path, body = f"/events/{found['id']}/activities", {"version": found["version"]}
    answer = host.put(path, {**body, "activities": ids})
    refused(answer, 422, "invalid")
    assert answer.json["errors"].keys() == {"activities"}


def test_twenty_first_activity_is_refused(host: Phone) -> None:
    shakes = [{"kind": "shake", "title": f"第 {n} 轮"} for n in range(20)]
    event = host.ok("POST", "/events", {"activities": shakes})
    body = {"version": event["version"], "kind": "shake", "title": "再来"}
    refused(host.post(f"/events/{event['id']}/activities", body), 409, "too_many_activities")


def test_changed_settings_make_the_prepared_rows_anew(host: Phone) -> None:
    found = made(host, "hunt")
    settings = activity(found, "hunt")["settings"]
    one = settings["treasures"][:1]
    body = {"version": found["version"], "settings": {**settings, "treasures": one}}
    host.ok("PUT", at(found, "hunt"), body)
    stored = Activity.get_by_id(activity(found, "hunt")["id"])
    assert [row.key for row in stored.treasures] == [one[0]["key"]]


def test_words_that_a_host_added_survive_a_change_of_the_settings(host: Phone) -> None:
    found = made(host)
    words = f"/keywords/{activity(found, 'keywords')['id']}/words"
    host.ok("POST", words, {"text": "林卡", "others": [], "points": 7})
    settings = activity(setup(host, found["id"]), "keywords")["settings"]
    body = {"version": found["version"], "settings": {**settings, "seconds": 33}}
    changed = host.ok("PUT", at(found, "keywords"), body)
    words = activity(changed, "keywords")["settings"]["words"]
    assert (words[-1]["text"], words[-1]["points"]) == ("林卡", 7)
    # It was prepared without seconds of its own, so it has those of the settings.
    stored = Keyword.get(Keyword.text == "林卡")
    assert stored.seconds == 33


def test_wrong_setting_is_named_by_its_path(host: Phone) -> None:
    found = made(host)
    settings = activity(found, "raffle")["settings"]
    settings["prizes"].append({"title": "", "stock": 0})
    place = len(settings["prizes"]) - 1
    answer = host.put(at(found, "raffle"), {"version": found["version"], "settings": settings})
    refused(answer, 422, "invalid")
    assert answer.json["errors"].keys() == {
        f"settings.prizes.{place}.title",
        f"settings.prizes.{place}.stock",
    }


def test_played_activity_keeps_its_settings_and_may_be_renamed(centre: Centre, host: Phone) -> None:
    event = centre.open_event(host)
    player = centre.people(1)[0]
    centre.join(event, player)
    found = setup(host, event["id"])
    hunt = activity(found, "hunt")
    player.ok("POST", f"/hunts/{hunt['id']}/digs", {"site": "lake"})
    version = found["version"]
    quick = {"version": version, "settings": {**hunt["settings"], "question_seconds": 9}}
    refused(host.put(at(found, "hunt"), quick), 409, "activity_played")
    refused(host.call("DELETE", at(found, "hunt"), {"version": version}), 409, "activity_played")
    same = {"version": version, "title": "改名", "settings": hunt["settings"]}
    changed = host.ok("PUT", at(found, "hunt"), same)
    assert (activity(changed, "hunt")["title"], activity(changed, "hunt")["played"]) == (
        "改名",
        True,
    )


def test_sittings_are_set_with_dates(host: Phone, clock: FakeClock) -> None:
    found = made(host, "hunt")
    sitting = {
        "title": "早班场",
        "shifts": ["早班"],
        "starts_at": to_iso(clock.now() + HOUR),
        "ends_at": to_iso(clock.now() + 2 * HOUR),
    }
    body = {"version": found["version"], "sittings": [sitting]}
    changed = host.ok("PUT", at(found, "hunt"), body)
    assert activity(changed, "hunt")["sittings"] == [sitting]
    wrong = {**sitting, "ends_at": sitting["starts_at"]}
    answer = host.put(at(found, "hunt"), {"version": changed["version"], "sittings": [wrong]})
    assert answer.json["errors"].keys() == {"sittings.0.ends_at"}


def test_activity_says_what_it_lacks(host: Phone) -> None:
    found = made(host)
    settings = activity(found, "contest")["settings"]
    body = {"version": found["version"], "settings": {**settings, "banks": ["nowhere"]}}
    changed = host.ok("PUT", at(found, "contest"), body)
    assert activity(changed, "contest")["lacks"] == ["没有题库“nowhere”。"]
