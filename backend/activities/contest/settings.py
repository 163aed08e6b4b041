"""The settings of a contest in a template."""

import marshmallow as ma
from marshmallow import validate

from backend.questions import marking
from backend.web.forms import label
from backend.web.schema import Schema, Text


class ContestSettings(Schema):
    """The settings of a contest in a template."""

    banks = ma.fields.List(
        Text(1, 60),
        required=True,
        validate=validate.Length(1),
        metadata=label("题库", "从这些题库里随机出题。"),
    )
    questions = ma.fields.Integer(
        load_default=10, validate=validate.Range(1, 100), metadata=label("题数", unit="题")
    )
    question_seconds = ma.fields.Integer(
        load_default=20, validate=validate.Range(3, 600), metadata=label("每题答题时间", unit="秒")
    )
    scoring = ma.fields.String(
        load_default=marking.LIGHT_SPEED,
        validate=validate.OneOf(list(marking.SPEED_PERCENT)),
        metadata=label("答得快加多少分", choices=marking.SCORING_WORDS),
    )
    streak = ma.fields.Boolean(
        load_default=True,
        metadata=label("连对加分", "从连续第三题答对起，每题多加 5 分，最多 25 分。"),
    )
    auto = ma.fields.Boolean(
        load_default=False, metadata=label("自动进行", "不用主持人点，题目自己往下走。")
    )
    lobby_seconds = ma.fields.Integer(
        load_default=10,
        validate=validate.Range(1, 3600),
        metadata=label("开始前等待", "只用于自动进行。", unit="秒"),
    )
    reveal_seconds = ma.fields.Integer(
        load_default=6,
        validate=validate.Range(1, 600),
        metadata=label("公布答案停留", "只用于自动进行。", unit="秒"),
    )
    board_seconds = ma.fields.Integer(
        load_default=6,
        validate=validate.Range(1, 600),
        metadata=label("显示排名停留", "只用于自动进行。", unit="秒"),
    )
