"""Drafts, review, publication, versions; who may write where."""

import pytest

from backend.identity.grants import grant
from backend.identity.models import AuditLine
from backend.posts.importing import CHANGED, UNCHANGED, BadPost, import_post, read_post
from backend.posts.models import PostColumn
from tests.posts.conftest import Desk
from tests.support import HOST, OTHER_HOST, TRAINER, Centre, FakeClock, at_once, refused


def test_a_post_goes_from_draft_over_review_to_readers(centre: Centre, desk: Desk) -> None:
    post_id = desk.draft()["id"]
    refused(
        desk.phone.post(f"/posts/{post_id}/transitions", {"action": "publish"}),
        409,
        "wrong_state_of_post",
    )
    assert desk.act(post_id, "submit")["state"] == "review"
    assert desk.act(post_id, "return")["state"] == "draft"
    desk.act(post_id, "submit")
    assert desk.act(post_id, "publish")["state"] == "published"
    reader = centre.staff("200003")
    assert "请提前接水" in reader.ok("GET", f"/posts/{post_id}")["html"]
    assert desk.act(post_id, "withdraw")["state"] == "withdrawn"
    refused(reader.get(f"/posts/{post_id}"), 404, "not_found")
    actions = [line.action for line in AuditLine.select().order_by(AuditLine.id)]
    assert [a for a in actions if a.startswith("post_")][-3:] == [
        "post_submit",
        "post_publish",
        "post_withdraw",
    ]


def test_readers_see_a_new_version_once_it_is_published_with_a_note(
    centre: Centre, desk: Desk, clock: FakeClock
) -> None:
    post_id = desk.publish()
    reader = centre.staff("200003")
    before = reader.ok("GET", f"/posts/{post_id}")
    path = f"/posts/{post_id}/source"
    changed = desk.phone.ok("PUT", path, {"version": 1, "body": "请提前两天接水。"})
    assert changed["has_changes"] and changed["version"] == 2
    assert reader.ok("GET", f"/posts/{post_id}") == before
    answer = desk.phone.post(f"/posts/{post_id}/transitions", {"action": "publish"})
    refused(answer, 422, "invalid")
    clock.advance(60)
    desk.act(post_id, "publish", note="时间写错了")
    after = reader.ok("GET", f"/posts/{post_id}")
    assert ("两天" in after["html"], after["note"]) == (True, "时间写错了")
    assert after["published_at"] == before["published_at"]
    texts = [version["is_shown"] for version in desk.phone.ok("GET", path)["versions"]]
    assert texts == [True, False]


def test_in_a_centre_of_several_admins_somebody_else_reviews(
    centre: Centre, desk: Desk, clock: FakeClock
) -> None:
    post_id = desk.draft()["id"]
    path = f"/posts/{post_id}/transitions"
    desk.act(post_id, "submit")
    grant(
        "admin", OTHER_HOST, database=desk.phone.app.extensions["linka.database"], now=clock.now()
    )
    refused(desk.phone.post(path, {"action": "publish"}), 403, "reviewed_by_author")
    other = centre.staff(OTHER_HOST)
    assert other.ok("POST", path, {"action": "publish"})["state"] == "published"
    other.ok("PUT", f"/posts/{post_id}/source", {"version": 1, "body": "改期。"})
    publish = {"action": "publish", "note": "改期"}
    refused(other.post(path, publish), 403, "reviewed_by_author")
    assert desk.phone.ok("POST", path, publish)["has_changes"] is False


def test_nobody_publishes_a_version_that_they_have_not_seen(desk: Desk) -> None:
    post_id = desk.draft()["id"]
    desk.act(post_id, "submit")
    desk.phone.ok("PUT", f"/posts/{post_id}/source", {"version": 1, "body": "停水改到后天。"})
    path = f"/posts/{post_id}/transitions"
    refused(desk.phone.post(path, {"action": "publish", "version": 1}), 409, "post_moved")
    assert desk.phone.ok("POST", path, {"action": "publish", "version": 2})["state"] == "published"


def test_a_planned_post_moves_with_its_moment_until_it_is_shown(
    centre: Centre, desk: Desk, clock: FakeClock
) -> None:
    at = {hour: f"2026-11-22T{hour}:00:00+08:00" for hour in (12, 16, 20)}
    post_id = desk.publish(publish_at=at[12])
    path = f"/posts/{post_id}"

    def move(hour: int) -> None:
        desk.phone.ok("PUT", f"{path}/source", {"version": 1, "publish_at": at[hour]})

    move(16)
    clock.advance(3 * 3600)
    refused(centre.staff("200003").get(path), 404, "not_found")
    clock.advance(3 * 3600)
    shown = centre.staff("200003").ok("GET", path)["published_at"]
    desk.phone = centre.staff(HOST)
    move(20)
    assert centre.staff("200003").ok("GET", path)["published_at"] == shown


