"""The shake over HTTP: what a host does with rounds, and reports for phones without a socket."""

from collections.abc import Callable
from typing import Any

from flask.typing import ResponseReturnValue

from backend.activities.shake import errors, service, view
from backend.activities.shake.current import play
from backend.activities.shake.models import ShakeRound
from backend.activities.shake.rounds import RoundState
from backend.activities.shake.schemas import (
    FlaggedPhones,
    ShakeAcceptedBody,
    ShakeBody,
    ShakeReportRequest,
    ShakeRoundBody,
    ShakeRoundRequest,
)
from backend.activities.shake.service import RoundPlan
from backend.db import Database
from backend.events import players
from backend.events.current import activity_of, hosted_activity, seen
from backend.events.models import Activity
from backend.events.play import speaker_of
from backend.web import current
from backend.web.blueprint import Blueprint

blueprint = Blueprint("shakes", __name__, url_prefix="/api/v1/shakes", description="摇一摇")

SHAKE = "/<int:activity_id>"
ROUND = SHAKE + "/rounds/<int:round_id>"
SEEN = {"c401": "unauthenticated", "c404": "not_found, unknown_round"}
HOSTED = {**SEEN, "c403": "forbidden"}
NOTHING = {"phase": None, "since": None, "round": None, "podium": None}


def _activity(activity_id: int) -> Activity:
    return activity_of("shake", activity_id)


def _hosted(activity_id: int) -> tuple[Activity, int]:
    return hosted_activity("shake", activity_id)


@blueprint.route(SHAKE, methods=["GET"])
@blueprint.response(200, ShakeBody)
@blueprint.refuses(**SEEN, c403="not_a_player, kicked, banned")
def get_shake(activity_id: int) -> dict[str, Any]:
    """Show the newest round, and the player's own part in it. Its players and hosts."""
    activity = _activity(activity_id)
    _, player, eyes = seen(activity.event_id)
    now = current.now()
    play().advance(activity_id, now)
    found = play().shown(activity_id, eyes, now) or NOTHING
    own = play().own(activity_id, player.id, now) if player else None
    return {**found, "own": own}


@blueprint.route(ROUND + "/reports", methods=["POST"])
@blueprint.arguments(ShakeReportRequest)
@blueprint.response(200, ShakeAcceptedBody)
@blueprint.refuses(
    **SEEN,
    c403="not_a_player, staff_only, not_in_round, kicked, banned",
    c409="round_not_started, round_over, round_cancelled, event_paused, event_closed",
)
def report_shakes(body: dict[str, Any], activity_id: int, round_id: int) -> dict[str, Any]:
    """Report the cumulative count of this phone in this round, as `shake.report`. Its players."""
    activity = _activity(activity_id)
    _, player, _ = seen(activity.event_id)
    if player is None:
        raise players.NotAPlayer
    players.require_active(player.status)
    report = {**body, "round_id": round_id}
    return play().hear_report(speaker_of(player), activity_id, report, current.now())


@blueprint.route(SHAKE + "/rounds", methods=["POST"])
@blueprint.arguments(ShakeRoundRequest)
@blueprint.response(201, ShakeRoundBody)
@blueprint.alt_response(
    200, schema=ShakeRoundBody, description="The round begun by the same request"
)
@blueprint.refuses(
    **HOSTED,
    c409="round_under_way, event_not_open, event_paused, event_closed",
    c422="unknown_team",
)
def begin_round(plan: RoundPlan, activity_id: int) -> ResponseReturnValue:
    """Begin a round: its countdown runs at once. The hosts of its event."""
    activity, host_id = _hosted(activity_id)
    now = current.now()
    play().advance(activity_id, now)
    begun, new = service.begin_round(current.database(), activity, plan, host_id, now)
    round_state = play().began(activity_id, now)
    if round_state is None or round_state.round.id != begun.id:
        round_state = RoundState(begun, activity, activity.event)
    return view.shown_round(round_state, now), 201 if new else 200


Action = Callable[[Database, int, int, int, int], RoundState]


def _end(action: Action, activity_id: int, round_id: int) -> dict[str, Any]:
    """Apply an action of a host to a round, notify viewers, and return the round."""
    _, host_id = _hosted(activity_id)
    now = current.now()
    round_state = action(current.database(), activity_id, round_id, host_id, now)
    play().changed(activity_id, now)
    return view.shown_round(round_state, now)


@blueprint.route(ROUND + "/cancel", methods=["POST"])
@blueprint.response(200, ShakeRoundBody)
@blueprint.refuses(**HOSTED, c409="round_over")
def cancel_round(activity_id: int, round_id: int) -> dict[str, Any]:
    """Cancel a round that is not over: nobody earns anything. The hosts of its event."""
    return _end(service.cancel_round, activity_id, round_id)


@blueprint.route(ROUND + "/dismiss", methods=["POST"])
@blueprint.response(200, ShakeRoundBody)
@blueprint.refuses(**HOSTED, c409="round_over, round_not_scored")
def dismiss_round(activity_id: int, round_id: int) -> dict[str, Any]:
    """Dismiss the result of the newest round from the screen. The hosts of its event."""
    return _end(service.dismiss_round, activity_id, round_id)


@blueprint.route(ROUND + "/flagged", methods=["GET"])
@blueprint.response(200, FlaggedPhones)
@blueprint.refuses(**HOSTED)
def flagged_phones(activity_id: int, round_id: int) -> dict[str, Any]:
    """Show which phones claimed more than a hand can do. The hosts of its event."""
    activity, _ = _hosted(activity_id)
    found = ShakeRound.of(round_id, activity=activity)
    if found is None:
        raise errors.UnknownRound
    return {"flagged": play().flagged(RoundState(found, activity, activity.event))}
