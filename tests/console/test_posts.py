"""Pages of posts: who may open them, and what they show."""

import re

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from backend.clock import to_iso
from backend.posts.models import Post, PostColumn
from backend.questions.models import Question
from tests.console.test_rehearse import given
from tests.support import ADMIN, HOST, START, TRAINER, Centre, FakeClock, Phone

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def page(phone: Phone, path: str) -> TestResponse:
    """Open a page of the console as the person with this phone."""
    headers = {"Authorization": f"Bearer {phone.token}"} if phone.token else {}
    return phone.app.test_client().get(f"/host{path}", headers=headers)


def test_writers_of_the_column_alone_open_a_post(centre: Centre) -> None:
    host, trainer, reader = centre.staff(HOST), centre.staff(TRAINER), centre.staff("200003")
    post_id = Post.get(Post.code == "opening-of-a-new-hall").id
    for path in (f"/posts/{post_id}", f"/posts/{post_id}/reach"):
        assert page(host, path).status_code == 200
        assert page(trainer, path).status_code == 403
        assert page(reader, path).status_code == 403
    pages = ("/posts", "/posts/list", "/posts/new", "/posts/comments", "/posts/comments/items")
    for path in (*pages, "/posts/figures"):
        assert page(host, path).status_code == page(trainer, path).status_code == 200
        assert page(reader, path).status_code == 403


def test_only_who_writes_in_a_column_finds_the_posts_in_the_navigation(
    centre: Centre, app: Flask, clock: FakeClock
) -> None:
    leader = given(centre, app, clock, "leader")
    assert 'href="/host/posts"' in page(centre.staff(TRAINER), "/teaching").text
    assert 'href="/host/posts"' not in page(leader, "/team").text
    PostColumn.update(writers=["leader"]).where(PostColumn.id == 1).execute()
    assert 'href="/host/posts"' in page(leader, "/team").text


def test_admins_alone_see_the_columns_and_writers_the_submissions(centre: Centre) -> None:
    admin, host, author = centre.staff(ADMIN), centre.staff(HOST), centre.staff("200003")
    shown = page(admin, "/posts/columns").text
    assert shown.count("上移") >= PostColumn.select().count() - 1
    assert page(host, "/posts/columns").status_code == 403
    column_id = PostColumn.get(PostColumn.title == "厨艺菜谱").id
    facts = {"column_id": column_id, "title": "<b>饼</b>", "text": "<script>x</script>"}
    made = author.ok("POST", "/posts/submissions", {**facts, "code": "phone-0001"})
    path = f"/posts/submissions/{made['id']}"
    assert page(host, path).status_code == 404
    author.ok("POST", f"{path}/transitions", {"action": "send"})
    assert "&lt;b&gt;饼" in page(host, "/posts/submissions").text
    assert "<script>x" not in page(host, path).text
    assert page(centre.staff(TRAINER), path).status_code == 404
    assert page(author, "/posts/submissions").status_code == 403


def test_the_plan_holds_what_appears_and_ends_in_the_own_columns(centre: Centre) -> None:
    host, trainer = centre.staff(HOST), centre.staff(TRAINER)
    day = 24 * 3_600_000
    body = {"column_id": 1, "body": "正文"}
    for title, days in (("下周的新闻", 7), ("早该发的新闻", -1), ("明年的新闻", 300)):
        at = to_iso(START + days * day)
        host.ok("POST", "/posts", {**body, "title": title, "publish_at": at})
    ends = {**body, "title": "快到期的新闻", "expires_at": to_iso(START + 3 * day)}
    host.ok("POST", "/posts", ends)
    shown = page(host, "/posts/plan").text
    late, planned = shown.split("早该发的新闻")
    assert "过了时间还没发布" in late
    assert planned.index("快到期的新闻") < planned.index("下周的新闻")
    assert "明年的新闻" not in shown
    # Sunday, 22 November, is today; the calendar has whole weeks from Monday on.
    days = re.findall(r'<section class="panel calendar__day([^"]*)" aria-label="([^"]*)"', shown)
    assert len(days) == 49
    assert days[0] == (" calendar__day--past calendar__day--empty", "11月16日（周一）")
    assert days[6] == (" calendar__day--today calendar__day--empty", "11月22日（周日）")
    assert days[13] == ("", "11月29日（周日）")
    assert "下周的新闻" not in page(trainer, "/posts/plan").text
    assert page(centre.staff("200003"), "/posts/plan").status_code == 403


def test_a_list_holds_the_own_columns_in_the_state_that_is_asked_for(centre: Centre) -> None:
    trainer = centre.staff(TRAINER)
    shown = page(trainer, "/posts").text
    assert "五分钟弄懂携号转网资格" in shown
    assert "青稞曲奇" not in shown
    assert "没有文章" in page(trainer, "/posts/list?state=draft").text


