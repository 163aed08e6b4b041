"""Raffles over HTTP. No operation names a winner: see `tests/raffle/test_no_rigging.py`."""

from typing import Any

from flask import Response
from flask.typing import ResponseReturnValue

from backend.activities.raffle import (
    committing,
    errors,
    export,
    handing,
    host_view,
    pools,
    prizes,
    service,
    stage,
    view,
)
from backend.activities.raffle.committing import DrawPlan
from backend.activities.raffle.current import play
from backend.activities.raffle.models import RaffleDraw, RafflePrize
from backend.activities.raffle.schemas import (
    DrawRequest,
    HandoverRequest,
    HostDraw,
    HostPick,
    ImportedList,
    ListQuery,
    NewDraw,
    NewPrize,
    PrizeBody,
    ProofBody,
    RaffleBody,
    StageRequest,
    WinnersQuery,
)
from backend.events import visibility
from backend.events.current import activity_of, hosted_activity, seen
from backend.events.models import Activity
from backend.events.visibility import View
from backend.sheets import EXCEL
from backend.sheets.writing import Worksheet
from backend.web import current
from backend.web.blueprint import Blueprint
from backend.web.i18n import language
from backend.web.imports import (
    TABLE_REFUSED,
    AgreedQuery,
    ImportedRows,
    ImportFile,
    ImportPreviewBody,
    shown_import,
    shown_preview,
)
from backend.web.tables import excel, template, uploaded_sheet

blueprint = Blueprint("raffles", __name__, url_prefix="/api/v1/raffles", description="抽奖")

RAFFLE = "/<int:activity_id>"
PRIZE = RAFFLE + "/prizes/<int:prize_id>"
DRAW = RAFFLE + "/draws/<int:draw_id>"
PICK = DRAW + "/picks/<int:pick_id>"
CODE_RATE = "60/minute"
SEEN = {"c401": "unauthenticated", "c403": "not_a_player, kicked, banned"}
HOSTED = {"c401": "unauthenticated", "c403": "forbidden", "c404": "not_found"}
OF_DRAW = {**HOSTED, "c404": "not_found, unknown_draw"}
OF_PICK = {**HOSTED, "c404": "not_found, unknown_draw, unknown_pick"}
PLAYING = "event_not_open, event_paused, event_closed"


def _hosted(activity_id: int) -> tuple[Activity, int]:
    return hosted_activity("raffle", activity_id)


def _seen(activity_id: int) -> tuple[Activity, Any, View]:
    """Return the activity, the caller's player, and the caller's view."""
    activity = activity_of("raffle", activity_id)
    _, player, eyes = seen(activity.event_id)
    return activity, player, eyes


def _draw(activity: Activity, draw_id: int) -> RaffleDraw:
    found = (
        RaffleDraw.select(RaffleDraw, RafflePrize)
        .join(RafflePrize)
        .where(RaffleDraw.id == draw_id, RaffleDraw.activity == activity)
        .first()
    )
    if found is None:
        raise errors.UnknownDraw
    return found


def _host_draw(activity: Activity, draw_id: int) -> dict[str, Any]:
    draw, now = _draw(activity, draw_id), current.now()
    picks = host_view.host_picks(activity, now, unclaimed=False, draw_id=draw_id)
    return {**view.shown_draw(draw, activity.event, now), "picks": picks}


@blueprint.route(RAFFLE, methods=["GET"])
@blueprint.response(200, RaffleBody)
@blueprint.refuses(**SEEN, c404="not_found")
def get_raffle(activity_id: int) -> dict[str, Any]:
    """Show the prizes, all draws, and the caller's wins with their pick-up codes.

    Its players and hosts.
    """
    activity, player, eyes = _seen(activity_id)
    now = current.now()
    found = {
        "stage": view.shown(activity, now),
        "prizes": view.shown_prizes(activity),
        "draws": view.shown_draws(activity, now),
        "own": view.own(activity, player, now) if player else None,
    }
    if not visibility.sees_all(eyes):
        return found
    return {**found, "lists": view.shown_lists(activity)}


@blueprint.route(DRAW, methods=["GET"])
@blueprint.response(200, ProofBody)
@blueprint.refuses(**SEEN, c404="not_found, unknown_draw")
def get_proof(activity_id: int, draw_id: int) -> dict[str, Any]:
    """Show the pool, the commitment and who was drawn; once the seed is told, saved as a file it
    is what `linka raffle verify` reads. Its players and hosts."""
    activity, _, _ = _seen(activity_id)
    return view.proof(activity, _draw(activity, draw_id), current.now())


