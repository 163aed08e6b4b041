"""The page of an event's boards: the hosts' order beside the public one, and the freeze."""

from typing import Any

import flask
from flask import request

from backend.console.frame import blueprint, event_page
from backend.events import lifecycle
from backend.events.current import hosted
from backend.events.models import Activity, Event
from backend.events.visibility import View
from backend.scoring.current import reader
from backend.scoring.ledger import EVENT_BOARD
from backend.scoring.reader import formula_sentence
from backend.web import current

ROWS = 30
SCOPES = {"players": "个人", "teams": "班组"}
PAGE = "/events/<int:event_id>/boards"


@blueprint.route(PAGE)
def boards(event_id: int) -> str:
    """Both orders side by side. The event's hosts."""
    event = hosted(event_id)
    return event_page("console/boards.html", event, **_shown(event))


@blueprint.route(PAGE + "/orders")
def board_orders(event_id: int) -> str:
    """Both orders, a fragment. The event's hosts."""
    event = hosted(event_id)
    return flask.render_template("console/boards/_orders.html", event=event, **_shown(event))


def _shown(event: Event) -> dict[str, Any]:
    activities = list(event.activities.order_by(Activity.position, Activity.id))
    names = {EVENT_BOARD: "总榜"} | {f"activity-{one.id}": one.title for one in activities}
    board, scope = request.args.get("board", EVENT_BOARD), request.args.get("scope", "players")
    board = board if board in names else EVENT_BOARD
    scope = scope if scope in SCOPES else "players"
    live = reader().top(event, board, scope, ROWS, View.HOST)
    public = reader().top(event, board, scope, ROWS, View.PUBLIC)
    live_ranks = {row.id: row.rank for row in live.rows if (row.points or 0) > 0}
    state = lifecycle.state(event, current.now())
    last = event.settings.get("reveal_top", 10) + 1
    return {
        "names": names,
        "scopes": SCOPES,
        "board": board,
        "scope": scope,
        "live": live,
        "public": public,
        "live_ranks": live_ranks,
        "differs": live.rows != public.rows,
        "formula": formula_sentence(event, "zh") if scope == "teams" else "",
        "may_freeze": state in (lifecycle.OPEN, lifecycle.CLOSED),
        "step": event.reveal_step or 0,
        "last_step": last,
    }
