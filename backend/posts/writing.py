"""Writes posts: drafts and their versions, review, publication, withdrawal."""

from dataclasses import dataclass
from typing import Any

from backend.db import Database
from backend.errors import Invalid, NotFound, Sentence
from backend.identity import audit
from backend.identity.principal import Principal
from backend.posts import audience, columns
from backend.posts.errors import PostMoved, WrongStateOfPost
from backend.posts.models import (
    DRAFT,
    PUBLISHED,
    REVIEW,
    WITHDRAWN,
    Post,
    PostColumn,
    PostVersion,
)

# From which state each action leads to which one. `publish` of what is published shows its newest
# version.
ACTIONS = {
    "submit": ((DRAFT,), REVIEW),
    "return": ((REVIEW,), DRAFT),
    "publish": ((REVIEW, PUBLISHED), PUBLISHED),
    "withdraw": ((PUBLISHED,), WITHDRAWN),
    "reopen": ((WITHDRAWN,), DRAFT),
}
_NOTE_MISSING = Sentence(
    "文章已经发布过，请写明改了什么。", "The post was published before: say what was changed."
)
_TEXTS = ("title", "summary", "body", "byline")


@dataclass(frozen=True)
class Writer:
    """Who writes: the account and the person; both null for the command line."""

    account_id: int | None
    staff_id: int | None


SHELL = Writer(None, None)


def writer_of(who: Principal) -> Writer:
    """Return a caller as a writer."""
    return Writer(who.account_id, who.person.staff_id if who.person else None)


def of_writer(who: Principal, post_id: int) -> Post:
    """Return a post that the caller may write; raises `NotFound` or `Forbidden`."""
    columns.writable(who)
    post = Post.get_or_none(Post.id == post_id)
    if post is None:
        raise NotFound
    columns.require_writer(who, post.column)
    found: Post = post
    return found


def newest(post: Post) -> PostVersion:
    """Return the newest version of a post."""
    found: PostVersion = PostVersion.get_by_id(post.draft_id)
    return found


def make(
    database: Database,
    column: PostColumn,
    facts: dict[str, Any],
    writer: Writer,
    now: int,
    code: str | None = None,
) -> Post:
    """Make a draft; `facts` are its texts and what `_settings` reads. Raises `Invalid`."""
    keys = audience.stored(facts.get("audience", [audience.STAFF]))
    settings = {"must_read": column.must_read, **_settings(facts)}
    with database.write():
        post: Post = Post.create(
            column=column,
            code=code,
            state=DRAFT,
            author=writer.staff_id,
            created_at=now,
            **settings,
        )
        _write(post, 1, facts, writer, now)
        audience.replace(post, keys)
        audit.record(writer.account_id, "post_made", f"post:{post.id}", now, title=facts["title"])
    return post


def revise(
    database: Database, post: Post, facts: dict[str, Any], version: int, writer: Writer, now: int
) -> Post:
    """Write a new version, and change settings; readers see the texts once they are published.

    `version` is the number of the newest version that the writer has seen. Raises `PostMoved` or
    `Invalid`.
    """
    keys = audience.stored(facts["audience"]) if "audience" in facts else None
    with database.write():
        post = _locked(post)
        before = newest(post)
        if before.number != version:
            raise PostMoved
        known = {name: getattr(before, name) for name in _TEXTS}
        texts = known | {name: facts[name] for name in _TEXTS if name in facts}
        if texts != known:
            _write(post, version + 1, texts | {"note": facts.get("note", "")}, writer, now)
        changed = {
            name: value for name, value in _settings(facts).items() if getattr(post, name) != value
        }
        if changed:
            post.change(**changed)
        if keys is not None:
            audience.replace(post, keys)
        if texts != known or changed or keys is not None:
            audit.record(
                writer.account_id,
                "post_changed",
                f"post:{post.id}",
                now,
                version=newest(post).number,
                settings=changed,
            )
    return post


def act(
    database: Database, post: Post, action: str, writer: Writer, now: int, note: str = ""
) -> Post:
    """Do one of `ACTIONS`; raises `WrongStateOfPost`, or `Invalid` where a note is missing."""
    sources, target = ACTIONS[action]
    with database.write():
        post = _locked(post)
        is_repeat = action == "publish" and post.shown_id == post.draft_id
        if post.state not in sources or (post.state == PUBLISHED and is_repeat):
            raise WrongStateOfPost
        changes: dict[str, Any] = {"state": target}
        if action == "publish":
            changes |= _published(post, note, now)
        before = post.state
        post.change(**changes)
        audit.record(
            writer.account_id,
            f"post_{action}",
            f"post:{post.id}",
            now,
            before=before,
            after=target,
            note=note,
        )
    return post


def _published(post: Post, note: str, now: int) -> dict[str, Any]:
    """Return what publishing changes. The moment of what is shown already stays as it is."""
    version = newest(post)
    note = note or version.note
    if post.shown_id is not None and post.shown_id != post.draft_id and not note:
        raise Invalid(fields={"note": [_NOTE_MISSING]})
    if note != version.note:
        version.change(note=note)
    shown_at = post.shown_at if post.state == PUBLISHED else max(post.publish_at or 0, now)
    return {"shown_id": post.draft_id, "shown_at": shown_at}


def _write(post: Post, number: int, facts: dict[str, Any], writer: Writer, now: int) -> None:
    texts = {name: facts[name] for name in (*_TEXTS, "note") if name in facts}
    version = PostVersion.create(
        post=post, number=number, author_id=writer.account_id, written_at=now, **texts
    )
    post.change(draft_id=version.id)


def _settings(facts: dict[str, Any]) -> dict[str, Any]:
    names = ("must_read", "pinned", "publish_at", "expires_at")
    return {name: facts[name] for name in names if name in facts}


def _locked(post: Post) -> Post:
    found = Post.lock(post.id)
    assert found is not None
    return found
