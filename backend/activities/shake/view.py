"""Builds what screens, phones and hosts see of a shake. Moments are in ms, rates in tenths."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import peewee

from backend.activities.shake import rules
from backend.activities.shake.counts import CountRow, LeadingCounts
from backend.activities.shake.models import ShakeResult
from backend.activities.shake.rounds import PODIUM, RoundState
from backend.events import lifecycle, visibility
from backend.events.models import Player
from backend.events.visibility import View

# How many people and teams are on a podium, and how many lanes a race has.
PODIUM_ROWS = 10
LANES = 8
TEAM_LANES = 12


def shown(round_state: RoundState, view: View, now: int) -> dict[str, Any]:
    """Return what everybody sees of a round, for hosts with the flag of lost counts."""
    phase = round_state.phase(now)
    found: dict[str, Any] = {
        "phase": phase,
        "since": round_state.since(now),
        "round": shown_round(round_state, now),
        "podium": _podium(round_state, view) if phase == PODIUM else None,
    }
    if visibility.sees_all(view):
        found["counts_lost"] = round_state.round.counts_lost
    return found


def shown_round(round_state: RoundState, now: int) -> dict[str, Any]:
    """Return the facts of a round; pauses postpone its moments, which move during a pause."""
    row = round_state.round
    return {
        "id": row.id,
        "number": row.number,
        "mode": row.shown_mode,
        "seconds": row.seconds,
        "starts_at": round_state.starts_at(now),
        "ends_at": round_state.ends_at(now),
        "left_ms": left_ms(round_state, now),
        "paused": lifecycle.is_paused(round_state.event),
        "winner_count": row.winner_count,
        "at_least": row.at_least,
        "teams": [{"team_id": team, "name": name} for team, name in _lanes(round_state).items()],
        "percents": round_state.percents,
        "cap_per_second": round_state.settings["cap_per_second"],
    }


def _lanes(round_state: RoundState) -> dict[int, str]:
    return round_state.lanes if round_state.round.mode == rules.TUG else {}


def left_ms(round_state: RoundState, now: int) -> int:
    """Return how much time is left."""
    return min(max(round_state.length_ms - round_state.played_ms(now), 0), round_state.length_ms)


def _podium(round_state: RoundState, view: View) -> dict[str, Any]:
    gains = visibility.shows_gains(round_state.event, view)
    is_tug = round_state.round.mode == rules.TUG
    shakers = ShakeResult.select().where(ShakeResult.round == round_state.round.id).count()
    return {
        "shakers": shakers,
        "rows": [] if is_tug else _people(round_state, gains),
        "teams": _teams(round_state, gains) if is_tug else [],
    }


def _people(round_state: RoundState, gains: bool) -> list[dict[str, Any]]:
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
            ShakeResult.round == round_state.round.id,
            ShakeResult.place.is_null(False),
            Player.status == "active",
        )
        .order_by(ShakeResult.place, Player.id)
        .tuples()
    )
    rows = list(query if round_state.round.mode == rules.DRAW else query.limit(PODIUM_ROWS))
    if round_state.round.mode == rules.DRAW:
        rows.sort(key=lambda row: round_state.round.drawn.index(row[1]))
    names = ("place", "player_id", "name", "team", "count", "value", "points")
    return [_without_gains(dict(zip(names, row, strict=True)), gains) for row in rows]


def _without_gains(row: dict[str, Any], gains: bool) -> dict[str, Any]:
    """Return a row whose points are hidden while the board is frozen."""
    return row if gains else {**row, "points": None}


def _teams(round_state: RoundState, gains: bool) -> list[dict[str, Any]]:
    plausible = ShakeResult.claimed_rate.is_null()
    sums = (
        ShakeResult.select(
            ShakeResult.place,
            ShakeResult.team_id,
            peewee.fn.SUM(ShakeResult.count).filter(plausible),
            peewee.fn.COUNT(ShakeResult.id).filter(plausible),
            peewee.fn.MAX(ShakeResult.points),
        )
        .where(ShakeResult.round == round_state.round.id)
        .group_by(ShakeResult.place, ShakeResult.team_id)
        .order_by(ShakeResult.place, ShakeResult.team_id)
        .limit(PODIUM_ROWS)
        .tuples()
    )
    return [
        _without_gains(
            {
                "place": place,
                **team_lane(round_state, team, int(total or 0), people),
                "points": points,
            },
            gains,
        )
        for place, team, total, people, points in sums
    ]


def team_lane(round_state: RoundState, team_id: int, total: int, people: int) -> dict[str, Any]:
    """Return a team's row; its count is the mean of those who shook."""
    mean = rules.team_mean(total, people, round_state.settings["team_minimum"])
    return {
        "team_id": team_id,
        "name": round_state.teams.get(team_id, ""),
        "members": people,
        "total": total,
        "count": round(float(mean), 2),
    }


def lanes(round_state: RoundState, top: LeadingCounts, now: int) -> dict[str, Any]:
    """Return the race as it stands: up to eight people, or up to twelve teams of a tug-of-war.

    `more` is how many other teams shake.
    """
    is_tug = round_state.round.mode == rules.TUG
    found = _team_lanes(round_state, top) if is_tug else _player_lanes(round_state, top)
    return {
        "round_id": round_state.round.id,
        "mode": round_state.round.shown_mode,
        "left_ms": left_ms(round_state, now),
        "shakers": top.shakers,
        "lanes": found[:TEAM_LANES],
        "more": sum(lane["members"] > 0 for lane in found[TEAM_LANES:]),
    }


def _player_lanes(round_state: RoundState, top: LeadingCounts) -> list[dict[str, Any]]:
    there = [row for row in top.rows if row.player_id not in round_state.removed]
    return [asdict(row) for row in there[:LANES]]


def _team_lanes(round_state: RoundState, top: LeadingCounts) -> list[dict[str, Any]]:
    """Return the teams that were chosen, in that order; of all teams the leading ones first."""
    found = [
        team_lane(round_state, team, *top.teams.get(team, (0, 0))) for team in round_state.lanes
    ]
    if not round_state.round.team_ids:
        found.sort(key=lambda lane: lane["count"], reverse=True)
    return found


def own_result(round_state: RoundState, player_id: int) -> dict[str, Any]:
    """Return what a scored round brought a player; count 0 for one who did not shake."""
    row = ShakeResult.get_or_none(
        ShakeResult.round == round_state.round.id, ShakeResult.player == player_id
    )
    if row is None:
        return {"count": 0, "value": 0, "place": None, "points": None, "won": False}
    told = visibility.shows_entry(round_state.event, View.OWN, round_state.round.scored_at or 0)
    return {
        "count": row.count,
        "value": row.value,
        "place": row.place,
        "points": row.points if told else None,
        "won": player_id in round_state.round.drawn,
    }


def flagged_rows(rows: Sequence[CountRow]) -> list[dict[str, Any]]:
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


def flagged(round_state: RoundState) -> list[CountRow]:
    """Return the implausible phones of a scored round, the fastest first."""
    rows = (
        ShakeResult.select(Player.id, Player.name, Player.team_name, ShakeResult.claimed_rate)
        .join(Player)
        .where(ShakeResult.round == round_state.round.id, ShakeResult.claimed_rate.is_null(False))
        .order_by(ShakeResult.claimed_rate.desc(), Player.id)
        .tuples()
    )
    return [CountRow(*row) for row in rows]
