"""Pinned posts on the big screen: those that guests may read, and no others."""

from typing import Any

import pytest

from backend.posts.markdown import opening
from tests.posts.conftest import Desk
from tests.support import Centre, FakeClock, picture_bytes, refused


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("第一段，**加粗**。\n\n第二段。", "第一段，加粗。"),
        ("# 标题\n\n1 < 2 & 3\n第二行", "1 < 2 & 3 第二行"),
        ("![图](picture:3)\n\n- 只有列表", ""),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("", ""),
    ],
)
def test_the_first_paragraph_of_a_text_is_plain_words(body: str, words: str) -> None:
    assert opening(body) == words


def test_the_screen_shows_pinned_posts_that_guests_may_read(
    centre: Centre, desk: Desk, clock: FakeClock
) -> None:
    host = centre.host()
    event = centre.open_event(host)

    def shown() -> list[dict[str, Any]]:
        posts: list[dict[str, Any]] = host.ok("GET", f"/events/{event['id']}/screen-views")["posts"]
        return posts

    def cover(picture_id: int) -> str:
        return f"/events/{event['id']}/screen-covers/{picture_id}"

    open_to_all = {"pinned": True, "audience": ["everyone"]}
    for facts in ({"audience": ["everyone"]}, {"pinned": True}, {**open_to_all, "pinned": False}):
        desk.publish(**facts)
    desk.draft(**open_to_all)
    desk.publish(**open_to_all, publish_at="2026-11-22T03:00:00Z", title="一小时以后")
    post_id = desk.draft(**open_to_all, title="开放日", body="欢迎家属。\n\n带上孩子。")["id"]
    picture = desk.phone.upload(f"/posts/{post_id}/pictures", picture_bytes())
    desk.phone.ok("PUT", f"/posts/{post_id}/source", {"version": 1, "cover_id": picture["id"]})
    refused(host.get(cover(picture["id"])), 404, "not_found")
    desk.act(post_id, "submit")
    desk.act(post_id, "publish")
    [post] = shown()
    address = f"/api/v1{cover(picture['id'])}"
    assert post == {
        "id": post_id,
        "title": "开放日",
        "text": "欢迎家属。",
        "column": "新闻资讯",
        "picture": address,
    }
    assert host.get(cover(picture["id"])).status_code == 200
    refused(centre.guest().get(cover(picture["id"])), 403, "forbidden")
    clock.advance(3600)
    host = centre.host()
    assert [one["title"] for one in shown()] == ["一小时以后", "开放日"]
    desk.phone = host
    desk.phone.ok("PUT", f"/posts/{post_id}/source", {"version": 2, "audience": ["staff"]})
    assert [one["title"] for one in shown()] == ["一小时以后"]
    refused(host.get(cover(picture["id"])), 404, "not_found")
