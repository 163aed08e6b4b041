"""Chooses what the screen shows of a raffle: its newest draw, all winners, or nothing."""

from backend.activities.raffle.models import RaffleStage
from backend.db import Database
from backend.events.models import Activity
from backend.identity import audit

DRAW, WINNERS = "draw", "winners"


def show(
    database: Database, activity: Activity, showing: str | None, actor_id: int, now: int
) -> None:
    """Make the screen show the newest draw, all winners, or nothing."""
    with database.write():
        put(activity, showing, now)
        audit.record(actor_id, "show_raffle", f"activity:{activity.id}", now, showing=showing)


def put(activity: Activity, showing: str | None, now: int) -> None:
    """The same in the caller's transaction."""
    RaffleStage.insert(activity=activity, showing=showing, since=now).on_conflict(
        conflict_target=[RaffleStage.activity],
        update={RaffleStage.showing: showing, RaffleStage.since: now},
    ).execute()
