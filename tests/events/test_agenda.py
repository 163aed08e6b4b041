"""The agenda of an evening: made with the event, changed by two hosts, ticked off step by step."""

from typing import Any

import pytest

from tests.support import Centre, FakeClock, Phone, refused


class Evening:
    """An open event with every kind of activity, and a host."""

    def __init__(self, centre: Centre) -> None:
        self.host: Phone = centre.host()
        self.event = centre.open_event(self.host, "evening", rehearsal=True)
        self.path = f"/events/{self.event['id']}"
        self.ids = [one["id"] for one in self.event["activities"]]

    def agenda(self) -> Any:
        """Return the agenda."""
        return self.host.ok("GET", f"{self.path}/agenda")

    def change(self, version: int, steps: list[dict[str, Any]]) -> Any:
        """Try to replace the steps."""
        return self.host.put(f"{self.path}/agenda", {"version": version, "steps": steps})

    def tick(self, step_id: int, **body: bool) -> Any:
        """Tick a step off."""
        said = {"done": True, **body}
        return self.host.ok("POST", f"{self.path}/agenda/steps/{step_id}/done", said)

    def main(self) -> Any:
        """Return the next step."""
        return self.host.ok("GET", f"{self.path}/steps")["main"]


def kept(step: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return a step in the form in which it is sent back."""
    names = ("id", "title", "activity_id", "minutes", "notes")
    return {**{name: step[name] for name in names}, **changes}


@pytest.fixture
def evening(centre: Centre) -> Evening:
    """Return an evening."""
    return Evening(centre)


def test_new_event_has_a_step_for_each_activity(evening: Evening) -> None:
    found = evening.agenda()
    assert [step["activity_id"] for step in found["steps"]] == evening.ids
    first = found["steps"][0]
    assert (first["title"], first["minutes"]) == ("“美多”大淘金", 30)
    assert first["notes"].startswith("美多把金子藏进了林卡里")
    assert found["current_id"] == found["steps"][0]["id"]
    assert found["version"] == 1


def test_steps_are_put_in_another_order_added_and_removed(evening: Evening) -> None:
    first, second, *rest = evening.agenda()["steps"]
    evening.tick(first["id"])
    opening = {"title": "开场致辞", "minutes": 5, "notes": "请领导上台"}
    changed = evening.change(1, [opening, kept(second), kept(first, minutes=20)])
    assert changed.status_code == 200
    found = evening.agenda()
    assert found == changed.json
    assert [step["title"] for step in found["steps"]] == ["开场致辞", "现场竞赛", "“美多”大淘金"]
    assert found["steps"][0]["notes"] == "请领导上台"
    assert found["steps"][2]["minutes"] == 20
    assert found["steps"][2]["done_at"] is not None
    assert found["version"] == 2
    assert len(rest) == 5


def test_change_from_an_old_version_is_refused_and_a_repeat_changes_nothing(
    evening: Evening,
) -> None:
    first, second, *_ = evening.agenda()["steps"]
    assert evening.change(1, [{"title": "开场"}, kept(second)]).status_code == 200
    refused(evening.change(1, [kept(first)]), 409, "agenda_changed")
    again = evening.change(1, [{"title": "开场"}, kept(second)])
    assert again.status_code == 200
    assert again.json["version"] == 2
    assert len(again.json["steps"]) == 2


@pytest.mark.parametrize(
    "wrong",
    [{"title": ""}, {"title": "甲", "activity_id": 999_999}, {"id": 999_999, "title": "甲"}],
)
def test_step_without_a_title_or_of_another_event_is_refused(
    evening: Evening, wrong: dict[str, Any]
) -> None:
    refused(evening.change(1, [wrong]), 422, "invalid")
    assert len(evening.agenda()["steps"]) == 7


def test_step_named_twice_is_refused(evening: Evening) -> None:
    first = kept(evening.agenda()["steps"][0])
    refused(evening.change(1, [first, first]), 422, "invalid")


def test_step_is_ticked_off_once_and_back(evening: Evening, clock: FakeClock) -> None:
    first, second, *_ = evening.agenda()["steps"]
    found = evening.tick(first["id"])
    assert found["current_id"] == second["id"]
    clock.advance(60)
    assert evening.tick(first["id"]) == found
    assert evening.tick(first["id"], done=False)["current_id"] == first["id"]
    lines = evening.host.ok("GET", f"{evening.path}/audit")["items"]
    ticks = [line["detail"]["after"]["done"] for line in lines if line["action"] == "tick_agenda"]
    assert ticks == [False, True]


def test_step_of_another_event_cannot_be_ticked(evening: Evening, centre: Centre) -> None:
    other = Evening(centre).agenda()["steps"][0]["id"]
    refused(
        evening.host.post(f"{evening.path}/agenda/steps/{other}/done", {"done": True}),
        404,
        "not_found",
    )


def test_agenda_goes_on_where_an_activity_has_no_next_step(evening: Evening) -> None:
    assert evening.main()["text"] == "下一项：现场竞赛"
    main = evening.main()
    evening.host.ok("POST", main["path"], main["body"])
    assert evening.main()["text"] == "开始候场"
    steps = evening.agenda()["steps"]
    evening.change(1, [{"title": "开场致辞"}, *(kept(step) for step in steps[1:])])
    found = evening.host.ok("GET", f"{evening.path}/steps")
    assert (found["title"], found["activity_id"]) == ("开场致辞", None)
    assert found["main"]["text"] == "下一项：现场竞赛"


def test_evening_ends_after_the_last_step_and_a_frozen_board_is_revealed(
    evening: Evening,
) -> None:
    *others, last = evening.agenda()["steps"]
    for step in others:
        evening.tick(step["id"])
    raffle = evening.ids[-1]
    assert last["activity_id"] == raffle
    evening.tick(last["id"])
    assert evening.main() is not None
    evening.change(1, [{"title": "合影"}])
    assert evening.main()["text"] == "完成：合影"
    evening.host.ok("POST", f"{evening.path}/transitions", {"action": "freeze"})
    assert evening.main()["text"] == "开始揭榜"


def test_copy_has_the_agenda_with_nothing_done(evening: Evening) -> None:
    steps = evening.agenda()["steps"]
    evening.tick(steps[0]["id"])
    opening = {"title": "开场致辞", "minutes": 5, "notes": "欢迎各位"}
    sent = [opening, *(kept(step) for step in reversed(steps))]
    assert evening.change(1, sent).status_code == 200
    copy = evening.host.ok("POST", "/events", {"copy_of": evening.event["id"]})
    found = evening.host.ok("GET", f"/events/{copy['id']}/agenda")
    assert [step["title"] for step in found["steps"]] == [
        step["title"] for step in evening.agenda()["steps"]
    ]
    assert found["steps"][0]["notes"] == "欢迎各位"
    assert {step["done_at"] for step in found["steps"]} == {None}
    own = {one["id"] for one in copy["activities"]}
    assert {step["activity_id"] for step in found["steps"]} - {None} == own


def test_wipe_of_a_rehearsal_leaves_the_agenda_with_nothing_done(evening: Evening) -> None:
    for step in evening.agenda()["steps"][:2]:
        evening.tick(step["id"])
    evening.host.ok("DELETE", f"{evening.path}/data")
    found = evening.agenda()
    assert len(found["steps"]) == 7
    assert found["current_id"] == found["steps"][0]["id"]
