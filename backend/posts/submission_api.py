"""Submissions over HTTP: for staff who write for a column, and for those who decide."""

from typing import Any

from backend.events.current import feed
from backend.identity.current import caller
from backend.moderation.api import PICTURE_REFUSED
from backend.moderation.current import moderator
from backend.moderation.schemas import PictureFile
from backend.posts import notices, submissions, view
from backend.posts.api import WRITERS, kept_picture
from backend.posts.models import PostSubmission
from backend.posts.schemas import (
    PostPictureBody,
    SubmissionBody,
    SubmissionChange,
    SubmissionDecision,
    SubmissionPageBody,
    SubmissionRequest,
    SubmissionStep,
)
from backend.web import current
from backend.web.blueprint import Blueprint
from backend.web.schema import PageQuery

blueprint = Blueprint(
    "submissions", __name__, url_prefix="/api/v1/posts/submissions", description="Submissions"
)

AUTHORS = {"c401": "unauthenticated", "c404": "not_found"}
SUBMISSION = "/<int:submission_id>"
# Each sending may ask WeChat three times.
SEND_RATE = "10/minute"


@blueprint.route("", methods=["GET"])
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, SubmissionPageBody)
@blueprint.refuses(c401="unauthenticated")
def list_submissions(query: dict[str, int]) -> dict[str, Any]:
    """List the own submissions with their state, the one changed last first. Anyone with a token."""
    return submissions.mine(caller(), query)


@blueprint.route("", methods=["POST"])
@blueprint.arguments(SubmissionRequest)
@blueprint.response(201, SubmissionBody)
@blueprint.alt_response(200, schema=SubmissionBody, description="It was there already.")
@blueprint.refuses(
    c401="unauthenticated",
    c403="staff_only",
    c409="submissions_closed, too_many_submissions",
    c422="invalid",
)
def make_submission(body: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """Begin a submission, seen by its author alone; the same code gives the same one. Staff."""
    made, is_new = submissions.make(current.database(), caller(), body, current.now())
    return _shown(made), 201 if is_new else 200


@blueprint.route(SUBMISSION, methods=["GET"])
@blueprint.response(200, SubmissionBody)
@blueprint.refuses(**AUTHORS)
def show_submission(submission_id: int) -> dict[str, Any]:
    """Show a submission. Its author; while it waits, the roles that write in its column (hosts,
    trainers), and admins."""
    return _shown(submissions.of_reader(caller(), submission_id))


@blueprint.route(SUBMISSION, methods=["PUT"])
@blueprint.arguments(SubmissionChange)
@blueprint.response(200, SubmissionBody)
@blueprint.refuses(**AUTHORS, c409="submission_moved, submissions_closed", c422="invalid")
def change_submission(body: dict[str, Any], submission_id: int) -> dict[str, Any]:
    """Write a submission that is a draft or was returned. Staff who wrote it."""
    database, now = current.database(), current.now()
    return _shown(submissions.change(database, caller(), submission_id, body, now))


@blueprint.route(SUBMISSION, methods=["DELETE"])
@blueprint.response(204)
@blueprint.refuses(**AUTHORS, c409="submission_moved")
def remove_submission(submission_id: int) -> None:
    """Remove a submission that was not accepted. Staff who wrote it."""
    submissions.remove(current.database(), caller(), submission_id)


@blueprint.route(SUBMISSION + "/pictures", methods=["POST"])
@blueprint.arguments(PictureFile, location="files")
@blueprint.response(201, PostPictureBody)
@blueprint.refuses(**AUTHORS, **PICTURE_REFUSED, c409="submission_moved, too_many_post_pictures")
def upload_submission_picture(files: dict[str, Any], submission_id: int) -> dict[str, Any]:
    """Upload a picture for a submission that may be changed. Staff who wrote it."""
    who = caller()
    found = submissions.of_author(who, submission_id)
    submissions.require_writable(found)
    return view.shown_picture(kept_picture(who, found.post, files["file"].read()))


@blueprint.route(SUBMISSION + "/transitions", methods=["POST"])
@blueprint.arguments(SubmissionStep)
@blueprint.response(200, SubmissionBody)
@blueprint.refuses(
    **AUTHORS,
    c409="submission_moved, submissions_closed",
    c422="invalid",
    c429="too_many_requests",
)
def act_on_submission(body: dict[str, Any], submission_id: int) -> dict[str, Any]:
    """Send a submission, or take it back while nobody has decided. Staff who wrote it."""
    who, database, now = caller(), current.database(), current.now()
    if body["action"] == "take_back":
        return _shown(submissions.take_back(database, who, submission_id, now))
    current.limits().hit(SEND_RATE, "submissions", str(who.account_id))
    return _shown(submissions.send(database, moderator(), who, submission_id, now, body["sent"]))


@blueprint.route(SUBMISSION + "/decision", methods=["PUT"])
@blueprint.arguments(SubmissionDecision)
@blueprint.response(200, SubmissionBody)
@blueprint.refuses(
    **{**WRITERS, "c403": "forbidden, reviewed_by_author"},
    c409="submission_moved",
    c422="invalid",
)
def decide_submission(body: dict[str, Any], submission_id: int) -> dict[str, Any]:
    """Accept a submission as a draft, publish it, return it, or reject it; its author is told. The
    roles that write in its column (hosts, trainers), and admins."""
    who, now = caller(), current.now()
    verdict = submissions.SubmissionVerdict(**body)
    decided = submissions.decide(current.database(), who, submission_id, verdict, now)
    notices.publish(feed(), submission_id, now)
    return _shown(decided)


def _shown(submission: PostSubmission) -> dict[str, Any]:
    found = submissions.whole(submission)
    return {**found, "pictures": [view.shown_picture(one) for one in found["pictures"]]}
