"""Suggestions over HTTP: staff propose and support, organisers merge, answer and make polls."""

from typing import Any

from flask import Response
from flask.typing import ResponseReturnValue

from backend.activities.polls import view as polls_view
from backend.activities.polls.drafts import draft_of
from backend.activities.polls.schemas import PollBody
from backend.activities.polls.suggestions import errors, handling, suggesting
from backend.activities.polls.suggestions import view as views
from backend.activities.polls.suggestions.current import play
from backend.activities.polls.suggestions.schemas import (
    MergeRequest,
    SimilarList,
    SimilarQuery,
    SuggestionBody,
    SuggestionDecision,
    SuggestionPage,
    SuggestionPollRequest,
    SuggestionQuery,
    SuggestionRequest,
)
from backend.activities.polls.suggestions.view import Viewer
from backend.events import players, visibility
from backend.events.current import activity_of, hosted_activity, seen
from backend.events.models import Activity, Player
from backend.events.visibility import View
from backend.identity.current import caller
from backend.moderation.current import moderator
from backend.sheets import EXCEL
from backend.web import current
from backend.web.blueprint import Blueprint
from backend.web.tables import excel

blueprint = Blueprint("suggestions", __name__, url_prefix="/api/v1/polls", description="征集建议")

SUGGESTIONS = "/<int:activity_id>/suggestions"
SUGGESTION = SUGGESTIONS + "/<int:suggestion_id>"
SEEN = {
    "c401": "unauthenticated",
    "c403": "not_a_player, kicked, banned, not_for_guests",
    "c404": "not_found, unknown_suggestion",
}
STAFF = {
    "c401": "unauthenticated",
    "c403": "not_a_player, staff_only, kicked, banned, writing_blocked",
    "c404": "not_found, unknown_suggestion",
    "c429": "too_many_requests",
}
HOSTED = {
    "c401": "unauthenticated",
    "c403": "forbidden",
    "c404": "not_found, unknown_suggestion",
}
NOT_NOW = "event_not_open, event_paused, event_closed"
PROPOSAL_RATE, SEARCH_RATE = "20/minute", "120/minute"


def _activity(activity_id: int) -> Activity:
    return activity_of("polls", activity_id)


def _hosted(activity_id: int) -> tuple[Activity, int]:
    return hosted_activity("polls", activity_id)


def _looking(activity_id: int) -> tuple[Activity, Viewer]:
    """Return the activity and its viewer; raises `NotForGuests`."""
    activity = _activity(activity_id)
    _, player, view = seen(activity.event_id)
    is_guest = not visibility.sees_all(view) and player is not None and player.staff_id is None
    if is_guest and not activity.settings["suggestions"]["guests_may_look"]:
        raise errors.NotForGuests
    return activity, Viewer(view, player.id if player else None)


def _player(activity_id: int) -> tuple[Activity, Player, View]:
    activity = _activity(activity_id)
    _, player, view = seen(activity.event_id)
    if player is None:
        raise players.NotAPlayer
    players.require_active(player.status)
    if player.staff_id is None:
        raise players.StaffOnly
    return activity, player, view


@blueprint.route(SUGGESTIONS, methods=["GET"])
@blueprint.arguments(SuggestionQuery, location="query")
@blueprint.response(200, SuggestionPage)
@blueprint.refuses(**SEEN)
def list_suggestions(query: dict[str, Any], activity_id: int) -> dict[str, Any]:
    """List suggestions; `mine` lists one's own with their status. Its players, guests where the
    activity allows it, and hosts."""
    activity, viewer = _looking(activity_id)
    return views.suggestion_page(activity, viewer, query)


@blueprint.route(SUGGESTIONS, methods=["POST"])
@blueprint.arguments(SuggestionRequest)
@blueprint.response(201, SuggestionBody)
@blueprint.alt_response(
    200, schema=SuggestionBody, description="The same text from the same person, made before"
)
@blueprint.refuses(**STAFF, c409=NOT_NOW, c422="unknown_picture, invalid")
def propose(body: dict[str, Any], activity_id: int) -> ResponseReturnValue:
    """Suggest something; others see it once it is approved. Its players who are staff."""
    activity, player, view = _player(activity_id)
    current.limits().hit(PROPOSAL_RATE, "suggestions", str(player.account_id))
    made, new = suggesting.propose(moderator(), activity, player, now=current.now(), **body)
    if new:
        play().tell(activity)
    shown = views.one(activity, made.id, Viewer(view, player.id))
    return shown, 201 if new else 200


