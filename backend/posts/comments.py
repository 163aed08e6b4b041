"""Comments on posts, which are checked and decided on like all texts of people, and likes."""

from typing import Any

from backend.db import Database
from backend.errors import NotFound
from backend.events.players import StaffOnly
from backend.events.visibility import masked_name
from backend.identity import audit
from backend.identity.models import Staff, Team
from backend.identity.principal import Principal
from backend.moderation.moderator import Moderator
from backend.moderation.policy import APPROVED, PENDING
from backend.posts import notices
from backend.posts.errors import CommentsClosed
from backend.posts.models import LIKE, SAVED, Post, PostComment, PostMark, PostVersion
from backend.posts.reading import reader_of
from backend.web.paging import paged

LONGEST_COMMENT = 300
# A notice for each like would be noise.
LIKES_TOLD = (1, 10, 50, 100, 500)


def write(
    database: Database, moderator: Moderator, who: Principal, post: Post, text: str, now: int
) -> PostComment:
    """Write a comment; the same text of the same person on a post is one comment.

    Call it outside any transaction, because the check may wait for WeChat. Raises `StaffOnly` or
    `CommentsClosed`.
    """
    if who.person is None:
        raise StaffOnly
    if not post.column.has_comments:
        raise CommentsClosed
    known = _same(post, who, text)
    if known is not None:
        return known
    finding = moderator.check(who.account_id, text, now)
    with database.write():
        made = PostComment.insert_new(
            post=post.id,
            account_id=who.account_id,
            staff=who.person.staff_id,
            text=text,
            status=finding.status,
            finding=finding.name,
            label=finding.label,
            reason=finding.reason,
            written_at=now,
            decided_at=None if finding.status == PENDING else now,
        )
        kept = _same(post, who, text)
        assert kept is not None
        if made is not None and kept.status == APPROVED:
            _tell_writer(post, kept, now)
    return kept


def decide(
    database: Database, post: Post, comment_id: int, decision: dict[str, str], by: int, now: int
) -> PostComment:
    """Approve or reject a comment (`{status, reason}`), also after another decision, and notify its
    author.

    A repeat changes nothing. Raises `NotFound`.
    """
    status = decision["status"]
    reason = "" if status == APPROVED else decision["reason"]
    with database.write():
        comment = PostComment.lock(comment_id)
        if comment is None or comment.post_id != post.id:
            raise NotFound
        before = {"status": comment.status, "reason": comment.reason}
        after = {"status": status, "reason": reason}
        if before == after:
            return comment
        comment.change(**after, decided_at=now, decided_by=by)
        subject = f"post:{post.id}"
        audit.record(
            by,
            f"post_comment_{status}",
            subject,
            now,
            comment=comment_id,
            before=before,
            after=after,
        )
        source = f"{notices.DECIDED}:{comment_id}:{now}"
        words = "你的评论通过了审核。" if status == APPROVED else f"你的评论没有通过：{reason}"
        notices.tell(post.id, comment.staff_id, notices.DECIDED, source, words, now)
        if status == APPROVED:
            _tell_writer(post, comment, now)
    return comment


def _tell_writer(post: Post, comment: PostComment, now: int) -> None:
    """Notify the author of the post of a comment that others can see, once."""
    if post.author_id != comment.staff_id:
        source = f"{notices.COMMENT}:{comment.id}"
        notices.tell(post.id, post.author_id, notices.COMMENT, source, comment.text, now)


def remove(database: Database, who: Principal, post: Post, comment_id: int) -> None:
    """Remove one's own comment; raises `NotFound`."""
    with database.write():
        comment = PostComment.of(comment_id, post=post.id)
        if comment is None or who.person is None or comment.staff_id != who.person.staff_id:
            raise NotFound
        comment.delete_instance()


def listed(who: Principal, post: Post, query: dict[str, int]) -> dict[str, Any]:
    """Return a page of the comments that the caller may see, the newest first.

    These are the approved ones, and the caller's own with their status.
    """
    mine = PostComment.staff == who.person.staff_id if who.person else PostComment.id.is_null()
    found = _comments().where(PostComment.post == post, (PostComment.status == APPROVED) | mine)
    rows, total = paged(found.order_by(PostComment.id.desc()), query)
    return {"items": [shown(row, who) for row in rows], "total": total, **query}


