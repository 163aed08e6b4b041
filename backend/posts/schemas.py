"""JSON of posts."""

from typing import Any

import marshmallow as ma
from marshmallow import validate

from backend.errors import Sentence
from backend.moderation.policy import STATUSES
from backend.posts.audience import MOST_GROUPS, ROLES
from backend.posts.comments import LONGEST_COMMENT
from backend.posts.lesson import MOST_QUESTIONS
from backend.posts.models import MODULES, STATES, SUBMISSION_STATES
from backend.posts.notices import NOTICE_KINDS
from backend.posts.submissions import DECISIONS, LONGEST_TEXT, MOST_PICTURES
from backend.posts.writing import ACTIONS
from backend.web.schema import (
    FullMatch,
    Id,
    Moment,
    PageQuery,
    QueryId,
    Schema,
    Text,
    WholeNumber,
    page_of,
)

LONGEST_BODY = 20_000


def _audience(*, required: bool = False) -> ma.fields.List:
    """Return the field of the groups of an audience."""
    return ma.fields.List(
        Text(1, 80),
        required=required,
        validate=validate.Length(1, MOST_GROUPS),
        metadata={
            "description": "`everyone`, `staff`, `team:…`, `shift:…`, `role:…`, `person:<工号>`,"
            " `duty:<day>`, `duty:<day>..<day>`, `duty:<day>:<shift>`"
        },
    )


class PostColumnHead(Schema):
    """The column of a post."""

    id = ma.fields.Integer(required=True)
    title = ma.fields.String(required=True)
    icon = ma.fields.String(required=True)
    module = ma.fields.String(required=True, validate=validate.OneOf(list(MODULES)))


class PostPictureBody(Schema):
    """A picture of a post; `path` is below /api/v1, for those who may see the post."""

    id = ma.fields.Integer(required=True)
    path = ma.fields.String(required=True)
    width = ma.fields.Integer(required=True)
    height = ma.fields.Integer(required=True)


class PostPieceBody(Schema):
    """HTML up to the next picture, or a picture with its caption."""

    html = ma.fields.String(required=True)
    picture = ma.fields.Nested(PostPictureBody, required=True, allow_none=True)
    words = ma.fields.String(required=True)


class PostHead(Schema):
    """A post in a list of readers."""

    id = ma.fields.Integer(required=True)
    column = ma.fields.Nested(PostColumnHead, required=True)
    title = ma.fields.String(required=True)
    summary = ma.fields.String(required=True)
    byline = ma.fields.String(required=True)
    published_at = Moment(required=True)
    pinned = ma.fields.Boolean(required=True)
    must_read = ma.fields.Boolean(required=True)
    read_at = Moment(required=True, allow_none=True)
    confirmed_at = Moment(required=True, allow_none=True)
    corrected = ma.fields.Boolean(
        required=True,
        metadata={"description": "The caller has read an older version of what must be read."},
    )
    cover_path = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "Below /api/v1."}
    )


class LessonSummary(Schema):
    """How many questions the lesson of a post has, and how many the caller answered."""

    questions = ma.fields.Integer(required=True)
    answered = ma.fields.Integer(required=True)


class AboutEvent(Schema):
    """The event that a post is about."""

    id = ma.fields.Integer(required=True)
    title = ma.fields.String(required=True)


class AboutBody(Schema):
    """The team or person that a post is about."""

    id = ma.fields.Integer(required=True)
    kind = ma.fields.String(required=True, validate=validate.OneOf(["team", "person"]))
    name = ma.fields.String(required=True)


class PostBody(PostHead):
    """A post as readers see it."""

    lesson = ma.fields.Nested(LessonSummary, required=True, allow_none=True)
    event = ma.fields.Nested(AboutEvent, required=True, allow_none=True)
    about = ma.fields.Nested(AboutBody, required=True, allow_none=True)
    has_comments = ma.fields.Boolean(required=True)
    comments = ma.fields.Integer(required=True)
    has_likes = ma.fields.Boolean(required=True)
    likes = ma.fields.Integer(required=True)
    liked = ma.fields.Boolean(required=True)
    saved = ma.fields.Boolean(required=True)

    html = ma.fields.String(
        required=True, metadata={"description": "Sanitised: no script, attribute or address."}
    )
    pieces = ma.fields.List(
        ma.fields.Nested(PostPieceBody),
        required=True,
        metadata={"description": "The text with its pictures, in order."},
    )
    video_url = ma.fields.String(required=True, metadata={"description": "HTTPS, or empty."})
    version = ma.fields.Integer(required=True)
    note = ma.fields.String(
        required=True, metadata={"description": "What a later version corrects."}
    )
    written_at = Moment(required=True)


