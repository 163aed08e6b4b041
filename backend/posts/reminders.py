"""Reminds people who have not read or confirmed a post, not in their rest and not too often."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from peewee import EXCLUDED

from backend.db import Database
from backend.identity import audit
from backend.lookup import duties
from backend.offload.steps import chunks
from backend.posts import quiet, reading
from backend.posts.errors import WrongStateOfPost
from backend.posts.models import PUBLISHED, Post, PostNotice
from backend.posts.notices import REMINDER

_ROWS_AT_ONCE = 400


@dataclass(frozen=True)
class ReminderRules:
    """Who is left out: shifts that rest now, and people whose last reminder is less than `again_ms`
    ago. A person has the shift of the roster, and those of the 班表 of this day and the day before.
    """

    hours: quiet.Quiet
    again_ms: int


@dataclass(frozen=True)
class RemindedReaders:
    """How many people were reminded, and how many were left out: resting, or reminded lately."""

    reminded: int
    resting: int
    lately: int


def remind(
    database: Database, post: Post, rules: ReminderRules, local: datetime, actor_id: int, now: int
) -> RemindedReaders:
    """Remind the people who have not read or confirmed a shown post.

    `local` is `now` in the centre's time zone. Raises `WrongStateOfPost`. Call `notices.publish`
    after it.
    """
    is_over = post.expires_at is not None and post.expires_at <= now
    if post.state != PUBLISHED or (post.shown_at or 0) > now or is_over or not post.column.active:
        raise WrongStateOfPost
    resting = quiet.resting(rules.hours, local)
    lacking = reading.lacking(post)
    planned = _planned(resting, local)
    awake = [one for one, shift in lacking if shift not in resting and one not in planned]
    with database.write():
        told = sum(_told(post, some, rules, now) for some in chunks(awake, _ROWS_AT_ONCE))
        if told:
            audit.record(actor_id, "post_reminded", f"post:{post.id}", now, people=told)
    return RemindedReaders(told, len(lacking) - len(awake), len(awake) - told)


def _planned(shifts: Collection[str], local: datetime) -> set[int]:
    """Return the people who have one of some shifts in the 班表 on this day or the day before."""
    days = [(local.date() - timedelta(days=back)).isoformat() for back in (0, 1)]
    return {
        staff_id
        for day in days
        for shift in shifts
        for (staff_id,) in duties.people_on(day, shift).tuples()
    }


def _told(post: Post, staff_ids: Sequence[int], rules: ReminderRules, now: int) -> int:
    """Write reminders, one row for each person and post, and return how many were new."""
    rows: list[dict[str, Any]] = [
        {
            "post": post.id,
            "staff": staff_id,
            "kind": REMINDER,
            "source": f"{REMINDER}:{post.id}:{staff_id}",
            "text": "",
            "at": now,
        }
        for staff_id in staff_ids
    ]
    made = PostNotice.insert_many(rows).on_conflict(
        conflict_target=[PostNotice.source],
        update={PostNotice.at: EXCLUDED.at, PostNotice.seen_at: None},
        where=PostNotice.at <= now - rules.again_ms,
    )
    return len(list(made.returning(PostNotice.id).execute()))
