"""How teams answered the questions of a hunt."""

import peewee

from backend.activities.hunt import digs
from backend.activities.hunt.models import Dig, HuntAnswer
from backend.events import visibility
from backend.events.kinds import TeamAnswers
from backend.events.models import Activity, Player


def team_answers(activity: Activity, now: int) -> list[TeamAnswers] | None:
    """Return the counted answers by question and team, None until the last sitting is over."""
    sittings = digs.sittings_of(activity.id)
    left = digs.sittings_left(activity.event, activity.id, activity.settings, sittings, now)
    if visibility.statistics_are_sealed(left):
        return None
    wrong = peewee.fn.SUM(peewee.Case(None, ((HuntAnswer.correct, 0),), 1))
    rows = (
        HuntAnswer.select(
            HuntAnswer.question_id, Player.team_name, peewee.fn.COUNT(HuntAnswer.id), wrong
        )
        .join(Dig)
        .switch(HuntAnswer)
        .join(Player)
        .where(HuntAnswer.activity_id == activity.id, HuntAnswer.counted, ~Dig.voided)
        .group_by(HuntAnswer.question_id, Player.team_name)
        .tuples()
    )
    return [TeamAnswers(question, team, answers, int(bad)) for question, team, answers, bad in rows]