@blueprint.route(RAFFLE + "/prizes", methods=["POST"])
@blueprint.arguments(NewPrize)
@blueprint.response(201, PrizeBody)
@blueprint.alt_response(200, schema=PrizeBody, description="The same prize, added before")
@blueprint.refuses(**HOSTED, c409="prize_taken", c422="unknown_picture, invalid")
def add_prize(body: dict[str, Any], activity_id: int) -> ResponseReturnValue:
    """Add a prize. The hosts of its event."""
    activity, host_id = _hosted(activity_id)
    prize, new = committing.add_prize(current.database(), activity, body, host_id, current.now())
    return view.shown_prize(activity, prize), 201 if new else 200


@blueprint.route(PRIZE, methods=["PUT"])
@blueprint.arguments(NewPrize)
@blueprint.response(200, PrizeBody)
@blueprint.refuses(
    **{**HOSTED, "c404": "not_found, unknown_prize"},
    c409="prize_taken, prize_fixed, stock_too_low",
    c422="unknown_picture, invalid",
)
def edit_prize(body: dict[str, Any], activity_id: int, prize_id: int) -> dict[str, Any]:
    """Change a prize; after a draw of it only its stock and picture. The hosts of its event."""
    activity, host_id = _hosted(activity_id)
    prize = committing.edit_prize(
        current.database(), activity, prize_id, body, host_id, current.now()
    )
    play().changed(activity)
    return view.shown_prize(activity, prize)


@blueprint.route(PRIZE, methods=["DELETE"])
@blueprint.response(204)
@blueprint.refuses(**{**HOSTED, "c404": "not_found, unknown_prize"}, c409="prize_drawn")
def remove_prize(activity_id: int, prize_id: int) -> None:
    """Remove a prize that was never drawn. The hosts of its event."""
    activity, host_id = _hosted(activity_id)
    committing.remove_prize(current.database(), activity, prize_id, host_id, current.now())


@blueprint.route(RAFFLE + "/prizes/template.xlsx", methods=["GET"])
@blueprint.response(200, content_type=EXCEL)
@blueprint.refuses(**HOSTED)
def download_prizes_template(activity_id: int) -> Response:
    """Download an Excel file for prizes to fill in. The hosts of its event."""
    _hosted(activity_id)
    return template("奖品", prizes.TEMPLATE, prizes.NOTES)


@blueprint.route(RAFFLE + "/prizes/imports/preview", methods=["POST"])
@blueprint.arguments(ImportFile, location="files")
@blueprint.response(200, ImportPreviewBody)
@blueprint.refuses(**HOSTED, **TABLE_REFUSED)
def preview_prizes(files: dict[str, Any], activity_id: int) -> dict[str, Any]:
    """Show every row of a file of prizes, and what an import would do; writes nothing. The hosts of
    its event."""
    activity, _ = _hosted(activity_id)
    sheet = uploaded_sheet(files, prizes.COLUMNS)
    return shown_preview(prizes.preview(activity, sheet))


@blueprint.route(RAFFLE + "/prizes/imports", methods=["POST"])
@blueprint.arguments(ImportFile, location="files")
@blueprint.arguments(AgreedQuery, location="query")
@blueprint.response(200, ImportedRows)
@blueprint.refuses(**HOSTED, **TABLE_REFUSED, c409="import_moved")
def import_prizes(
    files: dict[str, Any], query: dict[str, str | None], activity_id: int
) -> dict[str, int]:
    """Add prizes from Excel or CSV after those that are there, all or nothing. The hosts of its
    event."""
    activity, host_id = _hosted(activity_id)
    sheet = uploaded_sheet(files, prizes.COLUMNS)
    added = prizes.import_prizes(
        current.database(), activity, sheet, host_id, current.now(), query["agreed"]
    )
    return shown_import(added, sheet)


@blueprint.route(RAFFLE + "/lists/template.xlsx", methods=["GET"])
@blueprint.response(200, content_type=EXCEL)
@blueprint.refuses(**HOSTED)
def download_list_template(activity_id: int) -> Response:
    """Download an Excel file for a list to fill in. The hosts of its event."""
    _hosted(activity_id)
    return template("抽奖名单", pools.LIST_TEMPLATE, pools.LIST_NOTES)


@blueprint.route(RAFFLE + "/lists/preview", methods=["POST"])
@blueprint.arguments(ImportFile, location="files")
@blueprint.response(200, ImportPreviewBody)
@blueprint.refuses(**HOSTED, **TABLE_REFUSED)
def preview_list(files: dict[str, Any], activity_id: int) -> dict[str, Any]:
    """Show every row of a list of 工号, and who it is; writes nothing. The hosts of its event."""
    _hosted(activity_id)
    sheet = uploaded_sheet(files, pools.LIST_COLUMNS)
    return shown_preview(pools.preview_list(sheet))


