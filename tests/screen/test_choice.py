"""What a host chooses for the big screen."""

from typing import Any

import pytest

from backend.clock import to_iso
from backend.events import arrivals
from backend.events.models import Event, EventTeam
from backend.screen.remote import VIEWS
from tests.support import Centre, FakeClock, Phone, refused

NOTHING = {"shows": "automatic", "activity_id": None, "notice": None}


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
    assert line["detail"]["before"] == NOTHING
    assert line["detail"]["after"] == chosen
    assert hall.choose("automatic") == NOTHING


def test_activity_of_another_event_cannot_be_chosen(hall: Hall, centre: Centre) -> None:
    other = centre.open_event(hall.host, "hunt")["activities"][0]["id"]
    path = f"{hall.path}/screen-choice"
    refused(hall.host.put(path, {"shows": "activity", "activity_id": other}), 422, "invalid")
    refused(hall.host.put(path, {"shows": "activity"}), 422, "invalid")
    refused(hall.host.put(path, {"shows": "clouds"}), 422, "invalid")


@pytest.mark.parametrize(("shows", "words"), VIEWS.items())
def test_each_view_is_named_to_hosts(hall: Hall, shows: str, words: str) -> None:
    hall.choose(shows, **({"text": "请入座"} if shows == "notice" else {}))
    assert hall.says() == words


def test_notice_counts_down_from_the_moment_at_which_it_was_chosen(
    hall: Hall, clock: FakeClock
) -> None:
    shown = hall.choose("notice", text=" 还有 5 分钟 ", minutes=5)
    ends_at = to_iso(clock.now() + 300_000)
    assert shown["notice"] == {"text": "还有 5 分钟", "ends_at": ends_at}
    assert hall.choose("notice", text="请入座")["notice"] == {"text": "请入座", "ends_at": None}
    path = f"{hall.path}/screen-choice"
    refused(hall.host.put(path, {"shows": "notice"}), 422, "invalid")
    refused(hall.host.put(path, {"shows": "notice", "text": "字" * 41}), 422, "invalid")


def test_final_board_gives_way_to_what_fits_the_end_alone(hall: Hall) -> None:
    hall.choose("welcome")
    hall.host.ok("POST", f"{hall.path}/transitions", {"action": "close"})
    assert hall.says() == "最终榜单"
    hall.choose("slides")
    assert hall.says() == "图片和文章"


def test_screen_is_shown_who_arrived_and_not_who_is_missing(hall: Hall, centre: Centre) -> None:
    people = centre.people(3)
    seats = centre.join(hall.event, *people, centre.guest())
    shown = hall.host.ok("GET", f"{hall.path}/screen-views")
    arrived = shown["arrivals"]
    assert (arrived["total"], arrived["guests"]) == (4, 1)
    assert [one["id"] for one in arrived["newest"]] == [seat["id"] for seat in seats[2::-1]]
    assert sum(team["count"] for team in arrived["teams"]) == 3
    assert set(shown["agenda"][0]) == {"id", "title", "minutes", "done"}
    assert "headcount" not in arrived["teams"][0]


def test_screen_is_shown_suggestions_with_their_status(hall: Hall, centre: Centre) -> None:
    people = centre.people(4)
    centre.join(hall.event, *people)
    box = f"/polls/{hall.ids['polls']}/suggestions"

    def shown() -> list[tuple[str, int, str]]:
        found = hall.host.ok("GET", f"{hall.path}/screen-views")["suggestions"]
        return [(one["text"], one["supports"], one["status"]) for one in found]

    assert shown() == []
    texts = ("夜宵窗口", "晚班班车", "每天放假", "不宜上墙")
    night, late, rest, _ = (
        one.ok("POST", box, {"text": text})["id"] for one, text in zip(people, texts, strict=True)
    )
    queue = f"{hall.path}/moderation"
    items = hall.host.ok("GET", f"{queue}?status=all")["items"]
    (item,) = [one["id"] for one in items if one["text"] == texts[-1]]
    hall.host.ok("PUT", f"{queue}/{item}", {"status": "rejected", "reason": "不宜"})
    people[0].ok("PUT", f"{box}/{late}/support")
    assert shown() == [
        ("晚班班车", 2, "收集中"),
        ("夜宵窗口", 1, "收集中"),
        ("每天放假", 1, "收集中"),
    ]
    hall.host.ok("PUT", f"{box}/{late}", {"status": "adopted", "answer": "下周开始"})
    hall.host.ok("PUT", f"{box}/{rest}", {"status": "declined", "reason": "办不到"})
    assert shown() == [("晚班班车", 2, "已采纳"), ("夜宵窗口", 1, "收集中")]
    hall.host.ok("POST", f"{box}/{night}/merge", {"into": late})
    assert shown() == [("晚班班车", 2, "已采纳")]


def test_event_without_a_box_has_no_suggestions(hall: Hall, centre: Centre) -> None:
    other = centre.open_event(hall.host, "hunt")
    assert hall.host.ok("GET", f"/events/{other['id']}/screen-views")["suggestions"] is None


def test_team_that_is_there_is_said_to_be_whole(hall: Hall, centre: Centre) -> None:
    (person,) = centre.people(1)
    (seat,) = centre.join(hall.event, person)
    team = hall.host.ok("GET", f"{hall.path}/screen-views")["arrivals"]["teams"][0]
    assert (team["id"], team["whole"]) == (seat["team"]["id"], False)
    EventTeam.update(headcount=1).execute()
    assert hall.host.ok("GET", f"{hall.path}/screen-views")["arrivals"]["teams"][0]["whole"]


def test_who_is_missing_is_counted_against_the_roster(hall: Hall, centre: Centre) -> None:
    (person,) = centre.people(1)
    event = Event.get_by_id(hall.event["id"])
    before = {row["team"]: row for row in arrivals.missing(event)}
    (seat,) = centre.join(hall.event, person)
    after = {row["team"]: row for row in arrivals.missing(event)}
    team = seat["team"]["name"]
    assert after[team]["headcount"] == before[team]["headcount"]
    gone = {one.name for one in before[team]["people"]} - {
        one.name for one in after[team]["people"]
    }
    assert gone == {seat["name"]}
