"""Tables of columns, posts, their versions and audiences, and who read them."""

from typing import Any

from peewee import (
    SQL,
    BigIntegerField,
    BlobField,
    BooleanField,
    Check,
    ForeignKeyField,
    IntegerField,
    TextField,
)
from peewee import JSONField as Json

from backend.db import IdField, Model
from backend.identity.models import Account, Staff
from backend.questions.models import Question

MODULES = {"news": "微信息", "classroom": "微课堂", "life": "微生活"}
DRAFT, REVIEW, PUBLISHED, WITHDRAWN = "draft", "review", "published", "withdrawn"
STATES = (DRAFT, REVIEW, PUBLISHED, WITHDRAWN)
LIKE, SAVED = "like", "saved"
# The states of a submission; an editor's draft has none of them.
WAITING, RETURNED, REJECTED, ACCEPTED = "waiting", "returned", "rejected", "accepted"
SUBMISSION_STATES = (DRAFT, WAITING, RETURNED, REJECTED, ACCEPTED)


class PostColumn(Model):
    """A 栏目.

    `writers` are the roles that may write and publish in it. `must_read` is the default for its
    posts. `revision` counts the changes of what readers see of it, see `catalog`.
    """

    id = IdField()
    module = TextField(constraints=[Check("module IN ('news', 'classroom', 'life')")])
    title = TextField(unique=True)
    icon = TextField(default="")
    position = IntegerField()
    writers = Json(default=list, constraints=[SQL("DEFAULT '[]'")])
    takes_submissions = BooleanField(default=False)
    must_read = BooleanField(default=False)
    has_comments = BooleanField(default=False)
    has_likes = BooleanField(default=False)
    active = BooleanField(default=True)
    revision = BigIntegerField(default=0, constraints=[SQL("DEFAULT 0")])

    @classmethod
    def note_change(cls, *columns: Any) -> None:
        """Count a change of what readers see of columns, in the transaction that makes it."""
        cls.update(revision=cls.revision + 1).where(cls.id.in_(columns)).execute()


class Post(Model):
    """A post.

    `draft_id` is its newest version, `shown_id` the version that readers see, `shown_at` the moment
    from which they see it. `code` identifies the file from which it was imported. `author` is null
    for the command line. 收到 counts for versions from number `confirm_from` on. `season_id` is the
    event whose ledger gets the points of its lesson and of shares, `event_id` the event that it is
    about, `about` the key of a team or person (see `audience`).
    """

    id = IdField()
    column = ForeignKeyField(PostColumn, backref="posts")
    code = TextField(null=True, unique=True)
    state = TextField(constraints=[Check("state IN ('draft', 'review', 'published', 'withdrawn')")])
    draft_id = BigIntegerField(null=True)
    shown_id = BigIntegerField(null=True)
    author = ForeignKeyField(Staff, null=True)
    must_read = BooleanField(default=False)
    pinned = BooleanField(default=False)
    publish_at = BigIntegerField(null=True)
    shown_at = BigIntegerField(null=True)
    expires_at = BigIntegerField(null=True)
    created_at = BigIntegerField()
    confirm_from = IntegerField(default=1, constraints=[SQL("DEFAULT 1")])
    season_id = BigIntegerField(null=True)
    event_id = BigIntegerField(null=True)
    about = TextField(default="", constraints=[SQL("DEFAULT ''")])

    class Meta:
        indexes = ((("column", "shown_at"), False),)


class PostVersion(Model):
    """The texts of a post at one time. A version that was published never changes.

    `note` says what the version corrects; `body` is Markdown; `cover_id` is a `PostPicture` of the
    post.
    """

    id = IdField()
    post = ForeignKeyField(Post, backref="versions", on_delete="CASCADE")
    number = IntegerField()
    title = TextField()
    summary = TextField(default="")
    body = TextField()
    byline = TextField(default="")
    note = TextField(default="")
    author_id = BigIntegerField(null=True)
    written_at = BigIntegerField()
    cover_id = BigIntegerField(null=True)
    video_url = TextField(default="", constraints=[SQL("DEFAULT ''")])

    class Meta:
        indexes = ((("post", "number"), True),)


class PostPicture(Model):
    """A picture of a post: a JPEG without metadata. `digest` is of the uploaded bytes."""

    id = IdField()
    post = ForeignKeyField(Post, on_delete="CASCADE")
    digest = TextField()
    data = BlobField()
    width = IntegerField()
    height = IntegerField()
    uploaded_at = BigIntegerField()

    class Meta:
        indexes = ((("post", "digest"), True),)


class PostAudience(Model):
    """A group that may read a post, by its key; see `audience`.

    `day` is that of a group of people who have a shift, empty for other groups.
    """

    id = IdField()
    post = ForeignKeyField(Post, backref="audience", on_delete="CASCADE")
    key = TextField()
    day = TextField(default="", index=True, constraints=[SQL("DEFAULT ''")])

    class Meta:
        indexes = ((("post", "key"), True), (("key", "post"), False))