@blueprint.route(RAFFLE + "/lists", methods=["POST"])
@blueprint.arguments(ImportFile, location="files")
@blueprint.arguments(ListQuery, location="query")
@blueprint.response(201, ImportedList)
@blueprint.refuses(**HOSTED, **TABLE_REFUSED, c409="import_moved")
def import_list(files: dict[str, Any], query: dict[str, Any], activity_id: int) -> dict[str, Any]:
    """Import a list of 工号 to draw from, all or nothing; errors name their rows. The hosts of its
    event.

    `warnings` say what of the file was not read: further worksheets, hidden rows.
    """
    activity, host_id = _hosted(activity_id)
    sheet = uploaded_sheet(files, pools.LIST_COLUMNS)
    made = pools.import_list(
        current.database(),
        activity,
        query["title"],
        sheet,
        host_id,
        current.now(),
        query["agreed"],
    )
    return {**view.shown_list(made), "warnings": [note.said(language()) for note in sheet.notes]}


@blueprint.route(RAFFLE + "/lists/<int:list_id>", methods=["DELETE"])
@blueprint.response(204)
@blueprint.refuses(**{**HOSTED, "c404": "not_found, unknown_list"}, c409="list_in_use")
def remove_list(activity_id: int, list_id: int) -> None:
    """Remove a list from which nothing was drawn. The hosts of its event."""
    activity, host_id = _hosted(activity_id)
    committing.remove_list(current.database(), activity, list_id, host_id, current.now())


@blueprint.route(RAFFLE + "/draws", methods=["POST"])
@blueprint.arguments(NewDraw)
@blueprint.response(201, HostDraw)
@blueprint.alt_response(200, schema=HostDraw, description="The draw of this number")
@blueprint.refuses(
    **{**HOSTED, "c404": "not_found, unknown_prize, unknown_list"},
    c409="draw_under_way, not_enough_stock, pool_empty, " + PLAYING,
    c503="unavailable",
)
def commit_draw(plan: DrawPlan, activity_id: int) -> ResponseReturnValue:
    """Fix the pool of a draw and show the commitment to it and to a seed. The hosts of its event."""
    activity, host_id = _hosted(activity_id)
    database, now = current.database(), current.now()
    database.release()
    here = play().here(activity.event_id, now) if plan.rule.present else set()
    made, new = committing.commit_draw(database, activity, plan, here, host_id, now)
    play().changed(activity)
    return _host_draw(activity, made.id), 201 if new else 200


@blueprint.route(DRAW + "/draw", methods=["POST"])
@blueprint.arguments(DrawRequest)
@blueprint.response(200, HostDraw)
@blueprint.refuses(
    **OF_DRAW,
    c409="draw_abandoned, seed_revealed, word_fixed, not_enough_stock, " + PLAYING,
)
def draw_winners(body: dict[str, Any], activity_id: int, draw_id: int) -> dict[str, Any]:
    """Draw the winners, or some of them; repeats draw nobody else. The hosts of its event."""
    activity, host_id = _hosted(activity_id)
    service.draw(
        current.database(),
        activity,
        draw_id,
        body["upto"],
        body.get("word"),
        host_id,
        current.now(),
    )
    play().changed(activity)
    return _host_draw(activity, draw_id)


@blueprint.route(PICK + "/call", methods=["POST"])
@blueprint.response(200, HostDraw)
@blueprint.refuses(**OF_PICK, c409="already_handed_over, draw_abandoned, seed_revealed, " + PLAYING)
def call_winner(activity_id: int, draw_id: int, pick_id: int) -> dict[str, Any]:
    """Call a winner to the stage, and wait: the screen shows both. The hosts of its event."""
    activity, host_id = _hosted(activity_id)
    service.call_winner(current.database(), activity, draw_id, pick_id, host_id, current.now())
    play().changed(activity)
    return _host_draw(activity, draw_id)


@blueprint.route(PICK + "/absent", methods=["POST"])
@blueprint.response(200, HostDraw)
@blueprint.refuses(
    **OF_PICK,
    c409="not_called, still_waiting, already_handed_over, draw_abandoned, seed_revealed,"
    " not_enough_stock, " + PLAYING,
)
def mark_absent(activity_id: int, draw_id: int, pick_id: int) -> dict[str, Any]:
    """Mark a called winner as absent after the waiting time, and draw the next.

    The hosts of its event.
    """
    activity, host_id = _hosted(activity_id)
    service.mark_absent(current.database(), activity, draw_id, pick_id, host_id, current.now())
    play().changed(activity)
    return _host_draw(activity, draw_id)


