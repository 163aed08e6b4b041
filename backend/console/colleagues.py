"""Pages of colleagues: whose birthday is in a month, and what teams say about themselves."""

from typing import Any

import flask
from flask import request

from backend.console.frame import blueprint, page
from backend.identity.current import caller
from backend.people import birthdays, teams
from backend.people.api import shown_team, today


@blueprint.route("/colleagues")
def colleagues() -> str:
    """The birthdays of a month, and all teams. Hosts of all events."""
    return page("console/colleagues.html", teams=teams.listed(), **_birthdays())


@blueprint.route("/colleagues/birthdays")
def colleague_birthdays() -> str:
    """The birthdays of a month, a fragment. Hosts of all events."""
    return flask.render_template("console/colleagues/_birthdays.html", **_birthdays())


def _birthdays() -> dict[str, Any]:
    caller().require("host")
    month = request.args.get("month", today().month, type=int)
    month = month if 1 <= month <= birthdays.MONTHS else today().month
    return {
        "month": month,
        "months": range(1, birthdays.MONTHS + 1),
        "birthdays": birthdays.of_month(month),
    }


@blueprint.route("/teams/<int:team_id>")
def team_profile(team_id: int) -> str:
    """What a team says about itself, to be changed. Its leaders, hosts of all events."""
    return page("console/team_profile.html", **_team(team_id))


@blueprint.route("/teams/<int:team_id>/picture")
def team_picture(team_id: int) -> str:
    """The picture of a team, a fragment. Its leaders, hosts of all events."""
    return flask.render_template("console/colleagues/_picture.html", **_team(team_id))


def _team(team_id: int) -> dict[str, Any]:
    teams.require_editor(caller(), team_id)
    return {"team": shown_team(team_id)}
