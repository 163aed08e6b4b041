"""Reminds players who have not voted. Their names are shown to nobody."""

from backend.activities.polls import errors, service
from backend.activities.polls.models import Poll, PollVoter
from backend.db import Database
from backend.events.models import Player
from backend.events.players import is_held
from backend.identity import audit

# Repeats within a minute send no second reminder.
AGAIN_MS = 60_000


def not_voted(poll: Poll, day: str) -> frozenset[int]:
    """Return the players who may vote and have not, on this business day where there is a quota."""
    seats = Player.select(Player.id, Player.account_id, Player.staff_id).where(
        Player.event == poll.activity.event_id, Player.status == "active", is_held()
    )
    if not poll.guests_allowed:
        seats = seats.where(Player.staff_id.is_null(False))
    names = PollVoter.select(PollVoter.voter).where(
        PollVoter.poll == poll, PollVoter.day == (day if poll.daily_quota else "")
    )
    voted = {name for (name,) in names.tuples()}
    return frozenset(
        player_id
        for player_id, account_id, staff_id in seats.tuples()
        if voted.isdisjoint((f"a{account_id}", f"s{staff_id}"))
    )


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
