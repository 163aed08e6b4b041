"""Pinned posts for the big screen, where everybody in the hall reads along.

Nobody knows who stands before a big screen, so it shows what guests may read.
"""

from dataclasses import dataclass
from typing import Any

from backend.errors import NotFound
from backend.identity.principal import Principal
from backend.posts import audience, pictures
from backend.posts.markdown import opening
from backend.posts.models import Post, PostColumn, PostPicture, PostVersion

ANYBODY = Principal(0, "", None, ())
MOST_POSTS = 12


@dataclass(frozen=True)
class PinnedPost:
    """A pinned post: `text` is its summary, or else its first paragraph."""

    id: int
    title: str
    text: str
    column: str
    cover_id: int | None


def pinned(now: int) -> list[PinnedPost]:
    """Return the pinned posts that guests may read, the newest first, at most `MOST_POSTS`."""
    rows: Any = (
        Post.select(Post.id, PostColumn, PostVersion)
        .join(PostColumn)
        .switch(Post)
        .join(PostVersion, on=(PostVersion.id == Post.shown_id), attr="version")
        .where(Post.pinned, audience.is_shown(ANYBODY, now))
        .order_by(Post.shown_at.desc(), Post.id.desc())
        .limit(MOST_POSTS)
    )
    return [
        PinnedPost(
            row.id,
            row.version.title,
            row.version.summary or opening(row.version.body),
            row.column.title,
            row.version.cover_id,
        )
        for row in rows
    ]


def picture(picture_id: int, now: int) -> bytes:
    """Return a picture of a post that guests may read; raises `NotFound`."""
    found = PostPicture.select(PostPicture.post).where(PostPicture.id == picture_id).first()
    if found is None:
        raise NotFound
    return pictures.data_for(ANYBODY, found.post_id, picture_id, now)