class PostReading(Model):
    """The fact that a person read a post.

    For staff it belongs to the person, for guests to the account. `read_at` is the first time,
    `read_version` the newest version that they have read. `confirmed_at` is when they pressed 收到,
    for `confirmed_version`. The last index holds all that home pages ask about a person.
    """

    id = IdField()
    post = ForeignKeyField(Post, index=False, on_delete="CASCADE")
    staff = ForeignKeyField(Staff, null=True, index=False, on_delete="CASCADE")
    account = ForeignKeyField(Account, null=True, on_delete="CASCADE")
    read_at = BigIntegerField()
    confirmed_at = BigIntegerField(null=True)
    read_version = IntegerField(default=1, constraints=[SQL("DEFAULT 1")])
    confirmed_version = IntegerField(null=True)

    class Meta:
        indexes = (
            (("post", "staff"), True),
            (("post", "account"), True),
            (
                ("staff", "post", "read_at", "read_version", "confirmed_at", "confirmed_version"),
                False,
            ),
        )


class PostQuestion(Model):
    """A question of the micro-lesson of a post."""

    id = IdField()
    post = ForeignKeyField(Post, on_delete="CASCADE")
    question = ForeignKeyField(Question, on_delete="CASCADE")
    position = IntegerField()

    class Meta:
        indexes = ((("post", "question"), True),)


class LessonAnswer(Model):
    """The one answer of a person to a question of a lesson; `points` are the points that it earned."""

    id = IdField()
    post = ForeignKeyField(Post, on_delete="CASCADE")
    question = ForeignKeyField(Question, on_delete="CASCADE")
    staff = ForeignKeyField(Staff, on_delete="CASCADE")
    choice = Json()
    is_right = BooleanField()
    points = IntegerField()
    answered_at = BigIntegerField()

    class Meta:
        indexes = ((("post", "question", "staff"), True), (("staff", "post"), False))


class PostComment(Model):
    """A comment; others see it once it is approved.

    `finding` and `label` are the result of the check, see `backend.moderation.policy`; `decided_by`
    is null until an editor decides.
    """

    id = IdField()
    post = ForeignKeyField(Post, on_delete="CASCADE")
    account_id = BigIntegerField(index=True)
    staff = ForeignKeyField(Staff, on_delete="CASCADE")
    text = TextField()
    status = TextField(constraints=[Check("status IN ('pending', 'approved', 'rejected')")])
    finding = TextField()
    label = IntegerField(null=True)
    reason = TextField(default="")
    written_at = BigIntegerField()
    decided_at = BigIntegerField(null=True)
    decided_by = BigIntegerField(null=True)

    class Meta:
        indexes = ((("post", "account_id", "text"), True), (("status", "id"), False))


class PostSubmission(Model):
    """The fact that a person of staff sent in a post for a column.

    Until it is accepted, only its author sees it, and while it waits also those who write in the
    column; see `submitted`. `code` is the phone's name for it, so that a repeat makes no second
    one. `sent` counts how often it was sent. `finding` and `label` are the result of the check of
    the text, see `backend.moderation.policy`. `decided_by` is null if the check decided.
    """

    id = IdField()
    post = ForeignKeyField(Post, unique=True, backref="submissions", on_delete="CASCADE")
    account_id = BigIntegerField()
    staff = ForeignKeyField(Staff, on_delete="CASCADE")
    code = TextField()
    state = TextField(
        constraints=[Check("state IN ('draft', 'waiting', 'returned', 'rejected', 'accepted')")]
    )
    finding = TextField(default="")
    label = IntegerField(null=True)
    reason = TextField(default="")
    sent = IntegerField(default=0)
    changed_at = BigIntegerField()
    sent_at = BigIntegerField(null=True)
    decided_at = BigIntegerField(null=True)
    decided_by = BigIntegerField(null=True)

    class Meta:
        indexes = ((("staff", "code"), True), (("state", "sent_at"), False))


class PostMark(Model):
    """The fact that somebody likes a post, or saved it: for staff the person, for guests the
    account.
    """

    id = IdField()
    post = ForeignKeyField(Post, on_delete="CASCADE")
    kind = TextField(constraints=[Check("kind IN ('like', 'saved')")])
    staff = ForeignKeyField(Staff, null=True, on_delete="CASCADE")
    account = ForeignKeyField(Account, null=True, on_delete="CASCADE")
    at = BigIntegerField()

    class Meta:
        indexes = ((("post", "kind", "staff"), True), (("post", "kind", "account"), True))


class PostNotice(Model):
    """A notice to a person about a post, see `notices`; unique by its `source`."""

    id = IdField()
    post = ForeignKeyField(Post, on_delete="CASCADE")
    staff = ForeignKeyField(Staff, on_delete="CASCADE")
    kind = TextField()
    source = TextField(unique=True)
    text = TextField()
    at = BigIntegerField()
    seen_at = BigIntegerField(null=True)

    class Meta:
        indexes = ((("staff", "seen_at"), False),)


class PostShare(Model):
    """A person's share of a post; readers who come by its token are `PostArrival` rows."""

    id = IdField()
    post = ForeignKeyField(Post, on_delete="CASCADE")
    staff = ForeignKeyField(Staff, on_delete="CASCADE")
    token = TextField(unique=True)
    created_at = BigIntegerField()

    class Meta:
        indexes = ((("post", "staff"), True),)


class PostArrival(Model):
    """A reader whom a share brought to a post: once for each person, and for each account.

    `points` are what the sharer got for it on the business day `day`.
    """

    id = IdField()
    share = ForeignKeyField(PostShare, on_delete="CASCADE")
    post = ForeignKeyField(Post, on_delete="CASCADE")
    account_id = BigIntegerField()
    staff = ForeignKeyField(Staff, null=True, on_delete="CASCADE")
    day = TextField()
    points = IntegerField()
    at = BigIntegerField()

    class Meta:
        indexes = ((("post", "account_id"), True), (("post", "staff"), True))
