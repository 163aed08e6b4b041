"""The figures of posts and columns: 阅读率, 项目内阅读占比, 分享率, 转化率, likes and comments.

| figure | is |
|---|---|
| 阅读率 `reading_rate` | staff of the audience of now who read ÷ that audience |
| 项目内阅读占比 `internal_rate` | readers who are staff ÷ all readers |
| 分享率 `sharing_rate` | readers who shared ÷ all readers |
| 转化率 `conversion_rate` | readers who joined the attached event or came by a share ÷ all readers |

A person who read a post as a guest, was bound to the roster and read it again is one reader.

A column adds up the counts of its posts; its rates are those of the sums.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

import peewee
from peewee import fn

from backend.db import Database, Model
from backend.events.models import Player
from backend.identity.models import Staff
from backend.moderation.policy import APPROVED
from backend.posts import audience
from backend.posts.models import (
    PUBLISHED,
    Post,
    PostArrival,
    PostColumn,
    PostComment,
    PostMark,
    PostReading,
    PostShare,
    PostVersion,
)


@dataclass(frozen=True)
class PostCounts:
    """What is counted of a post: staff of its audience, how many of these read it, readers who are
    staff, all readers, readers who shared it, readers who were converted, what shares brought."""

    audience: int = 0
    reached: int = 0
    staff_readers: int = 0
    readers: int = 0
    sharers: int = 0
    converted: int = 0
    brought: int = 0
    likes: int = 0
    comments: int = 0

    def shown(self) -> dict[str, Any]:
        """Return counts and rates; a rate of nothing is null."""
        counts = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            **counts,
            "reading_rate": _rate(self.reached, self.audience),
            "internal_rate": _rate(self.staff_readers, self.readers),
            "sharing_rate": _rate(self.sharers, self.readers),
            "conversion_rate": _rate(self.converted, self.readers),
        }


def _rate(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def of_post(database: Database, post: Post) -> PostCounts:
    """Return the counts of a post."""
    members = audience.members(post).order_by()
    read = PostReading.select(PostReading.staff).where(
        PostReading.post == post.id, PostReading.staff.is_null(False)
    )
    counts = (
        _count(PostReading, PostReading.post == post.id, PostReading.staff.is_null(False)),
        _count(PostReading, PostReading.post == post.id, _is_one_reader(post)),
        _count(PostShare, PostShare.post == post.id, PostShare.staff.in_(read)),
        _count(
            PostReading,
            PostReading.post == post.id,
            _is_one_reader(post),
            _was_brought(post) | _has_joined(post),
        ),
        _count(PostArrival, PostArrival.post == post.id),
        _count(PostMark, PostMark.post == post.id, PostMark.kind == "like"),
        _count(PostComment, PostComment.post == post.id, PostComment.status == APPROVED),
    )
    [found] = database.rows(Post.select(*counts).where(Post.id == post.id))
    return PostCounts(members.count(), members.where(Staff.id.in_(read)).count(), *found)


def _count(model: type[Model], *conditions: Any) -> peewee.ModelSelect:
    return model.select(fn.COUNT(model.id)).where(*conditions)


def _is_one_reader(post: Post) -> Any:
    """Return the condition for readings without those of guests who read a post again as staff."""
    again = PostReading.alias("again")
    accounts = (
        Staff.select(Staff.account)
        .join(again, on=(again.staff == Staff.id))
        .where(again.post == post.id, Staff.account.is_null(False))
    )
    return PostReading.account.is_null() | PostReading.account.not_in(accounts)


def _was_brought(post: Post) -> Any:
    """Return the condition for readings of people whom a share brought to a post."""
    arrivals = PostArrival.select().where(
        PostArrival.post == post.id,
        (PostArrival.staff == PostReading.staff)
        | (PostArrival.staff.is_null() & (PostArrival.account_id == PostReading.account)),
    )
    return fn.EXISTS(arrivals)


def _has_joined(post: Post) -> Any:
    """Return the condition for readings of people who joined the event that a post is about."""
    players = Player.select().where(
        Player.event == post.event_id,
        (Player.staff_id == PostReading.staff)
        | (Player.staff_id.is_null() & (Player.account_id == PostReading.account)),
    )
    return fn.EXISTS(players)


def total(counts: Iterable[PostCounts]) -> PostCounts:
    """Return the sum of counts."""
    rows = [[getattr(one, field.name) for field in fields(one)] for one in counts]
    return PostCounts(*(sum(column) for column in zip(*rows, strict=True)))


def of_columns(database: Database, columns: list[PostColumn], most: int) -> list[dict[str, Any]]:
    """Return the figures of columns, each for its newest published posts, at most `most`."""
    found = []
    for column in columns:
        posts = list(
            Post.select(Post, PostVersion.title)
            .join(PostVersion, on=(PostVersion.id == Post.shown_id), attr="version")
            .where(Post.column == column, Post.state == PUBLISHED)
            .order_by(Post.shown_at.desc(), Post.id.desc())
            .limit(most)
        )
        counts = [of_post(database, post) for post in posts]
        if posts:
            items = [
                {"id": post.id, "title": post.version.title, **one.shown()}
                for post, one in zip(posts, counts, strict=True)
            ]
            found.append(
                {"id": column.id, "title": column.title, **total(counts).shown(), "items": items}
            )
    return found
