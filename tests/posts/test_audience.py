"""A post outside one's audience does not exist, on any path."""

from typing import Any

import pytest

from backend.identity.models import AuditLine, Staff
from backend.posts.audience import offered
from backend.posts.models import Post
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
    assert f"team:{person.team.name}" not in offered()
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
