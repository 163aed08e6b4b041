"""The settings of announced words in a template."""

from typing import Any

import marshmallow as ma
from marshmallow import validate

from backend.activities.keywords import rules
from backend.errors import Sentence
from backend.web.schema import Schema, Text, WholeNumber

_NOTHING_TO_REPLY = Sentence("关键词里要有文字或数字。", "A keyword needs letters or digits.")


class WordSchema(Schema):
    """A word to prepare. What is left out is as the activity's settings say."""

    text = Text(1, rules.LONGEST, required=True)
    others = ma.fields.List(
        Text(1, rules.LONGEST), load_default=list, validate=validate.Length(0, rules.MOST_OTHERS)
    )
    points = WholeNumber(*rules.POINTS)
    places = WholeNumber(*rules.PLACES)
    seconds = WholeNumber(*rules.SECONDS)
    pinyin = ma.fields.Boolean()
    decoy = ma.fields.Boolean(load_default=False)

    @ma.validates_schema
    def _can_be_written(self, data: dict[str, Any], **_: Any) -> None:
        for name in ("text", "others"):
            written = data.get(name) or []
            for text in [written] if isinstance(written, str) else written:
                if not rules.spellings(text, (), False):
                    raise ma.ValidationError([_NOTHING_TO_REPLY], name)


class KeywordsSettings(Schema):
    """The settings in a template. `hits_per_person` null means that there is no limit."""

    hits_per_person = WholeNumber(1, 100, load_default=1, allow_none=True)
    points = WholeNumber(*rules.POINTS, load_default=20)
    places = WholeNumber(*rules.PLACES, load_default=20)
    seconds = WholeNumber(*rules.SECONDS, load_default=60)
    pinyin = ma.fields.Boolean(load_default=False)
    words = ma.fields.List(
        ma.fields.Nested(WordSchema), load_default=list, validate=validate.Length(0, 50)
    )

    @ma.validates_schema
    def _words_differ(self, data: dict[str, Any], **_: Any) -> None:
        keys = [
            key
            for word in data["words"]
            for key in rules.spellings(
                word["text"], word["others"], word.get("pinyin", data["pinyin"])
            )
        ]
        if len(set(keys)) < len(keys):
            raise ma.ValidationError("Two words are written the same way.", "words")
