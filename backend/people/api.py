"""What colleagues are shown of each other, over HTTP."""

from datetime import date
from typing import Any

from flask import Response

from backend.clock import local_time
from backend.events.players import StaffOnly
from backend.identity.current import caller
from backend.identity.principal import Person
from backend.moderation.api import UPLOAD_RATE, served
from backend.moderation.pictures import MIMETYPE, clean
from backend.moderation.schemas import PictureFile
from backend.people import birthdays, newcomers, teams
from backend.people.models import PRIVATE
from backend.people.schemas import (
    BirthdayBody,
    BirthdayRequest,
    BirthdaysBody,
    MonthQuery,
    PersonBody,
    TeamListBody,
    TeamProfileBody,
    TeamRequest,
    TodayBody,
)
from backend.scoring.current import reader
from backend.sheets import EXCEL
from backend.web import current
from backend.web.blueprint import Blueprint
from backend.web.tables import excel

blueprint = Blueprint("people", __name__, url_prefix="/api/v1/people", description="People")

OF_STAFF = {"c401": "unauthenticated", "c403": "staff_only"}
OF_EDITORS = {"c401": "unauthenticated", "c403": "forbidden", "c404": "not_found"}
OF_HOSTS = {"c401": "unauthenticated", "c403": "forbidden"}
_NOBODY = {
    "is_own_birthday": False,
    "birthday_choice": PRIVATE,
    "birthdays": [],
    "is_first_day": False,
    "newcomers": [],
}
TEAM = "/teams/<int:team_id>"


def today() -> date:
    """Return the day in the centre's time zone."""
    return local_time(current.now(), current.settings().timezone).date()


def _person() -> Person:
    """Return the caller as a person of the roster; raises `StaffOnly`."""
    person = caller().person
    if person is None:
        raise StaffOnly
    return person


@blueprint.route("/today", methods=["GET"])
@blueprint.response(200, TodayBody)
@blueprint.refuses(c401="unauthenticated")
def show_today() -> dict[str, Any]:
    """Show whose birthday and whose first day it is today. Anyone with a token; guests see nobody."""
    person = caller().person
    if person is None:
        return _NOBODY
    own = birthdays.own(person)
    people = newcomers.of_day(today())
    return {
        "is_own_birthday": birthdays.is_today(own, today()),
        "birthday_choice": own.choice,
        "birthdays": birthdays.of_colleagues(person, today()),
        "is_first_day": any(one.id == person.staff_id for one in people),
        "newcomers": [one for one in people if one.id != person.staff_id],
    }


@blueprint.route("/birthday", methods=["GET"])
@blueprint.response(200, BirthdayBody)
@blueprint.refuses(**OF_STAFF)
def show_birthday() -> birthdays.OwnBirthday:
    """Show the caller's birthday, and who may see it. Staff."""
    return birthdays.own(_person())


@blueprint.route("/birthday", methods=["PUT"])
@blueprint.arguments(BirthdayRequest)
@blueprint.response(200, BirthdayBody)
@blueprint.refuses(**OF_STAFF, c422="invalid")
def choose_birthday(body: dict[str, str]) -> birthdays.OwnBirthday:
    """Choose who may see the caller's birthday. Staff."""
    person = _person()
    birthdays.choose(current.database(), person, body["choice"], current.now())
    return birthdays.own(person)


@blueprint.route("/birthdays", methods=["GET"])
@blueprint.arguments(MonthQuery, location="query")
@blueprint.response(200, BirthdaysBody)
@blueprint.refuses(**OF_HOSTS, c422="invalid")
def list_birthdays(query: dict[str, int]) -> dict[str, Any]:
    """List the birthdays of a month that people share, for the 生日会. Hosts of all events."""
    caller().require("host")
    month = query.get("month", today().month)
    return {"month": month, "items": birthdays.of_month(month)}


