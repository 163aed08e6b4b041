"""The next steps of hosts: over HTTP, in events and activities that run."""

from typing import Any

import pytest
from flask import Flask

from backend.activities import KINDS
from backend.events.models import Activity, Event
from backend.live.presence import Presence
from backend.screen.remote import Remote
from tests.callers import Game, kinds
from tests.contest.evening import ContestEvening
from tests.support import Centre, FakeClock, Phone, redis_away, refused


@pytest.fixture
def contest(centre: Centre, clock: FakeClock) -> ContestEvening:
    """Return an open event with a contest."""
    return ContestEvening(centre, clock)


def steps(host: Phone, event_id: int, activity_id: int | None = None) -> dict[str, Any]:
    """Return what a host is told."""
    chosen = "" if activity_id is None else f"?activity_id={activity_id}"
    found: dict[str, Any] = host.ok("GET", f"/events/{event_id}/steps{chosen}")
    return found


def press(host: Phone, step: dict[str, Any]) -> None:
    """Do a step."""
    host.ok("POST", step["path"], step["body"])


def test_host_runs_a_whole_contest_by_the_next_step(contest: ContestEvening) -> None:
    event_id = contest.event["id"]
    pressed = []
    while (main := steps(contest.host, event_id)["main"]) is not None:
        pressed.append(main["text"])
        press(contest.host, main)
    assert pressed[0] == "开始候场"
    assert pressed[-4:] == ["颁奖", "结束竞赛，回到榜单", "完成：现场竞赛", "结束活动"]
    assert [text for text in pressed if text == "揭晓答案"] == ["揭晓答案"] * 3


def test_step_that_is_done_twice_is_done_once(contest: ContestEvening) -> None:
    event_id = contest.event["id"]
    for _ in range(4):
        main = steps(contest.host, event_id)["main"]
        press(contest.host, main)
        there = steps(contest.host, event_id)
        press(contest.host, main)
        assert steps(contest.host, event_id) == there


def test_event_is_opened_resumed_frozen_and_revealed_by_its_steps(
    centre: Centre, clock: FakeClock
) -> None:
    host = centre.host()
    event_id = host.ok("POST", "/events", {"template": "hunt"})["id"]
    found = steps(host, event_id)
    assert (found["title"], found["main"]["text"]) == ("活动还没开始", "开始活动")
    press(host, found["main"])
    found = steps(host, event_id)
    assert (found["title"], found["main"]["text"]) == ("大家自己玩", "完成：“美多”大淘金")
    assert found["screen"] == "榜单"
    by_text = {step["text"]: step for group in found["groups"] for step in group["steps"]}
    press(host, by_text["暂停"])
    assert steps(host, event_id)["main"]["text"] == "继续"
    press(host, steps(host, event_id)["main"])
    press(host, by_text["封榜"])
    found = steps(host, event_id)
    assert (found["main"]["text"], found["screen"]) == ("开始揭榜", "榜单（封榜中）")
    press(host, found["main"])
    assert steps(host, event_id)["screen"] == "揭榜，第 1 / 11 步"


def test_activity_on_the_screen_is_run_or_the_one_that_was_chosen(centre: Centre) -> None:
    host = centre.host()
    event = centre.open_event(host, "evening")
    by_kind = {one["kind"]: one["id"] for one in event["activities"]}
    assert steps(host, event["id"])["activity_id"] == by_kind["hunt"]
    host.ok("POST", f"/shakes/{by_kind['shake']}/rounds", {"mode": "race"})
    found = steps(host, event["id"])
    assert found["activity_id"] == by_kind["shake"]
    assert found["screen"].endswith("倒数")
    chosen = steps(host, event["id"], by_kind["hunt"])
    assert (chosen["activity_id"], chosen["title"]) == (by_kind["hunt"], "大家自己玩")
    assert steps(host, event["id"], 999_999)["activity_id"] == by_kind["shake"]


def test_agenda_goes_on_beside_an_activity_that_could_be_played_again(centre: Centre) -> None:
    host = centre.host()
    event = centre.open_event(host, "evening")
    path, by_kind = f"/events/{event['id']}", {one["kind"]: one for one in event["activities"]}
    for step in host.ok("GET", f"{path}/agenda")["steps"][:2]:
        host.ok("POST", f"{path}/agenda/steps/{step['id']}/done", {"done": True})
    found = steps(host, event["id"])
    assert found["activity_id"] == by_kind["shake"]["id"]
    assert found["main"]["text"].startswith("开始一轮")
    groups = {group["name"]: group["steps"] for group in found["groups"]}
    [onward] = groups["流程"]
    assert onward["text"] == f"下一项：{by_kind['drawing']['title']}"
    press(host, onward)
    assert steps(host, event["id"])["activity_id"] == by_kind["drawing"]["id"]


def test_event_without_activities_has_no_step(centre: Centre) -> None:
    host = centre.host()
    event = centre.open_event(host, "hunt")
    Activity.delete().execute()
    found = steps(host, event["id"])
    assert (found["title"], found["activity_id"], found["main"]) == ("没有环节", None, None)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize("kind", KINDS.names())
def test_every_question_fits_into_the_dialogs_of_wechat(centre: Centre, kind: str) -> None:
    host, people = centre.host(), centre.people(2)
    event = centre.open_event(host, "evening", rehearsal=True)
    centre.join(event, *people)
    activity_id = next(one["id"] for one in event["activities"] if one["kind"] == kind)
    before = steps(host, event["id"], activity_id)
    dict(kinds())[kind].begin(Game(host, people[0], event["id"], activity_id))
    for found in (before, steps(host, event["id"], activity_id)):
        every = [step for group in found["groups"] for step in group["steps"]]
        assert all(len(step["ask"]["ok"]) <= 4 for step in every if step["ask"])
        assert found["main"] or found["waits"]


def test_steps_are_for_hosts_of_the_event(centre: Centre) -> None:
    host, player = centre.host(), centre.people(1)[0]
    event = centre.open_event(host)
    centre.join(event, player)
    refused(player.get(f"/events/{event['id']}/steps"), 403, "forbidden")
    refused(host.get("/events/999999/steps"), 404, "not_found")
    refused(host.get(f"/events/{event['id']}/steps?activity_id=0"), 422, "invalid")


def test_without_redis_the_number_of_phones_is_not_known(
    app: Flask, centre: Centre, clock: FakeClock
) -> None:
    host = centre.host()
    event = centre.open_event(host)
    plays = app.extensions["linka.plays"]
    remote = Remote(KINDS, plays, Presence(redis_away()))
    found = remote.shown(Event.get_by_id(event["id"]), None, clock.now())
    assert (found["present"], found["title"]) == (None, "大家自己玩")
