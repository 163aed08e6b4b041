"""Reads posts from Markdown files with front matter, and imports them by their code.

```
---
code: bus-2026-12        # without it, the name of the file
column: 上传下达
title: 班车时刻调整
audience: [staff]
publish: true
---
The text, in Markdown.
```
"""

from dataclasses import dataclass
from typing import Any

import marshmallow as ma
import yaml

from backend.db import Database
from backend.errors import LinkaError
from backend.posts import writing
from backend.posts.models import PUBLISHED, Post, PostColumn
from backend.posts.schemas import PostFacts
from backend.web.schema import Text

ADDED, CHANGED, UNCHANGED = "added", "changed", "unchanged"
_FENCE = "---"


class BadPost(LinkaError):
    """A file that is no post; the message says why."""

    slug = "bad_post"
    status = 422
    zh = "{reason}"
    en = "{reason}"


class _FileSchema(PostFacts):
    """The front matter of a file, with its text as `body`."""

    code = Text(1, 80, required=True)
    column = Text(1, 20, required=True)
    title = Text(1, 60, required=True)
    note = Text(0, 200)
    publish = ma.fields.Boolean(load_default=False)


@dataclass(frozen=True)
class PostFile:
    """A file that was read: `facts` are as `writing.make` takes them."""

    code: str
    column: str
    publish: bool
    facts: dict[str, Any]


def read_post(text: str, name: str) -> PostFile:
    """Read a file; `name` is its code where the front matter has none. Raises `BadPost`."""
    head, body = _parted(text)
    try:
        written = yaml.safe_load(head)
    except yaml.YAMLError as error:
        raise _bad(f"文件头不是 YAML：{' '.join(str(error).split())}") from None
    if not isinstance(written, dict):
        raise _bad("文件头须写成“名称: 内容”。")
    try:
        facts = _FileSchema().load({"code": name, **_moments(written), "body": body})
    except ma.ValidationError as error:
        raise _bad(f"文件头有误：{error.messages}") from None
    code, column, publish = (facts.pop(key) for key in ("code", "column", "publish"))
    return PostFile(code, column, publish, facts)


def import_post(database: Database, file: PostFile, now: int) -> str:
    """Add a post or write a new version of the one with its code; returns what was done.

    Raises `BadPost`, and `Invalid` for an audience that is unknown.
    """
    column = PostColumn.get_or_none(PostColumn.title == file.column)
    if column is None:
        raise _bad(f"没有这个栏目：{file.column}。")
    with database.write():
        post = Post.get_or_none(Post.code == file.code)
        if post is None:
            post = writing.make(database, column, file.facts, writing.SHELL, now, file.code)
            outcome = ADDED
        else:
            outcome = _revised(database, post, file, now)
        if file.publish and not (post.state == PUBLISHED and post.shown_id == post.draft_id):
            if post.state == writing.WITHDRAWN:
                post = writing.act(database, post, "reopen", writing.SHELL, now)
            if post.state == writing.DRAFT:
                post = writing.act(database, post, "submit", writing.SHELL, now)
            writing.act(database, post, "publish", writing.SHELL, now, note=_note(post, file))
    return outcome


def _revised(database: Database, post: Post, file: PostFile, now: int) -> str:
    before = writing.newest(post)
    texts = ("title", "summary", "body", "byline")
    if all(file.facts.get(name, "") == getattr(before, name) for name in texts):
        return UNCHANGED
    facts = dict.fromkeys(texts, "") | file.facts
    writing.revise(database, post, facts, before.number, writing.SHELL, now)
    post.draft_id = Post.get_by_id(post.id).draft_id
    return CHANGED


def _note(post: Post, file: PostFile) -> str:
    return str(file.facts.get("note", "")) or ("内容有更新。" if post.shown_id else "")


def _parted(text: str) -> tuple[str, str]:
    lines = text.lstrip("\ufeff").splitlines()
    marks = [place for place, line in enumerate(lines) if line.strip() == _FENCE]
    if len(marks) < 2 or marks[0] != 0:
        raise _bad("文件须以 --- 开头的文件头起，正文写在第二个 --- 之后。")
    return "\n".join(lines[1 : marks[1]]), "\n".join(lines[marks[1] + 1 :])


def _moments(written: dict[str, Any]) -> dict[str, Any]:
    """Return front matter whose moments are text again; YAML has read them."""
    return {
        str(name): value.isoformat() if hasattr(value, "isoformat") else value
        for name, value in written.items()
    }


def _bad(reason: str) -> BadPost:
    return BadPost(reason=reason)
