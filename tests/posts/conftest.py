"""Posts of tests, and those who write and read them."""

from dataclasses import dataclass
from typing import Any

import pytest

from backend.posts.models import Post, PostColumn
from tests.support import HOST, Centre, Phone

NEWS, NOTICES = "新闻资讯", "上传下达"


@dataclass
class Desk:
    """An editor of all columns of hosts."""

    phone: Phone

    def draft(self, column: str = NEWS, **facts: Any) -> dict[str, Any]:
        """Write a draft."""
        column_id = PostColumn.get(PostColumn.title == column).id
        body = {"column_id": column_id, "title": "明天停水", "body": "请提前接水。", **facts}
        made: dict[str, Any] = self.phone.ok("POST", "/posts", body)
        return made

    def act(self, post_id: int, action: str, note: str = "", **more: Any) -> dict[str, Any]:
        """Carry out an action on a post."""
        path, body = f"/posts/{post_id}/transitions", {"action": action, "note": note, **more}
        done: dict[str, Any] = self.phone.ok("POST", path, body)
        return done

    def correct(self, post_id: int, **more: Any) -> None:
        """Publish another text of a published post."""
        path = f"/posts/{post_id}/source"
        version = self.phone.ok("GET", path)["version"]
        body = {"version": version, "body": f"第 {version + 1} 版的正文。"}
        self.phone.ok("PUT", path, body)
        self.act(post_id, "publish", note="写错了时间", **more)

    def publish(self, column: str = NEWS, **facts: Any) -> int:
        """Write, review and publish a post; returns its id."""
        post_id = int(self.draft(column, **facts)["id"])
        self.act(post_id, "submit")
        self.act(post_id, "publish")
        return post_id


@pytest.fixture
def desk(centre: Centre) -> Desk:
    """Return an editor; the sample's posts are deleted."""
    Post.delete().execute()
    return Desk(centre.staff(HOST))
