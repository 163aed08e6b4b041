"""What is planned: posts that appear or end at a set time."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from backend.posts import submitted
from backend.posts.models import PUBLISHED, WITHDRAWN, Post, PostColumn, PostVersion

APPEARS, LATE, ENDS = "appears", "late", "ends"


@dataclass(frozen=True)
class PlannedPost:
    """That a post appears (`APPEARS`) or ends (`ENDS`) at a moment, or should have appeared then and is
    not published (`LATE`)."""

    at: int
    kind: str
    post_id: int
    title: str
    column: str
    state: str


def planned(columns: list[PostColumn], now: int, until: int) -> list[PlannedPost]:
    """Return what is planned in columns up to a moment, the earliest first."""
    ids = [column.id for column in columns]
    rows = (
        Post.select(Post, PostColumn, PostVersion.title)
        .join(PostColumn)
        .switch(Post)
        .join(PostVersion, on=(PostVersion.id == Post.draft_id), attr="version")
        .where(
            Post.column.in_(ids),
            Post.state != WITHDRAWN,
            Post.id.not_in(submitted.open_posts()),
            (Post.publish_at <= until) | (Post.expires_at.between(now, until)),
        )
    )
    found = [one for row in rows for one in _of_post(row, now, until)]
    return sorted(found, key=lambda one: (one.at, one.post_id))


def _of_post(post: Any, now: int, until: int) -> Iterator[PlannedPost]:
    about = (post.id, post.version.title, post.column.title, post.state)
    is_published = post.state == PUBLISHED
    appears = post.shown_at if is_published else post.publish_at
    if appears is not None and now < appears <= until:
        yield PlannedPost(appears, APPEARS, *about)
    elif appears is not None and appears <= now and not is_published:
        yield PlannedPost(appears, LATE, *about)
    if post.expires_at is not None and now < post.expires_at <= until:
        yield PlannedPost(post.expires_at, ENDS, *about)
