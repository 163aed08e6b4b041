"""Drawing and guessing over HTTP: actions of hosts, and the same actions that phones send on
sockets."""

from typing import Any

from backend.activities.drawing import errors
from backend.activities.drawing.context import GameContext, context_of
from backend.activities.drawing.current import play
from backend.activities.drawing.schemas import (
    ChoiceRequest,
    ChosenBody,
    CountBody,
    FillRequest,
    GalleryBody,
    GameBody,
    GuessRequest,
    HideRequest,
    PictureBody,
    PinRequest,
    PositionRequest,
    ReportedBody,
    StrokesRequest,
    TurnBody,
    VerdictBody,
    VotedBody,
)
from backend.activities.drawing.strokes import Op, batches_of, fill_of
from backend.events import players
from backend.events.current import activity_of, hosted_activity, seen
from backend.events.models import Activity, Player
from backend.events.play import Speaker, speaker_of
from backend.events.visibility import View
from backend.identity.current import caller
from backend.web import current
from backend.web.blueprint import Blueprint

blueprint = Blueprint("drawings", __name__, url_prefix="/api/v1/drawings", description="你画我猜")

GAME = "/<int:activity_id>"
TURN = GAME + "/turns/<int:turn_id>"
SEEN = {"c401": "unauthenticated", "c403": "not_a_player, kicked, banned"}
HOSTS = {"c401": "unauthenticated", "c403": "forbidden", "c404": "not_found"}
SEATED = "not_a_player, staff_only, kicked, banned, not_in_this_room"
RUNNING = "drawing_not_begun, turn_over, event_not_open, event_paused, event_closed"
DRAWING = {
    "c401": "unauthenticated",
    "c403": f"{SEATED}, not_your_turn",
    "c404": "not_found, unknown_turn",
    "c409": f"{RUNNING}, not_drawing_yet, strokes_missing, drawing_full",
}


def _activity(activity_id: int) -> Activity:
    return activity_of("drawing", activity_id)


def _seen(activity_id: int) -> tuple[Activity, Player | None, View]:
    activity = _activity(activity_id)
    _, player, view = seen(activity.event_id)
    return activity, player, view


def _speaker(activity_id: int) -> Speaker:
    """Return the caller as a speaker; the service checks all further rights."""
    _, player, _ = _seen(activity_id)
    if player is None:
        raise players.NotAPlayer
    players.require_active(player.status)
    return speaker_of(player)


def _hosted(activity_id: int) -> Activity:
    activity, _ = hosted_activity("drawing", activity_id)
    return activity


def _game(activity_id: int, player: Player | None, view: View) -> dict[str, Any]:
    now = current.now()
    shown = play().shown(activity_id, view, now)
    if shown is None:
        phase = "waiting" if context_of(activity_id) is None else "finished"
        return {"activity_id": activity_id, "phase": phase}
    own = play().own(activity_id, player.id, now) if player else None
    return {"activity_id": activity_id, **shown, **(own or {})}


@blueprint.route(GAME, methods=["GET"])
@blueprint.response(200, GameBody)
@blueprint.refuses(**SEEN, c404="not_found")
def get_drawing(activity_id: int) -> dict[str, Any]:
    """Show the game with the caller's own part; it counts as a sign of life. Players and hosts."""
    _, player, view = _seen(activity_id)
    return _game(activity_id, player, view)


@blueprint.route(GAME + "/begin", methods=["POST"])
@blueprint.response(200, GameBody)
@blueprint.refuses(**HOSTS, c409="no_words, event_not_open, event_paused, event_closed")
def begin_drawing(activity_id: int) -> dict[str, Any]:
    """Deal everybody into rooms and begin; a repeat changes nothing. Hosts of the event."""
    play().runner.begin(_hosted(activity_id), caller().account_id, current.now())
    return _game(activity_id, None, View.HOST)


@blueprint.route(GAME + "/finish", methods=["POST"])
@blueprint.response(200, GameBody)
@blueprint.refuses(**HOSTS, c409="drawing_not_begun")
def finish_drawing(activity_id: int) -> dict[str, Any]:
    """End turns, game and vote, and take it off the screens. Hosts of the event."""
    play().runner.finish(_hosted(activity_id), caller().account_id, current.now())
    return _game(activity_id, None, View.HOST)


@blueprint.route(GAME + "/end-voting", methods=["POST"])
@blueprint.response(200, GameBody)
@blueprint.refuses(**HOSTS, c409="drawing_not_begun, gallery_not_open")
def end_voting(activity_id: int) -> dict[str, Any]:
    """End the vote for the best drawing and show the votes; a repeat changes nothing.

    Hosts of the event.
    """
    context = _begun(_hosted(activity_id))
    play().service.end_voting(context, caller().account_id, current.now())
    return _game(activity_id, None, View.HOST)


