"""What the hosts' console shows of a shake."""

from collections.abc import Sequence
from typing import Any

import peewee

from backend.activities.shake import rules, steps
from backend.activities.shake.models import ShakeResult, ShakeRound
from backend.activities.shake.play import ShakePlay
from backend.events import lifecycle
from backend.events.models import Activity, EventTeam
from backend.events.visibility import View

MODE_NOTES = {
    rules.RACE: "摇得最多的人在前，按名次得分。",
    rules.TUG: "各班组比人均次数，组里每人都得分。",
    rules.LUCK: "次数乘以各人的手气，人人有机会。",
    rules.DRAW: "摇够次数的人里随机抽出中奖者。",
    rules.CASH: "手机上一张张往上划，数得最多的人在前。",
    rules.PACKETS: "红包从手机上落下，点到一个算一个。",
}


def panel(activity: Activity, play: ShakePlay, now: int) -> dict[str, Any]:
    """Return a shake as hosts see it.

    `shown` is the newest round while it is on the screen, with its result and the phones with
    implausible counts. `lanes` is the state of the race while people shake. `rounds` are all
    rounds, the newest first.
    """
    play.advance(activity.id, now)
    # Sends the counts of this process to Redis first, because implausible phones are read from
    # there.
    lanes = play.lanes(activity.id, now)
    shown = play.shown(activity.id, View.HOST, now)
    event = activity.event
    rounds = list(
        ShakeRound.select()
        .where(ShakeRound.activity == activity)
        .order_by(ShakeRound.number.desc())
    )
    return {
        "shown": shown,
        "lanes": lanes,
        "flagged": shown["flagged"] if shown else [],
        "rounds": _listed(rounds),
        "next_number": rounds[0].number + 1 if rounds else 1,
        "under_way": bool(rounds and rounds[0].under_way),
        "seconds": activity.settings["seconds"],
        "teams": _teams(activity),
        "may_begin": lifecycle.state(event, now) == lifecycle.OPEN
        and not lifecycle.is_paused(event),
        "modes": steps.MODE_NAMES,
        "notes": MODE_NOTES,
        "phases": steps.WORDS,
    }


def _listed(rounds: Sequence[ShakeRound]) -> list[dict[str, Any]]:
    """Return a row for each round, with how many people shook and which person or team came first."""
    counted = (
        ShakeResult.select(
            ShakeResult.round,
            peewee.fn.COUNT(ShakeResult.id),
            peewee.fn.COUNT(ShakeResult.claimed_rate),
        )
        .where(ShakeResult.round.in_([row.id for row in rounds]))
        .group_by(ShakeResult.round)
        .tuples()
    )
    counts = {round_id: (people, flagged) for round_id, people, flagged in counted}
    return [
        {
            "id": row.id,
            "number": row.number,
            "mode": row.shown_mode,
            "seconds": row.seconds,
            "begun_at": row.begun_at,
            "is_cancelled": row.cancelled_at is not None,
            "is_scored": row.scored_at is not None,
            "shakers": counts.get(row.id, (0, 0))[0],
            "flagged": counts.get(row.id, (0, 0))[1],
            "drawn": len(row.drawn),
        }
        for row in rounds
    ]


def _teams(activity: Activity) -> list[dict[str, Any]]:
    query = EventTeam.select().where(EventTeam.event == activity.event_id)
    return [{"id": team.team_id, "name": team.name} for team in query.order_by(EventTeam.name)]
