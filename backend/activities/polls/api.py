"""Polls over HTTP: players read and vote, hosts do everything else."""

from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue

from backend.activities.polls import errors, exports, following, rules, service, view
from backend.activities.polls.ballots import CastBallot, TakenBallot
from backend.activities.polls.current import play
from backend.activities.polls.drafts import PollDraft, PollWording
from backend.activities.polls.following import FinalPlan
from backend.activities.polls.models import Poll
from backend.activities.polls.schemas import (
    BallotBody,
    BallotRequest,
    EntryQuery,
    FinalRequest,
    OwnBallots,
    PollActionRequest,
    PollBody,
    PollChange,
    PollEntryPage,
    PollFlags,
    PollList,
    PollRequest,
    ReceiptHeaders,
    RemindedBody,
    WordingRequest,
)
from backend.errors import LinkaError, TooManyRequests
from backend.events import players
from backend.events.current import activity_of, hosted_activity, seen
from backend.events.models import Activity, Player
from backend.events.visibility import View
from backend.sheets import EXCEL
from backend.web import current
from backend.web.blueprint import Blueprint
from backend.web.tables import excel

blueprint = Blueprint("polls", __name__, url_prefix="/api/v1/polls", description="投票")

POLLS = "/<int:activity_id>"
POLL = POLLS + "/polls/<int:poll_id>"
SEEN = {"c401": "unauthenticated", "c403": "not_a_player, kicked, banned"}
HOSTED = {"c401": "unauthenticated", "c403": "forbidden"}
UNKNOWN = "not_found, unknown_poll"
# How many wrong hall codes an account may send.
CODE_RATE = "5/minute"
# Far above common typing mistakes; a limit is needed because each refusal is a transaction.
REFUSED_BALLOTS_RATE = "30/minute"


def _activity(activity_id: int) -> Activity:
    return activity_of("polls", activity_id)


def _hosted(activity_id: int) -> tuple[Activity, int]:
    return hosted_activity("polls", activity_id)


def _seen(activity_id: int, poll_id: int) -> tuple[Poll, Player | None, View]:
    """Return a poll as the caller may see it."""
    activity = _activity(activity_id)
    _, player, eyes = seen(activity.event_id)
    poll = service.get(activity_id, poll_id)
    if not view.sees(poll, eyes):
        raise errors.UnknownPoll
    return poll, player, eyes


def _player(activity_id: int) -> Player:
    activity = _activity(activity_id)
    _, player, _ = seen(activity.event_id)
    if player is None:
        raise players.NotAPlayer
    players.require_active(player.status)
    return player


@blueprint.route(POLLS, methods=["GET"])
@blueprint.response(200, PollList)
@blueprint.refuses(**SEEN, c404="not_found")
def list_polls(activity_id: int) -> dict[str, Any]:
    """List the polls of an activity, drafts for hosts alone. Its players and hosts."""
    activity = _activity(activity_id)
    _, _, eyes = seen(activity.event_id)
    play().advance(activity_id, current.now())
    polls = Poll.select().where(Poll.activity == activity_id).order_by(Poll.number)
    return {"items": [view.summary(poll) for poll in polls if view.sees(poll, eyes)]}


@blueprint.route(POLLS + "/polls", methods=["POST"])
@blueprint.arguments(PollRequest)
@blueprint.response(201, PollBody)
@blueprint.alt_response(200, schema=PollBody, description="The poll made by the same request")
@blueprint.refuses(**HOSTED, c404="not_found", c422="unknown_picture")
def create_poll(draft: PollDraft, activity_id: int) -> ResponseReturnValue:
    """Make the draft of a poll. The hosts of its event."""
    activity, host_id = _hosted(activity_id)
    made = service.create_poll(current.database(), activity, draft, host_id, current.now())
    return _made(*made)


def _made(poll: Poll, is_new: bool) -> ResponseReturnValue:
    return view.detail(poll, View.HOST, None, current.now()), 201 if is_new else 200


@blueprint.route(POLLS + "/finals", methods=["POST"])
@blueprint.arguments(FinalRequest)
@blueprint.response(201, PollBody)
@blueprint.alt_response(200, schema=PollBody, description="The final made by the same request")
@blueprint.refuses(
    **HOSTED,
    c404=UNKNOWN,
    c409="poll_not_closed, too_few_ballots",
    c422="unknown_entry, unknown_picture",
)
def create_final(plan: FinalPlan, activity_id: int) -> ResponseReturnValue:
    """Make the draft of a final from heats that are over. The hosts of its event."""
    activity, host_id = _hosted(activity_id)
    database, now = current.database(), current.now()
    return _made(*following.make_final(database, activity, plan, host_id, now))


