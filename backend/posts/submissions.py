"""Submissions: staff write a text with pictures for a column, and those who write in it decide.

| state | means | goes to |
|---|---|---|
| draft | its author writes; nobody else sees it | waiting |
| waiting | the author does not change it | draft (taken back), returned, rejected, accepted |
| returned | has a reason; the author writes on | waiting |
| rejected | has a reason; the end | |
| accepted | is a post of the column with the author's name | |

The row is locked for every step: of two reviewers at once the first decides.
"""

import re
from dataclasses import dataclass
from typing import Any

from backend.db import Database
from backend.errors import Invalid, NotFound, Sentence
from backend.events.players import StaffOnly
from backend.identity import audit
from backend.identity.models import Staff, Team
from backend.identity.principal import Principal
from backend.moderation import policy
from backend.moderation.moderator import Moderator
from backend.moderation.policy import Finding
from backend.posts import audience, columns, notices, pictures, submitted, writing
from backend.posts.errors import (
    ReviewedByAuthor,
    SubmissionMoved,
    SubmissionsClosed,
    TooManySubmissions,
)
from backend.posts.models import (
    ACCEPTED,
    DRAFT,
    PUBLISHED,
    REJECTED,
    RETURNED,
    REVIEW,
    WAITING,
    Post,
    PostColumn,
    PostSubmission,
    PostVersion,
)
from backend.web.paging import paged

LONGEST_TEXT = 5_000
MOST_PICTURES = 9
MOST_OPEN = 20
# The number of characters that WeChat's check takes at once.
_CHECKED_AT_ONCE = 2_500
# Parts overlap, so that each word is whole in one of them.
_OVERLAP = 50
_WRITABLE = (DRAFT, RETURNED)
# The state of a submission after each decision.
DECISIONS = {"accept": ACCEPTED, "publish": ACCEPTED, "return": RETURNED, "reject": REJECTED}
_MISSING = Sentence("请写标题和内容。", "Write a title and a text.")
_NO_PICTURE = Sentence("投稿里没有这张图片。", "The submission has no such picture.")
_PICTURES_AT_END = re.compile(r"(?:\n\n!\[\]\(picture:[0-9]+\))*\Z")
_PICTURE_ID = re.compile(r"picture:([0-9]+)")


@dataclass(frozen=True)
class SubmissionVerdict:
    """A reviewer's decision about a submission.

    It has one of `DECISIONS`, the reason for the author, and the value of `sent` that the reviewer
    saw.
    """

    decision: str
    reason: str
    sent: int


def body_of(text: str, picture_ids: list[int]) -> str:
    """Return the Markdown of a text followed by its pictures."""
    return text + "".join(f"\n\n![](picture:{picture_id})" for picture_id in picture_ids)


def parts_of(body: str) -> tuple[str, list[int]]:
    """Return the text and the pictures from which `body_of` made a body."""
    end = _PICTURES_AT_END.search(body)
    assert end is not None
    return body[: end.start()], [int(found) for found in _PICTURE_ID.findall(end[0])]


def open_columns() -> list[PostColumn]:
    """Return the columns that take submissions."""
    return [one for one in columns.all_columns() if one.active and one.takes_submissions]


def make(
    database: Database, who: Principal, facts: dict[str, Any], now: int
) -> tuple[PostSubmission, bool]:
    """Begin a submission; the same `code` of the same person gives the same one. Returns (it, whether
    it is new). Raises `StaffOnly`, `SubmissionsClosed` or `TooManySubmissions`."""
    if who.person is None:
        raise StaffOnly
    known = _of_code(who.person.staff_id, facts["code"])
    if known is not None:
        return known, False
    column = _column(facts["column_id"])
    staff_id = who.person.staff_id
    with database.write():
        # Calls of one person wait for each other, so that the limit and the code hold.
        Staff.lock(staff_id)
        known = _of_code(staff_id, facts["code"])
        if known is not None:
            return known, False
        mine = PostSubmission.select().where(
            PostSubmission.staff == staff_id, PostSubmission.state.in_((*_WRITABLE, WAITING))
        )
        if mine.count() >= MOST_OPEN:
            raise TooManySubmissions
        post = Post.create(
            column=column,
            state=DRAFT,
            author=staff_id,
            created_at=now,
            must_read=column.must_read,
        )
        version = PostVersion.create(
            post=post,
            number=1,
            title=facts["title"],
            body=facts["text"],
            byline=_byline(staff_id),
            author_id=who.account_id,
            written_at=now,
        )
        post.change(draft_id=version.id)
        audience.replace(post, [audience.STAFF])
        made: PostSubmission = PostSubmission.create(
            post=post,
            account_id=who.account_id,
            staff=staff_id,
            code=facts["code"],
            state=DRAFT,
            changed_at=now,
        )
    return made, True


def of_author(who: Principal, post_id: int) -> PostSubmission:
    """Return a submission of the caller; raises `NotFound`."""
    found = PostSubmission.get_or_none(PostSubmission.post == post_id)
    if found is None or not submitted.is_author(who, found):
        raise NotFound
    mine: PostSubmission = found
    return mine


