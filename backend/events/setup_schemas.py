"""Shapes of what hosts set up in an event."""

import marshmallow as ma
from marshmallow import validate

from backend.events.schemas import ActivityFacts, SittingFacts
from backend.events.service import JOIN_CODE
from backend.events.templates import TeamFormulaSchema
from backend.web.schema import FullMatch, Id, Moment, Schema, Text, WholeNumber


class Versioned(Schema):
    """A change; `version` is that of the event when the host looked at it."""

    version = WholeNumber(1, 2**31 - 1, required=True)


class EventChange(Versioned):
    """What to change in an event; what is left out stays."""

    title = Text(1, 60)
    description = Text(0, 2000)
    join_code = ma.fields.String(validate=FullMatch(JOIN_CODE))
    opens_at = Moment(allow_none=True)
    closes_at = Moment(allow_none=True)
    team_formula = ma.fields.Nested(TeamFormulaSchema)
    reveal_top = ma.fields.Integer(validate=validate.Range(1, 50))


class ActivityAddition(Versioned, ActivityFacts):
    """A new activity of an event."""


class ActivityChange(Versioned):
    """What to change in an activity; what is left out stays. Settings are whole: a setting that is
    left out gets its default."""

    title = Text(1, 60)
    settings = ma.fields.Dict(keys=ma.fields.String())
    sittings = ma.fields.List(ma.fields.Nested(SittingFacts), validate=validate.Length(0, 30))


class ActivityOrder(Versioned):
    """The activities of an event in their new order, by id."""

    activities = ma.fields.List(Id(), required=True, validate=validate.Length(0, 100))


class ActivitySetupBody(Schema):
    """An activity as hosts set it up.

    Once it is `played`, its settings and sittings cannot be changed. `lacks` says what its settings
    name and what does not exist on the day of the opening.
    """

    id = ma.fields.Integer(required=True)
    kind = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    settings = ma.fields.Dict(keys=ma.fields.String(), required=True)
    sittings = ma.fields.List(ma.fields.Nested(SittingFacts), required=True)
    played = ma.fields.Boolean(required=True)
    lacks = ma.fields.List(ma.fields.String(), required=True)


class SetupBody(Schema):
    """What hosts set up in an event."""

    id = ma.fields.Integer(required=True)
    version = ma.fields.Integer(required=True)
    title = ma.fields.String(required=True)
    description = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    rehearsal = ma.fields.Boolean(required=True)
    join_code = ma.fields.String(required=True)
    opens_at = Moment(required=True, allow_none=True)
    closes_at = Moment(required=True, allow_none=True)
    team_formula = ma.fields.Nested(TeamFormulaSchema, required=True)
    reveal_top = ma.fields.Integer(required=True)
    activities = ma.fields.List(ma.fields.Nested(ActivitySetupBody), required=True)
