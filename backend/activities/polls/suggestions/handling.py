"""Actions of organisers on suggestions: merge, answer, decide, make a poll of the best."""

from collections.abc import Sequence
from dataclasses import replace

import peewee

from backend.activities.polls import service
from backend.activities.polls.drafts import EntryDraft, PollDraft
from backend.activities.polls.models import Poll
from backend.activities.polls.suggestions import errors
from backend.activities.polls.suggestions.models import (
    Suggestion,
    SuggestionOption,
    SuggestionSupport,
)
from backend.activities.polls.suggestions.suggesting import (
    COLLECTING,
    DECLINED,
    get,
    merged_into_or_itself,
)
from backend.db import Database
from backend.errors import Invalid, Sentence
from backend.events.models import Activity
from backend.identity import audit
from backend.moderation.models import ModerationItem
from backend.moderation.policy import APPROVED
from backend.visible import shown

TITLE_CHARACTERS = 120


def merge(
    database: Database, activity_id: int, suggestion_id: int, into_id: int, by: int, now: int
) -> tuple[Suggestion, bool]:
    """Merge a suggestion into another one; returns that one, and whether it was merged now.

    Runs in one transaction: each supporter is moved once, and suggestions that were merged into
    this one point at the other. The order of merges makes no difference, and a repeat changes
    nothing. Raises `UnknownSuggestion`, `AlreadyMerged` (into a third one), or `Invalid` (into
    itself).
    """
    if suggestion_id == into_id:
        raise Invalid(
            fields={
                "into": [
                    Sentence("一条建议不能并入自己。", "A suggestion cannot be merged into itself.")
                ]
            }
        )
    with database.write():
        database.claim(activity_id)
        gone, target = (get(activity_id, one) for one in (suggestion_id, into_id))
        target = merged_into_or_itself(target)
        if merged_into_or_itself(gone).id == target.id:
            return target, False
        if gone.merged_into_id is not None:
            raise errors.AlreadyMerged
        _move_supporters(gone, target)
        Suggestion.update(merged_into=target, changed_at=now).where(
            (Suggestion.id == gone.id) | (Suggestion.merged_into == gone.id)
        ).execute()
        audit.record(by, "merge_suggestion", f"suggestion:{gone.id}", now, into=target.id)
    return target, True


def _move_supporters(gone: Suggestion, target: Suggestion) -> None:
    """Move supporters to another suggestion; those who support both are counted once."""
    theirs = SuggestionSupport.suggestion == gone
    there = SuggestionSupport.select(SuggestionSupport.player).where(
        SuggestionSupport.suggestion == target
    )
    SuggestionSupport.delete().where(theirs, SuggestionSupport.player.in_(there)).execute()
    SuggestionSupport.update(suggestion=target).where(theirs).execute()


def decide(
    database: Database,
    activity_id: int,
    suggestion_id: int,
    facts: dict[str, str],
    by: int,
    now: int,
) -> tuple[Suggestion, bool]:
    """Set the status of a suggestion and answer it; returns it, and whether it changed.

    `facts` are `status`, `reason` (stored if it is declined) and `answer`. A repeat changes
    nothing. Raises `UnknownSuggestion`.
    """
    reason = facts["reason"] if facts["status"] == DECLINED else ""
    wanted = {"status": facts["status"], "reason": reason, "answer": facts["answer"]}
    with database.write():
        found = get(activity_id, suggestion_id)
        before = {name: getattr(found, name) for name in wanted}
        if before == wanted:
            return found, False
        answered_at = now if facts["answer"] else None
        Suggestion.update(**wanted, answered_at=answered_at, changed_at=now).where(
            Suggestion.id == suggestion_id
        ).execute()
        subject = f"suggestion:{suggestion_id}"
        audit.record(by, "decide_suggestion", subject, now, before=before, after=wanted)
    return get(activity_id, suggestion_id), True


def make_poll(
    database: Database,
    activity: Activity,
    draft: PollDraft,
    chosen: Sequence[int] | int,
    by: int,
    now: int,
) -> tuple[Poll, list[int]]:
    """Make the draft of a poll whose options are suggestions: these, or the best so many.

    A merged suggestion is replaced by the one that it was merged into, which is taken once. The
    same number again returns the poll that was made. Returns (poll, suggestions whose proposers
    have to be notified). Raises `UnknownSuggestion` for one that is not shown, `Invalid` for fewer
    than two, or for a number that is not the next.
    """
    with database.write():
        database.share(activity.id)
        made = Poll.get_or_none(Poll.activity == activity, Poll.number == draft.number)
        if made is not None:
            return made, []
        options = _best(activity, chosen) if isinstance(chosen, int) else _named(activity, chosen)
        if len(options) < 2:
            raise Invalid(
                fields={
                    "suggestion_ids": [
                        Sentence(
                            "至少要有两条不同的建议。", "Choose at least two different suggestions."
                        )
                    ]
                }
            )
        entries = tuple(_entry(suggestion) for suggestion in options)
        poll, new = service.create_poll(
            database, activity, replace(draft, entries=entries), by, now
        )
        if not new:
            return poll, []
        ids = [suggestion.id for suggestion in options]
        for number, suggestion_id in enumerate(ids, 1):
            SuggestionOption.create(suggestion=suggestion_id, poll=poll, option_number=number)
        Suggestion.update(changed_at=now).where(Suggestion.id.in_(ids)).execute()
    return poll, ids


def _named(activity: Activity, ids: Sequence[int]) -> list[Suggestion]:
    """Return these suggestions, or those that they were merged into, in their order; raises
    `UnknownSuggestion`."""
    found: dict[int, Suggestion] = {}
    for suggestion_id in ids:
        suggestion = merged_into_or_itself(get(activity.id, suggestion_id))
        if suggestion.item.status != APPROVED:
            raise errors.UnknownSuggestion
        found.setdefault(suggestion.id, suggestion)
    return list(found.values())


def _best(activity: Activity, count: int) -> list[Suggestion]:
    """Return the undecided suggestions with the most supporters; among equals, the earlier first."""
    supports = peewee.fn.COUNT(SuggestionSupport.id)
    rows = (
        Suggestion.select(Suggestion.id)
        .join(ModerationItem, on=Suggestion.item)
        .switch(Suggestion)
        .join(SuggestionSupport, peewee.JOIN.LEFT_OUTER)
        .where(
            Suggestion.activity == activity,
            Suggestion.merged_into.is_null(),
            Suggestion.status == COLLECTING,
            ModerationItem.status == APPROVED,
        )
        .group_by(Suggestion.id)
        .order_by(supports.desc(), Suggestion.id)
        .limit(count)
        .tuples()
    )
    return [get(activity.id, suggestion_id) for (suggestion_id,) in list(rows)]


def _entry(suggestion: Suggestion) -> EntryDraft:
    """Return a suggestion as an option; a long one has its whole text as the description."""
    text = suggestion.text
    is_long = len(text) > TITLE_CHARACTERS or "\n" in text
    title = " ".join(text.split())
    has_picture = suggestion.picture_id is not None and suggestion.picture.status == APPROVED
    if len(title) > TITLE_CHARACTERS:
        # The cut may split an emoji.
        title = f"{shown(title[: TITLE_CHARACTERS - 1])}…"
    return EntryDraft(
        title=title,
        description=text if is_long else "",
        picture_id=suggestion.picture_id if has_picture else None,
    )
