"""What the report of an event shows of a shake."""

import peewee

from backend.activities.shake import rules
from backend.activities.shake.models import ShakeResult, ShakeRound
from backend.activities.shake.steps import MODE_NAMES
from backend.events.models import Activity, Player
from backend.events.reporting import ActivityReport, Fact, Landmark, NamedWinner, Tally

# How many players of a round are listed.
FIRST = 10


def report(activity: Activity) -> ActivityReport:
    """Return the scored rounds with who was first in each."""
    rounds = list(
        ShakeRound.select()
        .where(ShakeRound.activity == activity, ShakeRound.scored_at.is_null(False))
        .order_by(ShakeRound.number)
    )
    results = ShakeResult.select().where(ShakeResult.round.in_([one.id for one in rounds]))
    shakes = results.select(peewee.fn.SUM(ShakeResult.count)).scalar() or 0
    shakers = results.select(ShakeResult.player).distinct().count()
    draws = [one for one in rounds if one.mode == rules.DRAW]
    return ActivityReport(
        facts=[Fact("轮次", len(rounds)), Fact("摇的人", shakers), Fact("一共摇了", int(shakes))],
        tallies=[_tally(one) for one in rounds if one.mode != rules.DRAW],
        landmarks=[Landmark(one.begun_at, f"{activity.title}：{_name(one)}") for one in rounds],
        winners=[winner for one in draws for winner in _drawn(one)],
    )


def _name(one: ShakeRound) -> str:
    return f"第 {one.number} 轮{MODE_NAMES[one.shown_mode]}"


def _tally(one: ShakeRound) -> Tally:
    rows = (
        ShakeResult.select(Player.name, ShakeResult.value)
        .join(Player)
        .where(ShakeResult.round == one, Player.status == "active")
        .order_by(ShakeResult.place, ShakeResult.id)
        .limit(FIRST)
        .tuples()
    )
    unit = "手气值" if one.mode == rules.LUCK else "次"
    return Tally(_name(one), unit, list(rows), of_people=True)


def _drawn(one: ShakeRound) -> list[NamedWinner]:
    rows = (
        ShakeResult.select(Player.name, Player.team_name)
        .join(Player)
        .where(
            ShakeResult.round == one, ShakeResult.place.is_null(False), Player.status == "active"
        )
        .order_by(ShakeResult.place)
        .tuples()
    )
    return [NamedWinner(_name(one), *row) for row in rows]
