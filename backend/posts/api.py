"""Posts over HTTP: for readers, and for those who write and publish."""

from typing import Any

from flask import Response, jsonify

from backend.clock import DAY_MS, local_time, to_iso
from backend.errors import NotFound
from backend.events.current import feed
from backend.identity.current import caller
from backend.identity.principal import Principal
from backend.moderation.api import PICTURE_REFUSED, UPLOAD_RATE, served
from backend.moderation.current import moderator
from backend.moderation.pictures import MIMETYPE, clean
from backend.moderation.policy import APPROVED
from backend.moderation.schemas import DecisionRequest, PictureFile
from backend.posts import (
    audience,
    choosing,
    columns,
    comments,
    figures,
    lesson,
    notices,
    pictures,
    quiet,
    reading,
    reminders,
    shares,
    view,
    writing,
)
from backend.posts.current import catalog, home_pages, readings
from backend.posts.markdown import rendered
from backend.posts.models import LIKE, SAVED, Post, PostColumn, PostPicture, PostShare
from backend.posts.schemas import (
    AudienceBody,
    AudienceRequest,
    ColumnBody,
    ColumnList,
    ColumnOrder,
    ColumnRequest,
    FiguresBody,
    LessonAnswerRequest,
    LessonBody,
    LessonQuestionBody,
    MarkBody,
    PostActionRequest,
    PostBody,
    PostCommentBody,
    PostCommentPageBody,
    PostCommentRequest,
    PostNoticePageBody,
    PostPageBody,
    PostPictureBody,
    PostQuery,
    PostRemindersBody,
    PostRequest,
    PostShareBody,
    PostsHomeBody,
    ReachBody,
    ReadingBody,
    ReadingRequest,
    RevisionRequest,
    SeenRequest,
    SourceBody,
    SourcePageBody,
    SourceQuery,
    TextPreviewBody,
    TextPreviewRequest,
)
from backend.scoring.current import scores
from backend.web import current
from backend.web.blueprint import Blueprint
from backend.web.i18n import language
from backend.web.schema import PageQuery

blueprint = Blueprint("posts", __name__, url_prefix="/api/v1/posts", description="Posts")

READERS = {"c401": "unauthenticated"}
WRITERS = {"c401": "unauthenticated", "c403": "forbidden", "c404": "not_found"}
POST = "/<int:post_id>"
COMMENT_RATE = "20/minute"


def _oldest_unread() -> int:
    """The moment from which on readings are kept: posts that were shown before count as read."""
    return current.now() - current.settings().keep_readings_days * DAY_MS


@blueprint.route("/home", methods=["GET"])
@blueprint.response(200, PostsHomeBody)
@blueprint.refuses(**READERS)
def show_home() -> Response:
    """Show the modules with their columns, what must still be read, and the latest posts. Anyone
    with a token."""
    who, now = caller(), current.now()
    page = home_pages().page(catalog().of(who, now), who, now)
    return Response(page, mimetype="application/json")


@blueprint.route("", methods=["GET"])
@blueprint.arguments(PostQuery, location="query")
@blueprint.response(200, PostPageBody)
@blueprint.refuses(**READERS)
def list_posts(query: dict[str, Any]) -> dict[str, Any]:
    """List the posts that the caller may read, pinned ones first. Anyone with a token."""
    return view.listed(caller(), query, current.now(), _oldest_unread())


@blueprint.route(POST, methods=["GET"])
@blueprint.response(200, PostBody)
@blueprint.refuses(**READERS, c404="not_found")
def show_post(post_id: int) -> dict[str, Any]:
    """Show a post; outside its audience there is none. Anyone with a token."""
    found = view.whole(caller(), post_id, current.now())
    if found is None:
        raise NotFound
    return found


