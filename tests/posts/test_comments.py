"""Comments are checked and decided on, with notices.

Likes and saved posts are rows of their person.
"""

from typing import Any

from backend.identity.models import AuditLine, Staff
from backend.moderation.models import BlockedWord
from backend.moderation.policy import PENDING
from backend.posts.models import Post, PostComment, PostMark, PostNotice
from tests.posts.conftest import NOTICES, Desk
from tests.support import HOST, Centre, Phone, at_once, refused


def _texts(phone: Phone, post_id: int) -> list[tuple[str, str]]:
    items = phone.ok("GET", f"/posts/{post_id}/comments")["items"]
    return [(item["text"], item["status"]) for item in items]


def _news(phone: Phone) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = phone.ok("GET", "/posts/notices")["items"]
    return items


def test_a_clean_comment_is_seen_by_readers_and_its_author_is_told(
    centre: Centre, desk: Desk
) -> None:
    post_id = desk.publish(audience=["everyone"])
    reader, other, guest = centre.staff("200003"), centre.staff("200004"), centre.guest()
    path = f"/posts/{post_id}/comments"
    made = reader.ok("POST", path, {"text": "谢谢提醒"})
    assert reader.ok("POST", path, {"text": "谢谢提醒"}) == made
    assert _texts(other, post_id) == _texts(guest, post_id) == [("谢谢提醒", "approved")]
    name = centre.roster["200003"]["姓名"]
    assert other.ok("GET", path)["items"][0]["name"] == name
    assert guest.ok("GET", path)["items"][0]["name"] != name
    assert other.ok("GET", f"/posts/{post_id}")["comments"] == 1
    [news] = _news(desk.phone)
    assert (news["kind"], news["text"], news["post_id"]) == ("comment", "谢谢提醒", post_id)
    assert _news(reader) == []


def test_a_comment_that_waits_or_was_refused_is_seen_by_its_author_alone(
    centre: Centre, desk: Desk
) -> None:
    BlockedWord.create(word="坏词", plain="坏词")
    post_id = desk.publish()
    reader, other = centre.staff("200003"), centre.staff("200004")
    reader.ok("POST", f"/posts/{post_id}/comments", {"text": "这是坏词"})
    made = reader.ok("POST", f"/posts/{post_id}/comments", {"text": "要看一眼"})
    PostComment.update(status=PENDING).where(PostComment.id == made["id"]).execute()
    assert _texts(reader, post_id) == [("要看一眼", "pending"), ("这是坏词", "rejected")]
    assert _texts(other, post_id) == []
    decision = f"/posts/{post_id}/comments/{made['id']}"
    refused(reader.put(decision, {"status": "approved", "reason": ""}), 403, "forbidden")
    rejection = {"status": "rejected", "reason": "与文章无关"}
    for _ in range(2):
        desk.phone.ok("PUT", decision, rejection)
    [news] = _news(reader)
    assert (news["kind"], "与文章无关" in news["text"]) == ("decided", True)
    desk.phone.ok("PUT", decision, {"status": "approved", "reason": ""})
    assert _texts(other, post_id) == [("要看一眼", "approved")]
    lines = AuditLine.select().where(AuditLine.action.startswith("post_comment_"))
    assert [line.action for line in lines] == ["post_comment_rejected", "post_comment_approved"]


def test_one_removes_own_comments_alone(centre: Centre, desk: Desk) -> None:
    post_id, elsewhere = desk.publish(), desk.publish(title="别的")
    reader, other = centre.staff("200003"), centre.staff("200004")
    made = reader.ok("POST", f"/posts/{post_id}/comments", {"text": "写错了"})["id"]
    refused(other.delete(f"/posts/{post_id}/comments/{made}"), 404, "not_found")
    refused(reader.delete(f"/posts/{elsewhere}/comments/{made}"), 404, "not_found")
    decision = {"status": "approved", "reason": ""}
    refused(desk.phone.put(f"/posts/{elsewhere}/comments/{made}", decision), 404, "not_found")
    reader.ok("DELETE", f"/posts/{post_id}/comments/{made}")
    assert _texts(reader, post_id) == []


