"""Pages of the people of an event: who plays, who is present, and one person with every ledger
entry.
"""

from typing import Any

import flask
from flask import current_app, request
from peewee import ModelSelect
from redis import RedisError

from backend.console.frame import blueprint, event_page
from backend.errors import NotFound
from backend.events import arrivals, stand_ins
from backend.events.current import hosted, kinds
from backend.events.models import Activity, Event, Player
from backend.events.visibility import View
from backend.moderation.models import WritingBlock
from backend.scoring import exports, receipts
from backend.scoring.changes import ranked
from backend.web import current
from backend.web.paging import paged

PAGE_SIZE = 50
STATUSES = {"active": "正常", "kicked": "已移出", "banned": "已禁止"}
PAGE, PERSON = "/events/<int:event_id>/people", "/events/<int:event_id>/people/<int:player_id>"


@blueprint.route(PAGE)
def people(event_id: int) -> str:
    """Who plays, with a search. The event's hosts."""
    event = hosted(event_id)
    return event_page("console/people.html", event, missing=arrivals.missing(event), **_list(event))


@blueprint.route(PAGE + "/list")
def people_list(event_id: int) -> str:
    """The people who were found, a fragment. The event's hosts."""
    event = hosted(event_id)
    return flask.render_template("console/people/_list.html", event=event, **_list(event))


@blueprint.route(PERSON)
def person(event_id: int, player_id: int) -> str:
    """One person. The event's hosts."""
    event = hosted(event_id)
    return event_page("console/person.html", event, **_person(event, player_id))


@blueprint.route(PERSON + "/facts")
def person_facts(event_id: int, player_id: int) -> str:
    """The actions for one person, and their score, a fragment. The event's hosts."""
    event = hosted(event_id)
    shown = _person(event, player_id)
    return flask.render_template("console/people/_person.html", event=event, **shown)


def _list(event: Event) -> dict[str, Any]:
    asked = {name: request.args.get(name, "").strip() for name in ("q", "status", "team", "there")}
    number = request.args.get("page", "1")
    query = {"page": int(number) if number.isdigit() else 1, "page_size": PAGE_SIZE}
    present = _present(event.id)
    found, total = paged(_searched(event, asked, present), query)
    return {
        "rows": found,
        "tests": stand_ins.among(found),
        "total": total,
        "pages": -(-total // PAGE_SIZE),
        "number": query["page"],
        "asked": asked,
        "present": present,
        "places": ranked(event),
        "statuses": STATUSES,
        "teams": _teams(event),
    }


def _searched(event: Event, asked: dict[str, str], present: set[int] | None) -> ModelSelect:
    found = Player.select().where(Player.event == event).order_by(Player.team_name, Player.id)
    if asked["q"]:
        words = asked["q"]
        found = found.where(Player.name.contains(words) | Player.staff_number.contains(words))
    if asked["status"] in STATUSES:
        found = found.where(Player.status == asked["status"])
    if asked["team"]:
        found = found.where(Player.team_name == asked["team"])
    if asked["there"] in ("yes", "no") and present is not None:
        is_there = Player.id.in_(list(present))
        found = found.where(is_there if asked["there"] == "yes" else ~is_there)
    return found


def _teams(event: Event) -> list[str]:
    rows = Player.select(Player.team_name).where(
        Player.event == event, Player.team_name.is_null(False)
    )
    return [name for (name,) in rows.distinct().order_by(Player.team_name).tuples()]


def _present(event_id: int) -> set[int] | None:
    """Return the players whose phones are connected; None while that is unknown."""
    presence: Any = current_app.extensions["linka.presence"]
    try:
        found: set[int] = presence.players(event_id, current.now())
    except RedisError:
        return None
    return found


def _person(event: Event, player_id: int) -> dict[str, Any]:
    player = Player.of(player_id, event=event)
    if player is None:
        raise NotFound
    present = _present(event.id)
    return {
        "player": player,
        "is_there": None if present is None else player.id in present,
        "place": ranked(event).get(player.id),
        "statuses": STATUSES,
        "receipt": receipts.of_player(event, player.id, View.HOST),
        "reasons": exports.reasons_of(kinds()),
        "titles": {one.id: one.title for one in event.activities.order_by(Activity.position)},
        "block": WritingBlock.get_or_none(WritingBlock.player == player),
    }
