"""Shapes of what colleagues are shown of each other."""

import marshmallow as ma
from marshmallow import validate

from backend.people.birthdays import MONTHS
from backend.people.models import CHOICES
from backend.web.schema import Schema, Text


class ColleagueBody(Schema):
    """A colleague on the home page."""

    name = ma.fields.String(required=True)


class NewcomerBody(Schema):
    """A person on their first day."""

    id = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True)
    team = ma.fields.String(required=True)


class TodayBody(Schema):
    """What the home page shows of people today."""

    is_own_birthday = ma.fields.Boolean(required=True)
    birthday_choice = ma.fields.String(required=True, validate=validate.OneOf(CHOICES))
    birthdays = ma.fields.List(
        ma.fields.Nested(ColleagueBody),
        required=True,
        metadata={"description": "Colleagues of the own team who share their birthday."},
    )
    is_first_day = ma.fields.Boolean(
        required=True, metadata={"description": "Whether it is the caller's."}
    )
    newcomers = ma.fields.List(
        ma.fields.Nested(NewcomerBody),
        required=True,
        metadata={"description": "Others on their first day, of all teams."},
    )


class BirthdayRequest(Schema):
    """Who may see the caller's birthday."""

    choice = ma.fields.String(required=True, validate=validate.OneOf(CHOICES))


class BirthdayBody(BirthdayRequest):
    """The caller's birthday, and who may see it."""

    birthday = ma.fields.String(
        required=True, metadata={"description": "MM-DD; empty if the roster has none."}
    )


class MonthQuery(Schema):
    """A month, by default the present one."""

    month = ma.fields.Integer(validate=validate.Range(1, MONTHS))


class SharedBirthdayBody(Schema):
    """The birthday of a person who shares it."""

    birthday = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    team = ma.fields.String(required=True)
    shift = ma.fields.String(required=True)


class BirthdaysBody(Schema):
    """The shared birthdays of a month, by day."""

    month = ma.fields.Integer(required=True)
    items = ma.fields.List(ma.fields.Nested(SharedBirthdayBody), required=True)


class TeamRequest(Schema):
    """What a team says about itself."""

    slogan = Text(0, 40, required=True)
    about = Text(0, 500, required=True)


class TeamHead(Schema):
    """A team in the list of all teams; `picture_path` is below /api/v1."""

    id = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True)
    slogan = ma.fields.String(required=True)
    people = ma.fields.Integer(required=True)
    picture_path = ma.fields.String(required=True, allow_none=True)


class TeamListBody(Schema):
    """All teams, and which one is the caller's."""

    items = ma.fields.List(ma.fields.Nested(TeamHead), required=True)
    own_id = ma.fields.Integer(required=True)


class TeamColleagueBody(Schema):
    """A member of a team."""

    id = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True)
    is_leader = ma.fields.Boolean(required=True)


class TeamResultBody(Schema):
    """The place of a team on the public board of an event that the caller may see."""

    event_id = ma.fields.Integer(required=True)
    title = ma.fields.String(required=True)
    rank = ma.fields.Integer(required=True)
    teams = ma.fields.Integer(required=True)
    points = ma.fields.Float(required=True)


class TeamProfileBody(TeamHead):
    """A team as colleagues see it."""

    about = ma.fields.String(required=True)
    may_edit = ma.fields.Boolean(required=True)
    members = ma.fields.List(ma.fields.Nested(TeamColleagueBody), required=True)
    results = ma.fields.List(ma.fields.Nested(TeamResultBody), required=True)


class TeamOfPersonBody(Schema):
    """The team of a person."""

    id = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True)


class PersonBody(Schema):
    """A person as colleagues see them."""

    id = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True)
    team = ma.fields.Nested(TeamOfPersonBody, required=True)