@blueprint.route(SUGGESTIONS + "/similar", methods=["GET"])
@blueprint.arguments(SimilarQuery, location="query")
@blueprint.response(200, SimilarList)
@blueprint.refuses(**SEEN, c422="too_demanding, invalid", c429="too_many_requests", c503="busy")
def find_similar(query: dict[str, str], activity_id: int) -> dict[str, Any]:
    """Find suggestions that are similar to a text.

    Its players, guests where the activity allows it, and hosts.
    """
    activity, viewer = _looking(activity_id)
    current.limits().hit(SEARCH_RATE, "similar-suggestions", str(caller().account_id))
    database, offload = current.database(), current.offload().short
    return views.similar(activity, query["text"], viewer, database, offload)


@blueprint.route(SUGGESTION, methods=["GET"])
@blueprint.response(200, SuggestionBody)
@blueprint.refuses(**SEEN)
def get_suggestion(activity_id: int, suggestion_id: int) -> dict[str, Any]:
    """Show a suggestion. Its players, guests where the activity allows it, and hosts."""
    activity, viewer = _looking(activity_id)
    return views.one(activity, suggestion_id, viewer)


@blueprint.route(SUGGESTION + "/support", methods=["PUT"])
@blueprint.response(200, SuggestionBody)
@blueprint.refuses(**STAFF, c409=f"not_collecting, {NOT_NOW}")
def support(activity_id: int, suggestion_id: int) -> dict[str, Any]:
    """Support a suggestion; for a merged one the answer is the suggestion that counts it.

    Its players who are staff.
    """
    activity, player, view = _player(activity_id)
    target, news = suggesting.support(
        current.database(), activity, player, suggestion_id, current.now()
    )
    if news:
        play().tell(activity)
    return views.one(activity, target.id, Viewer(view, player.id))


@blueprint.route(SUGGESTION, methods=["PUT"])
@blueprint.arguments(SuggestionDecision)
@blueprint.response(200, SuggestionBody)
@blueprint.refuses(**HOSTED, c422="invalid")
def decide_suggestion(body: dict[str, str], activity_id: int, suggestion_id: int) -> dict[str, Any]:
    """Set the status of a suggestion, with an answer to it. The hosts of its event."""
    activity, host_id = _hosted(activity_id)
    found, news = handling.decide(
        current.database(), activity_id, suggestion_id, body, host_id, current.now()
    )
    if news:
        play().tell_proposers(activity, [found.id], "decided")
    return views.one(activity, found.id, Viewer(View.HOST, None))


@blueprint.route(SUGGESTION + "/merge", methods=["POST"])
@blueprint.arguments(MergeRequest)
@blueprint.response(200, SuggestionBody)
@blueprint.refuses(**HOSTED, c409="already_merged", c422="invalid")
def merge_suggestion(body: dict[str, int], activity_id: int, suggestion_id: int) -> dict[str, Any]:
    """Merge a suggestion into another one, which gets its supporters. The hosts of its event."""
    activity, host_id = _hosted(activity_id)
    target, news = handling.merge(
        current.database(), activity_id, suggestion_id, body["into"], host_id, current.now()
    )
    if news:
        play().tell_proposers(activity, [target.id], "merged")
    return views.one(activity, target.id, Viewer(View.HOST, None))


@blueprint.route(SUGGESTIONS + "/polls", methods=["POST"])
@blueprint.arguments(SuggestionPollRequest)
@blueprint.response(201, PollBody)
@blueprint.alt_response(200, schema=PollBody, description="The poll made by the same request")
@blueprint.refuses(**HOSTED, c422="invalid")
def make_poll(body: dict[str, Any], activity_id: int) -> ResponseReturnValue:
    """Make the draft of a poll of suggestions, and tell their proposers. The hosts of its event."""
    activity, host_id = _hosted(activity_id)
    chosen = body.pop("suggestion_ids", None) or body.pop("best", None)
    poll, told = handling.make_poll(
        current.database(), activity, draft_of(body), chosen, host_id, current.now()
    )
    if told:
        play().tell_proposers(activity, told, "poll")
    return polls_view.detail(poll, View.HOST, None, current.now()), 201 if told else 200


@blueprint.route("/<int:activity_id>/suggestions.xlsx", methods=["GET"])
@blueprint.response(200, content_type=EXCEL)
@blueprint.refuses(**HOSTED)
def download_suggestions(activity_id: int) -> Response:
    """Download all suggestions and their supporters as Excel. The hosts of its event."""
    activity, _ = _hosted(activity_id)
    timezone = current.settings().timezone
    return excel("征集的建议", lambda: views.worksheets(activity, timezone))
