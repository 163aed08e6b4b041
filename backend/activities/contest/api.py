"""The contest over HTTP: for hosts, and for phones whose socket will not open."""

from typing import Any

from backend.activities.contest import pacing, rules
from backend.activities.contest.answers import SentAnswer
from backend.activities.contest.current import play
from backend.activities.contest.schemas import (
    ContestAction,
    ContestBody,
    RoundAnswer,
    TakenBody,
)
from backend.clock import with_moments
from backend.events import players, visibility
from backend.events.current import activity_of, hosted_activity, seen
from backend.events.models import Activity
from backend.events.visibility import View
from backend.web import current
from backend.web.blueprint import Blueprint

blueprint = Blueprint("contest", __name__, url_prefix="/api/v1", description="现场竞赛")

CONTEST = "/contests/<int:activity_id>"


def _activity(activity_id: int) -> Activity:
    return activity_of(rules.KIND, activity_id)


@blueprint.route(CONTEST, methods=["GET"])
@blueprint.response(200, ContestBody)
@blueprint.refuses(c401="unauthenticated", c403="not_a_player, kicked, banned", c404="not_found")
def get_contest(activity_id: int) -> dict[str, Any]:
    """Show where a contest stands, and the caller's own answer. Its players and hosts."""
    activity = _activity(activity_id)
    _, player, view = seen(activity.event_id)
    return _shown(activity, view, player.id if player else None)


def _shown(activity: Activity, view: View, player_id: int | None) -> dict[str, Any]:
    contest, now = play(), current.now()
    if visibility.sees_all(view):
        state = contest.shown(activity.id, View.HOST, now)
    else:
        state = contest.shown_to_phone(activity.id, now)
    return {
        "state": with_moments(state),
        "own": player_id and with_moments(contest.own(activity.id, player_id, now)),
        "played": pacing.was_played(activity.id),
    }


@blueprint.route(CONTEST + "/rounds/<int:round_id>/answer", methods=["POST"])
@blueprint.arguments(RoundAnswer)
@blueprint.response(200, TakenBody)
@blueprint.refuses(
    c401="unauthenticated",
    c403="not_a_player, kicked, banned, staff_only, not_in_playoff",
    c404="not_found, no_round",
    c409="already_answered, round_over, joined_late, event_paused, event_closed, event_not_open",
    c422="bad_choice",
)
def answer_round(body: dict[str, list[str]], activity_id: int, round_id: int) -> dict[str, Any]:
    """Answer the round that is on; a repeat changes nothing. Its players, staff."""
    activity = _activity(activity_id)
    _, player, _ = seen(activity.event_id)
    if player is None:
        raise players.NotAPlayer
    given = SentAnswer(
        activity_id, round_id, player.id, player.account_id, body["choice"], current.now()
    )
    return vars(play().answers.submit(given))


@blueprint.route(CONTEST + "/actions", methods=["POST"])
@blueprint.arguments(ContestAction)
@blueprint.response(200, ContestBody)
@blueprint.refuses(
    c401="unauthenticated",
    c403="forbidden",
    c404="not_found",
    c409="wrong_phase, nobody_tied, event_paused, event_closed, event_not_open",
    c422="invalid",
)
def act(body: dict[str, Any], activity_id: int) -> dict[str, Any]:
    """Move the contest on: begin, next, reveal, board, podium, playoff, dismiss; a repeat changes
    nothing. Its hosts."""
    activity, host_id = hosted_activity(rules.KIND, activity_id)
    play().pacing.act(
        activity,
        body["action"],
        current.now(),
        position=body["position"],
        auto=body["auto"],
        actor_id=host_id,
    )
    return _shown(activity, View.HOST, None)