def test_a_published_version_keeps_its_note(desk: Desk) -> None:
    post_id = desk.publish()
    desk.act(post_id, "withdraw")
    desk.act(post_id, "reopen")
    desk.act(post_id, "submit")
    versions = desk.act(post_id, "publish", note="没有改")["versions"]
    assert [version["note"] for version in versions] == [""]


def test_one_of_two_who_change_the_same_version_is_refused(desk: Desk) -> None:
    path = f"/posts/{desk.draft()['id']}/source"
    answers = at_once(
        [
            lambda text=text: desk.phone.put(path, {"version": 1, "body": text})
            for text in ("一", "二")
        ]
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]


def test_a_trainer_writes_in_the_columns_of_trainers_alone(centre: Centre, desk: Desk) -> None:
    trainer, post_id = centre.staff(TRAINER), desk.publish()
    columns = trainer.ok("GET", "/posts/columns")["items"]
    own = {column["title"] for column in columns if column["may_write"]}
    assert own == {"上传下达", "服务技巧", "微课", "标杆案例"}
    refused(trainer.get(f"/posts/{post_id}/source"), 403, "forbidden")
    refused(trainer.get(f"/posts/{post_id}/reach"), 403, "forbidden")
    assert trainer.ok("GET", "/posts/sources")["total"] == 0
    lesson = PostColumn.get(PostColumn.title == "微课").id
    trainer.ok("POST", "/posts", {"column_id": lesson, "title": "新课", "body": "正文"})
    assert trainer.ok("GET", "/posts/sources")["total"] == 1


def test_a_column_is_a_row_that_an_admin_makes_and_renames(centre: Centre) -> None:
    admin = centre.staff("900001")
    body = {"module": "life", "title": "读书会", "icon": "书", "writers": ["leader"]}
    made = admin.ok("POST", "/posts/columns", body)
    refused(admin.post("/posts/columns", body), 422, "invalid")
    renamed = admin.ok("PUT", f"/posts/columns/{made['id']}", body | {"title": "共读"})
    assert renamed["title"] == "共读"
    life = centre.guest().ok("GET", "/posts/home")["modules"][2]
    assert life["columns"][-1]["title"] == "共读"


def test_an_admin_puts_all_columns_in_an_order(centre: Centre, desk: Desk) -> None:
    admin = centre.staff("900001")
    path, ids = (
        "/posts/columns/order",
        [one.id for one in PostColumn.select().order_by(PostColumn.position)],
    )
    order = {"column_ids": [ids[1], ids[0], *ids[2:]]}
    refused(desk.phone.put(path, order), 403, "forbidden")
    refused(admin.put(path, {"column_ids": ids[1:]}), 422, "invalid")
    refused(admin.put(path, {"column_ids": [*ids[1:], ids[1]]}), 422, "invalid")
    found = admin.ok("PUT", path, order)["items"]
    assert [column["id"] for column in found] == order["column_ids"]
    home = centre.guest().ok("GET", "/posts/home")["modules"][0]
    assert [column["id"] for column in home["columns"]][:2] == [ids[1], ids[0]]


def test_a_file_imported_again_becomes_a_version_if_it_differs(
    desk: Desk, clock: FakeClock
) -> None:
    database = desk.phone.app.extensions["linka.database"]

    def take(text: str) -> str:
        return import_post(database, read_post(text.encode(), "good"), clock.now())

    text = "---\ncolumn: 新闻资讯\ntitle: 好消息\naudience: [staff]\npublish: true\n---\n正文。\n"
    take(text)
    assert take(text) == UNCHANGED
    assert take(text.replace("正文", "新的正文")) == CHANGED
    [post] = desk.phone.ok("GET", "/posts")["items"]
    shown = desk.phone.ok("GET", f"/posts/{post['id']}")
    assert ("新的正文" in shown["html"], shown["version"]) == (True, 2)
    narrow = text.replace("正文", "新的正文").replace("[staff]", "[person:200003]")
    assert take(narrow) == CHANGED
    assert desk.phone.ok("GET", "/posts")["total"] == 0
    desk.act(post["id"], "withdraw")
    assert take(narrow) == UNCHANGED
    assert desk.phone.ok("GET", f"/posts/{post['id']}/source")["state"] == "withdrawn"


def test_a_file_in_another_encoding_is_refused_in_words() -> None:
    with pytest.raises(BadPost) as refusal:
        read_post("---\ncolumn: 新闻资讯\n---\n正文".encode("gbk"), "x")
    assert "UTF-8" in refusal.value.message("zh")
