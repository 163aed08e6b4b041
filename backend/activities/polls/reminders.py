"""Reminds players who have not voted. Their names are shown to nobody."""

from backend.activities.polls import errors, service
from backend.activities.polls.models import Poll
from backend.db import Database
from backend.events.players import HOLDER
from backend.identity import audit

# Repeats within a minute send no second reminder.
AGAIN_MS = 60_000

_NOT_VOTED_SQL = f"""
SELECT p.id FROM player p WHERE p.event_id = ? AND p.status = 'active'
AND (? OR p.staff_id IS NOT NULL) AND p.account_id = {HOLDER}
AND NOT EXISTS (
  SELECT 1 FROM poll_voter v WHERE v.poll_id = ? AND v.day = ?
  AND v.voter IN ('a' || p.account_id, 's' || COALESCE(p.staff_id, 0))
)
"""  # nosec B608 # our own names


def not_voted(database: Database, poll: Poll, day: str) -> frozenset[int]:
    """Return the players who may vote and have not, on this business day where there is a quota."""
    facts = (
        poll.activity.event_id,
        bool(poll.guests_allowed),
        poll.id,
        day if poll.daily_quota else "",
    )
    return frozenset(player_id for (player_id,) in database.sql(_NOT_VOTED_SQL, facts).fetchall())


def begin(
    database: Database, activity_id: int, poll_id: int, by: int, now: int
) -> tuple[Poll, bool]:
    """Note that those who have not voted are reminded; returns (poll, whether they are to be told).

    Raises `UnknownPoll`, `PollNotOpen` or `PollClosed`.
    """
    with database.write():
        poll = service.locked(activity_id, poll_id)
        if poll.state == service.DRAFT:
            raise errors.PollNotOpen
        if poll.state == service.CLOSED:
            raise errors.PollClosed
        if poll.reminded_at is not None and now - poll.reminded_at < AGAIN_MS:
            return poll, False
        Poll.update(reminded_at=now).where(Poll.id == poll_id).execute()
        poll.reminded_at = now
        audit.record(by, "remind_voters", f"poll:{poll_id}", now)
    return poll, True