@blueprint.route(GAME + "/here", methods=["POST"])
@blueprint.response(204)
@blueprint.refuses(c401="unauthenticated", c403=SEATED, c404="not_found", c409="drawing_not_begun")
def here(activity_id: int) -> None:
    """Leave a sign of life: drawers every 3 s, others every 20 s. Players with a seat."""
    play().service.here(_speaker(activity_id), activity_id, current.now())


@blueprint.route(TURN, methods=["GET"])
@blueprint.response(200, TurnBody)
@blueprint.refuses(**{**HOSTS, "c404": "not_found, unknown_turn"}, c409="drawing_not_begun")
def get_turn(activity_id: int, turn_id: int) -> dict[str, Any]:
    """Show a turn of any room with its drawing; the answer once it is over. Hosts of the event."""
    context = _begun(_hosted(activity_id))
    shown = play().views.turn_of(context, turn_id, current.now())
    if shown is None:
        raise errors.UnknownTurn
    return shown


@blueprint.route(TURN + "/void", methods=["POST"])
@blueprint.response(200, ReportedBody)
@blueprint.refuses(
    **{**HOSTS, "c404": "not_found, unknown_turn"}, c409="drawing_not_begun, turn_over"
)
def void_turn(activity_id: int, turn_id: int) -> dict[str, bool]:
    """End a turn without points; a repeat changes nothing. Hosts of the event."""
    context = _begun(_hosted(activity_id))
    play().service.void(context, turn_id, caller().account_id, current.now())
    return {"voided": True}


@blueprint.route(TURN + "/choice", methods=["POST"])
@blueprint.arguments(ChoiceRequest)
@blueprint.response(200, ChosenBody)
@blueprint.refuses(
    c401="unauthenticated",
    c403=f"{SEATED}, not_your_turn",
    c404="not_found, unknown_turn",
    c409=f"{RUNNING}, already_chosen",
    c422="unknown_prompt",
)
def choose(body: dict[str, int], activity_id: int, turn_id: int) -> dict[str, Any]:
    """Choose a prompt; a repeat changes nothing. Players: the turn's drawer."""
    speaker = _speaker(activity_id)
    return play().service.choose(speaker, activity_id, turn_id, body["choice"], current.now())


@blueprint.route(TURN + "/strokes", methods=["POST"])
@blueprint.arguments(StrokesRequest)
@blueprint.response(200, CountBody)
@blueprint.refuses(**DRAWING, c422="bad_strokes")
def add_strokes(body: dict[str, Any], activity_id: int, turn_id: int) -> dict[str, Any]:
    """Add batches to the drawing; a repeat changes nothing. Players: the turn's drawer."""
    return _draw(activity_id, turn_id, body["at"], batches_of(body))


@blueprint.route(TURN + "/undo", methods=["POST"])
@blueprint.arguments(PositionRequest)
@blueprint.response(200, CountBody)
@blueprint.refuses(**DRAWING)
def undo(body: dict[str, Any], activity_id: int, turn_id: int) -> dict[str, Any]:
    """Take the last stroke or fill back; a repeat changes nothing. Players: the turn's drawer."""
    return _draw(activity_id, turn_id, body["at"], [{"op": "undo"}])


@blueprint.route(TURN + "/clear", methods=["POST"])
@blueprint.arguments(PositionRequest)
@blueprint.response(200, CountBody)
@blueprint.refuses(**DRAWING)
def clear(body: dict[str, Any], activity_id: int, turn_id: int) -> dict[str, Any]:
    """Clear the canvas; a repeat changes nothing. Players: the turn's drawer."""
    return _draw(activity_id, turn_id, body["at"], [{"op": "clear"}])


@blueprint.route(TURN + "/fill", methods=["POST"])
@blueprint.arguments(FillRequest)
@blueprint.response(200, CountBody)
@blueprint.refuses(**DRAWING)
def fill(body: dict[str, Any], activity_id: int, turn_id: int) -> dict[str, Any]:
    """Fill an area with a colour; a repeat changes nothing. Players: the turn's drawer."""
    return _draw(activity_id, turn_id, body["at"], fill_of(body))


def _draw(activity_id: int, turn_id: int, at: int, ops: list[Op]) -> dict[str, Any]:
    speaker = _speaker(activity_id)
    return play().service.draw(speaker, activity_id, turn_id, at, ops, current.now())


