"""Shapes of the hunt."""

import marshmallow as ma

from backend.events.schemas import SittingBody
from backend.questions.choices import ChoiceSchema
from backend.web.schema import Id, Moment, Schema, Text


class DigRequest(Schema):
    """Where to dig."""

    site = Text(1, 40, required=True)


class AnswerRequest(ChoiceSchema):
    """The letters that the player chose, as they were shown; `T` or `F` for true or false."""


class HuntAnswerMessage(AnswerRequest):
    """An answer on the socket; it names the dig."""

    dig_id = Id(required=True)


class OptionBody(Schema):
    """An option as the player sees it."""

    key = ma.fields.String(required=True)
    text = ma.fields.String(required=True)


class QuestionBody(Schema):
    """A question; the key is never in it."""

    id = ma.fields.Integer(required=True)
    kind = ma.fields.String(required=True)
    topic = ma.fields.String(required=True)
    difficulty = ma.fields.Integer(required=True)
    stem = ma.fields.String(required=True)
    options = ma.fields.List(ma.fields.Nested(OptionBody), required=True)


class PartBody(Schema):
    """A part of the points: correct, speed or streak."""

    rule = ma.fields.String(required=True)
    points = ma.fields.Integer(required=True)


class TreasureBody(Schema):
    """A treasure that was found."""

    title = ma.fields.String(required=True)
    points = ma.fields.Integer(required=True)


class FoundBody(TreasureBody):
    """A treasure that the player has, and where and when it was found."""

    site = ma.fields.String(required=True)
    found_at = Moment(required=True)


class ResultBody(Schema):
    """The result of an answer; key and explanation are null while they are sealed.

    `corrected` if a host voided the question or changed its key: verdict and points are the present
    ones, and may differ from those shown before. Not `counted` if the answer was given out of
    competition: it earns nothing and is not in the ledger.
    """

    dig_id = ma.fields.Integer(required=True)
    verdict = ma.fields.String(required=True)
    points = ma.fields.Integer(required=True)
    counted = ma.fields.Boolean(required=True)
    breakdown = ma.fields.List(ma.fields.Nested(PartBody), required=True)
    streak = ma.fields.Integer(required=True)
    choice = ma.fields.List(ma.fields.String(), required=True)
    key = ma.fields.List(ma.fields.String(), required=True, allow_none=True)
    explanation = ma.fields.String(required=True, allow_none=True)
    sealed = ma.fields.Boolean(required=True)
    corrected = ma.fields.Boolean(required=True)
    treasure = ma.fields.Nested(TreasureBody, required=True, allow_none=True)
    answered_at = Moment(required=True)


class ScoreBody(Schema):
    """The player's score after an answer; the rank is null when it is not known yet."""

    points = ma.fields.Integer(required=True, allow_none=True)
    rank = ma.fields.Integer(required=True, allow_none=True)
    frozen = ma.fields.Boolean(required=True)


class AnswerBody(ResultBody):
    """The verdict, and the score after it."""

    score = ma.fields.Nested(ScoreBody, required=True)


class DigBody(Schema):
    """An opened question; `result` once it was answered.

    While the event is paused, `question` is null as long as it can still be answered.
    """

    id = ma.fields.Integer(required=True)
    site = ma.fields.String(required=True)
    question = ma.fields.Nested(QuestionBody, required=True, allow_none=True)
    opened_at = Moment(required=True)
    deadline_at = Moment(required=True)
    seconds_left = ma.fields.Integer(required=True)
    snoozed = ma.fields.Boolean(required=True)
    state = ma.fields.String(required=True)
    result = ma.fields.Nested(ResultBody, required=False)


class SiteBody(Schema):
    """A site on the map, with what the player did there."""

    key = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    topic = ma.fields.String(required=True)
    x = ma.fields.Float(required=True)
    y = ma.fields.Float(required=True)
    dug = ma.fields.Integer(required=True)
    correct = ma.fields.Integer(required=True)


class HuntBody(Schema):
    """The map and the player's own progress; `found` are the treasures of the player.

    `out_of_competition` if the player may read the keys; `notice` is a sentence about it.
    """

    activity_id = ma.fields.Integer(required=True)
    title = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    sitting = ma.fields.Nested(SittingBody, required=True, allow_none=True)
    sites = ma.fields.List(ma.fields.Nested(SiteBody), required=True)
    digs_per_day = ma.fields.Integer(required=True)
    digs_left = ma.fields.Integer(required=True)
    question_seconds = ma.fields.Integer(required=True)
    current_dig = ma.fields.Nested(DigBody, required=True, allow_none=True)
    snooze_left = ma.fields.Boolean(required=True)
    found = ma.fields.List(ma.fields.Nested(FoundBody), required=True)
    streak = ma.fields.Integer(required=True)
    scoring = ma.fields.String(required=True)
    sealed = ma.fields.Boolean(required=True)
    out_of_competition = ma.fields.Boolean(required=True)
    notice = ma.fields.String(required=True, allow_none=True)


class WrongBody(Schema):
    """A question that the player still gets wrong."""

    question_id = ma.fields.Integer(required=True)
    topic = ma.fields.String(required=True)
    stem = ma.fields.String(required=True)
    options = ma.fields.List(ma.fields.Nested(OptionBody), required=True)
    choice = ma.fields.List(ma.fields.String(), required=True)
    key = ma.fields.List(ma.fields.String(), required=True, allow_none=True)
    explanation = ma.fields.String(required=True, allow_none=True)
    answered_at = Moment(required=True)


class WrongList(Schema):
    """The player's own wrong-question list."""

    sealed = ma.fields.Boolean(required=True)
    items = ma.fields.List(ma.fields.Nested(WrongBody), required=True)


class QuestionTally(Schema):
    """How often a question was answered, and answered right."""

    question_id = ma.fields.Integer(required=True)
    code = ma.fields.String(required=True)
    topic = ma.fields.String(required=True)
    stem = ma.fields.String(required=True)
    answered = ma.fields.Integer(required=True)
    correct = ma.fields.Integer(required=True)


class TopicTally(Schema):
    """How often questions of a topic were answered, and answered right."""

    topic = ma.fields.String(required=True)
    answered = ma.fields.Integer(required=True)
    correct = ma.fields.Integer(required=True)


class TeamTally(TopicTally):
    """How often a team answered questions of a topic, and answered right."""

    team = ma.fields.String(required=True, allow_none=True)


class StatisticsBody(Schema):
    """Statistics by question, topic and team, the lowest share of right answers first."""

    questions = ma.fields.List(ma.fields.Nested(QuestionTally), required=True)
    topics = ma.fields.List(ma.fields.Nested(TopicTally), required=True)
    teams = ma.fields.List(ma.fields.Nested(TeamTally), required=True)