@blueprint.route(POST + "/reading", methods=["PUT"])
@blueprint.arguments(ReadingRequest)
@blueprint.response(200, ReadingBody)
@blueprint.refuses(**READERS, c404="not_found", c409="nothing_to_confirm, post_corrected")
def mark_read(body: dict[str, Any], post_id: int) -> Response:
    """Store that the caller read a post, and with `confirmed` 收到.

    Only the first time counts. Anyone with a token.
    """
    who, now = caller(), current.now()
    listed = catalog().find(who, post_id, now)
    if listed is None:
        raise NotFound
    token = body.pop("share")
    found = readings().mark(who, listed, reading.ReaderReport(**body), now)
    if token and found.is_first:
        post = reading.shown_post(who, post_id, now)
        shares.arrive(current.database(), scores(), who, post, token, now)
    return jsonify(
        read_at=to_iso(found.read_at),
        confirmed_at=found.confirmed_at and to_iso(found.confirmed_at),
    )


@blueprint.route(POST + "/like", methods=["PUT"])
@blueprint.arguments(MarkBody)
@blueprint.response(200, MarkBody)
@blueprint.refuses(**READERS, c404="not_found", c409="comments_closed")
def like_post(body: dict[str, bool], post_id: int) -> dict[str, bool]:
    """Like a post, or undo that. Anyone with a token."""
    return _marked(post_id, LIKE, body)


@blueprint.route(POST + "/saved", methods=["PUT"])
@blueprint.arguments(MarkBody)
@blueprint.response(200, MarkBody)
@blueprint.refuses(**READERS, c404="not_found")
def save_post(body: dict[str, bool], post_id: int) -> dict[str, bool]:
    """Save a post for later, or undo that. Anyone with a token."""
    return _marked(post_id, SAVED, body)


def _marked(post_id: int, kind: str, body: dict[str, bool]) -> dict[str, bool]:
    who, now = caller(), current.now()
    post = reading.shown_post(who, post_id, now)
    if comments.mark(current.database(), who, post, kind, body["marked"], now):
        notices.publish(feed(), post_id, now)
    return body


@blueprint.route(POST + "/shares", methods=["POST"])
@blueprint.response(200, PostShareBody)
@blueprint.refuses(c401="unauthenticated", c403="staff_only", c404="not_found", c409="not_read_yet")
def share_post(post_id: int) -> PostShare:
    """Get the caller's token to share a post; it stays the same. Staff who have read the post."""
    who, now = caller(), current.now()
    return shares.share(current.database(), who, reading.shown_post(who, post_id, now), now)


@blueprint.route(POST + "/figures", methods=["GET"])
@blueprint.response(200, FiguresBody)
@blueprint.refuses(**WRITERS)
def show_figures(post_id: int) -> dict[str, Any]:
    """Show the figures of a post: rates of reading, sharing and conversion.

    The roles that write in the column (hosts, trainers), and admins.
    """
    post = writing.of_writer(caller(), post_id)
    return figures.of_post(current.database(), post).shown()


@blueprint.route(POST + "/comments", methods=["GET"])
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, PostCommentPageBody)
@blueprint.refuses(**READERS, c404="not_found")
def list_comments(query: dict[str, int], post_id: int) -> dict[str, Any]:
    """List the approved comments, and the caller's own. Anyone with a token."""
    who = caller()
    return comments.listed(who, reading.shown_post(who, post_id, current.now()), query)


@blueprint.route(POST + "/comments", methods=["POST"])
@blueprint.arguments(PostCommentRequest)
@blueprint.response(201, PostCommentBody)
@blueprint.refuses(
    c401="unauthenticated",
    c403="staff_only",
    c404="not_found",
    c409="comments_closed",
    c422="invalid",
    c429="too_many_requests",
)
def write_comment(body: dict[str, str], post_id: int) -> dict[str, Any]:
    """Write a comment, which is shown once it is approved.

    The same text again is the same comment. Staff.
    """
    who, now = caller(), current.now()
    post = reading.shown_post(who, post_id, now)
    current.limits().hit(COMMENT_RATE, "comments", str(who.account_id))
    made = comments.write(current.database(), moderator(), who, post, body["text"], now)
    if made.status == APPROVED:
        notices.publish(feed(), post_id, now)
    return comments.shown(made, who)