@blueprint.route(TURN + "/guesses", methods=["POST"])
@blueprint.arguments(GuessRequest)
@blueprint.response(200, VerdictBody)
@blueprint.refuses(
    c401="unauthenticated",
    c403=SEATED,
    c404="not_found, unknown_turn",
    c409=f"{RUNNING}, not_drawing_yet, gives_answer_away",
    c429="too_many_requests",
)
def guess(body: dict[str, str], activity_id: int, turn_id: int) -> dict[str, Any]:
    """Guess, or write to the others after a right guess. Players who sit in the room."""
    speaker = _speaker(activity_id)
    return play().service.guess(speaker, activity_id, turn_id, body["text"], current.now())


@blueprint.route(TURN + "/reports", methods=["POST"])
@blueprint.response(200, ReportedBody)
@blueprint.refuses(
    c401="unauthenticated",
    c403=f"{SEATED}, own_drawing",
    c404="not_found, unknown_turn",
    c409=f"{RUNNING}, not_drawing_yet",
)
def report(activity_id: int, turn_id: int) -> dict[str, Any]:
    """Report a drawing with characters, or with offensive content.

    Players who sit in the room, not the drawer.
    """
    return play().service.report(_speaker(activity_id), activity_id, turn_id, current.now())


@blueprint.route(TURN + "/votes", methods=["POST"])
@blueprint.response(200, VotedBody)
@blueprint.refuses(
    c401="unauthenticated",
    c403=f"{SEATED}, own_drawing",
    c404="not_found, unknown_turn",
    c409="drawing_not_begun, not_in_gallery, already_voted, voting_over",
)
def vote(activity_id: int, turn_id: int) -> dict[str, Any]:
    """Vote for a drawing, once; a repeat changes nothing. Players with a seat, not its drawer."""
    return play().service.vote(_speaker(activity_id), activity_id, turn_id, current.now())


def _begun(activity: Activity) -> GameContext:
    context = context_of(activity.id)
    if context is None:
        raise errors.NotBegun
    return context


@blueprint.route(GAME + "/gallery", methods=["GET"])
@blueprint.response(200, GalleryBody)
@blueprint.refuses(**SEEN, c404="not_found", c409="drawing_not_begun")
def list_gallery(activity_id: int) -> dict[str, Any]:
    """List the drawings of turns that are over. Players and hosts of the event."""
    activity, player, view = _seen(activity_id)
    player_id = player.id if player else None
    return {"items": play().views.gallery(_begun(activity), view, player_id)}


@blueprint.route(GAME + "/gallery/<int:turn_id>", methods=["GET"])
@blueprint.response(200, PictureBody)
@blueprint.refuses(**SEEN, c404="not_found, unknown_turn", c409="drawing_not_begun")
def get_picture(activity_id: int, turn_id: int) -> dict[str, Any]:
    """Show a drawing of the gallery, to be replayed. Players and hosts of the event."""
    activity, _, view = _seen(activity_id)
    picture = play().views.picture(_begun(activity), view, turn_id)
    if picture is None:
        raise errors.UnknownTurn
    return picture


@blueprint.route(GAME + "/gallery/<int:turn_id>", methods=["PUT"])
@blueprint.arguments(HideRequest)
@blueprint.response(200, GalleryBody)
@blueprint.refuses(**{**HOSTS, "c404": "not_found, unknown_turn"}, c409="drawing_not_begun")
def hang_picture(body: dict[str, bool], activity_id: int, turn_id: int) -> dict[str, Any]:
    """Remove a drawing from the gallery, or show it there again. Hosts of the event."""
    activity = _hosted(activity_id)
    context, host_id = _begun(activity), caller().account_id
    play().service.hang(context, turn_id, body["hidden"], host_id, current.now())
    return {"items": play().views.gallery(context, View.HOST, None)}


@blueprint.route(GAME + "/pin", methods=["PUT"])
@blueprint.arguments(PinRequest)
@blueprint.response(200, GalleryBody)
@blueprint.refuses(
    **{**HOSTS, "c404": "not_found, unknown_turn"}, c409="drawing_not_begun, not_in_gallery"
)
def pin_picture(body: dict[str, int | None], activity_id: int) -> dict[str, Any]:
    """Pin a drawing of the gallery on the screen, or unpin it. Hosts of the event."""
    context = _begun(_hosted(activity_id))
    play().service.pin(context, body["turn_id"], caller().account_id, current.now())
    return {"items": play().views.gallery(context, View.HOST, None)}
