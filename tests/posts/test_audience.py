"""A post outside one's audience does not exist, on any path."""

from typing import Any

import pytest

from backend.identity.models import AuditLine, Staff
from backend.lookup.models import Duty
from backend.posts.choosing import teams
from backend.posts.models import Post, PostColumn
from tests.posts.conftest import NOTICES, Desk
from tests.support import HOST, TRAINER, Centre, FakeClock, Phone, refused

SECRET = "只给他们看"


def _sees(phone: Phone, post_id: int) -> bool:
    """Return whether a phone sees a post; all paths must agree."""
    home = phone.ok("GET", "/posts/home")
    listed = phone.ok("GET", "/posts")["items"]
    on_paths = {
        any(post["id"] == post_id for post in listed),
        any(post["id"] == post_id for post in home["latest"]),
        any(post["id"] == post_id for post in home["must_read"]) or not phone.token,
        SECRET in str(home["modules"]),
        phone.ok("GET", f"/posts?words={SECRET}")["total"] == 1,
        phone.ok("GET", "/posts?unread=true")["total"] == 1,
        phone.get(f"/posts/{post_id}").status_code == 200,
    }
    assert len(on_paths) == 1, on_paths
    return on_paths.pop()


@pytest.mark.parametrize(
    ("group", "seen_by"),
    [
        ("staff", {"200003", "200004", "200002", TRAINER}),
        ("team:话务五组", {"200003", "200004"}),
        ("shift:夜班", {"200002"}),
        ("role:trainer", {TRAINER}),
        ("person:200003", {"200003"}),
    ],
)
def test_only_the_audience_sees_a_post(
    centre: Centre, desk: Desk, group: str, seen_by: set[str]
) -> None:
    post_id = desk.publish(NOTICES, title=SECRET, audience=[group])
    people = {number: centre.staff(number) for number in ("200002", "200003", "200004", TRAINER)}
    assert {number for number, phone in people.items() if _sees(phone, post_id)} == seen_by
    guest = centre.guest()
    refused(guest.get(f"/posts/{post_id}"), 404, "not_found")
    refused(guest.put(f"/posts/{post_id}/reading", {}), 404, "not_found")
    assert guest.ok("GET", "/posts")["total"] == 0
    for number in people.keys() - seen_by:
        refused(people[number].put(f"/posts/{post_id}/reading", {}), 404, "not_found")


def test_guests_see_what_is_for_everyone(centre: Centre, desk: Desk) -> None:
    post_id = desk.publish(title="欢迎家属", audience=["everyone"], must_read=True)
    guest = centre.guest()
    shown = guest.ok("GET", f"/posts/{post_id}")
    assert (shown["title"], shown["must_read"]) == ("欢迎家属", False)
    assert guest.ok("GET", "/posts/home")["must_read"] == []


@pytest.mark.parametrize(
    "facts",
    [
        {"state": "draft"},
        {"state": "review"},
        {"state": "withdrawn"},
        {"shown_at": 4_000_000_000_000},
        {"expires_at": 1},
    ],
)
def test_what_is_not_shown_now_is_found_by_nobody(
    centre: Centre, desk: Desk, facts: dict[str, Any]
) -> None:
    post_id = desk.publish(NOTICES, title=SECRET)
    reader = centre.staff("200003")
    assert _sees(reader, post_id)
    Post.update(**facts).where(Post.id == post_id).execute()
    PostColumn.note_change(Post.get_by_id(post_id).column_id)
    assert not _sees(reader, post_id)


def test_a_closed_column_hides_its_posts(centre: Centre, desk: Desk) -> None:
    post_id = desk.publish(NOTICES, title=SECRET)
    admin, reader = centre.staff("900001"), centre.staff("200003")
    [column] = [c for c in admin.ok("GET", "/posts/columns")["items"] if c["title"] == NOTICES]
    names = ("module", "title", "writers")
    body = {name: column[name] for name in names} | {"active": False}
    admin.ok("PUT", f"/posts/columns/{column['id']}", body)
    assert not _sees(reader, post_id)


def test_a_planned_post_appears_at_its_moment_and_goes_at_its_end(
    centre: Centre, desk: Desk, clock: FakeClock
) -> None:
    post_id = desk.publish(
        NOTICES,
        title=SECRET,
        publish_at="2026-11-22T12:00:00+08:00",
        expires_at="2026-11-22T14:00:00+08:00",
    )
    reader = centre.staff("200003")
    assert not _sees(reader, post_id)
    clock.advance(2 * 3600)
    reader = centre.staff("200003")
    assert _sees(reader, post_id)
    clock.advance(2 * 3600)
    reader = centre.staff("200003")
    assert not _sees(reader, post_id)


def test_an_unknown_group_is_refused_by_name(centre: Centre, desk: Desk) -> None:
    for group in ("team:没有这个组", "shift:下午茶", "role:king", "person:1", "all"):
        body = {"column_id": 1, "title": "题", "body": "文", "audience": [group]}
        answer = desk.phone.post("/posts", body)
        refused(answer, 422, "invalid")
        assert group in str(answer.json)


def test_test_players_and_their_teams_are_no_audience(desk: Desk) -> None:
    """They go with their rehearsal."""
    event = desk.phone.ok("POST", "/events", {"template": "evening", "rehearsal": True})
    path = f"/events/{event['id']}/test-players"
    desk.phone.ok("PUT", path, {"count": 1})
    person = Staff.get(Staff.test_event_id == event["id"])
    assert f"team:{person.team.name}" not in [one.group for one in teams()]
    for group in (f"team:{person.team.name}", f"person:{person.number}"):
        body = {"column_id": 1, "title": "题", "body": "文", "audience": [group]}
        refused(desk.phone.post("/posts", body), 422, "invalid")


