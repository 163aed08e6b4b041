"""What screens, phones and hosts see of a shake. Every moment is in ms, every rate in tenths."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import peewee

from backend.activities.shake import rules
from backend.activities.shake.counts import Row, Top
from backend.activities.shake.models import ShakeResult
from backend.activities.shake.rounds import PODIUM, Ground
from backend.events import lifecycle, visibility
from backend.events.models import Player
from backend.events.visibility import View

# How many people and teams are on a podium, and how many lanes a race has.
PODIUM_ROWS = 10
LANES = 8
TEAM_LANES = 12


def shown(ground: Ground, view: View, now: int) -> dict[str, Any]:
    """Return what all see of a round, a host with the flag of lost counts."""
    phase = ground.phase(now)
    found: dict[str, Any] = {
        "phase": phase,
        "since": ground.since(now),
        "round": shown_round(ground, now),
        "podium": _podium(ground, view) if phase == PODIUM else None,
    }
    if visibility.sees_all(view):
        found["counts_lost"] = ground.round.counts_lost
    return found


def shown_round(ground: Ground, now: int) -> dict[str, Any]:
    """Return the facts of a round; pauses put its moments off, while paused they move on."""
    row = ground.round
    return {
        "id": row.id,
        "number": row.number,
        "mode": row.mode,
        "seconds": row.seconds,
        "starts_at": ground.starts_at(now),
        "ends_at": ground.ends_at(now),
        "left_ms": left_ms(ground, now),
        "paused": lifecycle.is_paused(ground.event),
        "winner_count": row.winner_count,
        "at_least": row.at_least,
        "teams": [{"team_id": team, "name": name} for team, name in _lanes(ground).items()],
    }


def _lanes(ground: Ground) -> dict[int, str]:
    return ground.lanes if ground.round.mode == rules.TUG else {}


def left_ms(ground: Ground, now: int) -> int:
    """Return how much of the shaking is left."""
    return min(max(ground.length_ms - ground.played_ms(now), 0), ground.length_ms)


def _podium(ground: Ground, view: View) -> dict[str, Any]:
    gains = visibility.shows_gains(ground.event, view)
    is_tug = ground.round.mode == rules.TUG
    shakers = ShakeResult.select().where(ShakeResult.round == ground.round.id).count()
    return {
        "shakers": shakers,
        "rows": [] if is_tug else _people(ground, gains),
        "teams": _teams(ground, gains) if is_tug else [],
    }


def _people(ground: Ground, gains: bool) -> list[dict[str, Any]]:
    """Return the first ten, or all winners of a draw in the order in which they were drawn."""
    query = (
        ShakeResult.select(
            ShakeResult.place,
            Player.id,
            Player.name,
            Player.team_name,
            ShakeResult.count,
            ShakeResult.value,
            ShakeResult.points,
        )
        .join(Player)
        .where(
            ShakeResult.round == ground.round.id,
            ShakeResult.place.is_null(False),
            Player.status == "active",
        )
        .order_by(ShakeResult.place, Player.id)
        .tuples()
    )
    rows = list(query if ground.round.mode == rules.DRAW else query.limit(PODIUM_ROWS))
    if ground.round.mode == rules.DRAW:
        rows.sort(key=lambda row: ground.round.drawn.index(row[1]))
    names = ("place", "player_id", "name", "team", "count", "value", "points")
    return [_without_gains(dict(zip(names, row, strict=True)), gains) for row in rows]


def _without_gains(row: dict[str, Any], gains: bool) -> dict[str, Any]:
    """Return a row whose points are hidden while the board is frozen."""
    return row if gains else {**row, "points": None}


def _teams(ground: Ground, gains: bool) -> list[dict[str, Any]]:
    plausible = ShakeResult.claimed_rate.is_null()
    sums = (
        ShakeResult.select(
            ShakeResult.place,
            ShakeResult.team_id,
            peewee.fn.SUM(ShakeResult.count).filter(plausible),
            peewee.fn.COUNT(ShakeResult.id).filter(plausible),
            peewee.fn.MAX(ShakeResult.points),
        )
        .where(ShakeResult.round == ground.round.id)
        .group_by(ShakeResult.place, ShakeResult.team_id)
        .order_by(ShakeResult.place, ShakeResult.team_id)
        .limit(PODIUM_ROWS)
        .tuples()
    )
    return [
        _without_gains(
            {"place": place, **team_lane(ground, team, int(total or 0), people), "points": points},
            gains,
        )
        for place, team, total, people, points in sums
    ]


def team_lane(ground: Ground, team_id: int, total: int, people: int) -> dict[str, Any]:
    """Return a team's row; its count is the mean of those who shook."""
    mean = rules.team_mean(total, people, ground.settings["team_minimum"])
    return {
        "team_id": team_id,
        "name": ground.teams.get(team_id, ""),
        "members": people,
        "total": total,
        "count": round(float(mean), 2),
    }


def lanes(ground: Ground, top: Top, now: int) -> dict[str, Any]:
    """Return the race as it stands: up to eight people, or the teams of a tug-of-war."""
    is_tug = ground.round.mode == rules.TUG
    return {
        "round_id": ground.round.id,
        "mode": ground.round.mode,
        "left_ms": left_ms(ground, now),
        "shakers": top.shakers,
        "lanes": _team_lanes(ground, top) if is_tug else _player_lanes(ground, top),
    }


def _player_lanes(ground: Ground, top: Top) -> list[dict[str, Any]]:
    there = [row for row in top.rows if row.player_id not in ground.removed]
    return [asdict(row) for row in there[:LANES]]


def _team_lanes(ground: Ground, top: Top) -> list[dict[str, Any]]:
    """Return the teams that were chosen, in that order; of all teams the first dozen."""
    found = [team_lane(ground, team, *top.teams.get(team, (0, 0))) for team in ground.lanes]
    if not ground.round.team_ids:
        found.sort(key=lambda lane: lane["count"], reverse=True)
    return found[:TEAM_LANES]


def own_result(ground: Ground, player_id: int) -> dict[str, Any]:
    """Return what a scored round brought a player; count 0 for one who did not shake."""
    row = ShakeResult.get_or_none(
        ShakeResult.round == ground.round.id, ShakeResult.player == player_id
    )
    if row is None:
        return {"count": 0, "value": 0, "place": None, "points": None, "won": False}
    told = visibility.shows_entry(ground.event, View.OWN, ground.round.scored_at or 0)
    return {
        "count": row.count,
        "value": row.value,
        "place": row.place,
        "points": row.points if told else None,
        "won": player_id in ground.round.drawn,
    }


def flagged_rows(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return the implausible phones, with what they claimed per second and what follows from it."""
    return [
        {
            "player_id": row.player_id,
            "name": row.name,
            "team": row.team,
            "rate": row.count / 10,
            "reason": f"手机报每秒 {row.count / 10:g} 次，人手做不到，名次排在所有人之后",
        }
        for row in rows
    ]


def flagged(ground: Ground) -> list[Row]:
    """Return the implausible phones of a scored round, the fastest first."""
    rows = (
        ShakeResult.select(Player.id, Player.name, Player.team_name, ShakeResult.claimed_rate)
        .join(Player)
        .where(ShakeResult.round == ground.round.id, ShakeResult.claimed_rate.is_null(False))
        .order_by(ShakeResult.claimed_rate.desc(), Player.id)
        .tuples()
    )
    return [Row(*row) for row in rows]
