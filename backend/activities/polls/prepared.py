"""Polls that hosts have prepared, as drafts of a template: for copies of an event, and for forms."""

from typing import Any

import peewee

from backend.activities.polls import service
from backend.activities.polls.drafts import EntrySchema, RulesSchema, draft_of
from backend.activities.polls.models import Poll, PollOption
from backend.events.models import Activity
from backend.moderation.used_pictures import copy_picture

_STORED_ELSEWHERE = ("hall_code",)


def drafts_of(activity: Activity, made_by_hosts: peewee.Expression) -> list[dict[str, Any]]:
    """Return the polls of an activity as a template describes them, without pictures.

    `made_by_hosts` is the condition that leaves out polls that were made from results.
    """
    polls = Poll.select().where(Poll.activity == activity, made_by_hosts)
    return [_draft(poll) for poll in polls.order_by(Poll.number)]


def _draft(poll: Poll) -> dict[str, Any]:
    rules = [name for name in RulesSchema().fields if name not in _STORED_ELSEWHERE]
    entries = PollOption.select().where(PollOption.poll == poll).order_by(PollOption.number)
    return {
        **{name: getattr(poll, name) for name in rules},
        "hall_code": poll.hall_salt is not None,
        "entries": [
            {name: getattr(entry, name) for name in EntrySchema().fields} for entry in entries
        ],
    }


def copy_pictures(source: Activity, made: Activity, made_by_hosts: peewee.Expression) -> None:
    """Give the drafts of a copied event the pictures of the polls that `drafts_of` returned.

    Runs in the caller's transaction.
    """
    polls = Poll.select().where(Poll.activity == source, made_by_hosts).order_by(Poll.number)
    drafts = Poll.select().where(Poll.activity == made).order_by(Poll.number)
    for poll, draft in zip(polls, drafts, strict=True):
        for option in PollOption.select().where(
            PollOption.poll == poll, PollOption.picture_id.is_null(False)
        ):
            picture_id = copy_picture(option.picture_id, made.event_id)
            of_number = (PollOption.poll == draft) & (PollOption.number == option.number)
            PollOption.update(picture_id=picture_id).where(of_number).execute()


def renew(activity: Activity, made_by_hosts: peewee.Expression) -> None:
    """Replace the polls if they differ from the activity's settings, in the caller's transaction."""
    wanted = [_stored(draft) for draft in activity.settings["polls"]]
    if [_stored(draft) for draft in drafts_of(activity, made_by_hosts)] != wanted:
        Poll.delete().where(Poll.activity == activity).execute()
        service.prepare(activity)


def _stored(draft: dict[str, Any]) -> dict[str, Any]:
    """Return a draft; where it names no number of choices, it has the stored one."""
    return {**draft, "most_choices": draft_of(draft).most()}
