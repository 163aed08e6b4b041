"""The settings of polls and suggestions in a template."""

import marshmallow as ma
from marshmallow import validate

from backend.activities.polls.drafts import DraftSchema
from backend.web.forms import label
from backend.web.schema import Schema


class SuggestionsSettings(Schema):
    """Whether guests may look at what staff suggest."""

    guests_may_look = ma.fields.Boolean(load_default=False, metadata=label("亲友可以看员工的建议"))


class PollsSettings(Schema):
    """The settings of polls in a template: drafts to begin with, and from how many ballots within
    a minute a burst is flagged, from one address and from all; who may look at suggestions."""

    polls = ma.fields.List(
        ma.fields.Nested(DraftSchema),
        load_default=list,
        validate=validate.Length(0, 50),
        metadata=label("投票", "投票的题目和选项在环节页里编辑。", hidden=True),
    )
    burst_from_address = ma.fields.Integer(
        load_default=30,
        validate=validate.Range(2, 100_000),
        metadata=label(
            "同一网络刷票提醒", "一分钟内同一网络投出这么多票，就提醒主持人。", unit="票"
        ),
    )
    burst_in_minute = ma.fields.Integer(
        load_default=600,
        validate=validate.Range(2, 1_000_000),
        metadata=label("全场刷票提醒", "一分钟内全场投出这么多票，就提醒主持人。", unit="票"),
    )
    suggestions = ma.fields.Nested(
        SuggestionsSettings,
        load_default=lambda: {"guests_may_look": False},
        metadata=label("征集建议"),
    )
