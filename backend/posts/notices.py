"""Notices to people about posts: reminders, and decisions about what they wrote.

A notice is a row that stays until the person has seen it, so that a phone that was off line finds
it; connected phones are told at once. The unique `source` prevents a second notice of the same
fact.
"""

from typing import Any, Protocol

from peewee import Case, fn

from backend.db import Database
from backend.events import lifecycle
from backend.events.models import Event, Player
from backend.identity.principal import Principal
from backend.posts import audience
from backend.posts.catalog import PostsOfGroups
from backend.posts.models import Post, PostColumn, PostNotice, PostReading, PostVersion
from backend.web.paging import paged

MESSAGE = "posts.notice"
REMINDER, COMMENT, DECIDED = "reminder", "comment", "decided"
SUBMISSION, LIKES = "submission", "likes"
NOTICE_KINDS = (REMINDER, COMMENT, DECIDED, SUBMISSION, LIKES)
# The same rules as `_of`, besides the audience; `tests/posts/test_notices.py` compares both.
_UNSEEN_SQL = f"""
SELECT n.post_id, p.author_id = n.staff_id FROM post_notice n JOIN post p ON p.id = n.post_id
LEFT JOIN post_reading r ON r.post_id = n.post_id AND r.staff_id = n.staff_id
WHERE n.staff_id = ? AND n.seen_at IS NULL AND NOT (n.kind = '{REMINDER}' AND r.id IS NOT NULL
  AND (NOT p.must_read OR COALESCE(r.confirmed_version, 0) >= p.confirm_from))
"""  # nosec B608 # our own names


class NoticeFeed(Protocol):
    """The methods of the feed that notices use."""

    def publish(self, event_id: int, kind: str, **data: Any) -> None:
        """Add a message to the feed of an event."""


def tell(post_id: int, staff_id: int | None, kind: str, source: str, text: str, now: int) -> bool:
    """Write a notice to a person of the roster, in the caller's transaction; return whether it is new.

    A repeat changes nothing.
    """
    if staff_id is None:
        return False
    facts = {"post": post_id, "staff": staff_id, "kind": kind, "text": text, "at": now}
    return PostNotice.insert_new(PostNotice.source, source=source, **facts) is not None


def publish(feed: NoticeFeed, post_id: int, now: int) -> None:
    """Tell connected phones, after the commit.

    Each open event tells its players who have an unseen notice about the post.
    """
    states = (lifecycle.SCHEDULED, lifecycle.OPEN)
    for event in Event.select().where(Event.state.in_(states), ~Event.rehearsal):
        if lifecycle.state(event, now) == lifecycle.OPEN:
            feed.publish(event.id, MESSAGE, post_id=post_id)


def players_told(database: Database, event_id: int, post_id: int) -> frozenset[int]:
    """Return the players of an event who have an unseen notice about a post."""
    unseen_by = PostNotice.select(PostNotice.staff).where(
        PostNotice.post == post_id, PostNotice.seen_at.is_null()
    )
    players = Player.select(Player.id).where(
        Player.event == event_id, Player.staff_id.in_(unseen_by)
    )
    return frozenset(player_id for (player_id,) in database.rows(players))


def unseen(database: Database, who: Principal, posts: PostsOfGroups, now: int) -> int:
    """Return how many notices a person has not seen; `posts` are those that they see now."""
    if who.person is None:
        return 0
    rows = database.read(_UNSEEN_SQL, (who.person.staff_id,))
    return sum(
        bool(is_author) or posts.find(post_id, now) is not None for post_id, is_author in rows
    )


def listed(
    database: Database, who: Principal, posts: PostsOfGroups, query: dict[str, Any], now: int
) -> dict[str, Any]:
    """Return a page of a person's notices, the newest first, and how many are unseen."""
    asked = {name: query[name] for name in ("page", "page_size")}
    if not who.is_staff:
        return {"items": [], "total": 0, "unseen": 0, **asked}
    rows, total = paged(_of(who, now).order_by(PostNotice.at.desc(), PostNotice.id.desc()), asked)
    items = [
        {
            "id": row.id,
            "post_id": row.post_id,
            "title": row.title,
            "kind": row.kind,
            "text": row.text,
            "at": row.at,
            "seen_at": row.seen_at,
        }
        for row in rows
    ]
    return {"items": items, "total": total, "unseen": unseen(database, who, posts, now), **asked}


def see(database: Database, who: Principal, until: int, now: int) -> None:
    """Store that a person has seen their notices up to a moment."""
    if who.person is None:
        return
    mine = (PostNotice.staff == who.person.staff_id) & (PostNotice.at <= until)
    with database.write():
        PostNotice.update(seen_at=now).where(mine, PostNotice.seen_at.is_null()).execute()


def _of(who: Principal, now: int) -> Any:
    """Return the query of a person's notices.

    They are about posts that the person may know of or wrote; reminders of posts that the person
    has read meanwhile are left out.
    """
    assert who.person is not None
    staff_id = who.person.staff_id
    done = PostReading.select(PostReading.id).where(
        PostReading.post == Post.id,
        PostReading.staff == staff_id,
        (PostReading.confirmed_version >= Post.confirm_from) | ~Post.must_read,
    )
    is_done = (PostNotice.kind == REMINDER) & fn.EXISTS(done)
    title = Case(None, [(PostVersion.id.is_null(), "")], PostVersion.title)
    return (
        PostNotice.select(PostNotice, title.alias("title"))
        .join(Post)
        .join(PostColumn)
        .switch(Post)
        .join(PostVersion, on=(PostVersion.id == fn.COALESCE(Post.shown_id, Post.draft_id)))
        .where(
            PostNotice.staff == staff_id,
            audience.is_shown(who, now) | (Post.author == staff_id),
            ~is_done,
        )
        .objects()
    )
