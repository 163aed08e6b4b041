"""Shapes of suggestions."""

from typing import Any

import marshmallow as ma
from marshmallow import validate

from backend.activities.polls.drafts import RulesSchema
from backend.activities.polls.suggestions.suggesting import DECLINED, STATUSES
from backend.errors import Sentence
from backend.moderation.policy import STATUSES as MODERATION
from backend.web.schema import Id, Moment, PageQuery, Schema, Text, page_of

MOST_CHARACTERS = 300


class SuggestionRequest(Schema):
    """A suggestion; the picture was uploaded before."""

    text = Text(1, MOST_CHARACTERS, required=True)
    picture_id = Id(load_default=None, allow_none=True)


class SuggestionQuery(PageQuery):
    """Which suggestions to list: `search` looks in texts and in names of proposers."""

    mine = ma.fields.Boolean(load_default=False)
    status = ma.fields.String(validate=validate.OneOf(STATUSES))
    sort = ma.fields.String(load_default="supports", validate=validate.OneOf(["supports", "new"]))
    moderation = ma.fields.String(validate=validate.OneOf(MODERATION))
    search = Text(0, 60, load_default="")


class SimilarQuery(Schema):
    """The text that the caller is typing."""

    text = Text(0, MOST_CHARACTERS, load_default="")


class ProposerBody(Schema):
    """Who suggested it."""

    player_id = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True)
    team = ma.fields.String(required=True, allow_none=True)


class SuggestionModeration(Schema):
    """The moderation of the text, for its author and hosts."""

    status = ma.fields.String(required=True)
    reason = ma.fields.String(required=True)


class SuggestionPoll(Schema):
    """The poll that a suggestion went into."""

    id = ma.fields.Integer(required=True)
    number = ma.fields.Integer(required=True)
    title = ma.fields.String(required=True)
    state = ma.fields.String(required=True)


class SuggestionBody(Schema):
    """A suggestion as the caller sees it.

    Of a merged one `supports`, `supported` and `poll` are those of the one that it was merged into.
    """

    id = ma.fields.Integer(required=True)
    text = ma.fields.String(required=True)
    picture_path = ma.fields.String(required=True, allow_none=True)
    proposer = ma.fields.Nested(ProposerBody, required=True)
    own = ma.fields.Boolean(required=True)
    supports = ma.fields.Integer(required=True)
    supported = ma.fields.Boolean(required=True)
    status = ma.fields.String(
        required=True, metadata={"description": "collecting, adopted, done or declined"}
    )
    reason = ma.fields.String(required=True)
    answer = ma.fields.String(required=True)
    answered_at = Moment(required=True, allow_none=True)
    merged_into = ma.fields.Integer(required=True, allow_none=True)
    poll = ma.fields.Nested(SuggestionPoll, required=True, allow_none=True)
    moderation = ma.fields.Nested(SuggestionModeration, required=True, allow_none=True)
    created_at = Moment(required=True)
    changed_at = Moment(required=True)


SuggestionPage = page_of(SuggestionBody, "SuggestionPage")


class SimilarBody(SuggestionBody):
    """A suggestion that is similar to a text; `likeness` is out of a hundred."""

    likeness = ma.fields.Integer(required=True)


class SimilarList(Schema):
    """The most similar suggestions, and how many were searched."""

    searched = ma.fields.Integer(required=True)
    items = ma.fields.List(ma.fields.Nested(SimilarBody), required=True)


class SuggestionDecision(Schema):
    """The decision and the answer of the organisers; a decline needs a reason."""

    status = ma.fields.String(required=True, validate=validate.OneOf(STATUSES))
    reason = Text(0, 500, load_default="")
    answer = Text(0, 1000, load_default="")

    @ma.validates_schema
    def _declined_for_a_reason(self, data: dict[str, Any], **_: Any) -> None:
        if data["status"] == DECLINED and not data["reason"]:
            raise ma.ValidationError(
                [Sentence("请写明不采纳的理由。", "Give a reason for declining.")], "reason"
            )


class MergeRequest(Schema):
    """The suggestion into which this one is merged."""

    into = Id(required=True)


class SuggestionPollRequest(RulesSchema):
    """A poll to make of suggestions: of these, or of the `best` so many by their supporters.

    The number is that of the next poll; sent again, it returns the poll that was made.
    """

    number = ma.fields.Integer(required=True, strict=True, validate=validate.Range(1, 10_000))
    suggestion_ids = ma.fields.List(Id(), validate=validate.Length(2, 100))
    best = ma.fields.Integer(strict=True, validate=validate.Range(2, 100))

    @ma.validates_schema
    def _one_of_both(self, data: dict[str, Any], **_: Any) -> None:
        if ("suggestion_ids" in data) == ("best" in data):
            raise ma.ValidationError("Send suggestion_ids or best.", "suggestion_ids")
