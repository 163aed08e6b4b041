"""Scores a round that is over, exactly once even if several processes try."""

from collections.abc import Sequence
from typing import Any

from backend.activities.shake import rules
from backend.activities.shake.counts import WHOLE, Reading
from backend.activities.shake.models import ShakeResult, ShakeRound
from backend.activities.shake.rounds import RoundState
from backend.activities.shake.rules import Result, Shaker
from backend.activities.shake.settings import terms_of
from backend.db import Database
from backend.events.models import Player
from backend.events.players import is_held
from backend.scoring.ledger import Award, Total
from backend.scoring.scorekeeper import Scorekeeper, Scorer

# If Redis lost counts, every process has sent its counts again by then.
REFILL_MS = 3000
_AT_ONCE = 400


def may_be_scored(reading: Reading, now: int) -> bool:
    """Return whether Redis has all counts; after a loss, scoring waits for the processes to send
    theirs again."""
    if reading.mark is None:
        return False
    return reading.mark == WHOLE or now + reading.mark >= REFILL_MS


def score_round(scores: Scorekeeper, round_state: RoundState, reading: Reading, now: int) -> bool:
    """Write results, score entries and standings in one transaction, and show the boards after it.

    Players who were kicked, banned or unbound meanwhile get nothing. Returns False, with nothing
    written, when the round was scored or cancelled before.
    """
    shown: list[tuple[Scorer, Sequence[Total]]] = []
    with scores.database.write():
        scores.database.share(round_state.activity.id)
        claimed = ShakeRound.update(
            scored_at=now, under_way=None, counts_lost=reading.mark != WHOLE
        ).where(
            ShakeRound.id == round_state.round.id,
            ShakeRound.scored_at.is_null(),
            ShakeRound.cancelled_at.is_null(),
        )
        if not claimed.execute():
            return False
        people = _people(scores.database, round_state)
        results = _results(round_state, people, reading)
        _write(round_state, results, reading)
        for start in range(0, len(results), _AT_ONCE):
            some = results[start : start + _AT_ONCE]
            awards = [_award(round_state, result, now) for result in some]
            for result, moved in zip(some, scores.award_all(awards, now), strict=True):
                shown.append((_scorer(round_state, people[result.shaker.player_id]), moved or ()))
    scores.show_all(round_state.event.id, shown)
    return True


def _people(database: Database, round_state: RoundState) -> dict[int, Player]:
    """Return the players who may earn points, by id: active staff who still have their seat.

    Their rows stay locked until the transaction ends, so that nobody is kicked before the boards
    have the points.
    """
    query = Player.select().where(
        Player.event == round_state.event.id,
        Player.status == "active",
        Player.staff_id.is_null(False),
        is_held(),
    )
    query = query.order_by(Player.id)
    if not database.is_sqlite:
        query = query.for_update("FOR SHARE", of=Player)
    return {player.id: player for player in query}


def _results(round_state: RoundState, people: dict[int, Player], reading: Reading) -> list[Result]:
    implausible = {row.player_id for row in reading.flagged}
    shakers = [
        Shaker(player_id, people[player_id].team_id, count, player_id not in implausible)
        for player_id, count in reading.counts.items()
        if player_id in people
    ]
    if round_state.round.mode == rules.TUG:
        shakers = [one for one in shakers if one.team_id in round_state.lanes]
    return rules.ranked(played_of(round_state), shakers, terms_of(round_state.settings))


def played_of(round_state: RoundState) -> rules.PlayedRound:
    """Return a round as it is ranked."""
    row = round_state.round
    return rules.PlayedRound(row.mode, row.seed, row.winner_count, row.at_least)


def _write(round_state: RoundState, results: Sequence[Result], reading: Reading) -> None:
    rates = {row.player_id: row.count for row in reading.flagged}
    drawn = rules.winners(played_of(round_state), [result.shaker for result in results])
    if drawn:
        ShakeRound.update(drawn=drawn).where(ShakeRound.id == round_state.round.id).execute()
    rows: list[dict[str, Any]] = [
        {
            "round": round_state.round.id,
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


def _award(round_state: RoundState, result: Result, now: int) -> Award:
    return Award(
        event_id=round_state.event.id,
        player_id=result.shaker.player_id,
        activity_id=round_state.activity.id,
        points=result.points,
        reason="shake",
        source=f"shake:{round_state.round.id}:{result.shaker.player_id}",
        rule_version=rules.VERSION,
        earned_at=min(round_state.ends_at(now), now),
        note=_note(round_state, result),
    )


def _note(round_state: RoundState, result: Result) -> str:
    if round_state.round.mode == rules.DRAW:
        came = "中奖" if result.place else "参与"
    else:
        came = f"{'班组' if round_state.round.mode == rules.TUG else ''}第 {result.place} 名"
    return f"第 {round_state.round.number} 轮 · {came}"


def _scorer(round_state: RoundState, player: Player) -> Scorer:
    return Scorer(
        player.id,
        round_state.event.id,
        round_state.event.began_at,
        player.name,
        player.team_id,
        player.team_name,
        on_board=True,
    )
