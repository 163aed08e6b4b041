"""Figures of posts equal a recount of the raw rows."""

from typing import Any

from backend.db import Database
from backend.identity.models import Staff
from backend.posts import figures
from backend.posts.models import Post, PostColumn
from tests.posts.conftest import Desk
from tests.support import Centre

TEAM = "team:话务五组"


def _recount(database: Database, post_id: int) -> dict[str, Any]:
    """Count again, in Python, from the rows."""

    def rows(sql: str) -> list[tuple[Any, ...]]:
        return database.read(sql, (post_id,))

    raw = rows("SELECT staff_id, account_id FROM post_reading WHERE post_id = ?")
    staff = {row[0] for row in raw if row[0]}
    bound = {row[1] for row in database.read("SELECT id, account_id FROM staff") if row[0] in staff}
    read = [row for row in raw if row[0] or row[1] not in bound]
    joined = database.read("SELECT staff_id, account_id, event_id FROM player")
    [[event_id]] = rows("SELECT event_id FROM post WHERE id = ?")
    came = rows("SELECT staff_id, account_id FROM post_arrival WHERE post_id = ?")
    own = {(row[0], None if row[0] else row[1]) for row in joined if row[2] == event_id}
    by_share = {(row[0], None if row[0] else row[1]) for row in came}
    team = {row.id for row in Staff.select().where(Staff.active, Staff.team == _team())}
    sharers = {row[0] for row in rows("SELECT staff_id FROM post_share WHERE post_id = ?")}
    converted = [row for row in read if tuple(row) in own | by_share]
    marks = rows("SELECT kind FROM post_mark WHERE post_id = ?")
    texts = rows("SELECT status FROM post_comment WHERE post_id = ?")
    return {
        "audience": len(team),
        "reached": len(team & staff),
        "staff_readers": len(staff),
        "readers": len(read),
        "sharers": len(sharers & staff),
        "converted": len(converted),
        "brought": len(came),
        "likes": sum(kind == "like" for (kind,) in marks),
        "comments": sum(status == "approved" for (status,) in texts),
        "reading_rate": round(len(team & staff) / len(team), 4),
        "internal_rate": round(len(staff) / len(read), 4),
        "sharing_rate": round(len(sharers & staff) / len(read), 4),
        "conversion_rate": round(len(converted) / len(read), 4),
    }


def _team() -> int:
    return int(Staff.get(Staff.number == "200003").team_id)


def test_figures_of_a_post_equal_a_recount(centre: Centre, desk: Desk) -> None:
    event = centre.open_event(centre.host())
    post_id = desk.publish(audience=["everyone"], event_id=event["id"])
    in_team, other, guest = centre.staff("200003"), centre.staff("200001"), centre.guest()
    path = f"/posts/{post_id}"
    in_team.ok("PUT", f"{path}/reading", {})
    token = in_team.ok("POST", f"{path}/shares")["token"]
    other.ok("PUT", f"{path}/reading", {"share": token})
    guest.ok("PUT", f"{path}/reading", {"share": token})
    centre.guest("guest-2").ok("PUT", f"{path}/reading", {})
    bound = centre.guest("bound-later")
    for _ in ("as a guest", "as staff"):
        bound.ok("PUT", f"{path}/reading", {})
        bound.ok("PUT", f"{path}/like", {"marked": True})
        code = centre.roster["200050"]["邀请码"]
        bound.ok("POST", "/me/binding", {"staff_number": "200050", "invite_code": code})
    centre.staff("200004").ok("PUT", f"{path}/reading", {})
    centre.join(event, centre.staff("200004"), centre.guest("guest-2"))
    in_team.ok("PUT", f"{path}/like", {"marked": True})
    in_team.ok("PUT", f"{path}/saved", {"marked": True})
    other.ok("POST", f"{path}/comments", {"text": "好"})
    desk.phone.ok("PUT", f"{path}/source", {"version": 1, "audience": [TEAM]})
    shown = desk.phone.ok("GET", f"{path}/figures")
    database = desk.phone.app.extensions["linka.database"]
    assert shown == _recount(database, post_id)
    assert (shown["reached"], shown["readers"], shown["converted"]) == (2, 6, 4)
    assert shown["likes"] == 2


def test_a_column_adds_up_its_posts_and_what_is_not_published_has_none(
    centre: Centre, desk: Desk
) -> None:
    desk.draft()
    ids = [desk.publish(audience=["person:200003"]), desk.publish(audience=["person:200004"])]
    centre.staff("200003").ok("PUT", f"/posts/{ids[0]}/reading", {})
    database = desk.phone.app.extensions["linka.database"]
    [column] = figures.of_columns(database, list(PostColumn.select()), 20)
    assert (column["audience"], column["reached"], column["reading_rate"]) == (2, 1, 0.5)
    assert [item["id"] for item in column["items"]] == ids[::-1]
    assert column["items"][0]["sharing_rate"] is None
    assert Post.select().count() == 3