def of_reader(who: Principal, post_id: int) -> PostSubmission:
    """Return a submission that the caller may see; raises `NotFound`."""
    found = PostSubmission.get_or_none(PostSubmission.post == post_id)
    if found is None or not submitted.may_see(who, found):
        raise NotFound
    seen: PostSubmission = found
    return seen


def require_writable(submission: PostSubmission) -> None:
    """Raise `SubmissionMoved` unless its author may change a submission now."""
    if submission.state not in _WRITABLE:
        raise SubmissionMoved


def change(
    database: Database, who: Principal, post_id: int, facts: dict[str, Any], now: int
) -> PostSubmission:
    """Store the author's text; `facts` has column_id, title, text and picture_ids.

    Raises `NotFound`, `SubmissionMoved`, `SubmissionsClosed`, or `Invalid`.
    """
    column = _column(facts["column_id"])
    with database.write():
        submission = _locked(of_author(who, post_id))
        require_writable(submission)
        post = submission.post
        if not set(facts["picture_ids"]) <= pictures.of_post(post_id).keys():
            raise Invalid(fields={"picture_ids": [_NO_PICTURE]})
        post.change(column=column.id, must_read=column.must_read)
        writing.newest(post).change(
            title=facts["title"],
            body=body_of(facts["text"], facts["picture_ids"]),
            cover_id=next(iter(facts["picture_ids"]), None),
            author_id=who.account_id,
            written_at=now,
        )
        submission.change(changed_at=now, account_id=who.account_id)
    return submission


def send(
    database: Database,
    moderator: Moderator,
    who: Principal,
    post_id: int,
    now: int,
    sent: int | None = None,
) -> PostSubmission:
    """Send a submission to the reviewers of its column; a refusal by the check returns it at once.

    A repeat changes nothing. With `sent`, neither does a repeat that comes after the decision: it is
    sent only if it was sent so often before. Call it outside any transaction, because the check may wait for
    WeChat. Raises `NotFound`, `SubmissionMoved`, `SubmissionsClosed`, or `Invalid` without a title
    or a text.
    """
    submission = of_author(who, post_id)
    if _is_heard(submission, sent):
        return submission
    require_writable(submission)
    _column(submission.post.column_id)
    version = writing.newest(submission.post)
    _require_whole(version)
    finding = _checked(moderator, who.account_id, version, now)
    with database.write():
        submission = _locked(submission)
        if _is_heard(submission, sent):
            return submission
        require_writable(submission)
        now_written = writing.newest(submission.post)
        if (now_written.title, now_written.body) != (version.title, version.body):
            raise SubmissionMoved
        is_refused = finding.status == policy.REJECTED
        submission.change(
            state=RETURNED if is_refused else WAITING,
            finding=finding.name,
            label=finding.label,
            reason=finding.reason,
            sent=submission.sent + 1,
            sent_at=now,
            changed_at=now,
            decided_at=now if is_refused else None,
            decided_by=None,
        )
    return submission


def _is_heard(submission: PostSubmission, sent: int | None) -> bool:
    """Return whether the request to send it was carried out before."""
    return submission.state == WAITING or sent not in (None, submission.sent)


def take_back(database: Database, who: Principal, post_id: int, now: int) -> PostSubmission:
    """Take a waiting submission back, so that its author can change it; a repeat changes nothing.

    Raises `NotFound` or `SubmissionMoved`.
    """
    with database.write():
        submission = _locked(of_author(who, post_id))
        if submission.state not in (*_WRITABLE, WAITING):
            raise SubmissionMoved
        if submission.state == WAITING:
            submission.change(state=DRAFT, changed_at=now)
    return submission


def remove(database: Database, who: Principal, post_id: int) -> None:
    """Remove a submission that was not accepted, with its pictures; raises `NotFound` or
    `SubmissionMoved`."""
    with database.write():
        submission = _locked(of_author(who, post_id))
        if submission.state == ACCEPTED:
            raise SubmissionMoved
        Post.delete().where(Post.id == post_id).execute()


def decide(
    database: Database, who: Principal, post_id: int, verdict: SubmissionVerdict, now: int
) -> PostSubmission:
    """Decide about a waiting submission, and notify its author.

    Raises `NotFound`, `Forbidden` for people who may not write in its column, `ReviewedByAuthor`,
    and `SubmissionMoved` if it does not wait any more, or was sent again since the reviewer saw it.
    """
    columns.writable(who)
    found = PostSubmission.get_or_none(PostSubmission.post == post_id)
    if found is None or found.state == DRAFT:
        raise NotFound
    columns.require_writer(who, found.post.column)
    writer = writing.writer_of(who)
    with database.write():
        submission = _locked(found)
        if submission.state != WAITING or submission.sent != verdict.sent:
            raise SubmissionMoved
        if not writing.may_publish(submission.post, writer):
            raise ReviewedByAuthor
        state = DECISIONS[verdict.decision]
        reason = "" if state == ACCEPTED else verdict.reason
        submission.change(state=state, reason=reason, decided_at=now, decided_by=who.account_id)
        if verdict.decision == "publish":
            submission.post.change(state=REVIEW)
            step = writing.PostStep("publish")
            submission.post = writing.act(database, submission.post, step, writer, now)
        audit.record(
            who.account_id,
            f"submission_{verdict.decision}",
            f"post:{post_id}",
            now,
            before=WAITING,
            after=state,
            reason=reason,
        )
        source = f"{notices.SUBMISSION}:{post_id}:{submission.sent}"
        words = _told(verdict.decision, reason)
        notices.tell(post_id, submission.staff_id, notices.SUBMISSION, source, words, now)
    return submission


