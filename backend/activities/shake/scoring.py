"""Scoring a round that is over: once, whoever notices, and however many do at once."""

from collections.abc import Sequence
from typing import Any

from backend.activities.shake import rules
from backend.activities.shake.counts import WHOLE, Reading
from backend.activities.shake.models import ShakeResult, ShakeRound
from backend.activities.shake.rounds import Ground
from backend.activities.shake.rules import Result, Shaker
from backend.activities.shake.settings import terms_of
from backend.db import Database
from backend.events.models import Player
from backend.events.players import is_held
from backend.scoring.ledger import Award, Total
from backend.scoring.scorekeeper import Scorekeeper, Scorer

# Where Redis lost counts, every process that has some of them sends them again by then.
REFILL_MS = 3000
_AT_ONCE = 400


def may_be_scored(reading: Reading, now: int) -> bool:
    """Say whether Redis has all that can be had; after a loss it is given time to be filled."""
    if reading.mark is None:
        return False
    return reading.mark == WHOLE or now + reading.mark >= REFILL_MS


def score_round(scores: Scorekeeper, ground: Ground, reading: Reading, now: int) -> bool:
    """Write results, score entries and standings in one transaction, and show the boards after it.

    Who was kicked, banned or unbound meanwhile gets nothing. Returns False, with nothing written, when the
    round was scored or cancelled before.
    """
    shown: list[tuple[Scorer, Sequence[Total]]] = []
    with scores.database.write():
        claimed = ShakeRound.update(
            scored_at=now, under_way=None, counts_lost=reading.mark != WHOLE
        ).where(
            ShakeRound.id == ground.round.id,
            ShakeRound.scored_at.is_null(),
            ShakeRound.cancelled_at.is_null(),
        )
        if not claimed.execute():
            return False
        people = _people(scores.database, ground)
        results = _results(ground, people, reading)
        _write(ground, results, reading)
        for start in range(0, len(results), _AT_ONCE):
            some = results[start : start + _AT_ONCE]
            awards = [_award(ground, result, now) for result in some]
            for result, moved in zip(some, scores.award_all(awards, now), strict=True):
                shown.append((_scorer(ground, people[result.shaker.player_id]), moved or ()))
    scores.show_all(ground.event.id, shown)
    return True


def _people(database: Database, ground: Ground) -> dict[int, Player]:
    """Return who may be scored by id: active staff who still have their seat.

    Their rows stay locked until the transaction ends, so that nobody is kicked before the boards
    have the points.
    """
    query = Player.select().where(
        Player.event == ground.event.id,
        Player.status == "active",
        Player.staff_id.is_null(False),
        is_held(),
    )
    query = query.order_by(Player.id)
    if not database.is_sqlite:
        query = query.for_update("FOR SHARE", of=Player)
    return {player.id: player for player in query}


def _results(ground: Ground, people: dict[int, Player], reading: Reading) -> list[Result]:
    implausible = {row.player_id for row in reading.flagged}
    shakers = [
        Shaker(player_id, people[player_id].team_id, count, player_id not in implausible)
        for player_id, count in reading.counts.items()
        if player_id in people
    ]
    if ground.round.mode == rules.TUG:
        shakers = [one for one in shakers if one.team_id in ground.lanes]
    return rules.ranked(played_of(ground), shakers, terms_of(ground.settings))


def played_of(ground: Ground) -> rules.Played:
    """Return a round as it is ranked."""
    row = ground.round
    return rules.Played(row.mode, row.seed, row.winner_count, row.at_least)


def _write(ground: Ground, results: Sequence[Result], reading: Reading) -> None:
    rates = {row.player_id: row.count for row in reading.flagged}
    drawn = rules.winners(played_of(ground), [result.shaker for result in results])
    if drawn:
        ShakeRound.update(drawn=drawn).where(ShakeRound.id == ground.round.id).execute()
    rows: list[dict[str, Any]] = [
        {
            "round": ground.round.id,
            "player": result.shaker.player_id,
            "team_id": result.shaker.team_id,
            "count": result.shaker.count,
            "value": result.value,
            "place": result.place,
            "points": result.points,
            "claimed_rate": rates.get(result.shaker.player_id),
        }
        for result in results
    ]
    for start in range(0, len(rows), _AT_ONCE):
        ShakeResult.insert_many(rows[start : start + _AT_ONCE]).execute()


def _award(ground: Ground, result: Result, now: int) -> Award:
    return Award(
        event_id=ground.event.id,
        player_id=result.shaker.player_id,
        activity_id=ground.activity.id,
        points=result.points,
        reason="shake",
        source=f"shake:{ground.round.id}:{result.shaker.player_id}",
        rule_version=rules.VERSION,
        earned_at=min(ground.ends_at(now), now),
        note=_note(ground, result),
    )


def _note(ground: Ground, result: Result) -> str:
    if ground.round.mode == rules.DRAW:
        came = "中奖" if result.place else "参与"
    else:
        came = f"{'班组' if ground.round.mode == rules.TUG else ''}第 {result.place} 名"
    return f"第 {ground.round.number} 轮 · {came}"


def _scorer(ground: Ground, player: Player) -> Scorer:
    return Scorer(
        player.id,
        ground.event.id,
        ground.event.began_at,
        player.name,
        player.team_id,
        player.team_name,
        on_board=True,
    )
