"""What is stored of a person about posts, for the export and the erasure of a person's data."""

from typing import Any

from backend.identity.principal import Principal
from backend.posts.models import (
    ACCEPTED,
    Post,
    PostComment,
    PostMark,
    PostReading,
    PostSubmission,
    PostVersion,
)
from backend.posts.reading import is_by


class PostRecords:
    """Readings.

    Those of staff belong to the person of the roster and are kept; those of a guest are erased.
    """

    name = "post_readings"

    def stored(self, who: Principal) -> list[dict[str, Any]]:
        """Return the posts that a person has read and confirmed."""
        rows = PostReading.select(
            PostReading.post.alias("post_id"), PostReading.read_at, PostReading.confirmed_at
        )
        return list(rows.where(is_by(who)).order_by(PostReading.id).dicts())

    def forget(self, account_id: int) -> None:
        """Erase what an account has read as a guest."""
        PostReading.delete().where(PostReading.account == account_id).execute()
        PostMark.delete().where(PostMark.account == account_id).execute()


class PostComments:
    """Comments: they are erased with the account that wrote them."""

    name = "post_comments"

    def stored(self, who: Principal) -> list[dict[str, Any]]:
        """Return what an account has written about posts."""
        rows = PostComment.select(
            PostComment.post.alias("post_id"), PostComment.text, PostComment.written_at
        )
        mine = PostComment.account_id == who.account_id
        return list(rows.where(mine).order_by(PostComment.id).dicts())

    def forget(self, account_id: int) -> None:
        """Erase the comments of an account."""
        PostComment.delete().where(PostComment.account_id == account_id).execute()


class PostSubmissions:
    """Submissions.

    One that was not accepted is erased with its author's account. One that became a post belongs to
    the column and has no link to the account.
    """

    name = "post_submissions"

    def stored(self, who: Principal) -> list[dict[str, Any]]:
        """Return what an account has sent in or is writing."""
        rows = (
            PostSubmission.select(
                PostSubmission.post.alias("post_id"),
                PostSubmission.state,
                PostSubmission.reason,
                PostSubmission.sent_at,
                PostVersion.title,
                PostVersion.body,
            )
            .join(Post)
            .join(PostVersion, on=(PostVersion.id == Post.draft_id))
            .where(PostSubmission.account_id == who.account_id)
        )
        return list(rows.order_by(PostSubmission.id).dicts())

    def forget(self, account_id: int) -> None:
        """Erase the submissions of an account."""
        mine = PostSubmission.account_id == account_id
        open_posts = PostSubmission.select(PostSubmission.post).where(
            mine, PostSubmission.state != ACCEPTED
        )
        Post.delete().where(Post.id.in_(open_posts)).execute()
        PostSubmission.delete().where(mine).execute()