@blueprint.route(POST + "/comments/<int:comment_id>", methods=["DELETE"])
@blueprint.response(204)
@blueprint.refuses(**READERS, c404="not_found")
def remove_comment(post_id: int, comment_id: int) -> None:
    """Remove an own comment. Anyone with a token."""
    who = caller()
    post = reading.shown_post(who, post_id, current.now())
    comments.remove(current.database(), who, post, comment_id)


@blueprint.route(POST + "/comments/<int:comment_id>", methods=["PUT"])
@blueprint.arguments(DecisionRequest)
@blueprint.response(200, PostCommentBody)
@blueprint.refuses(**WRITERS, c422="invalid")
def decide_comment(body: dict[str, str], post_id: int, comment_id: int) -> dict[str, Any]:
    """Approve a comment, or reject it with a reason.

    Its author gets a notice. The roles that write in the column (hosts, trainers), and admins.
    """
    who, now = caller(), current.now()
    post = writing.of_writer(who, post_id)
    decided = comments.decide(current.database(), post, comment_id, body, who.account_id, now)
    notices.publish(feed(), post_id, now)
    return comments.shown(decided, who)


@blueprint.route("/notices", methods=["GET"])
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, PostNoticePageBody)
@blueprint.refuses(**READERS)
def list_notices(query: dict[str, int]) -> dict[str, Any]:
    """List the caller's notices about posts, the newest first. Anyone with a token."""
    who, now = caller(), current.now()
    return notices.listed(current.database(), who, catalog().of(who, now), query, now)


@blueprint.route("/notices", methods=["PUT"])
@blueprint.arguments(SeenRequest)
@blueprint.response(204)
@blueprint.refuses(**READERS, c422="invalid")
def see_notices(body: dict[str, int]) -> None:
    """Store up to which moment the caller has seen notices. Anyone with a token."""
    notices.see(current.database(), caller(), body["until"], current.now())


@blueprint.route(POST + "/reminders", methods=["POST"])
@blueprint.response(200, PostRemindersBody)
@blueprint.refuses(**WRITERS, c409="wrong_state_of_post")
def remind_readers(post_id: int) -> reminders.RemindedReaders:
    """Remind the people who have not confirmed or read a post. The roles that write in the column
    (hosts, trainers), and admins.

    People whose shift rests now, and people who were reminded within a set time, are left out.
    """
    who, now, settings = caller(), current.now(), current.settings()
    post = writing.of_writer(who, post_id)
    rules = reminders.ReminderRules(
        quiet.hours_of(settings.quiet_hours), settings.remind_again_minutes * 60_000
    )
    local = local_time(now, settings.timezone)
    done = reminders.remind(current.database(), post, rules, local, who.account_id, now)
    notices.publish(feed(), post_id, now)
    return done


@blueprint.route(POST + "/lesson", methods=["GET"])
@blueprint.response(200, LessonBody)
@blueprint.refuses(**READERS, c404="not_found")
def show_lesson(post_id: int) -> dict[str, Any]:
    """Show the questions of a post, and the caller's answers. Anyone with a token."""
    who = caller()
    return lesson.shown(reading.shown_post(who, post_id, current.now()), who)


@blueprint.route(POST + "/lesson/answers", methods=["POST"])
@blueprint.arguments(LessonAnswerRequest)
@blueprint.response(200, LessonQuestionBody)
@blueprint.refuses(c401="unauthenticated", c403="staff_only", c404="not_found", c422="invalid")
def answer_lesson(body: dict[str, Any], post_id: int) -> dict[str, Any]:
    """Answer a question of a post; only the first answer counts. Staff."""
    who, now = caller(), current.now()
    post = reading.shown_post(who, post_id, now)
    return lesson.answer(current.database(), scores(), who, post, body, now)


@blueprint.route("/columns", methods=["GET"])
@blueprint.response(200, ColumnList)
@blueprint.refuses(**READERS)
def list_columns() -> dict[str, Any]:
    """List all columns, and say in which the caller may write. Anyone with a token."""
    who = caller()
    return {"items": [view.shown_column(column, who) for column in columns.all_columns()]}


