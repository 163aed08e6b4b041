"""Writes posts: drafts and their versions, review, publication, withdrawal."""

from dataclasses import dataclass
from typing import Any

from backend.db import Database
from backend.errors import Invalid, NotFound, Sentence
from backend.identity import audit
from backend.identity.models import Grant, Staff
from backend.identity.principal import Principal
from backend.posts import audience, columns, lesson, season, submitted
from backend.posts.errors import PostMoved, ReviewedByAuthor, WrongStateOfPost
from backend.posts.models import (
    DRAFT,
    PUBLISHED,
    REVIEW,
    WITHDRAWN,
    Post,
    PostColumn,
    PostPicture,
    PostVersion,
)

# {action: (states in which it is possible, state after it)}. Publishing a published post shows its
# newest version.
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
_NEVER_SHOWN = Sentence(
    "要晚于发布的时间，不然谁也看不到。", "Must be later than the moment of publication."
)
_NO_PICTURE = Sentence("文章里没有这张图片。", "The post has no such picture.")
TEXTS = ("title", "summary", "body", "byline", "video_url")
VERSIONED = (*TEXTS, "cover_id")
_SETTINGS = ("must_read", "pinned", "publish_at", "expires_at", "season_id", "event_id")


@dataclass(frozen=True)
class Writer:
    """The author of a change: the account and the person; both are null for the command line."""

    account_id: int | None
    staff_id: int | None


SHELL = Writer(None, None)


def writer_of(who: Principal) -> Writer:
    """Return a caller as a writer."""
    return Writer(who.account_id, who.person.staff_id if who.person else None)


def of_writer(who: Principal, post_id: int) -> Post:
    """Return a post in whose column the caller may write; raises `NotFound` or `Forbidden`.

    A submission is none until it is accepted.
    """
    columns.writable(who)
    post = Post.get_or_none(Post.id == post_id, Post.id.not_in(submitted.open_posts()))
    if post is None:
        raise NotFound
    columns.require_writer(who, post.column)
    found: Post = post
    return found


def newest(post: Post) -> PostVersion:
    """Return the newest version of a post."""
    found: PostVersion = PostVersion.get_by_id(post.draft_id)
    return found


def source_of(post: Post) -> tuple[Any, ...]:
    """Return what writers can change of a post: texts, settings and audience."""
    version = newest(post)
    return (
        *(getattr(version, name) for name in VERSIONED),
        *(getattr(post, name) for name in _SETTINGS),
        set(audience.keys_of(post.id)),
        lesson.written(post),
    )


def make(
    database: Database,
    column: PostColumn,
    facts: dict[str, Any],
    writer: Writer,
    now: int,
    code: str | None = None,
) -> Post:
    """Make a draft; `facts` are its texts and the fields of `_settings`. Raises `Invalid`."""
    keys = audience.stored(facts.get("audience", [audience.STAFF]))
    questions = lesson.stored(facts.get("questions", []))
    season.require(facts, "season_id", "event_id")
    settings = {"must_read": column.must_read, **_settings(facts)}
    _require_span(settings.get("publish_at"), settings.get("expires_at"))
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
        lesson.replace(post, questions)
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
    questions = lesson.stored(facts["questions"]) if "questions" in facts else None
    season.require(facts, "season_id", "event_id")
    with database.write():
        post = _locked(post)
        before = newest(post)
        if before.number != version:
            raise PostMoved
        known = {name: getattr(before, name) for name in VERSIONED}
        texts = known | {name: facts[name] for name in VERSIONED if name in facts}
        if texts["cover_id"] and PostPicture.of(texts["cover_id"], post=post.id) is None:
            raise Invalid(fields={"cover_id": [_NO_PICTURE]})
        if texts != known:
            _write(post, version + 1, texts | {"note": facts.get("note", "")}, writer, now)
        changed = _changed_settings(post, facts, now)
        if "publish_at" in changed or "expires_at" in changed:
            known = {"publish_at": post.publish_at, "expires_at": post.expires_at} | changed
            _require_span(known["publish_at"], known["expires_at"])
        if changed:
            post.change(**changed)
        if keys is not None and set(keys) != set(audience.keys_of(post.id)):
            audience.replace(post, keys)
            changed["audience"] = keys
        if questions is not None and questions != lesson.questions_of(post):
            lesson.replace(post, questions)
            changed["questions"] = facts["questions"]
        if texts != known or changed:
            PostColumn.note_change(post.column_id)
            audit.record(
                writer.account_id,
                "post_changed",
                f"post:{post.id}",
                now,
                version=newest(post).number,
                settings=changed,
            )
    return post