@blueprint.route(POLL, methods=["GET"])
@blueprint.response(200, PollBody)
@blueprint.refuses(**SEEN, c404=UNKNOWN)
def get_poll(activity_id: int, poll_id: int) -> dict[str, Any]:
    """Show a poll with its options, and its results once they are shown. Its players and hosts."""
    _, player, eyes = _seen(activity_id, poll_id)
    play().advance(activity_id, current.now())
    return view.detail(service.get(activity_id, poll_id), eyes, player, current.now())


@blueprint.route(POLL, methods=["PUT"])
@blueprint.arguments(PollChange)
@blueprint.response(200, PollBody)
@blueprint.refuses(**HOSTED, c404=UNKNOWN, c409="poll_not_draft", c422="unknown_picture")
def change_poll(draft: PollDraft, activity_id: int, poll_id: int) -> dict[str, Any]:
    """Write a draft anew, options included. The hosts of its event."""
    _, host_id = _hosted(activity_id)
    database, now = current.database(), current.now()
    poll = service.change_poll(database, activity_id, poll_id, draft, host_id, now)
    return view.detail(poll, View.HOST, None, current.now())


@blueprint.route(POLL, methods=["DELETE"])
@blueprint.response(204)
@blueprint.refuses(**HOSTED, c404=UNKNOWN, c409="poll_not_draft")
def delete_poll(activity_id: int, poll_id: int) -> None:
    """Delete a draft. The hosts of its event."""
    _, host_id = _hosted(activity_id)
    service.delete_poll(current.database(), activity_id, poll_id, host_id, current.now())


@blueprint.route(POLL + "/wording", methods=["PUT"])
@blueprint.arguments(WordingRequest)
@blueprint.response(200, PollBody)
@blueprint.refuses(**HOSTED, c404=UNKNOWN, c409="poll_not_open", c422="unknown_picture, invalid")
def correct_wording(wording: PollWording, activity_id: int, poll_id: int) -> dict[str, Any]:
    """Correct the words of a poll that has begun; ballots and rules stay. The hosts of its event."""
    activity, host_id = _hosted(activity_id)
    database, now = current.database(), current.now()
    poll = service.correct_wording(database, activity_id, poll_id, wording, host_id, now)
    play().tell(activity)
    return view.detail(poll, View.HOST, None, now)


@blueprint.route(POLL + "/entries", methods=["GET"])
@blueprint.arguments(EntryQuery, location="query")
@blueprint.response(200, PollEntryPage)
@blueprint.refuses(**SEEN, c404=UNKNOWN)
def search_entries(query: dict[str, Any], activity_id: int, poll_id: int) -> dict[str, Any]:
    """Search entries by number or words, in the caller's order. Players and hosts."""
    poll, player, eyes = _seen(activity_id, poll_id)
    found = [
        entry
        for entry in view.detail(poll, eyes, player, current.now())["options"]
        if rules.matches(query["search"], entry["number"], entry["title"], entry["description"])
    ]
    start = (query["page"] - 1) * query["page_size"]
    return {
        "items": found[start : start + query["page_size"]],
        "total": len(found),
        "page": query["page"],
        "page_size": query["page_size"],
    }


@blueprint.route(POLL + "/ballots", methods=["POST"])
@blueprint.arguments(BallotRequest)
@blueprint.response(200, BallotBody)
@blueprint.refuses(
    c401="unauthenticated",
    c403="not_a_player, guests_not_invited, vote_as_staff, wrong_hall_code, kicked, banned",
    c404=UNKNOWN,
    c409="poll_closed, already_voted, ballots_used_up, receipt_taken, event_not_open,"
    " event_paused, event_closed",
    c422="bad_ballot",
    c429="too_many_requests",
)
def cast_ballot(body: dict[str, Any], activity_id: int, poll_id: int) -> TakenBallot:
    """Vote; a repeat with the same receipt changes nothing. Its players, guests if invited."""
    player = _player(activity_id)
    now = current.now()
    refusals = (REFUSED_BALLOTS_RATE, "refused-ballots", str(player.id))
    current.limits().check(*refusals)
    rate = (CODE_RATE, "wrong-hall-codes", str(player.account_id))
    may_guess = _is_within(rate)
    given = CastBallot(activity_id, poll_id, player.id, at=now, may_guess=may_guess, **body)
    try:
        return play().cast(given, request.remote_addr or "")
    except errors.WrongHallCode:
        if body["hall_code"] is not None:
            current.limits().hit(*rate)
        raise
    except LinkaError:
        current.limits().hit(*refusals)
        raise


