"""Events from a list of activities, and copies of events: what they contain, and what they must
not.
"""

from typing import Any

import pytest

from backend.clock import to_iso
from backend.events.models import Activity, Player, Sitting
from backend.questions.models import Question
from backend.scoring.models import ScoreEntry
from tests.events.test_building import activity, setup
from tests.support import Centre, FakeClock, Phone, picture_bytes, refused

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
HOUR = 3_600_000


@pytest.fixture
def host(centre: Centre) -> Phone:
    """Return a host's phone."""
    return centre.host()


def without_ids(found: Any) -> list[Any]:
    """Return the activities of a setup without their ids."""
    return [{**one, "id": 0} for one in found["activities"]]


def copied(host: Phone, event_id: int, **more: Any) -> Any:
    """Copy an event and return the copy's setup."""
    return setup(host, host.ok("POST", "/events", {"copy_of": event_id, **more})["id"])


def test_event_is_made_from_a_list(host: Phone, clock: FakeClock) -> None:
    times = {
        "starts_at": to_iso(clock.now() + HOUR),
        "ends_at": to_iso(clock.now() + 2 * HOUR),
    }
    body = {
        "title": "三个环节",
        "activities": [
            {"kind": "shake", "title": "摇一摇", "settings": {"seconds": 20}},
            {
                "kind": "contest",
                "title": "抢答",
                "settings": {"banks": ["business"]},
                "sittings": [{"title": "全体", **times}],
            },
        ],
    }
    found = setup(host, host.ok("POST", "/events", body)["id"])
    assert found["title"] == "三个环节"
    assert activity(found, "shake")["settings"]["seconds"] == 20
    assert activity(found, "contest")["sittings"] == [{"title": "全体", "shifts": [], **times}]


def test_wrong_activity_of_a_list_is_named(host: Phone) -> None:
    body = {
        "activities": [
            {"kind": "shake", "title": "摇", "settings": {"seconds": 1}},
            {"kind": "chess", "title": "下棋"},
        ]
    }
    answer = host.post("/events", body)
    refused(answer, 422, "invalid")
    assert answer.json["errors"].keys() == {
        "activities.0.settings.seconds",
        "activities.1.kind",
    }


def test_two_sources_are_refused(host: Phone) -> None:
    answer = host.post("/events", {"template": "hunt", "copy_of": 1})
    refused(answer, 422, "invalid")
    assert answer.json["errors"]["template"] == ["请给出模板、环节或要复制的活动，只给一种。"]


def test_copy_of_no_event_is_not_found(host: Phone) -> None:
    refused(host.post("/events", {"copy_of": 77}), 404, "not_found")


@pytest.mark.parametrize("template", ["evening", "anniversary", "hunt-three-shifts"])
def test_copy_consists_of_the_same(host: Phone, clock: FakeClock, template: str) -> None:
    event = host.ok("POST", "/events", {"template": template})
    first = setup(host, event["id"])
    second = copied(host, event["id"])
    assert without_ids(second) == without_ids(first)
    assert second["join_code"] != first["join_code"]
    names = ("title", "description", "team_formula", "reveal_top")
    assert [second[name] for name in names] == [first[name] for name in names]


def test_copy_has_what_hosts_prepared(host: Phone) -> None:
    event = host.ok("POST", "/events", {"template": "anniversary"})
    found = setup(host, event["id"])
    ids = {one["kind"]: one["id"] for one in found["activities"]}
    host.ok("POST", f"/keywords/{ids['keywords']}/words", {"text": "林卡", "points": 9})
    host.ok("POST", f"/raffles/{ids['raffle']}/prizes", {"title": "毛毯", "stock": 3})
    poll = {"title": "吃什么", "hall_code": True, "entries": [{"title": "面"}, {"title": "饭"}]}
    host.ok("POST", f"/polls/{ids['polls']}/polls", poll, **{"Idempotency-Key": "one"})
    second = copied(host, event["id"])
    assert activity(second, "keywords")["settings"]["words"][-1] == {
        "text": "林卡",
        "others": [],
        "decoy": False,
        "points": 9,
    }
    assert activity(second, "raffle")["settings"]["prizes"][-1]["title"] == "毛毯"
    draft = activity(second, "polls")["settings"]["polls"][-1]
    assert (draft["title"], draft["hall_code"]) == ("吃什么", True)
    assert [entry["title"] for entry in draft["entries"]] == ["面", "饭"]
    assert len(activity(second, "polls")["settings"]["polls"]) == 3


