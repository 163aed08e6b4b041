"""The settings of polls and suggestions in a template."""

import marshmallow as ma
from marshmallow import validate

from backend.activities.polls.drafts import DraftSchema
from backend.web.schema import Schema


class SuggestionsSettings(Schema):
    """Whether guests may look at what staff suggest."""

    guests_may_look = ma.fields.Boolean(load_default=False)


class PollsSettings(Schema):
    """The settings of polls in a template: drafts to begin with, and from how many ballots within
    a minute a burst is flagged, from one address and from all; who may look at suggestions."""

    polls = ma.fields.List(
        ma.fields.Nested(DraftSchema), load_default=list, validate=validate.Length(0, 50)
    )
    burst_from_address = ma.fields.Integer(load_default=30, validate=validate.Range(2, 100_000))
    burst_in_minute = ma.fields.Integer(load_default=600, validate=validate.Range(2, 1_000_000))
    suggestions = ma.fields.Nested(
        SuggestionsSettings, load_default=lambda: {"guests_may_look": False}
    )
