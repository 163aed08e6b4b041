"""What readers and writers are shown of posts."""

from typing import Any

from peewee import JOIN

from backend.events import lifecycle
from backend.events.models import Event
from backend.identity.principal import Principal
from backend.posts import audience, columns, comments, lesson, pictures, submitted
from backend.posts.heads import head, picture_path
from backend.posts.markdown import Rendered, rendered
from backend.posts.models import (
    SAVED,
    Post,
    PostColumn,
    PostMark,
    PostPicture,
    PostReading,
    PostVersion,
)
from backend.posts.reading import PostReach, is_by, reach
from backend.web.paging import paged

# The columns of a version that lists need; bodies are long.
_OF_VERSION = (
    PostVersion.id,
    PostVersion.number,
    PostVersion.title,
    PostVersion.summary,
    PostVersion.cover_id,
)
_OF_READERS = (*_OF_VERSION, PostVersion.byline)


def listed(who: Principal, query: dict[str, Any], now: int, oldest: int) -> dict[str, Any]:
    """Return a page of the posts that the caller may know of.

    `unread` leaves out posts that were read, or shown before `oldest`, and puts the oldest first,
    for a person who was off shift.
    """
    asked = {name: query[name] for name in ("page", "page_size")}
    posts = _shown(who, now)
    if query.get("column_id"):
        posts = posts.where(Post.column == query["column_id"])
    if query["words"]:
        words = query["words"]
        posts = posts.where(PostVersion.title.contains(words) | PostVersion.body.contains(words))
    if query.get("about"):
        posts = posts.where(Post.about == query["about"])
    if query["saved"]:
        kept = PostMark.select(PostMark.post).where(comments.marked_by(who, SAVED))
        posts = posts.where(Post.id.in_(kept))
    if query["unread"]:
        is_unread = PostReading.id.is_null() | _is_corrected(who)
        posts = posts.where(is_unread, Post.shown_at >= oldest).order_by(Post.shown_at, Post.id)
    else:
        posts = posts.order_by(*_newest_first())
    rows, total = paged(posts, asked)
    return {"items": [_head_of(row, who) for row in rows], "total": total, **asked}


def whole(who: Principal, post_id: int, now: int) -> dict[str, Any] | None:
    """Return a post with its text; None if the caller may not know of it."""
    row = _shown(who, now, (PostVersion,)).where(Post.id == post_id).first()
    if row is None:
        return None
    version = row.version
    text = rendered(version.body)
    return {
        **_head_of(row, who),
        "html": text.html,
        "pieces": shown_pieces(text, post_id),
        "video_url": version.video_url,
        "lesson": lesson.summary(row, who),
        **comments.counts(row, who),
        "event": _event_of(row, who),
        "about": audience.named(row.about),
        "version": version.number,
        "note": version.note,
        "written_at": version.written_at,
    }


def _event_of(post: Post, who: Principal) -> dict[str, Any] | None:
    """Return the event that a post is about; only for staff, and only once it was announced."""
    event = Event.get_or_none(Event.id == post.event_id) if post.event_id else None
    if event is None or not who.is_staff or event.state == lifecycle.DRAFT:
        return None
    return {"id": event.id, "title": event.title}


def shown_pieces(text: Rendered, post_id: int) -> list[dict[str, Any]]:
    """Return a text with its pictures; pictures that the post does not have are left out."""
    known = pictures.of_post(post_id) if text.picture_ids else {}
    return [
        {
            "html": piece.html,
            "picture": piece.picture_id and shown_picture(known[piece.picture_id]),
            "words": piece.words,
        }
        for piece in text.pieces
        if piece.picture_id is None or piece.picture_id in known
    ]


def shown_picture(picture: PostPicture) -> dict[str, Any]:
    """Return a picture without its data."""
    size = {"width": picture.width, "height": picture.height}
    return {"id": picture.id, "path": picture_path(picture.post_id, picture.id), **size}


def _head_of(row: Any, who: Principal) -> dict[str, Any]:
    return head(row, getattr(row, "reading", None), who)


