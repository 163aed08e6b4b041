"""The settings of a shake in a template, and their form for the rules."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import marshmallow as ma
from marshmallow import validate

from backend.activities.shake import rules
from backend.web.forms import label
from backend.web.schema import Schema

SECONDS = validate.Range(5, 300)
_POINTS = validate.Range(0, 1000)


def _falls(table: list[int]) -> None:
    if any(later > earlier for earlier, later in pairwise(table)):
        raise ma.ValidationError("A better place must not earn less.")


def _points_table(default: Sequence[int], words: str) -> ma.fields.List:
    """Return the field of a table of points by place, the first place first."""
    return ma.fields.List(
        ma.fields.Integer(validate=_POINTS),
        load_default=lambda: list(default),
        validate=[validate.Length(0, 50), _falls],
        metadata=label(words, "第一名起依次写，用逗号隔开。", unit="分"),
    )


class ShakeSettings(Schema):
    """The settings of a shake in a template; `*_percent` is what one tap or press counts."""

    cap_per_second = ma.fields.Integer(
        load_default=8,
        validate=validate.Range(1, 20),
        metadata=label("每秒最多算几下", "摇得再快也不多算。", unit="下"),
    )
    seconds = ma.fields.Integer(
        load_default=30, validate=SECONDS, metadata=label("每轮时长", unit="秒")
    )
    points_by_place = _points_table((50, 40, 30, 25, 20, 15, 12, 10, 8, 6), "各名次得分")
    team_points_by_place = _points_table((30, 20, 10), "班组对抗各名次得分")
    draw_points = ma.fields.Integer(
        load_default=30, validate=_POINTS, metadata=label("摇中奖得分", unit="分")
    )
    participation_points = ma.fields.Integer(
        load_default=5, validate=_POINTS, metadata=label("参与得分", "只要摇了就有。", unit="分")
    )
    team_minimum = ma.fields.Integer(
        load_default=1,
        validate=validate.Range(1, 100),
        metadata=label("班组平均至少按几人算", unit="人"),
    )
    tap_percent = ma.fields.Integer(
        load_default=rules.PERCENT[rules.TAP],
        validate=validate.Range(100, 500),
        metadata=label("点一下抵多少", "不方便摇的人可以点屏幕；100 就和摇一下一样。", unit="%"),
    )
    press_percent = ma.fields.Integer(
        load_default=rules.PERCENT[rules.PRESS],
        validate=validate.Range(100, 1000),
        metadata=label("长按半秒抵多少", unit="%"),
    )


def terms_of(settings: dict[str, Any]) -> rules.RoundPoints:
    """Return what rounds of these settings earn."""
    return rules.RoundPoints(
        points_by_place=settings["points_by_place"],
        team_points_by_place=settings["team_points_by_place"],
        draw_points=settings["draw_points"],
        participation_points=settings["participation_points"],
        team_minimum=settings["team_minimum"],
    )


def percents_of(settings: dict[str, Any], mode: str) -> dict[str, int]:
    """Return what one shake, tap, press or swipe counts in a mode, in percent."""
    return rules.percents(mode, settings["tap_percent"], settings["press_percent"])
