"""Drafts, review, publication, versions; who may write where."""

from pathlib import Path

import pytest
from PIL import Image

from backend.db import Database
from backend.identity.grants import grant
from backend.identity.models import AuditLine
from backend.moderation.errors import BadPicture
from backend.posts.importing import (
    ADDED,
    CHANGED,
    UNCHANGED,
    BadPost,
    PostFile,
    import_post,
    read_post,
)
from backend.posts.models import Post, PostColumn, PostPicture
from backend.web.bodies import MAX_UPLOAD_BYTES
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
    desk: Desk, clock: FakeClock, tmp_path: Path
) -> None:
    database = desk.phone.app.extensions["linka.database"]

    def take(text: str) -> str:
        return import_post(database, _file(tmp_path, text), clock.now())

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


def test_a_cover_is_stored_once_and_readers_see_it(
    desk: Desk, clock: FakeClock, tmp_path: Path
) -> None:
    database = desk.phone.app.extensions["linka.database"]
    picture = tmp_path / "covers" / "a.jpg"
    picture.parent.mkdir()
    Image.new("RGB", (80, 60), "green").save(picture, comment=b"where it was taken")

    def take(text: str) -> str:
        return import_post(database, _file(tmp_path, text), clock.now())

    head = "---\ncolumn: 新闻资讯\ntitle: 好消息\naudience: [staff]\npublish: true\n"
    text = head + "cover: covers/a.jpg\n---\n正文。\n"
    assert [take(text), take(text), take(head + "---\n正文。\n")] == [ADDED, UNCHANGED, UNCHANGED]
    assert PostPicture.select().count() == 1
    [post] = desk.phone.ok("GET", "/posts")["items"]
    shown = desk.phone.get(post["cover_path"])
    assert (shown.status_code, b"taken" in shown.data) == (200, False)
    Image.new("RGB", (80, 60), "red").save(picture)
    assert take(text) == CHANGED
    [again] = desk.phone.ok("GET", "/posts")["items"]
    assert again["cover_path"] != post["cover_path"]
    assert desk.phone.ok("GET", f"/posts/{post['id']}")["version"] == 2


def test_a_cover_that_cannot_be_taken_is_refused_in_words(
    database: Database, clock: FakeClock, tmp_path: Path
) -> None:
    folder = tmp_path / "posts"
    folder.mkdir()
    Image.new("RGB", (80, 60)).save(tmp_path / "outside.png")
    (folder / "link.png").symlink_to(tmp_path / "outside.png")
    (folder / "large.png").write_bytes(b" " * (MAX_UPLOAD_BYTES + 1))
    (folder / "drawing.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")

    def refusal(cover: str) -> str:
        text = f"---\ncolumn: 新闻资讯\ntitle: 好消息\ncover: {cover}\n---\n正文。\n"
        with pytest.raises((BadPost, BadPicture)) as refused:
            import_post(database, _file(folder, text), clock.now())
        return refused.value.message("zh")

    assert "文件夹里" in refusal("../outside.png")
    assert "文件夹里" in refusal("link.png")
    assert "文件夹里" in refusal(str(tmp_path / "outside.png"))
    assert "找不到封面：none.png" in refusal("none.png")
    assert "2 MB" in refusal("large.png")
    assert "看不懂" in refusal("drawing.svg")
    assert Post.select().count() == 0


def test_a_file_in_another_encoding_is_refused_in_words(tmp_path: Path) -> None:
    file = tmp_path / "x.md"
    file.write_bytes("---\ncolumn: 新闻资讯\n---\n正文".encode("gbk"))
    with pytest.raises(BadPost) as refusal:
        read_post(file)
    assert "UTF-8" in refusal.value.message("zh")


def _file(folder: Path, text: str) -> PostFile:
    file = folder / "good.md"
    file.write_text(text, encoding="utf-8")
    return read_post(file)


def test_a_post_does_not_end_before_it_appears(desk: Desk) -> None:
    text = {"column_id": 1, "title": "题", "body": "文"}
    at = {"publish_at": "2026-12-05T00:00:00+08:00", "expires_at": "2026-12-01T00:00:00+08:00"}
    answer = desk.phone.post("/posts", {**text, **at})
    refused(answer, 422, "invalid")
    assert list(answer.json["errors"]) == ["expires_at"]
    post_id = desk.draft(expires_at=at["expires_at"])["id"]
    path = f"/posts/{post_id}/source"
    late = {"version": 1, "publish_at": at["publish_at"]}
    refused(desk.phone.put(path, late), 422, "invalid")
    assert desk.phone.ok("GET", path)["publish_at"] is None
    changed = desk.phone.ok("PUT", path, {**late, "expires_at": None})
    assert changed["expires_at"] is None
