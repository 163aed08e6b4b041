"""What the report of an event shows of a hunt."""

import peewee

from backend.activities.hunt import digs
from backend.activities.hunt.models import Dig, HuntAnswer, Treasure, TreasureClaim
from backend.events import visibility
from backend.events.models import Activity, Player
from backend.events.reporting import ActivityReport, Fact, GivenAnswer, Landmark, NamedWinner, Tally
from backend.offload.steps import in_steps

ROWS_AT_ONCE = 1_000


def report(activity: Activity, now: int) -> ActivityReport:
    """Return digs, answers and treasures; answers are left out until the last sitting is over."""
    counted = _counted(activity, HuntAnswer.id)
    sites = _digs_by_site(activity)
    found = _treasures(activity)
    return ActivityReport(
        facts=[
            Fact("挖宝次数", sum(sites.values())),
            Fact("作答", counted.count()),
            Fact("挖到的宝物", len(found)),
        ],
        answers=_answers(activity, now),
        tallies=[Tally("每个地点挖了多少次", "次", _by_title(activity, sites))] if sites else (),
        landmarks=_landmarks(activity),
        winners=found,
    )


def _digs_by_site(activity: Activity) -> dict[str, int]:
    rows = Dig.select(Dig.site, peewee.fn.COUNT(Dig.id)).where(Dig.activity == activity)
    return dict(rows.group_by(Dig.site).tuples())


def _by_title(activity: Activity, sites: dict[str, int]) -> list[tuple[str, int]]:
    titles = {site["key"]: site["title"] for site in activity.settings["sites"]}
    rows = [(titles.get(site, site), count) for site, count in sites.items()]
    return sorted(rows, key=lambda row: (-row[1], row[0]))


def _treasures(activity: Activity) -> list[NamedWinner]:
    rows = (
        TreasureClaim.select(Treasure.title, Player.name, Player.team_name)
        .join(Treasure)
        .switch(TreasureClaim)
        .join(Player)
        .where(Treasure.activity == activity, Player.status == "active")
        .order_by(Treasure.points.desc(), Treasure.id, TreasureClaim.number)
        .tuples()
    )
    return [NamedWinner(*row) for row in rows]


def _answers(activity: Activity, now: int) -> list[GivenAnswer] | None:
    """Return the counted answers to questions that are not void; None while they are sealed."""
    sittings = digs.sittings_of(activity.id)
    left = digs.sittings_left(activity.event, activity.id, activity.settings, sittings, now)
    if visibility.statistics_are_sealed(left):
        return None
    columns = (HuntAnswer.question_id, HuntAnswer.player, HuntAnswer.choice, HuntAnswer.correct)
    rows = _counted(activity, *columns).tuples()
    return [GivenAnswer(*row) for row in in_steps(rows, ROWS_AT_ONCE)]


def _counted(activity: Activity, *columns: peewee.Field) -> peewee.Select:
    """Return the query of the counted answers to questions that are not void."""
    answers = HuntAnswer.select(*columns).join(Dig)
    return answers.where(HuntAnswer.activity_id == activity.id, HuntAnswer.counted, ~Dig.voided)


def _landmarks(activity: Activity) -> list[Landmark]:
    first = Dig.select(peewee.fn.MIN(Dig.opened_at)).where(Dig.activity == activity).scalar()
    return [] if first is None else [Landmark(first, f"{activity.title}：第一次挖宝")]