def _is_corrected(who: Principal) -> Any:
    """Return the condition of `heads.has_read_less`."""
    if not who.is_staff:
        return False
    return Post.must_read & (PostReading.read_version < PostVersion.number)


def _newest_first() -> tuple[Any, ...]:
    return Post.pinned.desc(), Post.shown_at.desc(), Post.id.desc()


def _shown(who: Principal, now: int, of_version: tuple[Any, ...] = _OF_READERS) -> Any:
    """Return the query of the posts that a caller may know of, with column, version and reading."""
    mine = (PostReading.post == Post.id) & is_by(who)
    return (
        Post.select(Post, PostColumn, *of_version, PostReading)
        .join(PostColumn)
        .switch(Post)
        .join(PostVersion, on=(PostVersion.id == Post.shown_id), attr="version")
        .switch(Post)
        .join(PostReading, JOIN.LEFT_OUTER, on=mine, attr="reading")
        .where(audience.is_shown(who, now))
    )


def shown_column(column: PostColumn, who: Principal) -> dict[str, Any]:
    """Return a column, and whether the caller writes in it."""
    names = (
        *("id", "module", "title", "icon", "position", "writers"),
        *("takes_submissions", "must_read", "has_comments", "has_likes", "active"),
    )
    return {
        **{name: getattr(column, name) for name in names},
        "may_write": columns.may_write(who, column),
    }


def sources(who: Principal, query: dict[str, Any]) -> dict[str, Any]:
    """Return a page of all posts of the columns that the caller writes in, the newest first."""
    asked = {name: query[name] for name in ("page", "page_size")}
    own = [column.id for column in columns.writable(who)]
    posts = (
        Post.select(Post, PostColumn, *_OF_VERSION)
        .join(PostColumn)
        .switch(Post)
        .join(PostVersion, on=(PostVersion.id == Post.draft_id), attr="version")
        .where(Post.column.in_(own), Post.id.not_in(submitted.open_posts()))
        .order_by(Post.id.desc())
    )
    if query.get("state"):
        posts = posts.where(Post.state == query["state"])
    if query.get("column_id"):
        posts = posts.where(Post.column == query["column_id"])
    rows, total = paged(posts, asked)
    return {"items": [_source_head(row) for row in rows], "total": total, **asked}


def source(post: Post) -> dict[str, Any]:
    """Return a post as its writers see it: the newest version, settings, all versions."""
    versions = list(post.versions.order_by(PostVersion.number.desc()))
    return {
        **_source_head(post, versions[0]),
        "body": versions[0].body,
        "byline": versions[0].byline,
        "video_url": versions[0].video_url,
        "cover_id": versions[0].cover_id,
        "pictures": [shown_picture(found) for found in pictures.of_post(post.id).values()],
        "audience": audience.written(audience.keys_of(post.id)),
        "questions": lesson.written(post),
        "season_id": post.season_id,
        "event_id": post.event_id,
        "about": audience.written([post.about])[0] if post.about else "",
        "versions": [
            {
                "number": version.number,
                "title": version.title,
                "note": version.note,
                "written_at": version.written_at,
                "is_shown": version.id == post.shown_id,
            }
            for version in versions
        ],
    }


def _source_head(post: Any, version: PostVersion | None = None) -> dict[str, Any]:
    version = version or post.version
    return {
        "id": post.id,
        "column": {
            "id": post.column_id,
            "title": post.column.title,
            "icon": post.column.icon,
            "module": post.column.module,
        },
        "state": post.state,
        "title": version.title,
        "summary": version.summary,
        "version": version.number,
        "has_changes": post.shown_id is not None and post.shown_id != post.draft_id,
        "must_read": post.must_read,
        "pinned": post.pinned,
        "publish_at": post.publish_at,
        "published_at": post.shown_at,
        "expires_at": post.expires_at,
        "cover_path": version.cover_id and picture_path(post.id, version.cover_id),
    }


def shown_reach(post: Post) -> dict[str, Any]:
    """Return how far a post has come, see `PostReach`."""
    found: PostReach = reach(post)
    return {
        "audience": found.audience,
        "read": found.read,
        "confirmed": found.confirmed,
        "missing": found.missing,
    }
