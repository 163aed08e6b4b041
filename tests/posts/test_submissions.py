"""Submissions: seen by their author until they are sent, decided once by those who write in the column."""

from typing import Any

import pytest

from backend.clock import DAY_MS
from backend.config import Settings
from backend.identity.grants import grant
from backend.identity.models import AuditLine
from backend.moderation.models import BlockedWord
from backend.posts.models import Post, PostColumn, PostNotice, PostPicture, PostSubmission
from backend.posts.submissions import MOST_OPEN, body_of, parts_of
from backend.retention import erase_old
from tests.posts.conftest import NEWS, Desk
from tests.support import (
    OTHER_HOST,
    TRAINER,
    Centre,
    FakeClock,
    Phone,
    at_once,
    picture_bytes,
    refused,
)

RECIPES, TIPS = "厨艺菜谱", "服务技巧"
PATH = "/posts/submissions"


def _facts(column: str = RECIPES, **facts: Any) -> dict[str, Any]:
    column_id = PostColumn.get(PostColumn.title == column).id
    return {"column_id": column_id, "title": "酸奶饼", "text": "先和面。", **facts}


def _sent(author: Phone, column: str = RECIPES, code: str = "phone-0001") -> int:
    """Write a submission with a picture and send it; returns its id."""
    made = author.ok("POST", PATH, {**_facts(column), "code": code})
    path = f"{PATH}/{made['id']}"
    picture = author.upload(f"{path}/pictures", picture_bytes())
    author.ok("PUT", path, {**_facts(column), "picture_ids": [picture["id"]]})
    author.ok("POST", f"{path}/transitions", {"action": "send"})
    return int(made["id"])


def _decide(phone: Phone, post_id: int, decision: str, reason: str = "", sent: int = 1) -> Any:
    body = {"decision": decision, "reason": reason, "sent": sent}
    return phone.put(f"{PATH}/{post_id}/decision", body)


@pytest.mark.parametrize("text", ["先和面。", "第一段\n\n第二段", "![](picture:3)"])
def test_a_text_and_its_pictures_are_parted_as_they_were_joined(text: str) -> None:
    assert parts_of(body_of(text, [7, 3])) == (text, [7, 3])
    assert parts_of(body_of(text, [])) == (text, [])


def test_a_draft_is_its_authors_alone_and_a_repeat_makes_no_second(
    centre: Centre, desk: Desk
) -> None:
    author, other = centre.staff("200003"), centre.staff("200004")
    body = {**_facts(), "code": "phone-0001"}
    [first, *more] = at_once([lambda: author.post(PATH, body)] * 4)
    assert {answer.json["id"] for answer in more} == {first.json["id"]}
    post_id = first.json["id"]
    path = f"{PATH}/{post_id}"
    picture = author.upload(f"{path}/pictures", picture_bytes())
    for phone in (other, desk.phone, centre.guest()):
        refused(phone.get(path), 404, "not_found")
        refused(phone.put(path, {**_facts(), "picture_ids": []}), 404, "not_found")
        refused(phone.post(f"{path}/transitions", {"action": "send"}), 404, "not_found")
        refused(phone.delete(path), 404, "not_found")
        refused(phone.get(picture["path"]), 404, "not_found")
    assert author.get(picture["path"]).status_code == 200
    refused(desk.phone.get(f"/posts/{post_id}/source"), 404, "not_found")
    assert desk.phone.ok("GET", "/posts/sources")["total"] == 0
    refused(_decide(desk.phone, post_id, "publish", sent=0), 422, "invalid")
    refused(_decide(desk.phone, post_id, "publish"), 404, "not_found")
    refused(centre.guest().post(PATH, body), 403, "staff_only")
    author.ok("DELETE", path)
    assert (Post.select().count(), PostPicture.select().count()) == (0, 0)


