"""Boards, own standing, receipts, adjustments and corrections over HTTP."""

from typing import Any

from flask import Response, request

from backend.errors import NotFound
from backend.events import competition, players, visibility
from backend.events.current import boards, hosted, kinds, seen
from backend.events.models import Activity, Event, Player
from backend.events.players import NotAPlayer
from backend.events.view import shown_player
from backend.events.visibility import View
from backend.identity.current import caller
from backend.scoring import board_answers, corrections, exports, receipts
from backend.scoring.board_answers import BoardReading, BoardSubject, is_ranked
from backend.scoring.corrections import Ruling, Voiding
from backend.scoring.current import reader, scores
from backend.scoring.leaderboard import BoardRow
from backend.scoring.ledger import EVENT_BOARD
from backend.scoring.models import ScoreEntry
from backend.scoring.reader import formula_sentence
from backend.scoring.schemas import (
    BOARD_QUERY,
    Adjustment,
    AdjustmentHeaders,
    BoardBody,
    BoardList,
    CorrectionBody,
    CorrectionPreview,
    CorrectionRequest,
    EntryBody,
    OwnBody,
    ReceiptBody,
    ReceiptQuery,
    VoidRequest,
)
from backend.sheets import EXCEL
from backend.web import current
from backend.web.blueprint import Blueprint
from backend.web.i18n import language
from backend.web.tables import excel

blueprint = Blueprint("scoring", __name__, url_prefix="/api/v1", description="Points and boards")

EVENT = "/events/<int:event_id>"
ACTIVITY = EVENT + "/activities/<int:activity_id>"
SEEN = {"c401": "unauthenticated", "c403": "not_a_player, kicked, banned"}


class UnknownBoard(NotFound):
    """The event has no board of this name."""

    slug = "unknown_board"
    zh = "没有这个排行榜。"
    en = "There is no such board."


def board_name(event: Event, name: str) -> str:
    """Return the board's own name: `day` and `week` mean the present ones."""
    known = board_answers.own_name(name, scores().calendar, current.now())
    if known is not None:
        return known
    kind, _, number = name.partition("-")
    if kind == "activity" and number.isascii() and number.isdigit() and len(number) < 16:
        found = Activity.get_or_none(Activity.id == int(number), Activity.event == event)
        if found:
            return f"activity-{found.id}"
    raise UnknownBoard


@blueprint.route(EVENT + "/leaderboards", methods=["GET"])
@blueprint.response(200, BoardList)
@blueprint.refuses(**SEEN, c404="not_found")
def list_boards(event_id: int) -> dict[str, Any]:
    """List the boards of an event. Its players and hosts."""
    event, _, _ = seen(event_id)
    zh = language() != "en"
    names = [
        {"name": "event", "title": "总榜" if zh else "Whole event"},
        {"name": "day", "title": "今日榜" if zh else "Today"},
        {"name": "week", "title": "本周榜" if zh else "This week"},
    ]
    for activity in event.activities.order_by(Activity.position):
        names.append({"name": f"activity-{activity.id}", "title": activity.title})
    return {"boards": names}


@blueprint.route(EVENT + "/leaderboards/<string:board>", methods=["GET"])
@blueprint.arguments(BOARD_QUERY, location="query")
@blueprint.response(200, BoardBody)
@blueprint.alt_response(304, description="Nothing has changed since the answer with this ETag")
@blueprint.refuses(**SEEN, c404="not_found, unknown_board", c503="unavailable")
def get_board(query: dict[str, Any], event_id: int, board: str) -> Response:
    """Show a board: its top, or the rows around the caller's. Its players and hosts.

    A caller who sends the `ETag` of an earlier answer as `If-None-Match` gets 304, without a body,
    while nothing has changed.
    """
    event, player, view = seen(event_id)
    name = board_name(event, board)
    subject = BoardSubject(event, name, query["scope"], view, _names_out(name))
    reading = BoardReading.of(query, language(), player)
    [answer] = board_answers.answers(reader(), subject, [reading])
    # Whether the caller may read the board was checked before, so a removed player gets no 304
    # either.
    if request.if_none_match.contains_weak(answer.tag):
        response = Response(status=304)
    else:
        response = Response(answer.body, mimetype="application/json")
    response.set_etag(answer.tag)
    return response


def _names_out(board: str) -> list[dict[str, Any]]:
    """Return the players who played the board's activity out of competition."""
    kind, _, number = board.partition("-")
    return competition.names_out(int(number)) if kind == "activity" else []


def _own_row(event: Event, player: Player | None, board: str, view: View) -> BoardRow | None:
    return reader().row(event, board, player.id, view) if is_ranked(player) else None


@blueprint.route(EVENT + "/me", methods=["GET"])
@blueprint.response(200, OwnBody)
@blueprint.refuses(**SEEN, c404="not_found", c503="unavailable")
def own_standing(event_id: int) -> dict[str, Any]:
    """Show the caller's player and score. Its players."""
    event, player, _ = seen(event_id)
    if player is None:
        raise NotAPlayer
    players.note_coming(current.database(), scores(), event, player, current.now())
    row = _own_row(event, player, EVENT_BOARD, View.OWN)
    return {
        "player": shown_player(player, View.OWN),
        "standing": {
            "points": row and row.points,
            "rank": row and row.rank,
            "frozen": visibility.reads_frozen_board(event, View.OWN),
        },
    }


