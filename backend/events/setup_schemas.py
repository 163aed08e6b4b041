"""JSON of the set-up of an event."""

import marshmallow as ma
from marshmallow import validate

from backend.events.schemas import ActivityFacts, SittingFacts
from backend.events.service import JOIN_CODE
from backend.events.templates import TeamFormulaSchema
from backend.web.schema import FullMatch, Id, Moment, Schema, Text, WholeNumber


class Versioned(Schema):
    """A change; `version` is the version of the event that the host saw."""

    version = WholeNumber(1, 2**31 - 1, required=True)


class EventChange(Versioned):
    """Changes of an event; fields that are left out stay unchanged."""

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
    """Changes of an activity; fields that are left out stay unchanged.

    Settings are sent as a whole: a setting that is left out gets its default.
    """

    title = Text(1, 60)
    settings = ma.fields.Dict(keys=ma.fields.String())
    sittings = ma.fields.List(ma.fields.Nested(SittingFacts), validate=validate.Length(0, 30))


class ActivityOrder(Versioned):
    """The activities of an event in their new order, by id."""

    activities = ma.fields.List(Id(), required=True, validate=validate.Length(0, 100))


class ActivitySetupBody(Schema):
    """An activity as hosts set it up.

    Once it is `played`, its settings and sittings cannot be changed. `lacks` says what the settings
    name that does not exist on the day of the opening.
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


class ChoiceBody(Schema):
    """A value that can be chosen, and its label."""

    value = ma.fields.String(required=True)
    label = ma.fields.String(required=True)


class FormFieldBody(Schema):
    """A setting as a field of a form.

    `type` is `boolean`, `integer`, `number`, `text`, `choice`, `choices`, `texts`, `integers`,
    `rows` (a list of objects with `fields`) or `group` (one such object). `low` and `high` bound a
    number, or the length of a text; `most` is how many members a list has. A form keeps the value
    of a `hidden` field.
    """

    name = ma.fields.String(required=True)
    label = ma.fields.String(required=True)
    hint = ma.fields.String(required=True)
    unit = ma.fields.String(required=True)
    hidden = ma.fields.Boolean(required=True)
    type = ma.fields.String(required=True)
    required = ma.fields.Boolean(required=True)
    nullable = ma.fields.Boolean(required=True)
    default = ma.fields.Raw(required=True, allow_none=True)
    low = ma.fields.Float(required=True, allow_none=True)
    high = ma.fields.Float(required=True, allow_none=True)
    most = ma.fields.Integer(required=True, allow_none=True)
    choices = ma.fields.List(ma.fields.Nested(ChoiceBody), required=True)
    fields_ = ma.fields.List(
        ma.fields.Nested(lambda: FormFieldBody()),
        required=True,
        data_key="fields",
        attribute="fields",
    )


class ActivityKindBody(Schema):
    """A kind of activity: the fields of its settings, and the settings with which a new one begins."""

    kind = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    settings = ma.fields.Dict(keys=ma.fields.String(), required=True)
    fields_ = ma.fields.List(
        ma.fields.Nested(FormFieldBody), required=True, data_key="fields", attribute="fields"
    )


class PreviewRequest(Schema):
    """Settings of a kind, and when the event opens; left out, it opens now."""

    settings = ma.fields.Dict(keys=ma.fields.String(), required=True)
    opens_at = Moment(allow_none=True, load_default=None)


class EarningBody(Schema):
    """What a typical player earns, with its reason in Chinese."""

    sentence = ma.fields.String(required=True)
    points = ma.fields.Integer(required=True)


class PreviewBody(Schema):
    """What typical players earn with settings, and what the settings lack."""

    earnings = ma.fields.List(ma.fields.Nested(EarningBody), required=True)
    lacks = ma.fields.List(ma.fields.String(), required=True)