def test_the_page_of_a_post_shows_it_as_a_phone_does_and_who_is_missing(centre: Centre) -> None:
    host = centre.staff(HOST)
    post_id = Post.get(Post.code == "bus-winter-2026").id
    Post.update(shown_at=START).execute()
    centre.staff("200003").ok("PUT", f"/posts/{post_id}/reading", {"confirmed": True})
    shown = page(host, f"/posts/{post_id}").text
    for words in ("<td>1 号线（东城）</td>", "收到 <strong>1</strong>", "话务五组 · 早班"):
        assert words in shown


def test_no_version_of_a_post_that_was_taken_back_is_what_readers_see(centre: Centre) -> None:
    host = centre.staff(HOST)
    post_id = Post.get(Post.code == "opening-of-a-new-hall").id
    assert "读者看到的" in page(host, f"/posts/{post_id}").text
    host.ok("POST", f"/posts/{post_id}/transitions", {"action": "withdraw"})
    shown = page(host, f"/posts/{post_id}").text
    assert "以前发布的" in shown
    assert "读者看到的" not in shown


def test_readers_of_a_post_are_chosen_from_what_the_roster_has(centre: Centre) -> None:
    host, reader = centre.staff(HOST), centre.staff("200003")
    name = centre.roster["200003"]["姓名"]
    found = page(host, "/posts/people?words=200003").text
    assert 'data-group="person:200003"' in found
    assert name in found
    assert "花名册里没有" in page(host, "/posts/people?words=<b>").text
    assert "<b>" not in page(host, "/posts/people?words=<b>").text
    assert page(host, "/posts/people?words=").text.strip() == ""
    assert page(reader, "/posts/people?words=200003").status_code == 403
    groups = ["team:话务五组", "person:200003", "duty:2026-12-01"]
    facts = {"column_id": 1, "title": "题", "body": "文", "audience": groups}
    made = host.ok("POST", "/posts", facts)
    shown = page(host, f"/posts/{made['id']}").text
    assert f"给{name}（200003）、话务五组、12 月 1 日当班的人看" in shown
    assert 'value="team:话务五组" checked' in shown
    for group in groups[1:]:
        assert f'type="hidden" name="audience" data-many value="{group}"' in shown


def test_what_was_typed_is_no_html_of_the_page(centre: Centre) -> None:
    host = centre.staff(HOST)
    body = {"column_id": 1, "title": "<b>题</b>", "body": "<script>alert(1)</script>"}
    made = host.ok("POST", "/posts", body)
    shown = page(host, f"/posts/{made['id']}").text
    assert "<script>alert" not in shown
    assert "<b>题" not in shown


def test_figures_and_comments_of_the_own_columns_are_shown(centre: Centre) -> None:
    host, reader = centre.staff(HOST), centre.staff("200003")
    Post.update(shown_at=START).execute()
    post_id = Post.get(Post.code == "opening-of-a-new-hall").id
    reader.ok("PUT", f"/posts/{post_id}/reading", {})
    reader.ok("POST", f"/posts/{post_id}/comments", {"text": "<i>真好</i>"})
    shown = page(host, "/posts/figures").text
    assert "阅读率" in shown
    assert "青稞曲奇" in shown
    comments = page(host, "/posts/comments?status=all").text
    assert "&lt;i&gt;真好" in comments
    assert "没有要审核的评论" in page(host, "/posts/comments").text
    assert "真好" not in page(centre.staff(TRAINER), "/posts/comments?status=all").text


def test_questions_are_found_by_words_and_topic_without_their_keys(
    centre: Centre, app: Flask, clock: FakeClock
) -> None:
    host, leader = centre.staff(HOST), given(centre, app, clock, "leader")
    question = Question.get(Question.code == "B-001")
    Question.update(stem="<b>哪个</b>最大？", explanation="秘密的解析").where(
        Question.id == question.id
    ).execute()
    found = page(host, "/posts/questions?words=B-001&in=business").text
    assert "&lt;b&gt;哪个&lt;/b&gt;最大？" in found
    assert all(text in found for text in question.options)
    assert "秘密的解析" not in found
    assert found.count("data-pick") == 1
    topic = page(host, f"/posts/questions?in=business:{question.topic}").text
    assert "一共" in topic
    assert topic.count("data-pick") == 8
    assert "没有找到" in page(host, "/posts/questions?words=没有这样的题").text
    for change in ({"expires_on": "2026-11-21"}, {"current": False}):
        Question.update(change).where(Question.id == question.id).execute()
        assert "没有找到" in page(host, "/posts/questions?words=B-001&in=business").text
    named = page(host, "/posts/questions/named?name=business:B-002&name=<i>").text
    assert 'value="business:B-002"' in named
    assert "第 2 道：没有这道题，或者已作废：&lt;i&gt;。" in named
    # A leader may write where an admin says so, and plays: the banks are not shown.
    PostColumn.update(writers=["leader"]).where(PostColumn.id == 1).execute()
    assert "data-questions" not in page(leader, "/posts/new").text
    assert 'name="questions"' in page(leader, "/posts/new").text
    for path in ("/posts/questions?words=B", "/posts/questions/named?name=business:B-002"):
        assert page(leader, path).status_code == 403
        assert page(centre.staff("200003"), path).status_code == 403
