"""Calling winners, and how long they are waited for. Pauses of the event are not counted."""

from backend.activities.raffle import errors, rules
from backend.activities.raffle.models import RaffleDraw, RafflePick
from backend.events import lifecycle
from backend.events.models import Activity, Event
from backend.identity.models import Staff


def waiting_seconds(activity: Activity) -> int:
    """Return how long the winners of a new draw are waited for; a rehearsal waits 5 s at most."""
    # Raffles that were made before there was the setting lack it.
    wanted = int(activity.settings.get("waiting_seconds", rules.WAITING_SECONDS))
    return min(wanted, rules.REHEARSAL_WAITING_SECONDS) if activity.event.rehearsal else wanted


def waits_ms(draw: RaffleDraw) -> int:
    """Return how long a draw waits for winners, in milliseconds."""
    seconds = draw.waiting_seconds
    return 1000 * (rules.WAITING_SECONDS if seconds is None else int(seconds))


def wait_ends_at(draw: RaffleDraw, called_at: int | None, event: Event, now: int) -> int | None:
    """Return when the waiting time of a call is over, if no further pause comes; None without a
    call."""
    if called_at is None:
        return None
    return lifecycle.moment_of(event.pauses, called_at, waits_ms(draw), now)


def require_waited(draw: RaffleDraw, pick: RafflePick, event: Event, now: int) -> None:
    """Raise `NotCalled` or `StillWaiting` unless the waiting time of the call is over."""
    if pick.called_at is None:
        raise errors.NotCalled
    left_ms = waits_ms(draw) - lifecycle.played_ms(event.pauses, pick.called_at, now)
    if left_ms > 0:
        raise errors.StillWaiting(seconds_left=-(-left_ms // 1000))


def host_names(account_ids: set[int | None]) -> dict[int | None, str]:
    """Return the names of hosts by account; hosts who have left the roster are left out."""
    wanted = [one for one in account_ids if one is not None]
    rows = Staff.select(Staff.account, Staff.name).where(Staff.account.in_(wanted)).tuples()
    return dict(rows)