@blueprint.route("/columns", methods=["POST"])
@blueprint.arguments(ColumnRequest)
@blueprint.response(201, ColumnBody)
@blueprint.refuses(c401="unauthenticated", c403="forbidden", c422="invalid")
def make_column(body: dict[str, Any]) -> dict[str, Any]:
    """Make a column. Admins."""
    who = caller()
    who.require("admin")
    made = columns.make(current.database(), body, who.account_id, current.now())
    return view.shown_column(made, who)


@blueprint.route("/columns/<int:column_id>", methods=["PUT"])
@blueprint.arguments(ColumnRequest)
@blueprint.response(200, ColumnBody)
@blueprint.refuses(**WRITERS, c422="invalid")
def change_column(body: dict[str, Any], column_id: int) -> dict[str, Any]:
    """Change or close a column; posts of a closed one are not shown. Admins."""
    who = caller()
    who.require("admin")
    changed = columns.change(current.database(), column_id, body, who.account_id, current.now())
    return view.shown_column(changed, who)


@blueprint.route("/columns/order", methods=["PUT"])
@blueprint.arguments(ColumnOrder)
@blueprint.response(200, ColumnList)
@blueprint.refuses(c401="unauthenticated", c403="forbidden", c422="invalid")
def arrange_columns(body: dict[str, Any]) -> dict[str, Any]:
    """Put all columns in an order. Admins."""
    who = caller()
    who.require("admin")
    found = columns.arrange(current.database(), body["column_ids"], who.account_id, current.now())
    return {"items": [view.shown_column(column, who) for column in found]}


@blueprint.route("/preview", methods=["POST"])
@blueprint.arguments(TextPreviewRequest)
@blueprint.response(200, TextPreviewBody)
@blueprint.refuses(c401="unauthenticated", c403="forbidden", c422="invalid")
def preview_post(body: dict[str, str]) -> dict[str, Any]:
    """Show how a text will look; writes nothing. Hosts, trainers and other roles that write."""
    columns.writable(caller())
    found = rendered(body["body"])
    return {"html": found.html, "notes": [note.said(language()) for note in found.notes]}


@blueprint.route("/audience", methods=["POST"])
@blueprint.arguments(AudienceRequest)
@blueprint.response(200, AudienceBody)
@blueprint.refuses(c401="unauthenticated", c403="forbidden", c422="invalid")
def show_audience(body: dict[str, list[str]]) -> dict[str, Any]:
    """Show how many people an audience is now, and its groups in words; writes nothing. Hosts,
    trainers and other roles that write."""
    columns.writable(caller())
    keys = audience.stored(body["audience"])
    groups = audience.written(keys)
    words = [sentence.said(language()) for sentence in choosing.in_words(groups)]
    return {
        "people": audience.people_of(keys).order_by().count(),
        "guests": audience.EVERYONE in keys,
        "groups": [
            {"group": group, "words": said} for group, said in zip(groups, words, strict=True)
        ],
    }


@blueprint.route("/sources", methods=["GET"])
@blueprint.arguments(SourceQuery, location="query")
@blueprint.response(200, SourcePageBody)
@blueprint.refuses(c401="unauthenticated", c403="forbidden")
def list_sources(query: dict[str, Any]) -> dict[str, Any]:
    """List posts in every state, of the columns in which the caller writes. Hosts, trainers and
    other roles that write."""
    return view.sources(caller(), query)


@blueprint.route("", methods=["POST"])
@blueprint.arguments(PostRequest)
@blueprint.response(201, SourceBody)
@blueprint.refuses(**WRITERS, c422="invalid")
def make_post(body: dict[str, Any]) -> dict[str, Any]:
    """Write a draft. The roles that write in the column (hosts, trainers), and admins."""
    who = caller()
    columns.writable(who)
    column = PostColumn.get_or_none(PostColumn.id == body.pop("column_id"))
    if column is None:
        raise NotFound
    columns.require_writer(who, column)
    writer = writing.writer_of(who)
    return view.source(writing.make(current.database(), column, body, writer, current.now()))


