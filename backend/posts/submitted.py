"""Posts that are submissions and not accepted yet, and who may see them."""

from typing import Any

from backend.identity.principal import Principal
from backend.posts import columns
from backend.posts.models import ACCEPTED, WAITING, PostSubmission


def open_posts() -> Any:
    """Return the query of the ids of posts that are submissions and not accepted."""
    return PostSubmission.select(PostSubmission.post).where(PostSubmission.state != ACCEPTED)


def of_post(post_id: int) -> PostSubmission | None:
    """Return the unaccepted submission behind a post; None for any other post."""
    found: PostSubmission | None = PostSubmission.get_or_none(
        PostSubmission.post == post_id, PostSubmission.state != ACCEPTED
    )
    return found


def is_author(who: Principal, submission: PostSubmission) -> bool:
    """Say whether a caller wrote a submission."""
    return who.person is not None and submission.staff_id == who.person.staff_id


def may_see(who: Principal, submission: PostSubmission) -> bool:
    """Return whether a caller may see a submission that is not accepted.

    Its author may, and while it waits those who write in the column.
    """
    return is_author(who, submission) or (
        submission.state == WAITING and columns.may_write(who, submission.post.column)
    )
