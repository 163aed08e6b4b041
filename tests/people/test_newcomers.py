"""Newcomers: welcomed on the home page on their first day, and by a draft that is made once."""

import pytest
from flask import Flask

from backend.identity.models import Staff
from backend.people import newcomers
from backend.posts.drafting import Drafts
from backend.posts.models import Post, PostColumn
from backend.posts.writing import newest
from tests.posts.conftest import Desk, desk
from tests.support import Centre, FakeClock, at_once

__all__ = ["desk"]
ZONE = "Asia/Shanghai"


@pytest.fixture(autouse=True)
def _days(centre: Centre) -> None:
    """Let two people enter today and one three days ago."""
    Staff.update(entered_on="").execute()
    for number, day in (("200001", "22"), ("200002", "22"), ("200003", "19")):
        Staff.update(entered_on=f"2026-11-{day}").where(Staff.number == number).execute()


def test_home_page_welcomes_people_on_their_first_day(centre: Centre, clock: FakeClock) -> None:
    first, mate, guest = centre.staff("200001"), centre.staff("200003"), centre.guest()
    own, seen = (phone.ok("GET", "/people/today") for phone in (first, mate))
    names = [centre.roster[number]["姓名"] for number in ("200001", "200002")]
    assert own["is_first_day"]
    assert [one["name"] for one in own["newcomers"]] == names[1:]
    assert not seen["is_first_day"]
    assert sorted(one["name"] for one in seen["newcomers"]) == sorted(names)
    assert guest.ok("GET", "/people/today")["newcomers"] == []
    clock.advance(24 * 3600)
    assert centre.staff("200003").ok("GET", "/people/today")["newcomers"] == []


def test_drafts_that_were_due_while_no_worker_ran_are_made_once(
    app: Flask, centre: Centre, clock: FakeClock, desk: Desk
) -> None:
    database = app.extensions["linka.database"]

    def look() -> None:
        Drafts(database, clock, [lambda now: newcomers.draft(database, ZONE, now)]).look()

    at_once([look] * 3)
    early, late = Post.select().order_by(Post.code)
    assert (early.code, late.code) == ("welcome-2026-11-19", "welcome-2026-11-22")
    assert {early.state, late.state} == {"draft"}
    assert early.column.title == "员工介绍"
    assert newest(early).title == f"欢迎新同事：{centre.roster['200003']['姓名']}"
    for number in ("200001", "200002"):
        row = centre.roster[number]
        assert f"- {row['班组']}：{row['姓名']}\n" in newest(late).body
    look()
    assert Post.select().count() == 2
    desk.act(late.id, "submit")
    desk.act(late.id, "publish")


def test_nothing_is_drafted_in_a_closed_column_or_for_an_old_entry(
    app: Flask, clock: FakeClock, desk: Desk
) -> None:
    database = app.extensions["linka.database"]
    clock.advance(8 * 24 * 3600)
    assert newcomers.draft(database, ZONE, clock.now()) is None
    Staff.update(entered_on="2026-11-30").where(Staff.number == "200004").execute()
    PostColumn.update(active=False).where(PostColumn.title == newcomers.TITLE).execute()
    assert newcomers.draft(database, ZONE, clock.now()) is None