@blueprint.route(POST + "/source", methods=["GET"])
@blueprint.response(200, SourceBody)
@blueprint.refuses(**WRITERS)
def show_source(post_id: int) -> dict[str, Any]:
    """Show the newest version of a post, its settings and its history. The roles that write in the
    column (hosts, trainers), and admins."""
    return view.source(writing.of_writer(caller(), post_id))


@blueprint.route(POST + "/source", methods=["PUT"])
@blueprint.arguments(RevisionRequest)
@blueprint.response(200, SourceBody)
@blueprint.refuses(**WRITERS, c409="post_moved", c422="invalid")
def revise_post(body: dict[str, Any], post_id: int) -> dict[str, Any]:
    """Write a new version, or change settings.

    Readers see a new version when it is published. The roles that write in the column (hosts,
    trainers), and admins.
    """
    who = caller()
    post = writing.of_writer(who, post_id)
    version = body.pop("version")
    writer = writing.writer_of(who)
    return view.source(
        writing.revise(current.database(), post, body, version, writer, current.now())
    )


@blueprint.route(POST + "/pictures", methods=["POST"])
@blueprint.arguments(PictureFile, location="files")
@blueprint.response(201, PostPictureBody)
@blueprint.refuses(**WRITERS, **PICTURE_REFUSED, c409="too_many_post_pictures")
def upload_post_picture(files: dict[str, Any], post_id: int) -> dict[str, Any]:
    """Upload a picture, which the text refers to as `![words](picture:<id>)`.

    The same file again returns the same picture. The roles that write in the column (hosts,
    trainers), and admins.
    """
    who = caller()
    post = writing.of_writer(who, post_id)
    return view.shown_picture(kept_picture(who, post, files["file"].read()))


def kept_picture(who: Principal, post: Post, uploaded: bytes) -> PostPicture:
    """Keep an uploaded picture of a post, drawn anew in another process."""
    current.limits().hit(UPLOAD_RATE, "pictures", str(who.account_id))
    digest = pictures.digest(uploaded)
    found = pictures.known(post, digest)
    if found is not None:
        return found
    current.database().release()
    drawn = current.offload().short.run(clean, uploaded)
    return pictures.keep(current.database(), post, digest, drawn, who.account_id, current.now())


@blueprint.route(POST + "/pictures/<int:picture_id>", methods=["GET"])
@blueprint.response(200, content_type=MIMETYPE)
@blueprint.refuses(**READERS, c404="not_found")
def get_post_picture(post_id: int, picture_id: int) -> Response:
    """Show a picture of a post.

    Anyone with a token who may read a shown version with it; those who write in its column.
    """
    return served(pictures.data_for(caller(), post_id, picture_id, current.now()))


@blueprint.route(POST + "/transitions", methods=["POST"])
@blueprint.arguments(PostActionRequest)
@blueprint.response(200, SourceBody)
@blueprint.refuses(
    **{**WRITERS, "c403": "forbidden, reviewed_by_author"},
    c409="post_moved, wrong_state_of_post",
    c422="invalid",
)
def act_on_post(body: dict[str, Any], post_id: int) -> dict[str, Any]:
    """Submit, return, publish, withdraw or reopen a post. The roles that write in the column (hosts,
    trainers), and admins."""
    who = caller()
    post = writing.of_writer(who, post_id)
    writer = writing.writer_of(who)
    step = writing.PostStep(**body)
    return view.source(writing.act(current.database(), post, step, writer, current.now()))


@blueprint.route(POST + "/reach", methods=["GET"])
@blueprint.response(200, ReachBody)
@blueprint.refuses(**WRITERS)
def show_reach(post_id: int) -> dict[str, Any]:
    """Show how many of the audience have read a post, and who has not, by team and shift. The roles
    that write in the column (hosts, trainers), and admins."""
    return view.shown_reach(writing.of_writer(caller(), post_id))