def _is_within(rate: tuple[str, str, str]) -> bool:
    """Return whether a rate is not used up. Repeats of valid ballots are answered in any case."""
    try:
        current.limits().check(*rate)
    except TooManyRequests:
        return False
    return True


@blueprint.route(POLL + "/ballots/own", methods=["GET"])
@blueprint.arguments(ReceiptHeaders, location="headers")
@blueprint.response(200, OwnBallots)
@blueprint.refuses(**SEEN, c404=UNKNOWN)
def own_ballots(headers: dict[str, str], activity_id: int, poll_id: int) -> dict[str, Any]:
    """Show the caller's own ballots; in an anonymous poll, those whose receipts are sent.

    Its players.
    """
    player = _player(activity_id)
    poll, _, _ = _seen(activity_id, poll_id)
    receipts = [receipt for receipt in headers["receipts"].split(",") if receipt]
    return play().own_ballots(poll, player, receipts, current.now())


@blueprint.route(POLL + "/actions", methods=["POST"])
@blueprint.arguments(PollActionRequest)
@blueprint.response(200, PollBody)
@blueprint.refuses(
    **HOSTED,
    c404=UNKNOWN,
    c409="poll_not_open, poll_closed, too_few_options, event_not_open, event_paused, event_closed",
)
def act(body: dict[str, str], activity_id: int, poll_id: int) -> dict[str, Any]:
    """Open or close a poll, show or hide its results, put it on the screen or off. Its hosts."""
    activity, host_id = _hosted(activity_id)
    wanted = (body["action"], body.get("display"))
    poll = play().act(activity, poll_id, *wanted, host_id, current.now())
    return view.detail(poll, View.HOST, None, current.now())


@blueprint.route(POLL + "/runoff", methods=["POST"])
@blueprint.response(201, PollBody)
@blueprint.alt_response(200, schema=PollBody, description="The run-off that is there already")
@blueprint.refuses(
    **HOSTED,
    c404=UNKNOWN,
    c409="poll_not_closed, no_tie, too_few_ballots, event_not_open, event_paused, event_closed",
)
def create_runoff(activity_id: int, poll_id: int) -> ResponseReturnValue:
    """Open a run-off between the tied options. The hosts of its event."""
    activity, host_id = _hosted(activity_id)
    database, now = current.database(), current.now()
    made = following.make_runoff(database, activity, poll_id, host_id, now)
    play().tell(activity)
    return _made(*made)


@blueprint.route(POLL + "/reminders", methods=["POST"])
@blueprint.response(200, RemindedBody)
@blueprint.refuses(**HOSTED, c404=UNKNOWN, c409="poll_not_open, poll_closed")
def remind(activity_id: int, poll_id: int) -> dict[str, int]:
    """Remind those who have not voted; nobody is told who they are. The hosts of its event."""
    _, host_id = _hosted(activity_id)
    return {"reminded": play().remind(activity_id, poll_id, host_id, current.now())}


@blueprint.route(POLL + "/flags", methods=["GET"])
@blueprint.response(200, PollFlags)
@blueprint.refuses(**HOSTED, c404=UNKNOWN)
def list_flags(activity_id: int, poll_id: int) -> dict[str, Any]:
    """List bursts of ballots to look at. The hosts of its event."""
    activity, _ = _hosted(activity_id)
    poll = service.get(activity_id, poll_id)
    play().bursts.flag(poll, activity.settings, current.now())
    return {"items": view.flags(poll)}


@blueprint.route(POLL + "/results.xlsx", methods=["GET"])
@blueprint.response(200, content_type=EXCEL)
@blueprint.refuses(**HOSTED, c404=UNKNOWN)
def download_results(activity_id: int, poll_id: int) -> Response:
    """Download the results of a poll as Excel. The hosts of its event."""
    activity, _ = _hosted(activity_id)
    poll = service.get(activity_id, poll_id)
    now = current.now()
    play().advance(activity_id, now)
    play().bursts.flag(poll, activity.settings, now)
    timezone = current.settings().timezone
    return excel("投票结果", lambda: exports.results(poll, timezone))


@blueprint.route(POLL + "/ballots.xlsx", methods=["GET"])
@blueprint.response(200, content_type=EXCEL)
@blueprint.refuses(**HOSTED, c404=UNKNOWN, c409="poll_is_anonymous")
def download_ballots(activity_id: int, poll_id: int) -> Response:
    """Download the ballots of a named poll as Excel. The hosts of its event."""
    _hosted(activity_id)
    poll = service.get(activity_id, poll_id)
    timezone = current.settings().timezone
    return excel("选票", lambda: [exports.ballots(poll, timezone)])
