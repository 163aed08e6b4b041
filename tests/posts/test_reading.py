"""Reading counts once for each person.

People who have not read are counted from the present roster.
"""

from backend.identity.models import Staff
from backend.posts.models import Post, PostReading
from tests.posts.conftest import NOTICES, Desk
from tests.support import Centre, FakeClock, at_once, refused


def test_reading_counts_once_and_the_first_moment_stays(
    centre: Centre, desk: Desk, clock: FakeClock
) -> None:
    post_id = desk.publish(NOTICES)
    path, reader = f"/posts/{post_id}/reading", centre.staff("200003")
    first = reader.ok("PUT", path, {})
    assert first["confirmed_at"] is None
    clock.advance(60)
    confirmed = reader.ok("PUT", path, {"confirmed": True})
    assert confirmed["read_at"] == first["read_at"] != confirmed["confirmed_at"]
    clock.advance(60)
    assert reader.ok("PUT", path, {"confirmed": True}) == reader.ok("PUT", path, {}) == confirmed
    assert PostReading.select().count() == 1


def test_readings_at_the_same_moment_are_one_row(centre: Centre, desk: Desk) -> None:
    path = f"/posts/{desk.publish(NOTICES)}/reading"
    reader = centre.staff("200003")
    answers = at_once([lambda: reader.put(path, {"confirmed": True})] * 6)
    assert {answer.status_code for answer in answers} == {200}
    assert PostReading.select().count() == 1


def test_a_column_holds_its_own_posts(centre: Centre, desk: Desk) -> None:
    notice, news = desk.publish(NOTICES), desk.publish()
    reader, column_id = centre.staff("200003"), Post.get_by_id(news).column_id
    for phone, path in ((reader, "/posts"), (desk.phone, "/posts/sources")):
        found = [post["id"] for post in phone.ok("GET", f"{path}?column_id={column_id}")["items"]]
        assert news in found
        assert notice not in found


def test_what_must_be_read_is_unread_again_after_a_correction(centre: Centre, desk: Desk) -> None:
    post_id, news = desk.publish(NOTICES), desk.publish(title="别的事")
    reader, path = centre.staff("200003"), f"/posts/{post_id}/reading"
    reader.ok("PUT", path, {"confirmed": True})
    reader.ok("PUT", f"/posts/{news}/reading", {})
    assert reader.ok("GET", "/posts?unread=true")["total"] == 0
    desk.correct(post_id)
    desk.correct(news)
    [missed] = reader.ok("GET", "/posts?unread=true")["items"]
    assert (missed["id"], missed["corrected"], missed["read_at"]) == (post_id, True, None)
    home = reader.ok("GET", "/posts/home")
    assert home["must_read"] == []
    assert sum(c["unread"] for module in home["modules"] for c in module["columns"]) == 1
    assert reader.ok("GET", f"/posts/{post_id}")["note"] == "写错了时间"
    reader.ok("PUT", path, {"version": 1})
    assert reader.ok("GET", "/posts?unread=true")["total"] == 1
    reader.ok("PUT", path, {"version": 2})
    assert reader.ok("GET", "/posts?unread=true")["total"] == 0
    assert desk.phone.ok("GET", f"/posts/{post_id}/reach")["confirmed"] == 1


def test_an_editor_asks_for_another_confirmation_and_an_old_one_does_not_count(
    centre: Centre, desk: Desk, clock: FakeClock
) -> None:
    post_id = desk.publish(NOTICES)
    reader, path = centre.staff("200003"), f"/posts/{post_id}/reading"
    first = reader.ok("PUT", path, {"confirmed": True, "version": 1})
    desk.correct(post_id, confirm_again=True)
    assert [post["id"] for post in reader.ok("GET", "/posts/home")["must_read"]] == [post_id]
    assert desk.phone.ok("GET", f"/posts/{post_id}/reach")["confirmed"] == 0
    refused(reader.put(path, {"confirmed": True, "version": 1}), 409, "post_corrected")
    clock.advance(60)
    again = reader.ok("PUT", path, {"confirmed": True, "version": 2})
    assert again["read_at"] == first["read_at"]
    assert again["confirmed_at"] > first["confirmed_at"]
    assert reader.ok("GET", "/posts/home")["must_read"] == []
    assert desk.phone.ok("GET", f"/posts/{post_id}/reach")["confirmed"] == 1


