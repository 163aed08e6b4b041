"""What the hosts' console shows of a raffle."""

from collections.abc import Sequence
from typing import Any

from backend.activities.raffle import host_view, steps, view
from backend.activities.raffle.models import RaffleDraw, RaffleStage
from backend.activities.raffle.rules import ABSENT, PASSED, WON
from backend.events import lifecycle
from backend.events.models import Activity, EventTeam


def panel(activity: Activity, now: int) -> dict[str, Any]:
    """Return a raffle as hosts see it.

    `draw` is the newest draw with the people who were drawn, unless it was abandoned; `earlier` are
    all others, with these people too. `waiting` are the winners whose prize was not handed over. `may_draw` says whether
    the state of the event allows a draw now.
    """
    picks = host_view.host_picks(activity, now, unclaimed=False)
    draws = view.shown_draws(activity, now)
    newest = draws[-1] if draws and draws[-1]["state"] != view.ABANDONED else None
    winners = [pick for pick in picks if pick["status"] == WON]
    return {
        "prizes": _prizes(activity, draws),
        "lists": _lists(activity),
        "teams": _teams(activity),
        "draw": newest and _drawn(newest, picks, activity, now),
        "earlier": [
            _drawn(draw, picks, activity, now) for draw in reversed(draws) if draw is not newest
        ],
        "next_number": len(draws) + 1,
        "winners": len(winners),
        "waiting": [pick for pick in winners if pick["handed_at"] is None],
        "showing": _showing(activity),
        "may_draw": _may_draw(activity, now),
        "states": steps.WORDS,
    }


def _prizes(activity: Activity, draws: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the prizes; `is_fixed` says that a draw has made title and rule final."""
    drawn = {draw["prize_id"] for draw in draws}
    return [{**prize, "is_fixed": prize["id"] in drawn} for prize in view.shown_prizes(activity)]


def _lists(activity: Activity) -> list[dict[str, Any]]:
    """Return the imported lists; `is_used` says whether a draw was made from the list."""
    rules = RaffleDraw.select(RaffleDraw.rule).where(RaffleDraw.activity == activity)
    used = {rule["list_id"] for (rule,) in rules.tuples()}
    return [{**found, "is_used": found["id"] in used} for found in view.shown_lists(activity)]


def _teams(activity: Activity) -> list[dict[str, Any]]:
    query = EventTeam.select().where(EventTeam.event == activity.event_id)
    return [{"id": team.team_id, "name": team.name} for team in query.order_by(EventTeam.name)]


def _drawn(
    draw: dict[str, Any], picks: Sequence[dict[str, Any]], activity: Activity, now: int
) -> dict[str, Any]:
    """Return a draw with its picks, and how many have won, were absent, and can still be drawn;
    `is_exhausted` says that nobody of the pool can be drawn any more."""
    own = [pick for pick in picks if pick["draw_id"] == draw["id"]]
    won = sum(pick["status"] == WON for pick in own)
    return {
        **draw,
        "picks": [
            {**pick, "wait_ms": _wait_ms(pick, now)} for pick in own if pick["status"] != PASSED
        ],
        "won": won,
        "absent": sum(pick["status"] == ABSENT for pick in own),
        "passed": sum(pick["status"] == PASSED for pick in own),
        "left": max(0, draw["count"] - won),
        "is_exhausted": len(own) == draw["pool_size"],
        "paused": lifecycle.is_paused(activity.event),
    }


def _wait_ms(pick: dict[str, Any], now: int) -> int | None:
    """Return how much longer the host must wait for a called winner; None before the call."""
    ends_at = pick["wait_ends_at"]
    return None if ends_at is None else max(0, ends_at - now)


def _showing(activity: Activity) -> str | None:
    stage = RaffleStage.get_or_none(RaffleStage.activity == activity)
    return stage and stage.showing


def _may_draw(activity: Activity, now: int) -> bool:
    event = activity.event
    return lifecycle.state(event, now) == lifecycle.OPEN and not lifecycle.is_paused(event)