def _told(decision: str, reason: str) -> str:
    return {
        "accept": "你的投稿采用了，编辑整理后发布。",
        "publish": "你的投稿发布了。",
        "return": f"你的投稿退回修改：{reason}",
        "reject": f"你的投稿没有采用：{reason}",
    }[decision]


def mine(who: Principal, query: dict[str, int]) -> dict[str, Any]:
    """Return a page of the caller's submissions, the one changed last first."""
    staff_id = who.person.staff_id if who.person else 0
    found = _all().where(PostSubmission.staff == staff_id)
    rows, total = paged(
        found.order_by(PostSubmission.changed_at.desc(), PostSubmission.id.desc()), query
    )
    return {"items": [head(row) for row in rows], "total": total, **query}


def queue(who: Principal, query: dict[str, Any]) -> dict[str, Any]:
    """Return a page of the submissions to the columns of the caller in a state, and how many wait.

    Those that were sent first come first.
    """
    asked = {name: query[name] for name in ("page", "page_size")}
    found = _of_writer(who).where(PostSubmission.state == query["state"])
    rows, total = paged(found.order_by(PostSubmission.sent_at, PostSubmission.id), asked)
    return {"items": [head(row) for row in rows], "total": total, "waiting": waiting(who), **asked}


def waiting(who: Principal) -> int:
    """Return how many submissions wait in the columns in which the caller may write."""
    return int(_of_writer(who).where(PostSubmission.state == WAITING).count())


def _of_writer(who: Principal) -> Any:
    return _all().where(Post.column.in_([column.id for column in columns.writable(who)]))


def _all() -> Any:
    return (
        PostSubmission.select(PostSubmission, Post, PostColumn, PostVersion, Staff, Team)
        .join(Post)
        .join(PostColumn)
        .switch(Post)
        .join(PostVersion, on=(PostVersion.id == Post.draft_id), attr="version")
        .switch(PostSubmission)
        .join(Staff)
        .join(Team)
    )


def head(row: PostSubmission) -> dict[str, Any]:
    """Return what lists show of a submission."""
    post = row.post
    version = getattr(post, "version", None) or writing.newest(post)
    return {
        "id": post.id,
        "column": {
            "id": post.column_id,
            "title": post.column.title,
            "icon": post.column.icon,
            "module": post.column.module,
        },
        "title": version.title,
        "state": row.state,
        "reason": row.reason,
        "sent": row.sent,
        "changed_at": row.changed_at,
        "sent_at": row.sent_at,
        "decided_at": row.decided_at,
        "published": post.state == PUBLISHED,
        "author": row.staff.name,
        "team": row.staff.team.name,
        "finding": row.finding,
    }


def whole(row: PostSubmission) -> dict[str, Any]:
    """Return a submission with its text and pictures."""
    text, chosen = parts_of(writing.newest(row.post).body)
    known = pictures.of_post(row.post_id)
    return {**head(row), "text": text, "pictures": [known[one] for one in chosen if one in known]}


def _of_code(staff_id: int, code: str) -> PostSubmission | None:
    found: PostSubmission | None = PostSubmission.get_or_none(
        PostSubmission.staff == staff_id, PostSubmission.code == code
    )
    return found


def _locked(submission: PostSubmission) -> PostSubmission:
    found = PostSubmission.lock(submission.id)
    if found is None:
        raise NotFound
    return found


def _column(column_id: int) -> PostColumn:
    """Return a column that takes submissions; raises `SubmissionsClosed`."""
    for column in open_columns():
        if column.id == column_id:
            return column
    raise SubmissionsClosed


def _require_whole(version: PostVersion) -> None:
    fields = {"title": version.title, "text": parts_of(version.body)[0]}
    missing = {name: [_MISSING] for name, written in fields.items() if not written}
    if missing:
        raise Invalid(fields=missing)


def _byline(staff_id: int) -> str:
    person = Staff.select(Staff, Team).join(Team).where(Staff.id == staff_id).get()
    return f"{person.team.name} {person.name}"


def _checked(moderator: Moderator, account_id: int, version: PostVersion, now: int) -> Finding:
    """Return the worst finding about a text that is longer than the check takes at once."""
    whole_text = f"{version.title}\n{parts_of(version.body)[0]}"
    worst = Finding(policy.CLEAN)
    for begin in range(0, len(whole_text), _CHECKED_AT_ONCE - _OVERLAP):
        part = whole_text[begin : begin + _CHECKED_AT_ONCE]
        finding = moderator.check(account_id, part, now)
        if finding.status == policy.REJECTED:
            return finding
        if worst.status == policy.APPROVED:
            worst = finding
    return worst
