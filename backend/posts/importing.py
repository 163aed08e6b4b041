"""Reads posts from Markdown files with front matter, and imports them by their code.

```
---
code: bus-2026-12        # without it, the name of the file
column: 上传下达
title: 班车时刻调整
audience: [staff]
cover: covers/bus.jpg    # a picture below the folder of the file
publish: true
---
The text, in Markdown.
```
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import marshmallow as ma
import yaml

from backend.db import Database
from backend.errors import LinkaError
from backend.moderation.pictures import CleanPicture, clean
from backend.posts import pictures, writing
from backend.posts.models import PUBLISHED, Post, PostColumn
from backend.posts.schemas import PostFacts
from backend.web.bodies import MAX_UPLOAD_BYTES
from backend.web.schema import Text

ADDED, CHANGED, UNCHANGED = "added", "changed", "unchanged"
_FENCE = "---"


class BadPost(LinkaError):
    """A file that is not a post; the message says why."""

    slug = "bad_post"
    status = 422
    zh = "{reason}"
    en = "{reason}"


class _FileSchema(PostFacts):
    """The front matter of a file, with the text as `body`."""

    code = Text(1, 80, required=True)
    column = Text(1, 20, required=True)
    title = Text(1, 60, required=True)
    cover = Text(1, 200)
    note = Text(0, 200)
    publish = ma.fields.Boolean(load_default=False)


@dataclass(frozen=True)
class PostFile:
    """A file that was read; `facts` are the argument of `writing.make`.

    `cover` is the content of the picture that the file names; None if it names none.
    """

    code: str
    column: str
    publish: bool
    facts: dict[str, Any]
    cover: bytes | None = None


def read_post(file: Path) -> PostFile:
    """Read a file in UTF-8, and the picture that it names as its cover.

    Without a code in the front matter, the code is the name of the file. Raises `BadPost`.
    """
    try:
        head, body = _parted(file.read_bytes().decode())
    except UnicodeDecodeError:
        raise _bad("文件不是 UTF-8 编码，请另存为 UTF-8。") from None
    try:
        written = yaml.safe_load(head)
    except yaml.YAMLError as error:
        raise _bad(f"文件头不是 YAML：{' '.join(str(error).split())}") from None
    if not isinstance(written, dict):
        raise _bad("文件头须写成“名称: 内容”。")
    try:
        facts = _FileSchema().load({"code": file.stem, **_moments(written), "body": body})
    except ma.ValidationError as error:
        raise _bad(f"文件头有误：{error.messages}") from None
    code, column, publish = (facts.pop(key) for key in ("code", "column", "publish"))
    cover = _read_cover(file.parent, facts.pop("cover")) if "cover" in facts else None
    return PostFile(code, column, publish, facts, cover)


def import_post(database: Database, file: PostFile, now: int) -> str:
    """Add a post, or change the post with its code; returns what was done.

    A file without changes does not publish a withdrawn post again; without a cover, it leaves the
    cover of the post as it is. Raises `BadPost`, `BadPicture`, `TooManyPostPictures`, and `Invalid`
    for an unknown audience.
    """
    column = PostColumn.get_or_none(PostColumn.title == file.column)
    if column is None:
        raise _bad(f"没有这个栏目：{file.column}。")
    drawn = None if file.cover is None else clean(file.cover)
    with database.write():
        post = Post.get_or_none(Post.code == file.code)
        if post is None:
            post = writing.make(database, column, file.facts, writing.SHELL, now, file.code)
            cover = _cover(database, post, file, drawn, now)
            if cover:
                writing.newest(post).change(**cover)
            outcome = ADDED
        else:
            before = writing.source_of(post)
            facts = dict.fromkeys(writing.TEXTS, "") | file.facts
            facts |= _cover(database, post, file, drawn, now)
            version = writing.newest(post).number
            post = writing.revise(database, post, facts, version, writing.SHELL, now)
            outcome = UNCHANGED if writing.source_of(post) == before else CHANGED
        was_shown = post.shown_id == post.draft_id
        is_over = was_shown and (outcome == UNCHANGED or post.state == PUBLISHED)
        if file.publish and not is_over:
            _publish(database, post, file, now)
    return outcome


def _cover(
    database: Database, post: Post, file: PostFile, drawn: CleanPicture | None, now: int
) -> dict[str, int]:
    """Keep the cover of a file, the same one once; returns it as a field of a version."""
    if file.cover is None or drawn is None:
        return {}
    digest = pictures.digest(file.cover)
    return {"cover_id": pictures.keep(database, post, digest, drawn, None, now).id}


def _publish(database: Database, post: Post, file: PostFile, now: int) -> None:
    steps = {
        writing.WITHDRAWN: ("reopen", "submit", "publish"),
        writing.DRAFT: ("submit", "publish"),
    }
    for action in steps.get(post.state, ("publish",)):
        step = writing.PostStep(action, _note(post, file) if action == "publish" else "")
        post = writing.act(database, post, step, writing.SHELL, now)


def _note(post: Post, file: PostFile) -> str:
    return str(file.facts.get("note", "")) or ("内容有更新。" if post.shown_id else "")


def _parted(text: str) -> tuple[str, str]:
    lines = text.lstrip("\ufeff").splitlines()
    marks = [place for place, line in enumerate(lines) if line.strip() == _FENCE]
    if len(marks) < 2 or marks[0] != 0:
        raise _bad("文件须以 --- 开头的文件头起，正文写在第二个 --- 之后。")
    return "\n".join(lines[1 : marks[1]]), "\n".join(lines[marks[1] + 1 :])


def _read_cover(folder: Path, name: str) -> bytes:
    """Return a picture at or below a folder; raises `BadPost`."""
    picture = (folder / name).resolve()
    if not picture.is_relative_to(folder.resolve()):
        raise _bad(f"封面须放在文章文件的文件夹里：{name}。")
    if not picture.is_file():
        raise _bad(f"找不到封面：{name}。")
    if picture.stat().st_size > MAX_UPLOAD_BYTES:
        raise _bad(f"封面超过 {MAX_UPLOAD_BYTES // 1_000_000} MB，请缩小：{name}。")
    return picture.read_bytes()


def _moments(written: dict[str, Any]) -> dict[str, Any]:
    """Return front matter with moments as text again; YAML has parsed them."""
    return {
        str(name): value.isoformat() if hasattr(value, "isoformat") else value
        for name, value in written.items()
    }


def _bad(reason: str) -> BadPost:
    return BadPost(reason=reason)