@blueprint.route(EVENT + "/receipts", methods=["GET"])
@blueprint.arguments(ReceiptQuery, location="query")
@blueprint.response(200, ReceiptBody)
@blueprint.refuses(**SEEN, c404="not_found")
def list_receipts(query: dict[str, int], event_id: int) -> dict[str, Any]:
    """Show every line of a score: the caller's own, or for hosts any player's."""
    event, player, view = seen(event_id)
    if "player_id" in query and (player is None or query["player_id"] != player.id):
        caller().require("host", event_id)
        player = Player.get_or_none(Player.id == query["player_id"], Player.event == event)
        if player is None:
            raise NotFound
        return receipts.of_player(event, player.id, view)
    if player is None:
        raise NotAPlayer
    return receipts.of_player(event, player.id, View.OWN)


@blueprint.route(EVENT + "/adjustments", methods=["POST"])
@blueprint.arguments(Adjustment)
@blueprint.arguments(AdjustmentHeaders, location="headers")
@blueprint.response(201, EntryBody)
@blueprint.refuses(
    c401="unauthenticated",
    c403="forbidden",
    c404="not_found",
    c409="idempotency_key_reused",
    c422="invalid",
)
def adjust(body: dict[str, Any], headers: dict[str, str], event_id: int) -> ScoreEntry:
    """Add or take points with a reason; the same Idempotency-Key counts once. Its hosts.

    The key is required; with another body it is refused.
    """
    event = hosted(event_id)
    adjustment = corrections.HostAdjustment(**body, idempotency_key=headers["idempotency_key"])
    return corrections.adjust(scores(), event, adjustment, current.now(), caller().account_id)


@blueprint.route(EVENT + "/adjustments/<int:entry_id>", methods=["DELETE"])
@blueprint.response(200, EntryBody)
@blueprint.refuses(c401="unauthenticated", c403="forbidden", c404="not_found")
def take_adjustment_back(event_id: int, entry_id: int) -> ScoreEntry:
    """Reverse an adjustment; shows the reversal. A repeat changes nothing. Its hosts."""
    event = hosted(event_id)
    return corrections.take_back(scores(), event, entry_id, current.now(), caller().account_id)


@blueprint.route(EVENT + "/corrections", methods=["POST"])
@blueprint.arguments(CorrectionRequest)
@blueprint.response(200, CorrectionBody)
@blueprint.refuses(c401="unauthenticated", c403="forbidden", c404="not_found", c422="invalid")
def correct(body: dict[str, Any], event_id: int) -> dict[str, int]:
    """Void or re-key a question and re-score everybody. Its hosts."""
    hosted(event_id)
    rescored = corrections.correct_question(
        scores(), kinds(), event_id, Ruling(**body), current.now(), caller().account_id
    )
    return {"rescored": rescored}


@blueprint.route(EVENT + "/corrections/preview", methods=["POST"])
@blueprint.arguments(CorrectionRequest)
@blueprint.response(200, CorrectionPreview)
@blueprint.refuses(c401="unauthenticated", c403="forbidden", c404="not_found", c422="invalid")
def preview_correction(body: dict[str, Any], event_id: int) -> dict[str, Any]:
    """Show whose points and ranks a correction would change; writes nothing. Its hosts."""
    hosted(event_id)
    found = corrections.preview(scores(), kinds(), event_id, Ruling(**body), current.now())
    return {"players": found}


@blueprint.route(ACTIVITY + "/void", methods=["POST"])
@blueprint.arguments(VoidRequest)
@blueprint.response(200, CorrectionBody)
@blueprint.refuses(
    c401="unauthenticated",
    c403="forbidden",
    c404="not_found",
    c409="nothing_to_void",
    c422="invalid",
)
def void_activity(body: dict[str, str], event_id: int, activity_id: int) -> dict[str, int]:
    """Void an activity: its points are reversed, and nobody can play it any more. Its hosts.

    It cannot be undone; a repeat changes nothing.
    """
    hosted(event_id)
    rescored = corrections.void_activity(
        scores(),
        kinds(),
        Voiding(event_id, activity_id, body["reason"]),
        current.now(),
        caller().account_id,
    )
    boards().tell(event_id, "event")
    return {"rescored": rescored}


@blueprint.route(ACTIVITY + "/void/preview", methods=["GET"])
@blueprint.response(200, CorrectionPreview)
@blueprint.refuses(
    c401="unauthenticated", c403="forbidden", c404="not_found", c409="nothing_to_void"
)
def preview_void(event_id: int, activity_id: int) -> dict[str, Any]:
    """Show whose points and ranks voiding an activity would change; writes nothing. Its hosts."""
    hosted(event_id)
    voiding = Voiding(event_id, activity_id)
    return {"players": corrections.preview_void(scores(), kinds(), voiding, current.now())}


@blueprint.route(EVENT + "/ranking.xlsx", methods=["GET"])
@blueprint.response(200, content_type=EXCEL)
@blueprint.refuses(c401="unauthenticated", c403="forbidden", c404="not_found")
def download_ranking(event_id: int) -> Response:
    """Download the live boards of people and teams as Excel. Its hosts."""
    event = hosted(event_id)
    notes = [formula_sentence(event, "zh"), "同分者，先到者居前；同分同时者名次相同。"]
    timezone = current.settings().timezone
    return excel("最终排名", lambda: exports.ranking(event, timezone), notes)


@blueprint.route(EVENT + "/points.xlsx", methods=["GET"])
@blueprint.response(200, content_type=EXCEL)
@blueprint.refuses(c401="unauthenticated", c403="forbidden", c404="not_found")
def download_points(event_id: int) -> Response:
    """Download all entries of the ledger as Excel. Its hosts."""
    event = hosted(event_id)
    reasons, timezone = exports.reasons_of(kinds()), current.settings().timezone
    return excel("积分明细", lambda: [exports.entries(event, reasons, timezone)])
