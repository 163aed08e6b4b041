"""The hunt over HTTP. Every operation but the statistics is for the players of its event."""

from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue

from backend.activities.hunt import digs, errors, view
from backend.activities.hunt.current import answers
from backend.activities.hunt.digs import HuntNow
from backend.activities.hunt.facts import facts_of
from backend.activities.hunt.models import Dig
from backend.activities.hunt.schemas import (
    AnswerBody,
    AnswerRequest,
    DigBody,
    DigRequest,
    HuntBody,
    StatisticsBody,
    WrongList,
)
from backend.activities.hunt.service import SentHuntAnswer
from backend.errors import NotFound
from backend.events import lifecycle, players, visibility
from backend.events.current import seen
from backend.events.models import Activity, Player
from backend.events.visibility import View
from backend.identity.current import bearer, caller
from backend.scoring.current import scores
from backend.web import current
from backend.web.blueprint import Blueprint

blueprint = Blueprint("hunts", __name__, url_prefix="/api/v1/hunts", description="“美多”大淘金")

HUNT = "/<int:activity_id>"
DIG = HUNT + "/digs/<int:dig_id>"
SEEN = {"c401": "unauthenticated", "c403": "not_a_player, kicked, banned"}
PLAYED = {"c401": "unauthenticated", "c403": "not_a_player, staff_only, kicked, banned"}


def _ground(activity_id: int) -> tuple[HuntNow, Player | None, View]:
    activity = Activity.find_one("id = ? AND kind = 'hunt'", activity_id)
    if activity is None:
        raise NotFound
    event, player, eyes = seen(activity.event_id)
    lifecycle.require_valid(activity)
    key = current.settings().secret.key("hunts")
    sittings = digs.sittings_of(activity_id)
    return HuntNow(activity, event, sittings, scores().calendar, key), player, eyes


def _own(activity_id: int) -> tuple[HuntNow, Player]:
    ground, player, _ = _ground(activity_id)
    if player is None:
        raise players.NotAPlayer
    players.require_active(player.status)
    return ground, player


def _own_dig(ground: HuntNow, player: Player, dig_id: int) -> Dig:
    dig = Dig.of(dig_id, activity=ground.activity, player=player)
    if dig is None:
        raise errors.NotYourQuestion
    return dig


def _shown(ground: HuntNow, dig: Dig, now: int) -> dict[str, Any]:
    facts = facts_of(current.database(), [dig.id])[dig.id]
    return view.shown_dig(ground, dig, View.OWN, now, facts)


@blueprint.route(HUNT, methods=["GET"])
@blueprint.response(200, HuntBody)
@blueprint.refuses(**SEEN, c404="not_found")
def get_hunt(activity_id: int) -> dict[str, Any]:
    """Show the map, the player's progress and the open question. Its players, guests too."""
    ground, player = _own(activity_id)
    return view.shown_hunt(current.database(), ground, player, View.OWN, current.now())


@blueprint.route(HUNT + "/digs", methods=["POST"])
@blueprint.arguments(DigRequest)
@blueprint.response(201, DigBody)
@blueprint.alt_response(200, schema=DigBody, description="The dig that is still open")
@blueprint.refuses(
    **PLAYED,
    c404="not_found, unknown_site",
    c409="no_digs_left, no_question_left, not_your_sitting, event_paused, event_closed",
)
def open_dig(body: dict[str, str], activity_id: int) -> ResponseReturnValue:
    """Dig at a site: opens a question and starts the player's own clock. Its players, staff."""
    ground, player = _own(activity_id)
    now = current.now()
    dig, is_new = digs.begin_dig(current.database(), ground, player, body["site"], now)
    return view.shown_dig(ground, dig, View.OWN, now), 201 if is_new else 200


@blueprint.route(DIG, methods=["GET"])
@blueprint.response(200, DigBody)
@blueprint.refuses(**SEEN, c404="not_found, not_your_question")
def get_dig(activity_id: int, dig_id: int) -> dict[str, Any]:
    """Show an own dig, with the time that is left or with the result. Its players."""
    ground, player = _own(activity_id)
    return _shown(ground, _own_dig(ground, player, dig_id), current.now())


@blueprint.route(DIG + "/answer", methods=["POST"])
@blueprint.arguments(AnswerRequest)
@blueprint.response(200, AnswerBody)
@blueprint.refuses(
    **PLAYED,
    c404="not_found, not_your_question",
    c409="already_answered, deadline_passed, question_voided, event_paused, event_closed",
    c422="bad_choice",
)
def answer_dig(body: dict[str, list[str]], activity_id: int, dig_id: int) -> ResponseReturnValue:
    """Answer an own question; a repeat gives the same verdict. Its players, staff."""
    now = current.now()
    account_id, token_version = bearer()
    answer = SentHuntAnswer(activity_id, dig_id, account_id, token_version, body["choice"], now)
    return jsonify(view.shown_outcome(answers().submit_answer(answer), View.OWN))


@blueprint.route(DIG + "/snooze", methods=["POST"])
@blueprint.response(200, DigBody)
@blueprint.refuses(
    **SEEN,
    c404="not_found, not_your_question",
    c409="snooze_used, deadline_passed, already_answered, question_voided, event_paused, event_closed",
)
def snooze_dig(activity_id: int, dig_id: int) -> dict[str, Any]:
    """Stop the own clock once per event, because a customer rang (“来电了”). Its players."""
    ground, player = _own(activity_id)
    dig = _own_dig(ground, player, dig_id)
    now = current.now()
    with current.database().write():
        dig = digs.snooze(ground, player, dig, now)
    return _shown(ground, dig, now)


@blueprint.route(HUNT + "/wrong-questions", methods=["GET"])
@blueprint.response(200, WrongList)
@blueprint.refuses(**SEEN, c404="not_found")
def wrong_questions(activity_id: int) -> dict[str, Any]:
    """Show the player's own wrong-question list, with explanations. Its players."""
    ground, player = _own(activity_id)
    return view.shown_wrong_questions(ground, player, View.OWN, current.now())


@blueprint.route(HUNT + "/statistics", methods=["GET"])
@blueprint.response(200, StatisticsBody)
@blueprint.refuses(c401="unauthenticated", c403="forbidden", c404="not_found", c409="sealed")
def statistics(activity_id: int) -> dict[str, Any]:
    """Show what people do not know yet, by question, topic and team. Hosts and trainers."""
    activity = Activity.get_or_none(Activity.id == activity_id, Activity.kind == "hunt")
    principal = caller()
    if not principal.has("trainer"):
        principal.require("host", activity.event_id if activity else 0)
    if activity is None:
        raise NotFound
    sittings = digs.sittings_of(activity_id)
    ground = HuntNow(activity, activity.event, sittings, scores().calendar, b"")
    if visibility.statistics_are_sealed(ground.sittings_left(current.now())):
        raise errors.Sealed
    return view.statistics(ground)
