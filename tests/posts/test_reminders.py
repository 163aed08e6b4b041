"""Reminders reach people who have not read, once within a set time, and nobody in their rest."""

import json
from datetime import datetime, timedelta

import pytest

from backend.clock import local_time
from backend.config import BadSetting, load_settings
from backend.identity.models import Staff
from backend.lookup.models import Duty
from backend.phones.show import PhoneShow
from backend.posts import quiet
from backend.posts.models import PostNotice
from tests.posts.conftest import NOTICES, Desk
from tests.support import HOST, Centre, FakeClock, at_once, refused

TEAM = "team:话务五组"


@pytest.mark.parametrize(
    ("setting", "time", "shifts"),
    [
        ("夜班=08:00-16:00", "07:59", set()),
        ("夜班=08:00-16:00", "08:00", {"夜班"}),
        ("夜班=08:00-16:00", "16:00", set()),
        ("早班=22:00-06:00", "23:30", {"早班"}),
        ("早班=22:00-06:00", "05:59", {"早班"}),
        ("早班=22:00-06:00", "12:00", set()),
        ("夜班=08:00-16:00,早班=22:00-06:00", "22:00", {"早班"}),
        ("", "12:00", set()),
    ],
)
def test_a_shift_rests_within_its_hours(setting: str, time: str, shifts: set[str]) -> None:
    local = datetime.fromisoformat(f"2026-11-22T{time}")
    assert quiet.resting(quiet.hours_of(setting), local) == shifts


@pytest.mark.parametrize("setting", ["夜班", "夜班=8-16", "夜班=08:00-25:00", "=08:00-16:00", ","])
def test_quiet_hours_that_nobody_understands_are_refused(setting: str) -> None:
    with pytest.raises(BadSetting, match="LINKA_QUIET_HOURS"):
        load_settings({"LINKA_QUIET_HOURS": setting})


def test_one_action_reminds_who_has_not_confirmed_and_not_twice(
    centre: Centre, desk: Desk, clock: FakeClock
) -> None:
    post_id = desk.publish(NOTICES, audience=[TEAM])
    path = f"/posts/{post_id}/reminders"
    people = {n: row for n, row in centre.roster.items() if row["班组"] == "话务五组"}
    awake = {number for number, row in people.items() if row["班次"] != "夜班"}
    reader, other = centre.staff("200003"), centre.staff("200004")
    reader.ok("PUT", f"/posts/{post_id}/reading", {"confirmed": True})
    # 10:00: the night shift rests.
    done = desk.phone.ok("POST", path)
    resting = len(people) - len(awake)
    assert done == {"reminded": len(awake) - 1, "resting": resting, "lately": 0}
    again = desk.phone.ok("POST", path)
    assert again == {"reminded": 0, "resting": resting, "lately": len(awake) - 1}
    assert other.ok("GET", "/posts/home")["notices"] == 1
    assert reader.ok("GET", "/posts/notices")["items"] == []
    other.ok("PUT", f"/posts/{post_id}/reading", {"confirmed": True})
    assert other.ok("GET", "/posts/home")["notices"] == 0
    clock.advance(7 * 3600)
    desk.phone = centre.staff(HOST)
    later = desk.phone.ok("POST", path)
    assert later == {"reminded": len(people) - 2, "resting": 0, "lately": 0}
    assert PostNotice.select().count() == len(people) - 1


def test_a_night_shift_of_the_plan_rests_too(centre: Centre, desk: Desk, clock: FakeClock) -> None:
    post_id = desk.publish(NOTICES, audience=["person:200003", "person:200004"])
    # 10:00: both are of the early shift by the roster, one has just worked at night.
    yesterday = local_time(clock.now(), "Asia/Shanghai").date() - timedelta(days=1)
    facts = {"day": yesterday.isoformat(), "shift": "夜班", "begins": "23:30", "ends": "07:30"}
    Duty.create(staff=Staff.get(Staff.number == "200004").id, **facts)
    done = desk.phone.ok("POST", f"/posts/{post_id}/reminders")
    assert done == {"reminded": 1, "resting": 1, "lately": 0}


def test_two_editors_at_the_same_moment_remind_each_person_once(centre: Centre, desk: Desk) -> None:
    post_id = desk.publish(NOTICES, audience=["person:200003", "person:200004"])
    answers = at_once([lambda: desk.phone.post(f"/posts/{post_id}/reminders")] * 4)
    assert sorted(answer.json["reminded"] for answer in answers) == [0, 0, 0, 2]


def test_only_a_post_that_is_shown_is_a_reason_to_remind(centre: Centre, desk: Desk) -> None:
    draft, hidden = desk.draft()["id"], desk.publish(NOTICES)
    desk.act(hidden, "withdraw")
    for post_id in (draft, hidden):
        answer = desk.phone.post(f"/posts/{post_id}/reminders")
        refused(answer, 409, "wrong_state_of_post")
    refused(centre.staff("200003").post(f"/posts/{hidden}/reminders"), 403, "forbidden")


def test_phones_of_those_who_lack_it_alone_hear_a_reminder(centre: Centre, desk: Desk) -> None:
    readers = [centre.staff(number) for number in ("200003", "200004")]
    event = centre.open_event(centre.host())
    seats = centre.join(event, *readers)
    app = desk.phone.app
    last = app.extensions["linka.feed"].last_seq(event["id"])
    post_id = desk.publish(NOTICES, audience=["person:200003"])
    desk.phone.ok("POST", f"/posts/{post_id}/reminders")
    parts = ("plays", "presence", "database", "clock", "sockets")
    show = PhoneShow(event["id"], *(app.extensions[f"linka.{part}"] for part in parts))
    [told] = [
        message
        for message in show.forwarded(app.extensions["linka.feed"].after(event["id"], last))
        if message.type == "posts.notice"
    ]
    assert json.loads(told.data) == {"post_id": post_id}
    assert told.only == {seats[0]["id"]}
    assert not show.changes_snapshot(told)


def test_a_notice_reaches_each_once_though_half_were_off_line(
    centre: Centre, desk: Desk, clock: FakeClock
) -> None:
    """People who were away find it when they come back; nobody gets it twice."""
    people = list(centre.numbers())[:8]
    audience = [f"person:{number}" for number in people]
    away = people[::2]
    post_id = desk.publish(NOTICES, audience=audience)
    found: dict[str, int] = dict.fromkeys(people, 0)

    def look(number: str) -> None:
        phone = centre.staff(number)
        waiting = [post["id"] for post in phone.ok("GET", "/posts/home")["must_read"]]
        missed = [post["id"] for post in phone.ok("GET", "/posts?unread=true")["items"]]
        assert waiting == missed
        found[number] += waiting.count(post_id)
        if waiting:
            phone.ok("PUT", f"/posts/{post_id}/reading", {"confirmed": True})

    for number in [*people, *people]:
        if number not in away:
            look(number)
    clock.advance(9 * 3600)
    for number in [*people, *people]:
        look(number)
    assert found == dict.fromkeys(people, 1)
    reach = centre.staff(HOST).ok("GET", f"/posts/{post_id}/reach")
    assert (reach["confirmed"], reach["missing"]) == (8, [])
