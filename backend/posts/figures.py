"""The figures of posts and columns: 阅读率, 项目内阅读占比, 分享率, 转化率, likes and comments.

| figure | is |
|---|---|
| 阅读率 `reading_rate` | staff of the audience of now who read ÷ that audience |
| 项目内阅读占比 `internal_rate` | readers who are staff ÷ all readers |
| 分享率 `sharing_rate` | readers who shared ÷ readers who are staff |
| 转化率 `conversion_rate` | readers who joined the attached event or came by a share ÷ all readers |

A column adds up the counts of its posts; its rates are those of the sums.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from backend.db import Database
from backend.identity.models import Staff
from backend.posts import audience
from backend.posts.models import PUBLISHED, Post, PostColumn, PostReading, PostVersion

_COUNTS_SQL = """
SELECT
  (SELECT COUNT(*) FROM post_reading r WHERE r.post_id = p.id AND r.staff_id IS NOT NULL),
  (SELECT COUNT(*) FROM post_reading r WHERE r.post_id = p.id),
  (SELECT COUNT(*) FROM post_share s WHERE s.post_id = p.id AND EXISTS (
     SELECT 1 FROM post_reading r WHERE r.post_id = p.id AND r.staff_id = s.staff_id)),
  (SELECT COUNT(*) FROM post_reading r WHERE r.post_id = p.id AND (
     EXISTS (SELECT 1 FROM post_arrival a WHERE a.post_id = p.id
             AND (a.staff_id = r.staff_id OR (a.staff_id IS NULL AND a.account_id = r.account_id)))
     OR EXISTS (SELECT 1 FROM player j WHERE j.event_id = p.event_id
                AND (j.staff_id = r.staff_id
                     OR (j.staff_id IS NULL AND j.account_id = r.account_id))))),
  (SELECT COUNT(*) FROM post_arrival a WHERE a.post_id = p.id),
  (SELECT COUNT(*) FROM post_mark m WHERE m.post_id = p.id AND m.kind = 'like'),
  (SELECT COUNT(*) FROM post_comment c WHERE c.post_id = p.id AND c.status = 'approved')
FROM post p WHERE p.id = ?
"""


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
            "sharing_rate": _rate(self.sharers, self.staff_readers),
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
    reached = members.where(Staff.id.in_(read)).count()
    [counts] = database.sql(_COUNTS_SQL, (post.id,)).fetchall()
    return PostCounts(members.count(), reached, *counts)


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
