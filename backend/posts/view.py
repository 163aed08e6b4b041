"""What readers and writers are shown of posts."""

from typing import Any

from peewee import JOIN

from backend.events import lifecycle
from backend.events.models import Event
from backend.identity.principal import Principal
from backend.posts import audience, columns, comments, lesson, notices, pictures, submitted
from backend.posts.markdown import Rendered, rendered
from backend.posts.models import (
    MODULES,
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

MOST_MUST_READ = 50
NEWEST = 60
LATEST = 5
# The columns of a version that lists need; bodies are long.
_OF_VERSION = (
    PostVersion.id,
    PostVersion.number,
    PostVersion.title,
    PostVersion.summary,
    PostVersion.cover_id,
)
_OF_READERS = (*_OF_VERSION, PostVersion.byline)


def home(who: Principal, now: int, oldest: int) -> dict[str, Any]:
    """Return the modules with their columns, the posts to read, and the latest posts.

    The posts to read are those that the caller must still read, the oldest first. `unread` of a
    column counts the unread ones among the newest posts of all columns. Posts that were shown
    before `oldest` count as read.
    """
    newest = list(_shown(who, now).order_by(*_newest_first()).limit(NEWEST))
    of_columns: dict[int, list[Any]] = {}
    for row in newest:
        of_columns.setdefault(row.column_id, []).append(row)
    found = [column for column in columns.all_columns() if column.active]
    return {
        "modules": [
            {
                "name": name,
                "title": title,
                "columns": [
                    _column_of_home(column, of_columns.get(column.id, []), who, oldest)
                    for column in found
                    if column.module == name
                ],
            }
            for name, title in MODULES.items()
        ],
        "must_read": [head(row, who) for row in _unconfirmed(who, now, oldest)],
        "latest": [head(row, who) for row in newest[:LATEST]],
        "notices": notices.unseen(who, now),
    }


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
    if query["saved"]:
        kept = PostMark.select(PostMark.post).where(comments.marked_by(who, SAVED))
        posts = posts.where(Post.id.in_(kept))
    if query["unread"]:
        is_unread = PostReading.id.is_null() | _is_corrected(who)
        posts = posts.where(is_unread, Post.shown_at >= oldest).order_by(Post.shown_at, Post.id)
    else:
        posts = posts.order_by(*_newest_first())
    rows, total = paged(posts, asked)
    return {"items": [head(row, who) for row in rows], "total": total, **asked}


def whole(who: Principal, post_id: int, now: int) -> dict[str, Any] | None:
    """Return a post with its text; None if the caller may not know of it."""
    row = _shown(who, now, (PostVersion,)).where(Post.id == post_id).first()
    if row is None:
        return None
    version = row.version
    text = rendered(version.body)
    return {
        **head(row, who),
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
    return {"id": picture.id, "path": pictures.path(picture.post_id, picture.id), **size}


def head(row: Any, who: Principal) -> dict[str, Any]:
    """Return what lists show of a post, from a row of `_shown`; guests have nothing to confirm."""
    reading = getattr(row, "reading", None)
    is_corrected = _has_read_less(row, who)
    is_confirmed = bool(reading and (reading.confirmed_version or 0) >= row.confirm_from)
    return {
        "id": row.id,
        "column": {
            "id": row.column_id,
            "title": row.column.title,
            "icon": row.column.icon,
            "module": row.column.module,
        },
        "title": row.version.title,
        "summary": row.version.summary,
        "byline": row.version.byline,
        "published_at": row.shown_at,
        "pinned": row.pinned,
        "must_read": row.must_read and who.is_staff,
        "read_at": None if is_corrected else reading and reading.read_at,
        "confirmed_at": reading.confirmed_at if reading and is_confirmed else None,
        "corrected": is_corrected,
        "cover_path": row.version.cover_id and pictures.path(row.id, row.version.cover_id),
    }


def _has_read_less(row: Any, who: Principal) -> bool:
    """Return whether a person of staff read a must-read post only in a version from before a
    correction.
    """
    reading = getattr(row, "reading", None)
    return bool(
        reading and row.must_read and who.is_staff and reading.read_version < row.version.number
    )


def _is_corrected(who: Principal) -> Any:
    """Return the condition of `_has_read_less`."""
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


def _unconfirmed(who: Principal, now: int, oldest: int) -> Any:
    """Return the posts that the caller must still confirm, the oldest first; none for guests."""
    if not who.is_staff:
        return []
    lacking = PostReading.confirmed_version.is_null() | (
        PostReading.confirmed_version < Post.confirm_from
    )
    must = _shown(who, now).where(Post.must_read, lacking, Post.shown_at >= oldest)
    return must.order_by(Post.shown_at, Post.id).limit(MOST_MUST_READ)


def _column_of_home(
    column: PostColumn, rows: list[Any], who: Principal, oldest: int
) -> dict[str, Any]:
    return {
        "id": column.id,
        "title": column.title,
        "icon": column.icon,
        "newest": rows[0].version.title if rows else "",
        "unread": sum(
            row.shown_at >= oldest
            and (getattr(row, "reading", None) is None or _has_read_less(row, who))
            for row in rows
        ),
    }


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
        "audience": audience.written([row.key for row in post.audience]),
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