def test_it_waits_for_the_writers_of_its_column_and_is_published_with_the_authors_name(
    centre: Centre, desk: Desk
) -> None:
    author, reader, trainer = (centre.staff(one) for one in ("200003", "200004", TRAINER))
    post_id = _sent(author)
    seen = desk.phone.ok("GET", f"{PATH}/{post_id}")
    assert (seen["state"], seen["text"], len(seen["pictures"])) == ("waiting", "先和面。", 1)
    assert desk.phone.get(seen["pictures"][0]["path"]).status_code == 200
    for phone in (trainer, reader):
        refused(phone.get(f"{PATH}/{post_id}"), 404, "not_found")
        refused(_decide(phone, post_id, "publish"), 403, "forbidden")
    refused(
        author.put(f"{PATH}/{post_id}", {**_facts(), "picture_ids": []}), 409, "submission_moved"
    )
    refused(reader.get(f"/posts/{post_id}"), 404, "not_found")
    refused(desk.phone.get(f"/posts/{post_id}/source"), 404, "not_found")
    assert _decide(desk.phone, post_id, "publish").json["published"]
    shown = reader.ok("GET", f"/posts/{post_id}")
    person = centre.roster["200003"]
    assert shown["byline"] == f"{person['班组']} {person['姓名']}"
    assert shown["cover_path"] == shown["pieces"][1]["picture"]["path"]
    [news] = author.ok("GET", "/posts/notices")["items"]
    assert (news["kind"], news["post_id"]) == ("submission", post_id)
    assert author.ok("GET", PATH)["items"][0]["state"] == "accepted"
    refused(author.delete(f"{PATH}/{post_id}"), 409, "submission_moved")


def test_what_was_accepted_is_a_draft_that_an_editor_completes(centre: Centre, desk: Desk) -> None:
    post_id = _sent(centre.staff("200003"))
    assert not _decide(desk.phone, post_id, "accept").json["published"]
    assert desk.phone.ok("GET", f"/posts/{post_id}/source")["state"] == "draft"
    refused(centre.staff("200004").get(f"/posts/{post_id}"), 404, "not_found")