def test_a_host_reads_in_the_role_of_staff_alone(centre: Centre, desk: Desk) -> None:
    post_id = desk.publish(title=SECRET, audience=["person:200003"])
    refused(centre.staff(HOST).get(f"/posts/{post_id}"), 404, "not_found")
    path = f"/posts/{post_id}/source"
    assert desk.phone.ok("GET", path)["audience"] == ["person:200003"]
    desk.phone.ok("PUT", path, {"version": 1, "audience": ["staff"]})
    line = AuditLine.select().order_by(AuditLine.id.desc()).first()
    assert (line.action, line.detail["settings"]) == ("post_changed", {"audience": ["staff"]})


@pytest.fixture
def plan(centre: Centre) -> dict[str, int]:
    """Return who is who of a plan of shifts, without any other rows."""
    Duty.delete().execute()
    ids = {one.number: one.id for one in Staff.select(Staff.number, Staff.id)}
    for number, day, shift, begins, ends in (
        ("200002", "2026-12-01", "夜班", "23:30", "07:30"),
        ("200003", "2026-12-01", "早班", "07:30", "15:30"),
        ("200003", "2026-12-02", "休", "", ""),
        ("200004", "2026-12-02", "早班", "07:30", "15:30"),
    ):
        facts = {"day": day, "shift": shift, "begins": begins, "ends": ends}
        Duty.create(staff=ids[number], **facts)
    return ids


@pytest.mark.parametrize(
    ("group", "seen_by"),
    [
        ("duty:2026-12-01", {"200002", "200003"}),
        ("duty:2026-12-01:夜班", {"200002"}),
        ("duty:2026-12-01..2026-12-02", {"200002", "200003", "200004"}),
        ("duty:2026-12-02..2026-12-03:早班", {"200004"}),
        ("duty:2026-12-03", set()),
    ],
)
def test_people_on_duty_see_a_post(
    centre: Centre, desk: Desk, plan: dict[str, int], group: str, seen_by: set[str]
) -> None:
    post_id = desk.publish(NOTICES, title=SECRET, audience=[group])
    numbers = ("200002", "200003", "200004", TRAINER)
    people = {number: centre.staff(number) for number in numbers}
    assert {number for number, phone in people.items() if _sees(phone, post_id)} == seen_by
    for number, phone in people.items():
        marked = phone.put(f"/posts/{post_id}/reading", {}).status_code
        assert marked == (200 if number in seen_by else 404)
    assert centre.guest().ok("GET", "/posts")["total"] == 0
    missing = desk.phone.ok("GET", f"/posts/{post_id}/reach")["missing"]
    found = {one["number"] for rows in missing for one in rows["people"]}
    assert found == seen_by


def test_a_writer_is_told_whom_groups_reach(
    centre: Centre, desk: Desk, plan: dict[str, int]
) -> None:
    of_team = sum(row["班组"] == "话务五组" for row in centre.roster.values())
    name = centre.roster["200002"]["姓名"]
    for written, people, words in (
        (["staff"], len(centre.roster), ["全体同事"]),
        (["everyone"], len(centre.roster), ["全体同事和访客"]),
        (["team:话务五组", "person:200002"], of_team + 1, ["话务五组", f"{name}（200002）"]),
        (["person:200002", "duty:2026-12-01"], 2, [f"{name}（200002）", "12 月 1 日当班的人"]),
        (["duty:2026-12-01..2026-12-02:早班"], 2, ["12 月 1 日至 2 日早班当班的人"]),
        (["duty:2026-11-30..2026-12-01"], 2, ["11 月 30 日至 12 月 1 日当班的人"]),
        (["role:trainer", "duty:2026-12-03"], 1, ["培训师", "12 月 3 日当班的人"]),
    ):
        found = desk.phone.ok("POST", "/posts/audience", {"audience": written})
        assert (found["people"], [one["words"] for one in found["groups"]]) == (people, words)
        assert found["guests"] == (written == ["everyone"])


def test_days_that_follow_each_other_are_one_group_of_the_source(
    desk: Desk, plan: dict[str, int]
) -> None:
    days = [f"duty:2026-12-{day:02}" for day in range(1, 32)]
    written = [*days, "duty:2027-01-01", "duty:2026-12-05:早班", "duty:2026-12-07:早班", "staff"]
    post_id = desk.draft(audience=written)["id"]
    assert desk.phone.ok("GET", f"/posts/{post_id}/source")["audience"] == [
        *("staff", "duty:2026-12-01..2026-12-31", "duty:2027-01-01"),
        *("duty:2026-12-05:早班", "duty:2026-12-07:早班"),
    ]


def test_a_swapped_shift_takes_the_post_along(
    centre: Centre, desk: Desk, plan: dict[str, int]
) -> None:
    post_id = desk.publish(NOTICES, title=SECRET, audience=["duty:2026-12-01:夜班"])
    Duty.update(staff=plan["200004"]).where(Duty.staff == plan["200002"]).execute()
    assert not _sees(centre.staff("200002"), post_id)
    assert _sees(centre.staff("200004"), post_id)


@pytest.mark.parametrize(
    "group",
    [
        *("duty:", "duty:明天", "duty:2026-02-30", "duty:2026-12-01:下午茶"),
        *("duty:2026-12-02..2026-12-01", "duty:2026-01-01..2026-03-01"),
    ],
)
def test_days_that_are_none_are_refused(desk: Desk, plan: dict[str, int], group: str) -> None:
    body = {"column_id": 1, "title": "题", "body": "文", "audience": [group]}
    refused(desk.phone.post("/posts", body), 422, "invalid")
    if group.startswith("duty:20"):
        refused(desk.phone.post("/posts", {**body, "about": group}), 422, "invalid")