def queue(column_ids: list[int], query: dict[str, Any]) -> dict[str, Any]:
    """Return a page of the comments in columns for those who decide, and how many are pending.

    The oldest come first.
    """
    asked = {name: query[name] for name in ("page", "page_size")}
    found = (
        _comments(Post, PostVersion.title)
        .switch(PostComment)
        .join(Post)
        .join(PostVersion, on=(PostVersion.id == Post.draft_id), attr="version")
        .where(Post.column.in_(column_ids))
    )
    pending = found.where(PostComment.status == PENDING).count()
    if query["status"] != "all":
        found = found.where(PostComment.status == query["status"])
    rows, total = paged(found.order_by(PostComment.id), asked)
    items = [
        {
            **_facts(row),
            "name": row.staff.name,
            "finding": row.finding,
            "post": {"id": row.post_id, "title": row.post.version.title},
        }
        for row in rows
    ]
    return {"items": items, "total": total, "pending": pending, **asked}


def mark(database: Database, who: Principal, post: Post, kind: str, is_set: bool, now: int) -> bool:
    """Like a post or save it (`kind`), or undo that; a repeat changes nothing.

    Returns whether the author was told of likes: the first, and then each number of `LIKES_TOLD`,
    once, those of the author not counted. Raises `CommentsClosed` for a like in a column without
    likes.
    """
    if kind == LIKE and is_set and not post.column.has_likes:
        raise CommentsClosed
    with database.write():
        if who.person is not None:
            # The mark that the person made as a guest, before they were bound.
            of_guest = (PostMark.account == who.account_id) & (PostMark.kind == kind)
            PostMark.delete().where(of_guest, PostMark.post == post.id).execute()
        if is_set:
            made = PostMark.insert_new(post=post.id, kind=kind, at=now, **reader_of(who))
            return made is not None and kind == LIKE and _tell_of_likes(post, now)
        mine = marked_by(who, kind) & (PostMark.post == post.id)
        PostMark.delete().where(mine).execute()
    return False


def _tell_of_likes(post: Post, now: int) -> bool:
    is_other = PostMark.staff.is_null() | (PostMark.staff != post.author_id)
    likes = PostMark.select().where(PostMark.post == post, PostMark.kind == LIKE, is_other).count()
    if likes not in LIKES_TOLD:
        return False
    source, words = f"{notices.LIKES}:{post.id}:{likes}", f"有 {likes} 人赞了这篇文章。"
    return notices.tell(post.id, post.author_id, notices.LIKES, source, words, now)


def marked_by(who: Principal, kind: str) -> Any:
    """Return the condition for a caller's marks of a kind."""
    whose = (
        PostMark.account == who.account_id
        if who.person is None
        else PostMark.staff == who.person.staff_id
    )
    return whose & (PostMark.kind == kind)


def counts(post: Post, who: Principal) -> dict[str, Any]:
    """Return the numbers of comments and likes of a post, and the caller's own marks."""
    comments = PostComment.select().where(PostComment.post == post, PostComment.status == APPROVED)
    own = (marked_by(who, kind) for kind in (LIKE, SAVED))
    liked, saved = (PostMark.select().where(PostMark.post == post, mine).exists() for mine in own)
    return {
        "has_comments": post.column.has_comments,
        "comments": comments.count(),
        "has_likes": post.column.has_likes,
        "likes": PostMark.select().where(PostMark.post == post, PostMark.kind == LIKE).count(),
        "liked": liked,
        "saved": saved,
    }


def _comments(*more: Any) -> Any:
    return PostComment.select(PostComment, Staff, Team, *more).join(Staff).join(Team)


def _same(post: Post, who: Principal, text: str) -> PostComment | None:
    found: PostComment | None = PostComment.get_or_none(
        PostComment.post == post,
        PostComment.account_id == who.account_id,
        PostComment.text == text,
    )
    return found


def _facts(comment: PostComment) -> dict[str, Any]:
    names = ("id", "text", "status", "reason", "written_at")
    return {name: getattr(comment, name) for name in names} | {"team": comment.staff.team.name}


def shown(comment: PostComment, who: Principal) -> dict[str, Any]:
    """Return a comment; guests read a masked name."""
    is_own = who.person is not None and comment.staff_id == who.person.staff_id
    name = comment.staff.name
    return {
        **_facts(comment),
        "name": name if who.is_staff else masked_name(name),
        "own": is_own,
    }
