"""Shapes of question banks, for trainers."""

import marshmallow as ma
from marshmallow import validate

from backend.web.imports import AgreedQuery
from backend.web.schema import PageQuery, Schema, Text, page_of


class AnswerShareBody(Schema):
    """How many answers, and how many of them are wrong."""

    answers = ma.fields.Integer(required=True)
    wrong = ma.fields.Integer(required=True)
    wrong_percent = ma.fields.Float(required=True)


class QuestionShareBody(AnswerShareBody):
    """The answers to a question."""

    question_id = ma.fields.Integer(required=True)
    bank = ma.fields.String(required=True)
    code = ma.fields.String(required=True)
    topic = ma.fields.String(required=True)
    stem = ma.fields.String(required=True)


class TopicShareBody(AnswerShareBody):
    """The answers to the questions of a topic."""

    topic = ma.fields.String(required=True)


class TeamTopicShareBody(TopicShareBody):
    """The answers of a team to the questions of a topic."""

    team = ma.fields.String(required=True)


class LessonsBody(Schema):
    """What to teach next, sorted by the share of wrong answers, the largest first.

    Topics and teams with fewer answers than `enough` are left out, and activities that are
    `sealed`.
    """

    enough = ma.fields.Integer(required=True)
    sealed = ma.fields.Integer(required=True)
    questions = ma.fields.List(ma.fields.Nested(QuestionShareBody), required=True)
    topics = ma.fields.List(ma.fields.Nested(TopicShareBody), required=True)
    teams = ma.fields.List(ma.fields.Nested(TeamTopicShareBody), required=True)


class LessonsQuery(Schema):
    """Which questions: those of one bank, or of all."""

    bank = Text(1, 60)


class BankBody(Schema):
    """A bank, and how many current questions it has."""

    name = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    questions = ma.fields.Integer(required=True)


class BankQuestionBody(Schema):
    """One version of a question, with its key: for trainers only."""

    id = ma.fields.Integer(required=True)
    code = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    kind = ma.fields.String(required=True)
    topic = ma.fields.String(required=True)
    difficulty = ma.fields.Integer(required=True)
    stem = ma.fields.String(required=True)
    options = ma.fields.List(ma.fields.String(), required=True)
    key = ma.fields.List(ma.fields.String(), required=True)
    explanation = ma.fields.String(required=True)
    source = ma.fields.String(required=True)
    expires_on = ma.fields.String(required=True, allow_none=True)
    reviewer = ma.fields.String(required=True)


class QuestionQuery(PageQuery):
    """Which questions of a bank."""

    words = Text(0, 100, load_default="")
    topic = Text(0, 60, load_default="")
    kind = ma.fields.String(
        load_default="", validate=validate.OneOf(["", "single", "multiple", "truefalse"])
    )


class ImportQuery(AgreedQuery):
    """How to import."""

    dry_run = ma.fields.Boolean(load_default=False)
    title = Text(1, 60)


class ImportBody(Schema):
    """What an import changed, or would change."""

    added = ma.fields.Integer(required=True)
    changed = ma.fields.Integer(required=True)
    unchanged = ma.fields.Integer(required=True)
    warnings = ma.fields.List(ma.fields.String(), required=True)
    expired = ma.fields.List(
        ma.fields.String(),
        required=True,
        metadata={"description": "Codes of the whole bank that have expired and are not drawn."},
    )
    dry_run = ma.fields.Boolean(required=True)


QuestionPageBody = page_of(BankQuestionBody, "QuestionPageBody")
