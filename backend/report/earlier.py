"""The last event of the same template, and who has played before."""

import peewee

from backend.events import lifecycle
from backend.events.models import Event, Player

# When an event was opened; for one that never was, when it was made.
OPENED = peewee.fn.COALESCE(Event.opens_at, Event.began_at)


def is_public(event: Event, now: int) -> bool:
    """Return whether everybody may know the order of an event: it is over, and its boards are not
    frozen.
    """
    over = lifecycle.state(event, now) in (lifecycle.CLOSED, lifecycle.ARCHIVED)
    return over and event.frozen_at is None


def last_of_template(event: Event, now: int) -> Event | None:
    """Return the newest event of the same template that was opened before this one.

    Rehearsals are left out. So are events whose order is not public, because their hosts may be
    other people.
    """
    if not event.template:
        return None
    earlier = (
        Event.select()
        .where(_real_before(event), Event.template == event.template)
        .order_by(OPENED.desc(), Event.id.desc())
    )
    return next((one for one in earlier if is_public(one, now)), None)


def veterans(event: Event) -> set[int]:
    """Return the staff who had an active seat in an earlier event that was no rehearsal."""
    rows = Player.select(Player.staff_id).where(
        Player.event.in_(Event.select(Event.id).where(_real_before(event))),
        Player.staff_id.is_null(False),
        Player.status == "active",
    )
    return {staff_id for (staff_id,) in rows.distinct().tuples()}


def _real_before(event: Event) -> peewee.Expression:
    found: peewee.Expression = (
        ~Event.rehearsal
        & (Event.state != lifecycle.DRAFT)
        & ((event.opens_at or event.began_at) > OPENED)
        & (Event.id != event.id)
    )
    return found