def test_of_two_reviewers_at_once_the_first_decides(centre: Centre, desk: Desk) -> None:
    post_id = _sent(centre.staff("200003"))
    other = centre.staff(OTHER_HOST)
    answers = at_once(
        [
            lambda: _decide(desk.phone, post_id, "publish"),
            lambda: _decide(other, post_id, "reject", "和栏目无关"),
            lambda: _decide(other, post_id, "return", "请补上用量"),
        ]
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    assert AuditLine.select().where(AuditLine.action.startswith("submission_")).count() == 1
    assert PostNotice.select().count() == 1
    is_published = answers[0].status_code == 200
    assert (Post.get().state == "published") == is_published


def test_what_was_returned_is_changed_and_sent_again(centre: Centre, desk: Desk) -> None:
    author = centre.staff("200003")
    post_id = _sent(author)
    path = f"{PATH}/{post_id}"
    refused(_decide(desk.phone, post_id, "return"), 422, "invalid")
    _decide(desk.phone, post_id, "return", "请补上用量")
    refused(desk.phone.get(path), 404, "not_found")
    [news] = author.ok("GET", "/posts/notices")["items"]
    assert "请补上用量" in news["text"]
    repeat = author.ok("POST", f"{path}/transitions", {"action": "send", "sent": 0})
    assert (repeat["state"], repeat["sent"]) == ("returned", 1)
    author.ok("PUT", path, {**_facts(text="面 500 克。"), "picture_ids": []})
    again = {"action": "send", "sent": 1}
    answers = at_once([lambda: author.post(f"{path}/transitions", again)] * 3)
    assert {(answer.json["state"], answer.json["sent"]) for answer in answers} == {("waiting", 2)}
    refused(_decide(desk.phone, post_id, "publish", sent=1), 409, "submission_moved")
    author.ok("POST", f"{path}/transitions", {"action": "take_back"})
    refused(_decide(desk.phone, post_id, "publish", sent=2), 404, "not_found")
    author.ok("POST", f"{path}/transitions", {"action": "send"})
    assert desk.phone.ok("GET", path)["text"] == "面 500 克。"
    _decide(desk.phone, post_id, "reject", "已经有一篇了", sent=3)
    refused(author.post(f"{path}/transitions", {"action": "send"}), 409, "submission_moved")


def test_what_its_author_never_sent_is_erased_with_its_pictures(
    centre: Centre, desk: Desk, settings: Settings, clock: FakeClock
) -> None:
    author = centre.staff("200003")
    database = desk.phone.app.extensions["linka.database"]

    def erased() -> int:
        return erase_old(database, settings, clock.now())["unsent_submissions"]

    accepted, waiting, returned = (_sent(author, code=f"phone-000{number}") for number in (1, 2, 3))
    _decide(desk.phone, accepted, "accept")
    begun = author.ok("POST", PATH, {**_facts(), "code": "phone-0004"})["id"]
    author.upload(f"{PATH}/{begun}/pictures", picture_bytes())
    clock.advance(seconds=60)
    assert _decide(desk.phone, returned, "return", "请补上用量").status_code == 200
    clock.advance(seconds=settings.keep_drafts_days * DAY_MS // 1000 - 60)
    assert erased() == 0
    clock.advance(seconds=60)
    assert erased() == 1
    assert PostPicture.select().where(PostPicture.post == begun).count() == 0
    left = {row.post_id for row in PostSubmission.select()}
    assert left == {accepted, waiting, returned}
    clock.advance(seconds=1)
    assert erased() == 1
    assert {row.post_id for row in PostSubmission.select()} == {accepted, waiting}


def test_a_text_with_a_listed_word_is_returned_at_once(centre: Centre, desk: Desk) -> None:
    BlockedWord.create(word="坏词", plain="坏词")
    author = centre.staff("200003")
    # The word is parted by the end of what is checked at once.
    text = "面" * 2_493 + "坏词" + "粉" * 2_000
    made = author.ok("POST", PATH, {**_facts(text=text), "code": "phone-0001"})
    sent = author.ok("POST", f"{PATH}/{made['id']}/transitions", {"action": "send"})
    assert (sent["state"], bool(sent["reason"])) == ("returned", True)
    refused(_decide(desk.phone, made["id"], "publish"), 409, "submission_moved")


def test_nobody_decides_about_an_own_submission(
    centre: Centre, desk: Desk, clock: FakeClock
) -> None:
    post_id = _sent(desk.phone)
    grant(
        "admin", OTHER_HOST, database=desk.phone.app.extensions["linka.database"], now=clock.now()
    )
    refused(_decide(desk.phone, post_id, "publish"), 403, "reviewed_by_author")


def test_columns_that_take_none_and_too_many_or_empty_ones_are_refused(
    centre: Centre, desk: Desk
) -> None:
    author = centre.staff("200003")
    body = {**_facts(NEWS), "code": "phone-0001"}
    refused(author.post(PATH, body), 409, "submissions_closed")
    made = author.ok("POST", PATH, {**_facts(title=""), "code": "phone-0000"})
    empty = author.post(f"{PATH}/{made['id']}/transitions", {"action": "send"})
    refused(empty, 422, "invalid")
    for place in range(1, MOST_OPEN):
        author.ok("POST", PATH, {**_facts(), "code": f"phone-00{place:02}"})
    refused(author.post(PATH, {**_facts(), "code": "phone-0999"}), 409, "too_many_submissions")
    PostColumn.update(takes_submissions=False).execute()
    refused(
        author.post(f"{PATH}/{made['id']}/transitions", {"action": "send"}),
        409,
        "submissions_closed",
    )


def test_what_was_not_accepted_goes_with_the_account(centre: Centre, desk: Desk) -> None:
    author = centre.staff("200003")
    kept, gone = _sent(author), _sent(author, code="phone-0002")
    _decide(desk.phone, kept, "accept")
    rows = author.ok("GET", "/me/export")["records"]["post_submissions"]
    assert [row["post_id"] for row in rows] == [kept, gone]
    author.ok("DELETE", "/me", {"confirm": "erase"})
    assert [post.id for post in Post.select()] == [kept]
    assert PostSubmission.select().count() == 0
    assert desk.phone.ok("GET", f"/posts/{kept}/source")["title"] == "酸奶饼"