@dataclass(frozen=True)
class PostStep:
    """An action on a post.

    It has one of `ACTIONS`, the note for readers of a new version, the number of the newest version
    that the caller saw (None if unknown), and whether 收到 is asked for again.
    """

    action: str
    note: str = ""
    version: int | None = None
    confirm_again: bool = False


def act(database: Database, post: Post, step: PostStep, writer: Writer, now: int) -> Post:
    """Carry out an action.

    Raises `WrongStateOfPost`, `PostMoved` if there is a newer version than the one that the caller
    saw, `ReviewedByAuthor`, or `Invalid` if a note is missing.
    """
    action, note = step.action, step.note
    sources, target = ACTIONS[action]
    with database.write():
        post = _locked(post)
        if step.version not in (None, newest(post).number):
            raise PostMoved
        is_repeat = action == "publish" and post.shown_id == post.draft_id
        if post.state not in sources or (post.state == PUBLISHED and is_repeat):
            raise WrongStateOfPost
        changes: dict[str, Any] = {"state": target}
        if action == "publish":
            if not may_publish(post, writer):
                raise ReviewedByAuthor
            changes |= _published(post, step, now)
        before = post.state
        post.change(**changes)
        PostColumn.note_change(post.column_id)
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


def may_publish(post: Post, writer: Writer) -> bool:
    """Return whether a writer may publish the newest version.

    Somebody else must have written it, unless the centre has one admin at most. The command line
    may.
    """
    if writer.account_id is None or newest(post).author_id != writer.account_id:
        return True
    admins = (
        Staff.select(Staff.id)
        .join(Grant)
        .where(Grant.role == "admin", Grant.event_id == 0, Staff.active)
        .distinct()
    )
    return bool(admins.count() <= 1)


def _published(post: Post, step: PostStep, now: int) -> dict[str, Any]:
    """Return the fields that publishing changes. A post that is shown already keeps its moment."""
    changes: dict[str, Any] = {"shown_id": post.draft_id}
    if post.shown_id != post.draft_id:
        version = newest(post)
        note = step.note or version.note
        if post.shown_id is not None and not note:
            raise Invalid(fields={"note": [_NOTE_MISSING]})
        version.change(note=note)
        if step.confirm_again:
            changes["confirm_from"] = version.number
    shown_at = post.shown_at if post.state == PUBLISHED else max(post.publish_at or 0, now)
    return {**changes, "shown_at": shown_at}


def _write(post: Post, number: int, facts: dict[str, Any], writer: Writer, now: int) -> None:
    texts = {name: facts[name] for name in (*VERSIONED, "note") if name in facts}
    version = PostVersion.create(
        post=post, number=number, author_id=writer.account_id, written_at=now, **texts
    )
    post.change(draft_id=version.id)


def _settings(facts: dict[str, Any]) -> dict[str, Any]:
    found = {name: facts[name] for name in _SETTINGS if name in facts}
    if "about" in facts:
        found["about"] = audience.subject(facts["about"]) if facts["about"] else ""
    return found


def _require_span(publish_at: int | None, expires_at: int | None) -> None:
    """Raise `Invalid` for a post that would end before it appears."""
    if publish_at is not None and expires_at is not None and expires_at <= publish_at:
        raise Invalid(fields={"expires_at": [_NEVER_SHOWN]})


def _changed_settings(post: Post, facts: dict[str, Any], now: int) -> dict[str, Any]:
    """Return the changed settings; `publish_at` also moves a published post that nobody sees yet."""
    found = {
        name: value for name, value in _settings(facts).items() if getattr(post, name) != value
    }
    waits = post.state == PUBLISHED and post.shown_at is not None and post.shown_at > now
    if waits and "publish_at" in found:
        found["shown_at"] = max(found["publish_at"] or 0, now)
    return found


def _locked(post: Post) -> Post:
    found = Post.lock(post.id)
    assert found is not None
    return found
