"""Shapes of agendas."""

import marshmallow as ma
from marshmallow import validate

from backend.events.agenda import MOST_MINUTES, MOST_STEPS
from backend.web.schema import Id, Moment, Schema, Text, WholeNumber


class AgendaStepBody(Schema):
    """A step of an evening; `title` is that of its activity where it has none of its own."""

    id = ma.fields.Integer(required=True)
    title = ma.fields.String(required=True)
    activity_id = ma.fields.Integer(required=True, allow_none=True)
    minutes = ma.fields.Integer(required=True, allow_none=True)
    notes = ma.fields.String(required=True)
    done_at = Moment(required=True, allow_none=True)


class AgendaBody(Schema):
    """An agenda; `current_id` is the first step that is not done, null after the last."""

    version = ma.fields.Integer(required=True)
    current_id = ma.fields.Integer(required=True, allow_none=True)
    steps = ma.fields.List(ma.fields.Nested(AgendaStepBody), required=True)


class AgendaStepChange(Schema):
    """A step of a changed agenda; without `id` it is new. An empty title is that of the activity."""

    id = Id(allow_none=True)
    title = Text(0, 60, load_default="")
    activity_id = Id(load_default=None, allow_none=True)
    minutes = WholeNumber(1, MOST_MINUTES, load_default=None, allow_none=True)
    notes = Text(0, 1000, load_default="")


class AgendaChange(Schema):
    """All steps of an agenda in their new order, and the version that was read."""

    version = WholeNumber(1, 2**31 - 1, required=True)
    steps = ma.fields.List(
        ma.fields.Nested(AgendaStepChange), required=True, validate=validate.Length(0, MOST_STEPS)
    )
