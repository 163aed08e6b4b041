"""JSON of look-ups."""

from typing import Any

import marshmallow as ma
from marshmallow import validate

from backend.lookup.cards import (
    LONGEST_ATTACHMENT,
    LONGEST_SYNONYM,
    LONGEST_TEXT,
    LONGEST_TITLE,
    MOST_ATTACHMENTS,
    MOST_SYNONYMS,
)
from backend.lookup.models import TABLES
from backend.lookup.questions import STATES, WAITING
from backend.web.imports import ImportedRows
from backend.web.schema import Moment, PageQuery, Schema, Text, page_of

LONGEST_QUERY, LONGEST_QUESTION, LONGEST_ANSWER = 60, 200, LONGEST_TEXT
_DAY = {"description": "YYYY-MM-DD; empty without a limit."}


class LookupQuery(Schema):
    """The text to look up."""

    q = Text(1, LONGEST_QUERY, required=True)


class LookupRowBody(Schema):
    """A row of an answer; `is_now` marks the row that applies now."""

    label = ma.fields.String(required=True)
    text = ma.fields.String(required=True)
    is_now = ma.fields.Boolean(required=True)


class AttachmentBody(Schema):
    """An attachment of a card: an https address or a text."""

    title = Text(1, LONGEST_TITLE, required=True)
    text = Text(1, LONGEST_ATTACHMENT, required=True)


class LookupAnswerBody(Schema):
    """An answer.

    `notice` says that a table is old or does not cover the day; `choices` are texts to look up
    instead, such as the names of stops.
    """

    kind = ma.fields.String(required=True, validate=validate.OneOf((*TABLES, "card")))
    title = ma.fields.String(required=True)
    rows = ma.fields.List(ma.fields.Nested(LookupRowBody), required=True)
    text = ma.fields.String(required=True)
    notice = ma.fields.String(required=True)
    choices = ma.fields.List(ma.fields.String(), required=True)
    attachments = ma.fields.List(ma.fields.Nested(AttachmentBody), required=True)
    owner = ma.fields.String(required=True)
    card_id = ma.fields.Integer(required=True, allow_none=True)


class LookupBody(Schema):
    """All answers, the surest first.

    `similar` are titles of cards that are only similar to the text.
    """

    text = ma.fields.String(required=True)
    answers = ma.fields.List(ma.fields.Nested(LookupAnswerBody), required=True)
    similar = ma.fields.List(ma.fields.String(), required=True)


class LookupNewsBody(Schema):
    """How much is new for the caller."""

    answers = ma.fields.Integer(
        required=True, metadata={"description": "Answers that were not seen."}
    )
    waiting = ma.fields.Integer(
        required=True, metadata={"description": "Questions that the caller is in charge of."}
    )


class CardRequest(Schema):
    """A card."""

    title = Text(1, LONGEST_TITLE, required=True)
    text = Text(1, LONGEST_TEXT, required=True)
    synonyms = ma.fields.List(
        Text(1, LONGEST_SYNONYM), load_default=list, validate=validate.Length(0, MOST_SYNONYMS)
    )
    attachments = ma.fields.List(
        ma.fields.Nested(AttachmentBody),
        load_default=list,
        validate=validate.Length(0, MOST_ATTACHMENTS),
    )
    owner_number = Text(0, 20, load_default="", metadata={"description": "工号 of the owner."})
    expires_on = Text(
        0,
        10,
        load_default="",
        metadata={"description": "The last day on which it is shown, YYYY-MM-DD."},
    )
    for_guests = ma.fields.Boolean(load_default=False)
    active = ma.fields.Boolean(load_default=True)

    @ma.pre_load
    def _without_gaps(self, data: Any, **_: Any) -> Any:
        """Remove the attachments that a form leaves empty."""
        if isinstance(data, dict) and isinstance(data.get("attachments"), list):
            kept = [one for one in data["attachments"] if one is not None]
            return {**data, "attachments": kept}
        return data

    @ma.validates("expires_on")
    def _is_day(self, value: str, data_key: str) -> None:
        if value:
            ma.fields.Date(format="iso").deserialize(value)