def test_columns_say_whether_there_are_comments_and_who_writes_is_staff(
    centre: Centre, desk: Desk
) -> None:
    notice, news = desk.publish(NOTICES, audience=["everyone"]), desk.publish(audience=["everyone"])
    reader, guest = centre.staff("200003"), centre.guest()
    refused(reader.post(f"/posts/{notice}/comments", {"text": "好"}), 409, "comments_closed")
    refused(reader.put(f"/posts/{notice}/like", {"marked": True}), 409, "comments_closed")
    refused(guest.post(f"/posts/{news}/comments", {"text": "好"}), 403, "staff_only")


def test_likes_count_once_for_each_person_and_can_be_taken_back(centre: Centre, desk: Desk) -> None:
    post_id = desk.publish(audience=["everyone"])
    reader, guest, path = centre.staff("200003"), centre.guest(), f"/posts/{post_id}/like"
    at_once([lambda: reader.put(path, {"marked": True})] * 4)
    guest.ok("PUT", path, {"marked": True})
    shown = reader.ok("GET", f"/posts/{post_id}")
    assert (shown["likes"], shown["liked"], shown["saved"]) == (2, True, False)
    reader.ok("PUT", path, {"marked": False})
    shown = reader.ok("GET", f"/posts/{post_id}")
    assert (shown["likes"], shown["liked"]) == (1, False)


def test_the_author_is_told_of_the_first_like_and_of_round_numbers_once(
    centre: Centre, desk: Desk
) -> None:
    post_id = desk.publish(audience=["everyone"])
    author, path = centre.staff(HOST), f"/posts/{post_id}/like"

    def told() -> list[str]:
        items = author.ok("GET", "/posts/notices")["items"]
        return [item["text"] for item in items if item["kind"] == "likes"]

    author.ok("PUT", path, {"marked": True})
    assert told() == []
    readers = [centre.guest(f"guest-{number}") for number in range(10)]
    for reader in readers[:9]:
        reader.ok("PUT", path, {"marked": True})
    assert told() == ["有 1 人赞了这篇文章。"]
    for marked in (True, False, True):
        readers[9].ok("PUT", path, {"marked": marked})
    assert told() == ["有 10 人赞了这篇文章。", "有 1 人赞了这篇文章。"]


def test_what_one_keeps_is_on_a_list_until_it_is_not_shown_any_more(
    centre: Centre, desk: Desk
) -> None:
    post_id, reader = desk.publish(), centre.staff("200003")
    desk.publish(title="别的")
    reader.ok("PUT", f"/posts/{post_id}/saved", {"marked": True})
    assert [post["id"] for post in reader.ok("GET", "/posts?saved=true")["items"]] == [post_id]
    assert centre.staff("200004").ok("GET", "/posts?saved=true")["total"] == 0
    desk.act(post_id, "withdraw")
    assert reader.ok("GET", "/posts?saved=true")["total"] == 0


def test_what_one_wrote_goes_with_the_account(centre: Centre, desk: Desk) -> None:
    post_id, guest, reader = (
        desk.publish(audience=["everyone"]),
        centre.guest(),
        centre.staff("200003"),
    )
    guest.ok("PUT", f"/posts/{post_id}/saved", {"marked": True})
    reader.ok("POST", f"/posts/{post_id}/comments", {"text": "我写的"})
    [row] = reader.ok("GET", "/me/export")["records"]["post_comments"]
    assert row["text"] == "我写的"
    for phone in (guest, reader):
        phone.ok("DELETE", "/me", {"confirm": "erase"})
    assert (PostMark.select().count(), PostComment.select().count()) == (0, 0)


def test_a_notice_is_seen_once_and_not_by_others(centre: Centre, desk: Desk) -> None:
    post_id, reader = desk.publish(), centre.staff("200003")
    author = Staff.get(Staff.number == HOST).id
    assert Post.get_by_id(post_id).author_id == author
    reader.ok("POST", f"/posts/{post_id}/comments", {"text": "好"})
    assert desk.phone.ok("GET", "/posts/home")["notices"] == 1
    [news] = _news(desk.phone)
    reader.ok("PUT", "/posts/notices", {"until": news["at"]})
    assert desk.phone.ok("GET", "/posts/home")["notices"] == 1
    desk.phone.ok("PUT", "/posts/notices", {"until": news["at"]})
    assert desk.phone.ok("GET", "/posts/home")["notices"] == 0
    assert PostNotice.get().seen_at is not None