@blueprint.route(DRAW + "/reveal", methods=["POST"])
@blueprint.response(200, HostDraw)
@blueprint.refuses(**OF_DRAW, c409="draw_abandoned, draw_not_begun")
def reveal_seed(activity_id: int, draw_id: int) -> dict[str, Any]:
    """Show the seed, so that anybody can verify the draw. The hosts of its event."""
    activity, host_id = _hosted(activity_id)
    service.reveal(current.database(), activity, draw_id, host_id, current.now())
    play().changed(activity)
    return _host_draw(activity, draw_id)


@blueprint.route(DRAW + "/abandon", methods=["POST"])
@blueprint.response(200, HostDraw)
@blueprint.refuses(**OF_DRAW, c409="draw_begun")
def abandon_draw(activity_id: int, draw_id: int) -> dict[str, Any]:
    """Abandon a draw before anybody was drawn; it stays listed. The hosts of its event."""
    activity, host_id = _hosted(activity_id)
    service.abandon(current.database(), activity, draw_id, host_id, current.now())
    play().changed(activity)
    return _host_draw(activity, draw_id)


@blueprint.route(DRAW + "/pool.xlsx", methods=["GET"])
@blueprint.response(200, content_type=EXCEL)
@blueprint.refuses(**OF_DRAW)
def download_pool(activity_id: int, draw_id: int) -> Response:
    """Download the pool of a draw with full names as Excel. The hosts of its event."""
    activity, _ = _hosted(activity_id)
    draw = _draw(activity, draw_id)
    return excel("抽奖参与名单", lambda: [export.pool_sheet(draw)])


@blueprint.route(RAFFLE + "/winners", methods=["GET"])
@blueprint.arguments(WinnersQuery, location="query")
@blueprint.response(200, HostPick(many=True))
@blueprint.refuses(**HOSTED)
def list_winners(query: dict[str, bool], activity_id: int) -> list[dict[str, Any]]:
    """List the people who were drawn, or only winners who have not picked up their prize.

    The hosts of its event.
    """
    activity, _ = _hosted(activity_id)
    return host_view.host_picks(activity, current.now(), unclaimed=query["unclaimed"])


@blueprint.route(RAFFLE + "/winners.xlsx", methods=["GET"])
@blueprint.arguments(WinnersQuery, location="query")
@blueprint.response(200, content_type=EXCEL)
@blueprint.refuses(**HOSTED)
def download_winners(query: dict[str, bool], activity_id: int) -> Response:
    """Download the same as Excel. The hosts of its event."""
    activity, _ = _hosted(activity_id)
    timezone, now = current.settings().timezone, current.now()

    def sheets() -> list[Worksheet]:
        return [export.winners_sheet(activity, timezone, now, unclaimed=query["unclaimed"])]

    return excel("中奖名单", sheets)


@blueprint.route(RAFFLE + "/handovers", methods=["POST"])
@blueprint.arguments(HandoverRequest)
@blueprint.response(201, HostPick)
@blueprint.alt_response(200, schema=HostPick, description="It was handed over before")
@blueprint.refuses(**{**HOSTED, "c404": "not_found, unknown_pickup_code"}, c429="too_many_requests")
def hand_over(body: dict[str, str], activity_id: int) -> ResponseReturnValue:
    """Sign off a prize by its winner's pick-up code, once. The hosts of its event."""
    activity, host_id = _hosted(activity_id)
    rate = (CODE_RATE, "wrong-pickup-codes", str(host_id))
    current.limits().check(*rate)
    try:
        pick, _, new = handing.hand_over(
            current.database(), activity, body["code"], host_id, current.now()
        )
    except errors.UnknownPickupCode:
        current.limits().hit(*rate)
        raise
    play().changed(activity)
    play().handed(activity, pick)
    return host_view.host_pick(activity, pick, current.now()), 201 if new else 200


@blueprint.route(RAFFLE + "/stage", methods=["POST"])
@blueprint.arguments(StageRequest)
@blueprint.response(204)
@blueprint.refuses(**HOSTED)
def show_on_stage(body: dict[str, str | None], activity_id: int) -> None:
    """Let the screen show the newest draw, all winners, or nothing. The hosts of its event."""
    activity, host_id = _hosted(activity_id)
    stage.show(current.database(), activity, body["showing"], host_id, current.now())
    play().changed(activity)