@blueprint.route("/birthdays.xlsx", methods=["GET"])
@blueprint.arguments(MonthQuery, location="query")
@blueprint.response(200, content_type=EXCEL)
@blueprint.refuses(**OF_HOSTS, c422="invalid")
def download_birthdays(query: dict[str, int]) -> Response:
    """Download the birthdays of a month that people share. Hosts of all events."""
    caller().require("host")
    month = query.get("month", today().month)
    return excel(f"{month} 月生日", lambda: [birthdays.worksheet(month)])


@blueprint.route("/teams", methods=["GET"])
@blueprint.response(200, TeamListBody)
@blueprint.refuses(**OF_STAFF)
def list_teams() -> dict[str, Any]:
    """List the teams of the roster. Staff."""
    return {"own_id": _person().team_id, "items": teams.listed()}


@blueprint.route(TEAM, methods=["GET"])
@blueprint.response(200, TeamProfileBody)
@blueprint.refuses(**OF_STAFF, c404="not_found")
def show_team(team_id: int) -> dict[str, Any]:
    """Show a team: what it says about itself, its members, its places in events whose boards the
    caller may see. Staff."""
    _person()
    return shown_team(team_id)


def shown_team(team_id: int) -> dict[str, Any]:
    """Return a team as the caller is shown it; raises `NotFound`."""
    who = caller()
    return {
        **vars(teams.of_id(team_id)),
        "about": teams.introduction(team_id),
        "may_edit": teams.may_edit(who, team_id),
        "members": teams.members(team_id),
        "results": teams.results(reader(), who, team_id),
    }


def _editor_of(team_id: int) -> int:
    """Return the account of a caller who may change a team; raises `Forbidden` or `NotFound`."""
    who = caller()
    teams.require_editor(who, team_id)
    teams.of_id(team_id)
    return who.account_id


@blueprint.route(TEAM, methods=["PUT"])
@blueprint.arguments(TeamRequest)
@blueprint.response(200, TeamProfileBody)
@blueprint.refuses(**OF_EDITORS, c422="invalid")
def describe_team(body: dict[str, str], team_id: int) -> dict[str, Any]:
    """Change what a team says about itself. Its leaders, hosts of all events."""
    editor = _editor_of(team_id)
    teams.describe(current.database(), team_id, body, editor, current.now())
    return shown_team(team_id)


@blueprint.route(TEAM + "/picture", methods=["POST"])
@blueprint.arguments(PictureFile, location="files")
@blueprint.response(201, TeamProfileBody)
@blueprint.refuses(
    **OF_EDITORS,
    c413="too_large",
    c422="bad_picture, too_demanding, invalid",
    c429="too_many_requests",
    c503="busy",
)
def upload_team_picture(files: dict[str, Any], team_id: int) -> dict[str, Any]:
    """Upload the picture of a team, which replaces an earlier one. Its leaders, hosts of all
    events."""
    editor = _editor_of(team_id)
    current.limits().hit(UPLOAD_RATE, "pictures", str(editor))
    uploaded = files["file"].read()
    current.database().release()
    drawn = current.offload().short.run(clean, uploaded)
    teams.show_picture(current.database(), team_id, drawn, editor, current.now())
    return shown_team(team_id)


@blueprint.route(TEAM + "/picture", methods=["DELETE"])
@blueprint.response(204)
@blueprint.refuses(**OF_EDITORS)
def remove_team_picture(team_id: int) -> None:
    """Remove the picture of a team. Its leaders, hosts of all events."""
    editor = _editor_of(team_id)
    teams.show_picture(current.database(), team_id, None, editor, current.now())


@blueprint.route(TEAM + "/picture", methods=["GET"])
@blueprint.response(200, content_type=MIMETYPE)
@blueprint.refuses(**OF_STAFF, c404="not_found")
def get_team_picture(team_id: int) -> Response:
    """Show the picture of a team. Staff."""
    _person()
    return served(teams.picture_of(team_id))


@blueprint.route("/<int:person_id>", methods=["GET"])
@blueprint.response(200, PersonBody)
@blueprint.refuses(**OF_STAFF, c404="not_found")
def show_person(person_id: int) -> Any:
    """Show a person: name and team. Staff."""
    _person()
    return teams.person(person_id)
