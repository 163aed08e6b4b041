"""Events over HTTP: list, make, join, run, and who plays."""

from typing import Any

import structlog
from flask import Response

from backend.events import (
    competition,
    exports,
    lifecycle,
    making,
    players,
    service,
    stand_ins,
    trail,
    visibility,
)
from backend.events.current import boards, hosted, kinds, player_counts, scores, seen
from backend.events.making import Content, EventDetails
from backend.events.models import Event, Player
from backend.events.schemas import (
    EventBody,
    EventPage,
    JoinBody,
    JoinRequest,
    NewEvent,
    PlayerBody,
    PlayerChange,
    PlayerPage,
    PlayerQuery,
    TemplateBody,
    Transition,
)
from backend.events.templates import read_folder
from backend.events.view import shown_event, shown_events, shown_player
from backend.events.visibility import View
from backend.identity import audit
from backend.identity.current import caller, revocations
from backend.identity.schemas import AuditPage, AuditQuery
from backend.sheets import EXCEL
from backend.web import current
from backend.web.blueprint import Blueprint
from backend.web.paging import paged
from backend.web.schema import PageQuery
from backend.web.tables import excel

log = structlog.get_logger(__name__)

blueprint = Blueprint("events", __name__, url_prefix="/api/v1", description="What people join")

EVENT = "/events/<int:event_id>"
JOIN_RATE = "30/minute"


@blueprint.route("/event-templates", methods=["GET"])
@blueprint.response(200, TemplateBody(many=True))
@blueprint.refuses(c401="unauthenticated", c403="forbidden")
def list_templates() -> list[dict[str, Any]]:
    """List the templates that events can be made from; broken files are left out. Hosts only."""
    caller().require_any("host")
    folder = read_folder()
    for file, reason in folder.broken.items():
        log.warning("broken_template", file=file, reason=reason)
    return folder.templates


@blueprint.route("/events", methods=["GET"])
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, EventPage)
@blueprint.refuses(c401="unauthenticated")
def list_events(query: dict[str, int]) -> dict[str, Any]:
    """List events, the newest first: all for hosts of all events; for others the joined ones, and
    for staff those that are scheduled or open.

    Anyone with a token. The join code of an event that the caller has not joined is null.
    """
    principal = caller()
    events = Event.select().order_by(Event.id.desc())
    if principal.has("host"):
        page, total = paged(events, query)
        return {"items": shown_events(page, View.HOST, current.now()), "total": total, **query}
    joined = Player.select(Player.event).where(players.seats_of(principal))
    hosting = [event_id for role, event_id in principal.roles if role == "host"]
    mine = Event.id.in_(joined) | Event.id.in_(hosting)
    shown = mine | Event.id.in_(_on_now(current.now())) if principal.is_staff else mine
    page, total = paged(events.where(shown), query)
    own = {row.id for row in Event.select(Event.id).where(mine)}
    now = current.now()
    counts = player_counts([event.id for event in page], now)
    items = shown_events(page, View.OWN, now, counts)
    for item in items:
        if item["id"] not in own:
            item["join_code"] = None
    return {"items": items, "total": total, **query}


def _on_now(now: int) -> list[int]:
    """Return the ids of the events that are scheduled or open; the clock decides, not the row alone."""
    states = (lifecycle.SCHEDULED, lifecycle.OPEN)
    stored = Event.select().where(Event.state.in_(states), ~Event.rehearsal)
    return [event.id for event in stored if lifecycle.state(event, now) in states]


@blueprint.route("/events", methods=["POST"])
@blueprint.arguments(NewEvent)
@blueprint.response(201, EventBody)
@blueprint.refuses(
    c401="unauthenticated",
    c403="forbidden",
    c404="unknown_template, not_found",
    c409="join_code_taken",
    c422="invalid, broken_template, incomplete_template",
)
def create_event(body: dict[str, Any]) -> dict[str, Any]:
    """Make an event, as a draft: from a template, from a list of activities, or as a copy. Hosts
    only.

    A copy has the activities, their settings and sittings, and what hosts prepared, without people
    and points. A template that names a question bank, a topic or a word pack with nothing to ask on
    the opening day is refused, unless `incomplete` is true.
    """
    principal = caller()
    principal.require("host")
    now = current.now()
    event = making.create(
        current.database(),
        kinds(),
        boards(),
        _content(body, now),
        now,
        EventDetails(**body),
        principal.account_id,
    )
    return shown_event(event, View.HOST, now)


def _content(body: dict[str, Any], now: int) -> Content:
    """Remove the source of a new event from the body, and return the content that it describes."""
    starts_at = body.get("opens_at") or now
    template, copy_of = body.pop("template", None), body.pop("copy_of", None)
    incomplete = body.pop("incomplete")
    if template is not None:
        content = making.of_template(kinds(), template, starts_at)
        if not incomplete:
            making.require_complete(kinds(), content, boards().day(starts_at))
        return content
    if copy_of is not None:
        return making.of_event(kinds(), service.get(copy_of), starts_at)
    return making.of_list(kinds(), body.pop("activities"))


