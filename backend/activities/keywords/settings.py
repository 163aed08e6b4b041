"""The settings of announced words in a template."""

from typing import Any

import marshmallow as ma
from marshmallow import validate

from backend.activities.keywords import rules
from backend.errors import Sentence
from backend.web.forms import label
from backend.web.schema import Schema, Text, WholeNumber

_NOTHING_TO_REPLY = Sentence("关键词里要有文字或数字。", "A keyword needs letters or digits.")


class WordSchema(Schema):
    """A word to prepare. What is left out is as the activity's settings say."""

    text = Text(1, rules.LONGEST, required=True, metadata=label("关键词"))
    others = ma.fields.List(
        Text(1, rules.LONGEST),
        load_default=list,
        validate=validate.Length(0, rules.MOST_OTHERS),
        metadata=label("也算对的写法", "用逗号隔开。"),
    )
    points = WholeNumber(*rules.POINTS, metadata=label("得分", "不填就和上面一样。", unit="分"))
    places = WholeNumber(
        *rules.PLACES, metadata=label("前多少名得分", "不填就和上面一样。", unit="名")
    )
    seconds = WholeNumber(*rules.SECONDS, metadata=label("限时", "不填就和上面一样。", unit="秒"))
    pinyin = ma.fields.Boolean(metadata=label("拼音也算对", hidden=True))
    decoy = ma.fields.Boolean(
        load_default=False, metadata=label("干扰词", "回复它不得分也不扣分。")
    )

    @ma.validates_schema
    def _can_be_written(self, data: dict[str, Any], **_: Any) -> None:
        for name in ("text", "others"):
            written = data.get(name) or []
            for text in [written] if isinstance(written, str) else written:
                if not rules.spellings(text, (), False):
                    raise ma.ValidationError([_NOTHING_TO_REPLY], name)


class KeywordsSettings(Schema):
    """The settings in a template. `hits_per_person` null means that there is no limit."""

    hits_per_person = WholeNumber(
        1,
        100,
        load_default=1,
        allow_none=True,
        metadata=label("每人最多抢中几个", "不填就不限。", unit="个"),
    )
    points = WholeNumber(
        *rules.POINTS, load_default=20, metadata=label("每个关键词得分", unit="分")
    )
    places = WholeNumber(*rules.PLACES, load_default=20, metadata=label("前多少名得分", unit="名"))
    seconds = WholeNumber(*rules.SECONDS, load_default=60, metadata=label("公布后限时", unit="秒"))
    pinyin = ma.fields.Boolean(load_default=False, metadata=label("拼音也算对"))
    words = ma.fields.List(
        ma.fields.Nested(WordSchema),
        load_default=list,
        validate=validate.Length(0, 50),
        metadata=label("准备好的关键词"),
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