def test_who_has_not_confirmed_is_listed_by_team_and_shift(centre: Centre, desk: Desk) -> None:
    post_id = desk.publish(NOTICES, audience=["team:话务五组"])
    readers = [centre.staff(number) for number in ("200003", "200004")]
    readers[0].ok("PUT", f"/posts/{post_id}/reading", {"confirmed": True})
    readers[1].ok("PUT", f"/posts/{post_id}/reading", {})
    reach = desk.phone.ok("GET", f"/posts/{post_id}/reach")
    team = {n for n, row in centre.roster.items() if row["班组"] == "话务五组"}
    assert (reach["audience"], reach["read"], reach["confirmed"]) == (len(team), 2, 1)
    assert {group["team"] for group in reach["missing"]} == {"话务五组"}
    missing = {
        (person["number"], group["shift"])
        for group in reach["missing"]
        for person in group["people"]
    }
    assert missing == {(number, centre.roster[number]["班次"]) for number in team - {"200003"}}
    Staff.update(active=False).where(Staff.number == "200004").execute()
    assert desk.phone.ok("GET", f"/posts/{post_id}/reach")["audience"] == len(team) - 1


def test_what_was_missed_comes_oldest_first_and_goes_when_it_is_read(
    centre: Centre, desk: Desk, clock: FakeClock
) -> None:
    reader = centre.staff("200003")
    ids = []
    for title in ("第一", "第二", "第三"):
        ids.append(desk.publish(NOTICES, title=title))
        clock.advance(60)
    must = [post["id"] for post in reader.ok("GET", "/posts/home")["must_read"]]
    unread = [post["id"] for post in reader.ok("GET", "/posts?unread=true")["items"]]
    assert must == unread == ids
    reader.ok("PUT", f"/posts/{ids[0]}/reading", {})
    home = reader.ok("GET", "/posts/home")
    assert [post["id"] for post in home["must_read"]] == ids
    assert [p["id"] for p in reader.ok("GET", "/posts?unread=true")["items"]] == ids[1:]
    reader.ok("PUT", f"/posts/{ids[0]}/reading", {"confirmed": True})
    assert [p["id"] for p in reader.ok("GET", "/posts/home")["must_read"]] == ids[1:]


def test_what_was_shown_before_readings_are_kept_counts_as_read(
    centre: Centre, desk: Desk, clock: FakeClock
) -> None:
    desk.publish(NOTICES, must_read=True)
    clock.advance(731 * 86_400)
    reader = centre.staff("200003")
    home = reader.ok("GET", "/posts/home")
    assert home["must_read"] == []
    assert sum(column["unread"] for module in home["modules"] for column in module["columns"]) == 0
    assert reader.ok("GET", "/posts?unread=true")["total"] == 0
    assert reader.ok("GET", "/posts")["total"] == 1


def test_only_staff_confirm_and_only_what_must_be_read(centre: Centre, desk: Desk) -> None:
    notice = desk.publish(NOTICES, audience=["everyone"])
    news = desk.publish(audience=["everyone"])
    confirmed = {"confirmed": True}
    for phone, post_id in ((centre.guest(), notice), (centre.staff("200003"), news)):
        refused(phone.put(f"/posts/{post_id}/reading", confirmed), 409, "nothing_to_confirm")
    assert PostReading.select().count() == 0


def test_a_guest_takes_their_readings_away_and_has_them_erased(centre: Centre, desk: Desk) -> None:
    post_id = desk.publish(audience=["everyone"])
    guest, reader = centre.guest(), centre.staff("200003")
    for phone in (guest, reader):
        phone.ok("PUT", f"/posts/{post_id}/reading", {})
        [row] = phone.ok("GET", "/me/export")["records"]["post_readings"]
        assert row["post_id"] == post_id
    guest.ok("DELETE", "/me", {"confirm": "erase"})
    assert [row.account_id for row in PostReading.select()] == [None]
