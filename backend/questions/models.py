"""Question banks. A question that was asked is never edited in place: a change is a new version."""

from peewee import (
    BigIntegerField,
    BooleanField,
    Check,
    ForeignKeyField,
    IntegerField,
    TextField,
)
from peewee import JSONField as Json

from backend.db import IdField, Model


class QuestionBank(Model):
    """A named set of questions."""

    id = IdField()
    name = TextField(unique=True)
    title = TextField()


class Question(Model):
    """One version of a question; `options` are texts in the order A, B, C…, `key` the right letters."""

    id = IdField()
    bank = ForeignKeyField(QuestionBank, backref="questions")
    code = TextField()
    version = IntegerField()
    current = BooleanField(default=True)
    kind = TextField(constraints=[Check("kind IN ('single', 'multiple', 'truefalse')")])
    topic = TextField()
    difficulty = IntegerField(constraints=[Check("difficulty BETWEEN 1 AND 5")])
    stem = TextField()
    options = Json(default=list)
    key = Json(default=list)
    explanation = TextField()
    source = TextField(default="")
    expires_on = TextField(null=True)
    reviewer = TextField(default="")
    digest = TextField()
    created_at = BigIntegerField()

    class Meta:
        indexes = ((("bank", "code", "version"), True), (("bank", "current", "topic"), False))
