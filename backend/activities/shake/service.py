"""Actions of hosts on rounds: begin one, cancel it, dismiss its result."""

import secrets
from dataclasses import dataclass

import peewee

from backend.activities.shake import errors, rounds, rules
from backend.activities.shake.models import ShakeRound
from backend.activities.shake.rounds import COUNTDOWN, COUNTDOWN_MS, RUNNING, RoundState
from backend.db import Database
from backend.errors import Invalid, Sentence
from backend.events import lifecycle
from backend.events.models import Activity, EventTeam
from backend.identity import audit


@dataclass(frozen=True)
class RoundPlan:
    """A round to begin. With `number` a repeated request begins the round once. `seconds` None
    means the activity's setting."""

    mode: str
    number: int | None = None
    seconds: int | None = None
    winner_count: int = 1
    at_least: int = 1
    team_ids: tuple[int, ...] = ()


def begin_round(
    database: Database, activity: Activity, plan: RoundPlan, actor_id: int, now: int
) -> tuple[ShakeRound, bool]:
    """Begin a round with its countdown; returns (round, whether it is new).

    Raises `RoundUnderWay`, `UnknownTeam`, `Invalid` (a number that is not the next) or what
    `lifecycle.require_playing` raises.
    """
    begun = _of_number(activity, plan.number)
    if begun is not None:
        return begun, False
    lifecycle.require_playing(activity.event, now)
    _require_teams(activity, plan)
    try:
        with database.write():
            last = last_number(activity)
            # Checked again in the transaction, because the same request may have come meanwhile.
            begun = _of_number(activity, plan.number)
            if begun is not None:
                return begun, False
            made = _begin(activity, plan, last + 1, now)
            audit.record(
                actor_id, "begin_shake_round", f"shake_round:{made.id}", now, mode=plan.mode
            )
    except peewee.IntegrityError:
        # A round is under way, perhaps begun by an earlier copy of this request.
        begun = _of_number(activity, plan.number)
        if begun is None:
            raise errors.RoundUnderWay from None
        return begun, False
    return made, True


def last_number(activity: Activity) -> int:
    """Return the number of the last round, 0 before the first."""
    found = ShakeRound.select(peewee.fn.MAX(ShakeRound.number)).where(
        ShakeRound.activity == activity
    )
    return found.scalar() or 0


def _of_number(activity: Activity, number: int | None) -> ShakeRound | None:
    if number is None:
        return None
    return ShakeRound.get_or_none(ShakeRound.activity == activity, ShakeRound.number == number)


def _require_teams(activity: Activity, plan: RoundPlan) -> None:
    there = {
        team.team_id for team in EventTeam.select().where(EventTeam.event == activity.event_id)
    }
    if not set(plan.team_ids) <= there:
        raise errors.UnknownTeam


def _begin(activity: Activity, plan: RoundPlan, number: int, now: int) -> ShakeRound:
    if plan.number not in (None, number):
        raise Invalid(
            fields={
                "number": [
                    Sentence(f"下一轮是第 {number} 轮。", f"The next round is number {number}.")
                ]
            }
        )
    return ShakeRound.create(
        activity=activity,
        number=number,
        mode=rules.RACE if plan.mode in rules.GAMES else plan.mode,
        game=plan.mode if plan.mode in rules.GAMES else None,
        begun_at=now,
        starts_at=now + COUNTDOWN_MS,
        seconds=plan.seconds or activity.settings["seconds"],
        winner_count=plan.winner_count if plan.mode == rules.DRAW else 0,
        at_least=plan.at_least if plan.mode == rules.DRAW else 0,
        team_ids=list(plan.team_ids) if plan.mode == rules.TUG else [],
        seed=secrets.token_hex(16),
    )


def cancel_round(
    database: Database, activity_id: int, round_id: int, actor_id: int, now: int
) -> RoundState:
    """Cancel a round that is not over; nobody earns points. A repeat changes nothing.

    Raises `UnknownRound` or `ShakeRoundOver`.
    """
    with database.write():
        round_state = _locked(database, activity_id, round_id)
        if round_state.round.cancelled_at is not None:
            return round_state
        if round_state.phase(now) not in (COUNTDOWN, RUNNING):
            raise errors.ShakeRoundOver
        round_state.round.change(cancelled_at=now, under_way=None)
        audit.record(actor_id, "cancel_shake_round", f"shake_round:{round_id}", now)
    return round_state


def dismiss_round(
    database: Database, activity_id: int, round_id: int, actor_id: int, now: int
) -> RoundState:
    """Dismiss the result of a round, so that it is no longer shown. A repeat changes nothing.

    Raises `UnknownRound` or `RoundNotScored`.
    """
    with database.write():
        round_state = _locked(database, activity_id, round_id)
        if round_state.round.dismissed_at is not None:
            return round_state
        if round_state.round.scored_at is None:
            raise errors.RoundNotScored
        round_state.round.change(dismissed_at=now)
        audit.record(actor_id, "dismiss_shake_round", f"shake_round:{round_id}", now)
    return round_state


def _locked(database: Database, activity_id: int, round_id: int) -> RoundState:
    """Return an activity's newest round, locked until the transaction ends."""
    ShakeRound.lock(round_id)
    round_state = rounds.newest_in(database, activity_id)
    if round_state is None or (
        round_state.round.id != round_id and round_id not in round_state.earlier
    ):
        raise errors.UnknownRound
    if round_state.round.id != round_id:
        raise errors.ShakeRoundOver
    return round_state
