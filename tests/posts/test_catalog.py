"""The posts that are kept in memory are those that a query finds, after each change."""

from collections.abc import Callable

from backend.posts.models import PostColumn
from tests.posts.conftest import NEWS, NOTICES, Desk
from tests.support import ADMIN, TRAINER, Centre, FakeClock, Phone


def test_home_pages_show_what_a_query_finds_after_each_change(
    centre: Centre, desk: Desk, clock: FakeClock
) -> None:
    people: list[Callable[[], Phone]] = [
        *(lambda number=number: centre.staff(number) for number in ("200003", "200004", TRAINER)),
        centre.guest,
    ]

    def require_same(count: int) -> None:
        """Compare the home page of each person with their lists, which `count` posts are on in all."""
        found = 0
        for phone in [person() for person in people]:
            home = phone.ok("GET", "/posts/home")
            listed = phone.ok("GET", "/posts?page_size=5")["items"]
            assert home["latest"] == listed
            lacking = [post for post in listed if post["must_read"] and not post["confirmed_at"]]
            assert home["must_read"] == lacking
            columns = [column for module in home["modules"] for column in module["columns"]]
            unread = phone.ok("GET", "/posts?unread=true")["total"]
            assert sum(column["unread"] for column in columns) == unread
            found += len(listed)
        assert found == count

    require_same(0)
    open_id = desk.publish(audience=["everyone"])
    notice = desk.publish(NOTICES, audience=["person:200003"], pinned=True)
    desk.publish(audience=["role:trainer"])
    later = desk.publish(audience=["staff"], publish_at="2026-11-22T03:00:00Z")
    require_same(6)
    clock.advance(3600)
    desk.phone = centre.host()
    require_same(9)
    for reader in people:
        reader().ok("PUT", f"/posts/{open_id}/reading", {})
    people[0]().ok("PUT", f"/posts/{notice}/reading", {"confirmed": True})
    require_same(9)
    desk.correct(notice, confirm_again=True)
    require_same(9)
    source = f"/posts/{later}/source"
    desk.phone.ok("PUT", source, {"version": 1, "audience": ["person:200004"]})
    require_same(7)
    desk.phone.ok("PUT", source, {"version": 1, "expires_at": "2026-11-22T03:30:00Z"})
    desk.correct(open_id)
    require_same(7)
    clock.advance(3600)
    desk.phone = centre.host()
    require_same(6)
    column = PostColumn.get(PostColumn.title == NEWS)
    facts = {"module": column.module, "title": "要闻", "writers": column.writers}
    admin = centre.staff(ADMIN)
    admin.ok("PUT", f"/posts/columns/{column.id}", facts)
    require_same(6)
    desk.act(open_id, "withdraw")
    require_same(2)
    admin.ok("PUT", f"/posts/columns/{column.id}", {**facts, "active": False})
    require_same(1)
    clock.advance(731 * 24 * 3600)
    home = people[0]().ok("GET", "/posts/home")
    assert (len(home["latest"]), home["must_read"]) == (1, [])