@blueprint.route("/events/join", methods=["POST"])
@blueprint.arguments(JoinRequest)
@blueprint.response(200, JoinBody)
@blueprint.refuses(
    c401="unauthenticated",
    c403="banned",
    c404="unknown_join_code",
    c409="event_not_open, event_closed",
    c429="too_many_requests",
)
def join_event(body: dict[str, str]) -> dict[str, Any]:
    """Join an event by its code; a repeat changes nothing. Anyone with a token."""
    principal = caller()
    rate = (JOIN_RATE, "wrong-join-codes", str(principal.account_id))
    current.limits().check(*rate)
    try:
        player = players.join(current.database(), scores(), body["code"], principal, current.now())
    except players.UnknownJoinCode:
        current.limits().hit(*rate)
        raise
    return {
        "event": _shown_to_phone(player.event),
        "player": shown_player(player, View.OWN),
    }


@blueprint.route(EVENT, methods=["GET"])
@blueprint.response(200, EventBody)
@blueprint.refuses(c401="unauthenticated", c403="not_a_player, kicked, banned", c404="not_found")
def get_event(event_id: int) -> dict[str, Any]:
    """Show an event. Its players and hosts."""
    event, _, view = seen(event_id)
    if visibility.sees_all(view):
        return shown_event(event, view, current.now())
    return _shown_to_phone(event)


def _shown_to_phone(event: Event) -> dict[str, Any]:
    now = current.now()
    return shown_event(event, View.OWN, now, player_counts([event.id], now))


@blueprint.route(EVENT + "/transitions", methods=["POST"])
@blueprint.arguments(Transition)
@blueprint.response(200, EventBody)
@blueprint.refuses(
    c401="unauthenticated",
    c403="forbidden",
    c404="not_found",
    c409="wrong_state, too_late_to_reopen",
)
def transition_event(body: dict[str, Any], event_id: int) -> dict[str, Any]:
    """Open, pause, resume, close, reopen (within an hour), freeze, reveal, archive. Its hosts.

    A repeat changes nothing; that of a reveal only with the `step` that it goes to.
    """
    hosted(event_id)
    event = service.transition(
        current.database(),
        boards(),
        event_id,
        body["action"],
        current.now(),
        actor_id=caller().account_id,
        step=body.get("step"),
    )
    return shown_event(event, View.HOST, current.now())


@blueprint.route(EVENT + "/audit", methods=["GET"])
@blueprint.arguments(AuditQuery, location="query")
@blueprint.response(200, AuditPage)
@blueprint.refuses(c401="unauthenticated", c403="forbidden", c404="not_found")
def list_event_audit(query: dict[str, Any], event_id: int) -> dict[str, Any]:
    """Show who did what in an event, the newest first. Its hosts."""
    hosted(event_id)
    return audit.page(query, event_id)


@blueprint.route(EVENT + "/audit.xlsx", methods=["GET"])
@blueprint.response(200, content_type=EXCEL)
@blueprint.refuses(c401="unauthenticated", c403="forbidden", c404="not_found")
def download_event_audit(event_id: int) -> Response:
    """Download the same as Excel, the oldest first. Its hosts."""
    hosted(event_id)
    timezone = current.settings().timezone
    return excel("操作记录", lambda: [trail.worksheet(event_id, kinds(), timezone)])


@blueprint.route(EVENT + "/participants.xlsx", methods=["GET"])
@blueprint.response(200, content_type=EXCEL)
@blueprint.refuses(c401="unauthenticated", c403="forbidden", c404="not_found")
def download_participants(event_id: int) -> Response:
    """Download who took part, who on the roster did not, and the shares of the teams. Its hosts."""
    event = hosted(event_id)
    timezone = current.settings().timezone
    return excel("参与人员", lambda: exports.worksheets(event, timezone))


@blueprint.route(EVENT + "/players", methods=["GET"])
@blueprint.arguments(PlayerQuery, location="query")
@blueprint.response(200, PlayerPage)
@blueprint.refuses(c401="unauthenticated", c403="forbidden", c404="not_found")
def list_players(query: dict[str, Any], event_id: int) -> dict[str, Any]:
    """List the players. Its hosts."""
    hosted(event_id)
    status = query.pop("status", None)
    found = Player.select().where(Player.event == event_id).order_by(Player.id)
    if status:
        found = found.where(Player.status == status)
    page, total = paged(found, query)
    out = competition.activities_out([player.id for player in page])
    tests = stand_ins.among(page)
    items = [
        {
            **shown_player(player, View.HOST),
            "out_of_competition": out[player.id],
            "is_test": player.id in tests,
        }
        for player in page
    ]
    return {"items": items, "total": total, **query}


@blueprint.route(EVENT + "/players/<int:player_id>", methods=["PUT"])
@blueprint.arguments(PlayerChange)
@blueprint.response(200, PlayerBody)
@blueprint.refuses(
    c401="unauthenticated", c403="forbidden", c404="not_found", c409="banned_meanwhile"
)
def change_player(body: dict[str, str], event_id: int, player_id: int) -> dict[str, Any]:
    """Kick, ban or readmit a player. Its hosts."""
    hosted(event_id)
    player = players.set_status(
        current.database(),
        scores(),
        event_id,
        player_id,
        players.StatusChange(**body),
        current.now(),
        caller().account_id,
    )
    revocations().tell([player.account_id])
    return shown_player(player, View.HOST)