class HomeColumnBody(Schema):
    """A column on the home page."""

    id = ma.fields.Integer(required=True)
    title = ma.fields.String(required=True)
    icon = ma.fields.String(required=True)
    newest = ma.fields.String(required=True)
    unread = ma.fields.Integer(required=True)


class HomeModuleBody(Schema):
    """A module with its columns."""

    name = ma.fields.String(required=True, validate=validate.OneOf(list(MODULES)))
    title = ma.fields.String(required=True)
    columns = ma.fields.List(ma.fields.Nested(HomeColumnBody), required=True)


class PostsHomeBody(Schema):
    """What the home page shows of posts."""

    modules = ma.fields.List(ma.fields.Nested(HomeModuleBody), required=True)
    must_read = ma.fields.List(ma.fields.Nested(PostHead), required=True)
    latest = ma.fields.List(ma.fields.Nested(PostHead), required=True)
    notices = ma.fields.Integer(required=True, metadata={"description": "Not seen yet."})


class PostQuery(PageQuery):
    """Which posts."""

    column_id = QueryId()
    words = Text(0, 60, load_default="")
    unread = ma.fields.Boolean(
        load_default=False,
        metadata={"description": "What the caller has not read, the oldest first."},
    )
    saved = ma.fields.Boolean(
        load_default=False, metadata={"description": "What the caller keeps."}
    )
    about = ma.fields.String(
        validate=FullMatch(r"^(team|person):[0-9]{1,15}$"),
        metadata={"description": "Posts about a team or person, by their id."},
    )


class ReadingRequest(Schema):
    """The report that the caller read a post; `confirmed` is 收到."""

    confirmed = ma.fields.Boolean(load_default=False)
    version = Id(
        metadata={"description": "The version that the caller looked at, else the one shown now."}
    )
    share = Text(
        0, 40, load_default="", metadata={"description": "The token of the share they came by."}
    )


class ReadingBody(Schema):
    """When the caller first read a post, and confirmed it."""

    read_at = Moment(required=True)
    confirmed_at = Moment(required=True, allow_none=True)


class MarkBody(Schema):
    """Whether the caller likes a post, or saved it."""

    marked = ma.fields.Boolean(required=True)


class PostShareBody(Schema):
    """The caller's share of a post.

    A person whose first reading has `token` counts as brought by them.
    """

    token = ma.fields.String(required=True)


class FiguresBody(Schema):
    """Counts and rates, see `backend.posts.figures`; a rate of nothing is null."""

    audience = ma.fields.Integer(required=True)
    reached = ma.fields.Integer(required=True)
    staff_readers = ma.fields.Integer(required=True)
    readers = ma.fields.Integer(required=True)
    sharers = ma.fields.Integer(required=True)
    converted = ma.fields.Integer(required=True)
    brought = ma.fields.Integer(required=True)
    likes = ma.fields.Integer(required=True)
    comments = ma.fields.Integer(required=True)
    reading_rate = ma.fields.Float(required=True, allow_none=True)
    internal_rate = ma.fields.Float(required=True, allow_none=True)
    sharing_rate = ma.fields.Float(required=True, allow_none=True)
    conversion_rate = ma.fields.Float(required=True, allow_none=True)


class PostCommentRequest(Schema):
    """A comment."""

    text = Text(1, LONGEST_COMMENT, required=True)


class PostCommentBody(Schema):
    """A comment; `status` and `reason` are only of the caller's own."""

    id = ma.fields.Integer(required=True)
    text = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    team = ma.fields.String(required=True)
    own = ma.fields.Boolean(required=True)
    status = ma.fields.String(required=True, validate=validate.OneOf(STATUSES))
    reason = ma.fields.String(required=True)
    written_at = Moment(required=True)