class LookupPersonBody(Schema):
    """A person of the roster."""

    number = ma.fields.String(required=True)
    name = ma.fields.String(required=True)


class CardBody(Schema):
    """A card as editors see it."""

    id = ma.fields.Integer(required=True)
    title = ma.fields.String(required=True)
    text = ma.fields.String(required=True)
    synonyms = ma.fields.List(ma.fields.String(), required=True)
    attachments = ma.fields.List(ma.fields.Nested(AttachmentBody), required=True)
    owner = ma.fields.Nested(LookupPersonBody, required=True, allow_none=True)
    expires_on = ma.fields.String(required=True, metadata=_DAY)
    for_guests = ma.fields.Boolean(required=True)
    active = ma.fields.Boolean(required=True)
    updated_at = Moment(required=True)


class CardQuery(PageQuery):
    """Which cards."""

    words = Text(0, 60, load_default="")


class QuestionRequest(Schema):
    """A question."""

    text = Text(2, LONGEST_QUESTION, required=True)


class AskedBody(Schema):
    """A question as the person who asked sees it; `is_new` says that its answer was not seen."""

    id = ma.fields.Integer(required=True)
    text = ma.fields.String(required=True)
    asked_at = Moment(required=True)
    promised_at = Moment(required=True)
    owner = ma.fields.String(required=True)
    answer = ma.fields.String(required=True)
    answered_at = Moment(required=True, allow_none=True)
    answered_by = ma.fields.String(required=True)
    is_new = ma.fields.Boolean(required=True)


class WaitingBody(AskedBody):
    """A question as those who may answer it see it.

    `is_late` says that the promised time has passed.
    """

    asker = ma.fields.String(required=True)
    asker_number = ma.fields.String(required=True)
    owner_number = ma.fields.String(required=True)
    is_late = ma.fields.Boolean(required=True)
    card_id = ma.fields.Integer(required=True, allow_none=True)


class OwnQuestionsBody(Schema):
    """The caller's questions, and those that the caller is in charge of."""

    items = ma.fields.List(ma.fields.Nested(AskedBody), required=True)
    total = ma.fields.Integer(required=True)
    page = ma.fields.Integer(required=True)
    page_size = ma.fields.Integer(required=True)
    for_me = ma.fields.List(ma.fields.Nested(WaitingBody), required=True)


class QuestionsQuery(PageQuery):
    """Which questions."""

    state = ma.fields.String(load_default=WAITING, validate=validate.OneOf(STATES))


class LookupAnswerRequest(Schema):
    """An answer; `as_card` makes a card of it."""

    answer = Text(1, LONGEST_ANSWER, required=True)
    as_card = ma.fields.Boolean(load_default=False)


class OwnerRequest(Schema):
    """The person in charge."""

    number = Text(0, 20, required=True, metadata={"description": "工号; empty for nobody."})


class LookupTableBody(Schema):
    """A table: when it was imported, and the days that it covers."""

    name = ma.fields.String(required=True, validate=validate.OneOf(TABLES))
    title = ma.fields.String(required=True)
    imported_at = Moment(required=True, allow_none=True)
    from_day = ma.fields.String(required=True, metadata=_DAY)
    until_day = ma.fields.String(required=True, metadata=_DAY)
    is_old = ma.fields.Boolean(required=True)


class LookupTablesBody(Schema):
    """All tables."""

    items = ma.fields.List(ma.fields.Nested(LookupTableBody), required=True)


class LookupImportBody(ImportedRows):
    """What an import did; `gone` rows were not in the file."""

    changed = ma.fields.Integer(required=True)
    gone = ma.fields.Integer(required=True)


CardPageBody = page_of(CardBody, "CardPageBody")
WaitingPageBody = page_of(WaitingBody, "WaitingPageBody")
