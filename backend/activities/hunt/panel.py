"""What the hosts' console shows of a hunt.

Hosts, too, see what would give away right answers only after the last sitting.
"""

from typing import Any

import peewee

from backend.activities.hunt import digs, view
from backend.activities.hunt.digs import HuntNow
from backend.activities.hunt.models import Dig, HuntAnswer, Treasure
from backend.events import lifecycle, visibility
from backend.events.models import Activity, EventTeam, Player, Sitting
from backend.kept_counts import KeptCounts
from backend.questions import marking
from backend.scoring.ledger import Calendar

# How many people, and how many questions of the statistics, are listed at most.
PEOPLE, QUESTIONS = 100, 30
SITTING_NAMES = {"waiting": "未开始", "open": "进行中", "closed": "已结束"}
SCORING_NAMES = {
    marking.ACCURACY: "只看对错",
    marking.LIGHT_SPEED: "对错为主，快一点加分",
    marking.SPEED: "越快分越高",
}


def panel(activity: Activity, calendar: Calendar, counts: KeptCounts, now: int) -> dict[str, Any]:
    """Return a hunt as hosts see it.

    `people` are the players who dug most. `by_team` and `by_site` count digs. `statistics` is None
    while it is sealed; nothing else in the result tells which answers are right. What is counted
    over all digs is up to a second old; where counting takes long, up to twenty times as old as it
    takes. `again_ms` is after how long a page has to ask again to show it as it is now, 0 if it was
    counted for this call.
    """
    ground = HuntNow(activity, activity.event, digs.sittings_of(activity.id), calendar, b"")
    sittings_left = ground.sittings_left(now)
    is_sealed = visibility.statistics_are_sealed(sittings_left)
    key = (activity.id, is_sealed)
    again_ms = counts.left_ms(key, now)
    counted = counts.of(key, now, lambda: _counts(ground, is_sealed, now))
    return {
        "state": lifecycle.state(activity.event, now),
        "paused": lifecycle.is_paused(activity.event),
        "sittings": [
            _sitting(ground, one, counted["digs_of_sittings"].get(one.id), now)
            for one in ground.sittings
        ],
        "sittings_left": sittings_left,
        "listed": PEOPLE,
        "treasures": list(Treasure.select().where(Treasure.activity == activity).dicts()),
        **counted,
        "again_ms": again_ms,
        "settings": activity.settings,
        "scoring": SCORING_NAMES[activity.settings["scoring"]],
        "sitting_names": SITTING_NAMES,
    }


def _counts(ground: HuntNow, is_sealed: bool, now: int) -> dict[str, Any]:
    """Return what is counted over all digs."""
    activity = ground.activity
    return {
        "digs_of_sittings": {one.id: _digs_of(ground, one, now) for one in ground.sittings},
        "totals": _totals(activity, now),
        "people": _people(activity),
        "by_team": _by_team(activity),
        "by_site": _by_site(activity),
        "statistics": None if is_sealed else _statistics(ground),
    }


def _digs_of(ground: HuntNow, sitting: Sitting, now: int) -> int:
    """Return how many digs were opened in the time of a sitting by people of its shifts."""
    opened = (
        Dig.select()
        .join(Player)
        .where(
            Dig.activity == ground.activity,
            Dig.opened_at >= sitting.starts_at,
            Dig.opened_at
            < lifecycle.moment_of(
                ground.event.pauses, sitting.starts_at, sitting.ends_at - sitting.starts_at, now
            ),
        )
    )
    if sitting.shifts:
        opened = opened.where(Player.shift.in_(sitting.shifts))
    return int(opened.count())


def _sitting(
    ground: HuntNow, sitting: Sitting, digs_opened: int | None, now: int
) -> dict[str, Any]:
    """Return a sitting; the number of its digs is 0 if it was added after they were counted."""
    return {
        "title": sitting.title,
        "shifts": sitting.shifts,
        "starts_at": sitting.starts_at,
        "ends_at": sitting.ends_at,
        "state": ground.sitting_state(sitting, now),
        "digs": digs_opened or 0,
    }


def _totals(activity: Activity, now: int) -> dict[str, int]:
    """Return the numbers of people, digs and answers, and of questions that are open now."""
    dug = Dig.select().where(Dig.activity == activity, ~Dig.voided)
    unanswered = dug.join(HuntAnswer, peewee.JOIN.LEFT_OUTER, on=(HuntAnswer.dig == Dig.id)).where(
        HuntAnswer.id.is_null()
    )
    diggers = Dig.select(Dig.player).where(Dig.activity == activity, ~Dig.voided).distinct()
    return {
        "people": diggers.count(),
        "digs": dug.count(),
        "answered": HuntAnswer.select().where(HuntAnswer.activity_id == activity.id).count(),
        "open": sum(digs.left_ms(activity.event, dig, now) > 0 for dig in unanswered),
    }


def _counted(activity: Activity, *columns: Any) -> Any:
    """Return a query of (columns, people, digs, answered), sorted by digs, the most first."""
    digs_ = peewee.fn.COUNT(Dig.id)
    return (
        Dig.select(
            *columns,
            peewee.fn.COUNT(Dig.player.distinct()),
            digs_,
            peewee.fn.COUNT(HuntAnswer.id),
        )
        .join(Player)
        .switch(Dig)
        .join(HuntAnswer, peewee.JOIN.LEFT_OUTER, on=(HuntAnswer.dig == Dig.id))
        .where(Dig.activity == activity, ~Dig.voided)
        .group_by(*columns)
        .order_by(digs_.desc(), *columns)
        .tuples()
    )


def _people(activity: Activity) -> list[dict[str, Any]]:
    """Return the players who dug most, each with digs, answers and days."""
    rows = _counted(activity, Player.id, Player.name, Player.team_name, Player.status)
    return [
        {
            "id": player_id,
            "name": name,
            "team": team,
            "is_removed": status != "active",
            "digs": dug,
            "answered": answered,
        }
        for player_id, name, team, status, _, dug, answered in rows.limit(PEOPLE)
    ]


def _by_team(activity: Activity) -> list[dict[str, Any]]:
    """Return for each team of the event how many of the roster dug, the most digs first."""
    found = {
        team_id: {"people": people, "digs": dug, "answered": answered}
        for team_id, people, dug, answered in _counted(activity, Player.team_id)
    }
    nothing = {"people": 0, "digs": 0, "answered": 0}
    teams = EventTeam.select().where(EventTeam.event == activity.event_id)
    rows = [
        {"name": team.name, "headcount": team.headcount, **found.get(team.team_id, nothing)}
        for team in teams
    ]
    return sorted(rows, key=lambda row: (-row["digs"], row["name"]))


def _by_site(activity: Activity) -> list[dict[str, Any]]:
    """Return for each site, in the order of the map, how many digs there were."""
    found = {
        site: {"people": people, "digs": dug, "answered": answered}
        for site, people, dug, answered in _counted(activity, Dig.site)
    }
    nothing = {"people": 0, "digs": 0, "answered": 0}
    return [
        {"title": site["title"], "topic": site["topic"], **found.get(site["key"], nothing)}
        for site in activity.settings["sites"]
    ]


def _statistics(ground: HuntNow) -> dict[str, Any]:
    found = view.statistics(ground)
    return {**found, "questions": found["questions"][:QUESTIONS]}