class PostNoticeBody(Schema):
    """A notice to the caller about a post."""

    id = ma.fields.Integer(required=True)
    post_id = ma.fields.Integer(required=True)
    title = ma.fields.String(required=True)
    kind = ma.fields.String(required=True, validate=validate.OneOf(NOTICE_KINDS))
    text = ma.fields.String(required=True)
    at = Moment(required=True)
    seen_at = Moment(required=True, allow_none=True)


class SeenRequest(Schema):
    """Up to which moment the caller has seen notices."""

    until = Moment(required=True)


class PostRemindersBody(Schema):
    """How many people were reminded, and how many were left out: resting, or reminded lately."""

    reminded = ma.fields.Integer(required=True)
    resting = ma.fields.Integer(required=True)
    lately = ma.fields.Integer(required=True)


class LessonOption(Schema):
    """An option of a question."""

    key = ma.fields.String(required=True)
    text = ma.fields.String(required=True)


class LessonResult(Schema):
    """The caller's answer and the right one."""

    choice = ma.fields.List(ma.fields.String(), required=True)
    is_right = ma.fields.Boolean(required=True)
    key = ma.fields.List(ma.fields.String(), required=True)
    explanation = ma.fields.String(required=True)
    points = ma.fields.Integer(required=True)


class LessonQuestionBody(Schema):
    """A question of a lesson; `result` is null until the caller has answered."""

    id = ma.fields.Integer(required=True)
    kind = ma.fields.String(required=True)
    topic = ma.fields.String(required=True)
    stem = ma.fields.String(required=True)
    options = ma.fields.List(ma.fields.Nested(LessonOption), required=True)
    result = ma.fields.Nested(LessonResult, required=True, allow_none=True)


class LessonBody(Schema):
    """The lesson of a post."""

    items = ma.fields.List(ma.fields.Nested(LessonQuestionBody), required=True)
    answered = ma.fields.Integer(required=True)
    right = ma.fields.Integer(required=True)
    points = ma.fields.Integer(required=True)


class LessonAnswerRequest(Schema):
    """An answer: the chosen letters."""

    question_id = Id(required=True)
    choice = ma.fields.List(Text(1, 1), required=True, validate=validate.Length(1, 6))


class ColumnRequest(Schema):
    """A column."""

    module = ma.fields.String(required=True, validate=validate.OneOf(list(MODULES)))
    title = Text(1, 20, required=True)
    icon = Text(0, 2, load_default="")
    writers = ma.fields.List(
        ma.fields.String(validate=validate.OneOf(ROLES)),
        required=True,
        metadata={"description": "Roles that write and publish in it, besides admins."},
    )
    takes_submissions = ma.fields.Boolean(load_default=False)
    must_read = ma.fields.Boolean(load_default=False)
    has_comments = ma.fields.Boolean(load_default=False)
    has_likes = ma.fields.Boolean(load_default=False)
    active = ma.fields.Boolean(load_default=True)


class ColumnOrder(Schema):
    """The ids of all columns, in their new order."""

    column_ids = ma.fields.List(Id(), required=True, validate=validate.Length(1, 200))


class ColumnBody(Schema):
    """A column, and whether the caller may write in it."""

    id = ma.fields.Integer(required=True)
    module = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    icon = ma.fields.String(required=True)
    position = ma.fields.Integer(required=True)
    writers = ma.fields.List(ma.fields.String(), required=True)
    takes_submissions = ma.fields.Boolean(required=True)
    must_read = ma.fields.Boolean(required=True)
    has_comments = ma.fields.Boolean(required=True)
    has_likes = ma.fields.Boolean(required=True)
    active = ma.fields.Boolean(required=True)
    may_write = ma.fields.Boolean(required=True)


class ColumnList(Schema):
    """All columns."""

    items = ma.fields.List(ma.fields.Nested(ColumnBody), required=True)


