"""Pages for preparation: the checks and the files of an event, question banks, the roster."""

from typing import Any

import flask
from flask import request, url_for

from backend.console import preflight
from backend.console.frame import blueprint, event_page, page
from backend.errors import NotFound
from backend.events import media
from backend.events.current import hosted, kinds
from backend.events.models import Activity, Event
from backend.events.preflight import GREEN, worst
from backend.identity import roster
from backend.identity.current import caller
from backend.questions import service
from backend.questions.reading import KIND_NAMES

PAGE_SIZE = 50
LEVEL_WORDS = {"green": "就绪", "yellow": "看一眼", "red": "要处理"}
STATE_WORDS = {"": "全部在职", "unbound": "未绑定微信", "bound": "已绑定微信", "left": "已离职"}


@blueprint.route("/events/<int:event_id>/prepare")
def prepare(event_id: int) -> str:
    """The checks before an event, its tables, its big screen, pictures and music. Its hosts."""
    event = hosted(event_id)
    activities = Activity.select().where(Activity.event == event).order_by(Activity.position)
    tables = [
        (activity, table)
        for activity in activities
        for table in kinds()[activity.kind].imports(activity)
    ]
    return event_page(
        "console/prepare.html", event, tables=tables, **_checks(event), **_media(event)
    )


@blueprint.route("/events/<int:event_id>/prepare/checks")
def prepare_checks(event_id: int) -> str:
    """The checks, a fragment. Its hosts."""
    event = hosted(event_id)
    return flask.render_template("console/prepare/_checks.html", event=event, **_checks(event))


@blueprint.route("/events/<int:event_id>/prepare/media")
def prepare_media(event_id: int) -> str:
    """The pictures and the music, a fragment. Its hosts."""
    event = hosted(event_id)
    return flask.render_template("console/prepare/_media.html", event=event, **_media(event))


def _checks(event: Event) -> dict[str, Any]:
    lines = preflight.lines_of(event)
    return {
        "day": preflight.day_of(event),
        "level": worst(lines),
        "ready": sum(line.level == GREEN for line in lines),
        "lines": [(line, preflight.link(line, event)) for line in lines],
        "level_words": LEVEL_WORDS,
    }


def _media(event: Event) -> dict[str, Any]:
    found = media.of_event(event.id)
    return {
        "background": next((one for one in found if one.kind == media.BACKGROUND), None),
        "music": next((one for one in found if one.kind == media.MUSIC), None),
        "pictures": [one for one in found if one.kind == media.PICTURE],
        "most_pictures": media.MOST_PICTURES,
        "path": media.path,
    }


@blueprint.route("/banks")
def banks() -> str:
    """Question banks, and the material of kinds of activities. Trainers and hosts."""
    caller().require_any("trainer", "host")
    return page("console/banks.html", may_import=caller().has("trainer"), **_shelves())


@blueprint.route("/banks/list")
def bank_list() -> str:
    """The banks and the material, a fragment. Trainers and hosts."""
    caller().require_any("trainer", "host")
    return flask.render_template(
        "console/banks/_list.html", may_import=caller().has("trainer"), **_shelves()
    )


def _shelves() -> dict[str, Any]:
    who = caller()
    return {
        "banks": service.list_banks(),
        "shelves": [shelf for kind in kinds() if (shelf := kind.shelf()) is not None],
        "may_change_shelves": who.has("trainer") or who.has("host"),
    }


@blueprint.route("/banks/<string:name>")
def bank(name: str) -> str:
    """The questions of a bank, with their keys, and a search. Trainers."""
    caller().require("trainer")
    found = next((one for one in service.list_banks() if one.name == name), None)
    if found is None:
        raise NotFound
    return page("console/bank.html", bank=found, kind_names=KIND_NAMES, **_questions(name))


@blueprint.route("/banks/<string:name>/questions")
def bank_questions(name: str) -> str:
    """A page of the questions that were found, a fragment. Trainers."""
    caller().require("trainer")
    return flask.render_template(
        "console/banks/_questions.html", kind_names=KIND_NAMES, **_questions(name)
    )


def _questions(name: str) -> dict[str, Any]:
    asked, number = request.args.get("words", "")[:100], _page_number()
    kind = request.args.get("kind", "")
    found = service.search_questions(name, words=asked, kind=kind, page=number, page_size=PAGE_SIZE)
    return {
        "questions": found.items,
        "found": found.total,
        "words": asked,
        "kind": kind,
        "pages": _pages(found.total, number, url_for("host.bank_questions", name=name)),
    }


@blueprint.route("/roster")
def staff_roster() -> str:
    """The roster: its people, imports, slips with invite codes. Admins."""
    caller().require("admin")
    return page("console/roster.html", count=roster.headcount(), **_people())


@blueprint.route("/roster/people")
def roster_people() -> str:
    """A page of the people who were found, a fragment. Admins."""
    caller().require("admin")
    return flask.render_template(
        "console/roster/_people.html", count=roster.headcount(), **_people()
    )


def _people() -> dict[str, Any]:
    asked, number = request.args.get("words", "")[:100], _page_number()
    state = request.args.get("state", "")
    state = state if state in STATE_WORDS else ""
    people, total = roster.search_staff(words=asked, state=state, page=number, page_size=PAGE_SIZE)
    return {
        "people": people,
        "found": total,
        "words": asked,
        "state": state,
        "states": STATE_WORDS,
        "pages": _pages(total, number, url_for("host.roster_people")),
    }


def _page_number() -> int:
    return min(max(request.args.get("page", 1, type=int), 1), 100_000)


def _pages(total: int, number: int, address: str) -> dict[str, Any]:
    last = max(1, -(-total // PAGE_SIZE))
    return {"number": number, "last": last, "address": address}
