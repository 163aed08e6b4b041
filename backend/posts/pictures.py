"""Pictures of posts: rows of their post, visible to people who may see a version that contains
them.

The text refers to a picture as `![words](picture:12)`, alone in its paragraph; the cover is a
field.
"""

import hashlib

from backend.db import Database
from backend.errors import LinkaError, NotFound
from backend.identity import audit
from backend.identity.principal import Principal
from backend.moderation.pictures import CleanPicture
from backend.posts import columns, submitted
from backend.posts.markdown import rendered
from backend.posts.models import Post, PostPicture, PostVersion
from backend.posts.reading import shown_post

MOST_PICTURES = 20


class TooManyPostPictures(LinkaError):
    """The post has as many pictures as it may have."""

    slug = "too_many_post_pictures"
    status = 409
    zh = f"一篇文章最多 {MOST_PICTURES} 张图片。"
    en = f"A post has {MOST_PICTURES} pictures at most."


def digest(uploaded: bytes) -> str:
    """Return the digest of uploaded bytes, by which the same file is recognised."""
    return hashlib.sha256(uploaded).hexdigest()


def known(post: Post, uploaded: str) -> PostPicture | None:
    """Return the picture that was made from a file with this digest."""
    found: PostPicture | None = PostPicture.get_or_none(
        PostPicture.post == post, PostPicture.digest == uploaded
    )
    return found


def keep(
    database: Database,
    post: Post,
    uploaded: str,
    picture: CleanPicture,
    actor_id: int | None,
    now: int,
) -> PostPicture:
    """Store a picture that was drawn anew; the same file returns the same row.

    `actor_id` is an account; None for the command line.

    Raises `TooManyPostPictures`.
    """
    with database.write():
        Post.lock(post.id)
        there = known(post, uploaded)
        if there is not None:
            return there
        if PostPicture.select().where(PostPicture.post == post).count() >= MOST_PICTURES:
            raise TooManyPostPictures
        made: PostPicture = PostPicture.create(
            post=post,
            digest=uploaded,
            data=picture.data,
            width=picture.width,
            height=picture.height,
            uploaded_at=now,
        )
        audit.record(actor_id, "post_picture_added", f"post:{post.id}", now, picture=made.id)
    return made


def of_post(post_id: int) -> dict[int, PostPicture]:
    """Return the pictures of a post by id, without their data."""
    fields = [field for field in PostPicture._meta.sorted_fields if field.name != "data"]
    rows = PostPicture.select(*fields).where(PostPicture.post == post_id).order_by(PostPicture.id)
    return {row.id: row for row in rows}


def data_for(who: Principal, post_id: int, picture_id: int, now: int) -> bytes:
    """Return a picture for somebody who may see it; raises `NotFound`.

    Readers may see pictures of the shown version, writers of the column all of them. Of a submission,
    its author and those who decide see them.
    """
    picture = PostPicture.of(picture_id, post=post_id)
    if picture is None:
        raise NotFound
    submission = submitted.of_post(post_id)
    if submission is not None:
        if not submitted.may_see(who, submission):
            raise NotFound
    elif not columns.may_write(who, picture.post.column):
        version = PostVersion.get_by_id(shown_post(who, post_id, now).shown_id)
        if picture_id not in (version.cover_id, *rendered(version.body).picture_ids):
            raise NotFound
    return bytes(picture.data)
