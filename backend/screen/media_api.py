"""Pictures and music of an event over HTTP: hosts upload them, the event's screens show and play
them.
"""

from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue

from backend.errors import NotFound
from backend.events import media
from backend.events.current import boards, hosted
from backend.events.media import MediaFile
from backend.events.models import EventMedia
from backend.events.screens import EITHER, require_pass_or_token, screen_view
from backend.identity.current import caller
from backend.moderation import pictures
from backend.moderation.api import PICTURE_REFUSED
from backend.screen.schemas import MediaBody, MediaUpload, MediaUploadQuery
from backend.web import current
from backend.web.blueprint import Blueprint

blueprint = Blueprint(
    "media", __name__, url_prefix="/api/v1/events/<int:event_id>/media", description="Media"
)
blueprint.before_request(require_pass_or_token)

HOSTS = {"c401": "unauthenticated", "c403": "forbidden", "c404": "not_found"}
ONE = "/<int:media_id>"
UPLOAD_RATE = "30/minute"
# The multipart form adds fields and boundaries to the file.
MOST_UPLOAD_BYTES = media.MOST_MUSIC_BYTES + 64 * 1024


@blueprint.before_request
def _take_large_files_of_hosts() -> None:
    """Accept files of several megabytes from hosts alone.

    Their role is checked before the body is read.
    """
    if request.method == "POST":
        hosted((request.view_args or {})["event_id"])
        request.max_content_length = MOST_UPLOAD_BYTES


@blueprint.route("", methods=["GET"])
@blueprint.response(200, MediaBody(many=True))
@blueprint.refuses(**HOSTS)
def list_media(event_id: int) -> list[dict[str, Any]]:
    """List the pictures and the music of an event. Its hosts."""
    hosted(event_id)
    return [shown_media(found) for found in media.of_event(event_id)]


@blueprint.route("", methods=["POST"])
@blueprint.arguments(MediaUpload, location="files")
@blueprint.arguments(MediaUploadQuery, location="query")
@blueprint.response(201, MediaBody)
@blueprint.alt_response(200, schema=MediaBody, description="The same file, uploaded before")
@blueprint.refuses(
    **HOSTS,
    **{**PICTURE_REFUSED, "c422": "bad_picture, bad_music, too_demanding, invalid"},
    c409="too_many_pictures",
)
def upload_media(
    files: dict[str, Any], query: dict[str, str], event_id: int
) -> ResponseReturnValue:
    """Upload a background, a picture or music; a new background or music replaces the old one. Its
    hosts."""
    event, host_id = hosted(event_id), caller().account_id
    current.limits().hit(UPLOAD_RATE, "media", str(host_id))
    file = _checked(query["kind"], files["file"].filename or "", files["file"].read())
    made, new = media.keep(current.database(), event, file, host_id, current.now())
    boards().tell(event_id, "media")
    return shown_media(made), 201 if new else 200


def _checked(kind: str, title: str, uploaded: bytes) -> MediaFile:
    digest = media.digest(uploaded)
    if kind == media.MUSIC:
        return MediaFile(kind, title, digest, media.music_type(uploaded), uploaded)
    limits = pictures.BACKGROUND if kind == media.BACKGROUND else pictures.SHOWN
    current.database().release()
    found = current.offload().short.run(pictures.clean, uploaded, limits)
    return MediaFile(kind, title, digest, pictures.MIMETYPE, found.data, found.width, found.height)


@blueprint.route(ONE, methods=["DELETE"])
@blueprint.response(204)
@blueprint.refuses(**HOSTS)
def remove_media(event_id: int, media_id: int) -> None:
    """Remove a picture or the music. Its hosts."""
    event = hosted(event_id)
    media.remove(current.database(), event, media_id, caller().account_id, current.now())
    boards().tell(event_id, "media")


@blueprint.route(ONE, methods=["GET"])
@blueprint.response(200, content_type="application/octet-stream")
@blueprint.refuses(c401="unauthenticated", c403="screen_not_paired", c404="not_found")
@blueprint.doc(security=EITHER)
def get_media(event_id: int, media_id: int) -> Response:
    """Send a picture or music.

    A range of the file can be requested. Screens that were admitted, and hosts.
    """
    screen_view(event_id, "public")
    found = EventMedia.of(media_id, event=event_id)
    if found is None:
        raise NotFound
    response = Response(bytes(found.data), mimetype=found.mimetype)
    response.headers["Cache-Control"] = "private, max-age=86400"
    response.set_etag(found.digest)
    response.make_conditional(request, accept_ranges=True, complete_length=found.size)
    return response


def shown_media(found: EventMedia) -> dict[str, Any]:
    """Return a file without its data, as hosts see it."""
    return {
        "id": found.id,
        "kind": found.kind,
        "title": found.title,
        "mimetype": found.mimetype,
        "size": found.size,
        "width": found.width,
        "height": found.height,
        "uploaded_at": found.uploaded_at,
        "path": media.path(found.event_id, found.id),
    }
