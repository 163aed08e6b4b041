"""Shapes of announced words."""

from typing import Any

import marshmallow as ma
from marshmallow import validate

from backend.activities.keywords import rules
from backend.activities.keywords.errors import row_is_no_word
from backend.activities.keywords.settings import WordSchema
from backend.web.schema import Id, Moment, Schema, Text, WholeNumber


class ReplyRequest(Schema):
    """The text that a player sent; it is compared as a whole."""

    text = Text(1, 100, required=True)


class ReplyBody(Schema):
    """The result of a reply.

    `place` and `points` are set for a hit; points are null during a freeze.
    """

    outcome = ma.fields.String(required=True, validate=validate.OneOf(rules.OUTCOMES))
    word_id = ma.fields.Integer(required=True, allow_none=True)
    place = ma.fields.Integer(required=True, allow_none=True)
    points = ma.fields.Integer(required=True, allow_none=True)
    message = ma.fields.String(required=True)


class NewKeyword(WordSchema):
    """A word to prepare; fields that are left out have the activity's settings."""


class KeywordList(Schema):
    """Words to prepare, such as a column of a worksheet.

    `lines` has one word each; other spellings of a word follow it after a slash. Fields that are
    left out have the activity's settings, and apply to all words. Loaded, it is `words`, each as
    `NewKeyword` loads it.
    """

    lines = ma.fields.List(
        Text(1, 300), required=True, validate=validate.Length(1, rules.LONGEST_LIST)
    )
    points = WholeNumber(0, 1000)
    places = WholeNumber(1, 2000)
    seconds = WholeNumber(5, 3600)
    pinyin = ma.fields.Boolean()

    @ma.post_load
    def _words(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        lines = data.pop("lines")
        words, wrong = [], []
        for row, line in enumerate(lines, start=1):
            text, *others = [part.strip() for part in line.replace("／", "/").split("/")]
            try:
                words.append(NewKeyword().load({"text": text, "others": others, **data}))
            except ma.ValidationError:
                wrong.append(row_is_no_word(row, line))
        if wrong:
            raise ma.ValidationError(wrong, "lines")
        return {"words": words}


class ChosenKeywords(Schema):
    """The words to announce or to close at the same moment."""

    word_ids = ma.fields.List(Id(), required=True, validate=validate.Length(1, 20))


class HostKeyword(Schema):
    """A word as its hosts see it; for a decoy, `taken` counts the players who replied it."""

    id = ma.fields.Integer(required=True)
    number = ma.fields.Integer(required=True)
    text = ma.fields.String(required=True)
    others = ma.fields.List(ma.fields.String(), required=True)
    pinyin = ma.fields.Boolean(required=True)
    points = ma.fields.Integer(required=True)
    places = ma.fields.Integer(required=True)
    seconds = ma.fields.Integer(required=True)
    decoy = ma.fields.Boolean(required=True)
    state = ma.fields.String(
        required=True, metadata={"description": "prepared, open, gone or over"}
    )
    opened_at = Moment(required=True, allow_none=True)
    left_ms = ma.fields.Integer(required=True)
    taken = ma.fields.Integer(required=True)


class KeywordHitBody(Schema):
    """A player who hit a word."""

    place = ma.fields.Integer(required=True)
    player_id = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True)
    team = ma.fields.String(required=True, allow_none=True)


class KeywordBody(Schema):
    """An announced word. `decoy` and `caught` are null while it is open."""

    id = ma.fields.Integer(required=True)
    number = ma.fields.Integer(required=True)
    text = ma.fields.String(required=True)
    points = ma.fields.Integer(required=True)
    places = ma.fields.Integer(required=True)
    seconds = ma.fields.Integer(required=True)
    state = ma.fields.String(required=True, metadata={"description": "open, gone or over"})
    opened_at = Moment(required=True)
    closes_at = Moment(required=True)
    left_ms = ma.fields.Integer(required=True)
    taken = ma.fields.Integer(required=True)
    hits = ma.fields.List(ma.fields.Nested(KeywordHitBody), required=True)
    decoy = ma.fields.Boolean(required=True, allow_none=True)
    caught = ma.fields.Integer(required=True, allow_none=True)


class OwnKeywordHit(Schema):
    """A word that the player has hit."""

    word_id = ma.fields.Integer(required=True)
    text = ma.fields.String(required=True)
    place = ma.fields.Integer(required=True)
    points = ma.fields.Integer(required=True, allow_none=True)
    hit_at = Moment(required=True)


class OwnKeywords(Schema):
    """A player's own hits; `hits_left` is null if there is no limit."""

    hits = ma.fields.List(ma.fields.Nested(OwnKeywordHit), required=True)
    hits_left = ma.fields.Integer(required=True, allow_none=True)


class KeywordsBody(Schema):
    """The announced words; `phase` is null while none is on."""

    phase = ma.fields.String(required=True, allow_none=True)
    since = Moment(required=True, allow_none=True)
    paused = ma.fields.Boolean(required=True)
    hits_per_person = ma.fields.Integer(required=True, allow_none=True)
    words = ma.fields.List(ma.fields.Nested(KeywordBody), required=True)
    own = ma.fields.Nested(OwnKeywords, required=True, allow_none=True)