class PostFacts(Schema):
    """The fields that a writer may set.

    In a new post, missing fields have the defaults of its column.
    """

    title = Text(1, 60)
    summary = Text(0, 120)
    body = Text(1, LONGEST_BODY)
    byline = Text(0, 40)
    video_url = ma.fields.String(
        validate=FullMatch(r"^(https://[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?/[!-~]{1,400})?$"),
        metadata={"description": "A film, shown when the reader asks for it; https alone."},
    )
    audience = _audience()
    questions = ma.fields.List(
        Text(1, 120),
        validate=validate.Length(0, MOST_QUESTIONS),
        metadata={"description": "The micro-lesson: `bank:code`, each of the question banks."},
    )
    season_id = Id(
        allow_none=True,
        metadata={
            "description": "The event whose ledger takes points of the lesson and of shares."
        },
    )
    event_id = Id(allow_none=True, metadata={"description": "The event that the post is about."})
    about = Text(0, 80, metadata={"description": "`team:…` or `person:<工号>`, or empty."})
    must_read = ma.fields.Boolean()
    pinned = ma.fields.Boolean()
    publish_at = Moment(allow_none=True)
    expires_at = Moment(allow_none=True)


class PostRequest(PostFacts):
    """A new draft."""

    column_id = Id(required=True)
    title = Text(1, 60, required=True)
    body = Text(1, LONGEST_BODY, required=True)


class RevisionRequest(PostFacts):
    """A new version of a post, or other settings.

    `version` is the newest one that the caller has seen.
    """

    version = Id(required=True)
    note = Text(0, 200, metadata={"description": "What is corrected of a published post."})
    cover_id = Id(allow_none=True, metadata={"description": "A picture of the post."})


class PostActionRequest(Schema):
    """An action that moves a post to another state."""

    action = ma.fields.String(required=True, validate=validate.OneOf(list(ACTIONS)))
    note = Text(0, 200, load_default="")
    version = Id(
        metadata={"description": "The newest version that was looked at; a newer one is refused."}
    )
    confirm_again = ma.fields.Boolean(
        load_default=False,
        metadata={"description": "With `publish`: 收到 for an older version counts no more."},
    )


class SourceQuery(PageQuery):
    """Which posts of the columns in which the caller writes."""

    state = ma.fields.String(validate=validate.OneOf(STATES))
    column_id = QueryId()


class SourceHead(Schema):
    """A post in a list of writers. `has_changes` says that a newer version is not published yet."""

    id = ma.fields.Integer(required=True)
    column = ma.fields.Nested(PostColumnHead, required=True)
    state = ma.fields.String(required=True, validate=validate.OneOf(STATES))
    title = ma.fields.String(required=True)
    summary = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    has_changes = ma.fields.Boolean(required=True)
    must_read = ma.fields.Boolean(required=True)
    pinned = ma.fields.Boolean(required=True)
    publish_at = Moment(required=True, allow_none=True)
    published_at = Moment(required=True, allow_none=True)
    expires_at = Moment(required=True, allow_none=True)
    cover_path = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "Below /api/v1."}
    )


class VersionBody(Schema):
    """A version of a post."""

    number = ma.fields.Integer(required=True)
    title = ma.fields.String(required=True)
    note = ma.fields.String(required=True)
    written_at = Moment(required=True)
    is_shown = ma.fields.Boolean(required=True)


class SourceBody(SourceHead):
    """A post as its writers see it."""

    body = ma.fields.String(required=True)
    byline = ma.fields.String(required=True)
    video_url = ma.fields.String(required=True)
    cover_id = ma.fields.Integer(required=True, allow_none=True)
    pictures = ma.fields.List(ma.fields.Nested(PostPictureBody), required=True)
    questions = ma.fields.List(ma.fields.String(), required=True)
    season_id = ma.fields.Integer(required=True, allow_none=True)
    event_id = ma.fields.Integer(required=True, allow_none=True)
    about = ma.fields.String(required=True)
    audience = ma.fields.List(ma.fields.String(), required=True)
    versions = ma.fields.List(ma.fields.Nested(VersionBody), required=True)


class AudienceRequest(Schema):
    """An audience that a writer thinks of."""

    audience = _audience(required=True)


class AudienceGroupBody(Schema):
    """A group of an audience, as it is written and in words."""

    group = ma.fields.String(required=True)
    words = ma.fields.String(required=True)


class AudienceBody(Schema):
    """Who an audience is now: how many of the staff, and whether guests are in it."""

    people = ma.fields.Integer(required=True)
    guests = ma.fields.Boolean(required=True)
    groups = ma.fields.List(ma.fields.Nested(AudienceGroupBody), required=True)


