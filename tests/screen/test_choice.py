"""What a host chooses for the big screen."""

from typing import Any

import pytest

from tests.support import Centre, FakeClock, Phone, refused


class Hall:
    """An open event with every kind of activity, and its host."""

    def __init__(self, centre: Centre) -> None:
        self.host: Phone = centre.host()
        self.event = centre.open_event(self.host, "evening", rehearsal=True)
        self.path = f"/events/{self.event['id']}"
        self.ids = {one["kind"]: one["id"] for one in self.event["activities"]}

    def choose(self, shows: str, **more: Any) -> Any:
        """Choose what is shown."""
        return self.host.ok("PUT", f"{self.path}/screen-choice", {"shows": shows, **more})

    def says(self) -> str:
        """Return what the screen shows, in words."""
        return str(self.host.ok("GET", f"{self.path}/steps")["screen"])

    def begin(self, clock: FakeClock) -> None:
        """Let a contest and after it a shake begin."""
        contest = f"/contests/{self.ids['contest']}/actions"
        self.host.ok("POST", contest, {"action": "begin"})
        clock.advance(1)
        self.host.ok("POST", f"/shakes/{self.ids['shake']}/rounds", {"mode": "race"})


@pytest.fixture
def hall(centre: Centre) -> Hall:
    """Return an evening."""
    return Hall(centre)


def test_screen_shows_what_is_on_until_a_host_chooses(hall: Hall, clock: FakeClock) -> None:
    assert hall.says() == "榜单"
    hall.begin(clock)
    assert hall.says() == "摇一摇 · 倒数"
    hall.choose("board")
    assert hall.says() == "榜单"
    hall.choose("welcome")
    assert hall.says() == "欢迎画面和加入码"
    hall.choose("activity", activity_id=hall.ids["contest"])
    assert hall.says() == "现场竞赛 · 等待开始"
    hall.choose("activity", activity_id=hall.ids["shake"])
    assert hall.says() == "摇一摇 · 倒数"


def test_activity_that_is_not_on_leaves_the_screen_to_what_is_on(hall: Hall) -> None:
    hall.choose("activity", activity_id=hall.ids["drawing"])
    assert hall.says() == "榜单"
    hall.host.ok("POST", f"/shakes/{hall.ids['shake']}/rounds", {"mode": "race"})
    assert hall.says() == "摇一摇 · 倒数"


def test_reveal_comes_before_any_choice(hall: Hall) -> None:
    hall.choose("welcome")
    for action in ("freeze", "reveal"):
        hall.host.ok("POST", f"{hall.path}/transitions", {"action": action})
    assert hall.says().startswith("揭榜")


def test_choice_is_told_to_the_screen_and_audited_once(hall: Hall) -> None:
    chosen = hall.choose("activity", activity_id=hall.ids["shake"])
    hall.choose("activity", activity_id=hall.ids["shake"])
    assert hall.host.ok("GET", f"{hall.path}/now")["screen"] == chosen
    lines = hall.host.ok("GET", f"{hall.path}/audit")["items"]
    (line,) = [line for line in lines if line["action"] == "choose_screen"]
    assert line["detail"]["before"] == {"shows": "automatic", "activity_id": None}
    assert line["detail"]["after"] == chosen
    assert hall.choose("automatic") == {"shows": "automatic", "activity_id": None}


def test_activity_of_another_event_cannot_be_chosen(hall: Hall, centre: Centre) -> None:
    other = centre.open_event(hall.host, "hunt")["activities"][0]["id"]
    path = f"{hall.path}/screen-choice"
    refused(hall.host.put(path, {"shows": "activity", "activity_id": other}), 422, "invalid")
    refused(hall.host.put(path, {"shows": "activity"}), 422, "invalid")
    refused(hall.host.put(path, {"shows": "slides"}), 422, "invalid")