def test_copy_moves_sittings_with_the_opening(host: Phone, clock: FakeClock) -> None:
    opens_at = clock.now() + HOUR
    event = host.ok(
        "POST", "/events", {"template": "hunt-three-shifts", "opens_at": to_iso(opens_at)}
    )
    second = copied(host, event["id"], opens_at=to_iso(opens_at + 7 * 24 * HOUR))

    def starts(event_id: int) -> list[int]:
        rows = Sitting.select().join(Activity).where(Activity.event == event_id)
        return [row.starts_at for row in rows.order_by(Sitting.starts_at)]

    moved = zip(starts(event["id"]), starts(second["id"]), strict=True)
    assert [late - early for early, late in moved] == [7 * 24 * HOUR] * 3


def test_copy_has_nobody_and_no_points(centre: Centre, host: Phone) -> None:
    event = centre.open_event(host, "evening")
    player = centre.people(1)[0]
    [joined] = centre.join(event, player)
    adjustment = {"player_id": joined["id"], "points": 5, "reason": "帮忙"}
    host.ok("POST", f"/events/{event['id']}/adjustments", adjustment, **{"Idempotency-Key": "k"})
    second = copied(host, event["id"])
    assert (second["state"], second["rehearsal"]) == ("draft", False)
    assert Player.select().where(Player.event == second["id"]).count() == 0
    assert ScoreEntry.select().where(ScoreEntry.event == second["id"]).count() == 0
    assert [one["played"] for one in second["activities"]] == [False] * 7


def test_incomplete_template_is_made_on_demand(host: Phone) -> None:
    Question.update(current=False).execute()
    body = {"template": "hunt"}
    refused(host.post("/events", body), 422, "incomplete_template")
    found = setup(host, host.ok("POST", "/events", {**body, "incomplete": True})["id"])
    assert activity(found, "hunt")["lacks"]


def test_copy_has_the_pictures_of_prizes_and_of_drafts_of_polls(host: Phone) -> None:
    event = host.ok("POST", "/events", {"template": "anniversary"})
    ids = {one["kind"]: one["id"] for one in event["activities"]}
    picture = host.upload(f"/events/{event['id']}/pictures", picture_bytes())["id"]
    prize = {"title": "特等奖", "stock": 1, "picture_id": picture}
    host.ok("POST", f"/raffles/{ids['raffle']}/prizes", prize)
    entries = [{"title": "湖边"}, {"title": "山上", "picture_id": picture}]
    draft = {"title": "去哪里", "entries": entries}
    host.ok("POST", f"/polls/{ids['polls']}/polls", draft)
    copy = host.ok("POST", "/events", {"copy_of": event["id"]})
    new = {one["kind"]: one["id"] for one in copy["activities"]}
    prizes = host.ok("GET", f"/raffles/{new['raffle']}")["prizes"]
    assert [one["picture_path"] is not None for one in prizes] == [False] * 4 + [True]
    poll = host.ok("GET", f"/polls/{new['polls']}")["items"][-1]
    shown = host.ok("GET", f"/polls/{new['polls']}/polls/{poll['id']}")["options"]
    assert shown[0]["picture_path"] is None
    assert shown[1]["picture_path"] == prizes[-1]["picture_path"]
    assert f"/events/{copy['id']}/" in shown[1]["picture_path"]
    assert host.get(shown[1]["picture_path"]).mimetype == "image/jpeg"