class TextPreviewRequest(Schema):
    """A text of Markdown."""

    body = Text(0, LONGEST_BODY, required=True)


class TextPreviewBody(Schema):
    """How a text is shown, and which parts of it are not."""

    html = ma.fields.String(required=True)
    notes = ma.fields.List(ma.fields.String(), required=True)


class ReaderBody(Schema):
    """A person of the audience."""

    number = ma.fields.String(required=True)
    name = ma.fields.String(required=True)


class MissingGroupBody(Schema):
    """The people of a team and shift who have not confirmed or read a post."""

    team = ma.fields.String(required=True)
    shift = ma.fields.String(required=True)
    people = ma.fields.List(ma.fields.Nested(ReaderBody), required=True)


class ReachBody(Schema):
    """How many of the staff in its audience a post has reached."""

    audience = ma.fields.Integer(required=True)
    read = ma.fields.Integer(required=True)
    confirmed = ma.fields.Integer(required=True)
    missing = ma.fields.List(ma.fields.Nested(MissingGroupBody), required=True)


class SubmissionFacts(Schema):
    """The text of a submission."""

    column_id = Id(required=True, metadata={"description": "One that takes submissions."})
    title = Text(0, 60, required=True)
    text = Text(0, LONGEST_TEXT, required=True)


class SubmissionRequest(SubmissionFacts):
    """A new submission; `code` is the phone's own name for it, so that a repeat makes no second one."""

    code = Text(8, 40, required=True)


class SubmissionChange(SubmissionFacts):
    """The new text of a submission; its pictures are shown below the text, in this order."""

    picture_ids = ma.fields.List(Id(), required=True, validate=validate.Length(0, MOST_PICTURES))


class SubmissionStep(Schema):
    """An author's action on a submission."""

    action = ma.fields.String(required=True, validate=validate.OneOf(["send", "take_back"]))
    sent = WholeNumber(
        0,
        2**31 - 1,
        load_default=None,
        metadata={
            "description": "How often it was sent before, as the phone knows; if it was sent more "
            "often, `send` changes nothing."
        },
    )


class SubmissionDecision(Schema):
    """A reviewer's decision about a submission."""

    decision = ma.fields.String(required=True, validate=validate.OneOf(list(DECISIONS)))
    reason = Text(0, 200, load_default="")
    sent = Id(
        required=True,
        metadata={"description": "As the reviewer saw it; one that was sent anew is refused."},
    )

    @ma.validates_schema
    def _no_has_a_reason(self, data: dict[str, Any], **_: Any) -> None:
        if data["decision"] in ("return", "reject") and not data["reason"]:
            raise ma.ValidationError(
                [Sentence("请写明原因，作者会看到。", "Give a reason for the author.")], "reason"
            )


class SubmissionHead(Schema):
    """A submission in a list. `sent` counts how often it was sent; `reason` says why it was returned or
    rejected."""

    id = ma.fields.Integer(required=True, metadata={"description": "Also the id of its post."})
    column = ma.fields.Nested(PostColumnHead, required=True)
    title = ma.fields.String(required=True)
    state = ma.fields.String(required=True, validate=validate.OneOf(SUBMISSION_STATES))
    reason = ma.fields.String(required=True)
    sent = ma.fields.Integer(required=True)
    changed_at = Moment(required=True)
    sent_at = Moment(required=True, allow_none=True)
    decided_at = Moment(required=True, allow_none=True)
    published = ma.fields.Boolean(required=True)
    author = ma.fields.String(required=True)
    team = ma.fields.String(required=True)


class SubmissionBody(SubmissionHead):
    """A submission with its text and pictures."""

    text = ma.fields.String(required=True)
    pictures = ma.fields.List(ma.fields.Nested(PostPictureBody), required=True)


SubmissionPageBody = page_of(SubmissionHead, "SubmissionPageBody")
PostPageBody = page_of(PostHead, "PostPageBody")
PostCommentPageBody = page_of(PostCommentBody, "PostCommentPageBody")
SourcePageBody = page_of(SourceHead, "SourcePageBody")


class PostNoticePageBody(page_of(PostNoticeBody, "_PostNoticePage")):  # type: ignore[misc]
    """A page of notices, and how many the caller has not seen."""

    unseen = ma.fields.Integer(required=True)
