"""Actions of hosts on polls: draft, change, open, close, show."""

from typing import Any

import peewee

from backend.activities.polls import errors, hall_codes, mixing, tallies
from backend.activities.polls.drafts import EntryDraft, PollDraft, PollWording, draft_of
from backend.activities.polls.models import Poll, PollOption
from backend.db import Database
from backend.errors import Invalid, Sentence
from backend.events import lifecycle
from backend.events.models import Activity
from backend.identity import audit
from backend.moderation.used_pictures import require_pictures

DRAFT, OPEN, CLOSED = "draft", "open", "closed"
_AUDITED = (
    "title",
    "description",
    "method",
    "most_choices",
    "places",
    "anonymous",
    "guests_allowed",
    "changes_allowed",
    "daily_quota",
    "entry_order",
)


def create_poll(
    database: Database, activity: Activity, draft: PollDraft, by: int | None, now: int
) -> tuple[Poll, bool]:
    """Make a draft with its options; returns (poll, whether it is new). `by` is an account.

    One transaction, the caller's if there is one. Raises `UnknownPicture`, or `Invalid` for a
    number that is not the next.
    """
    with database.write():
        last = _lock_numbers(activity)
        made = Poll.get_or_none(Poll.activity == activity, Poll.number == draft.number)
        if made is not None:
            return made, False
        if draft.number not in (None, last + 1):
            raise Invalid(
                fields={
                    "number": [
                        Sentence(
                            f"下一次投票是第 {last + 1} 次。",
                            f"The next poll is number {last + 1}.",
                        )
                    ]
                }
            )
        poll = Poll.create(activity=activity, number=last + 1, created_at=now, **_facts(draft))
        _write_options(poll, draft)
        audit.record(by, "create_poll", f"poll:{poll.id}", now, title=draft.title)
    return poll, True


def _lock_numbers(activity: Activity) -> int:
    """Lock the activity's numbers until the transaction ends, and return the last number of its
    polls."""
    Activity.lock(activity.id)
    found = Poll.select(peewee.fn.MAX(Poll.number)).where(Poll.activity == activity)
    return found.scalar() or 0


def _facts(draft: PollDraft) -> dict[str, Any]:
    return {
        "title": draft.title,
        "description": draft.description,
        "method": draft.method,
        "most_choices": draft.most(),
        "places": draft.places,
        "anonymous": draft.anonymous,
        "guests_allowed": draft.guests_allowed,
        "changes_allowed": draft.changes_allowed,
        "daily_quota": draft.daily_quota,
        "entry_order": draft.entry_order,
        "hall_salt": hall_codes.new_salt() if draft.hall_code else None,
    }


def _write_options(poll: Poll, draft: PollDraft) -> None:
    require_pictures(
        poll.activity.event_id, [entry.picture_id for entry in draft.entries if entry.picture_id]
    )
    for number, entry in enumerate(draft.entries, 1):
        PollOption.create(
            poll=poll,
            number=number,
            title=entry.title,
            description=entry.description,
            video_url=entry.video_url,
            picture_id=entry.picture_id,
            direct=entry.direct,
            source_id=entry.source_id,
        )


def prepare(activity: Activity) -> None:
    """Create the drafts that a template names, in the caller's transaction."""
    for number, facts in enumerate(activity.settings["polls"], 1):
        draft = draft_of(facts)
        created_at = activity.event.created_at
        poll = Poll.create(activity=activity, number=number, created_at=created_at, **_facts(draft))
        _write_options(poll, draft)


def get(activity_id: int, poll_id: int) -> Poll:
    """Return a poll of an activity; raises `UnknownPoll`."""
    poll = Poll.of(poll_id, activity=activity_id)
    if poll is None:
        raise errors.UnknownPoll
    return poll


def locked(activity_id: int, poll_id: int) -> Poll:
    """Return a poll, locked against votes until the transaction ends; raises `UnknownPoll`."""
    poll = Poll.lock(poll_id)
    if poll is None or poll.activity_id != activity_id:
        raise errors.UnknownPoll
    return poll


def lock_all(activity: Activity) -> list[Poll]:
    """Return the polls of an activity; no ballot is taken until the transaction ends."""
    numbers = Poll.select(Poll.id).where(Poll.activity == activity).order_by(Poll.id)
    return [locked(activity.id, poll.id) for poll in list(numbers)]


def change_poll(
    database: Database, activity_id: int, poll_id: int, draft: PollDraft, by: int, now: int
) -> Poll:
    """Replace a draft by another one.

    Raises `UnknownPoll`, `PollNotDraft` or `UnknownPicture`.
    """
    with database.write():
        poll = _draft(activity_id, poll_id)
        before = _audited(poll)
        poll.change(**_facts(draft))
        PollOption.delete().where(PollOption.poll == poll).execute()
        _write_options(poll, draft)
        audit.record(by, "change_poll", f"poll:{poll_id}", now, before=before, after=_audited(poll))
    return poll


def delete_poll(database: Database, activity_id: int, poll_id: int, by: int, now: int) -> None:
    """Delete a draft with its options. Raises `UnknownPoll` or `PollNotDraft`."""
    with database.write():
        poll = _draft(activity_id, poll_id)
        audit.record(by, "delete_poll", f"poll:{poll_id}", now, before=_audited(poll))
        poll.delete_instance()


def correct_wording(
    database: Database, activity_id: int, poll_id: int, wording: PollWording, by: int, now: int
) -> Poll:
    """Correct the words of a poll that has begun, and the pictures and films of options.

    Ballots, numbers and rules stay. The audit records the words before and after. Raises
    `UnknownPoll`, `PollNotOpen` (for a draft: change it instead), `UnknownPicture`, or `Invalid`
    for an option of another poll.
    """
    with database.write():
        poll = _begun(activity_id, poll_id)
        before = _audited(poll)
        poll.change(title=wording.title, description=wording.description)
        require_pictures(
            poll.activity.event_id,
            [entry.picture_id for entry in wording.entries.values() if entry.picture_id],
        )
        for option_id, entry in wording.entries.items():
            _correct_option(poll, option_id, entry)
        after = _audited(poll)
        if after != before:
            audit.record(by, "correct_poll", f"poll:{poll_id}", now, before=before, after=after)
    return poll


def _correct_option(poll: Poll, option_id: int, entry: EntryDraft) -> None:
    corrected = (
        PollOption.update(
            title=entry.title,
            description=entry.description,
            video_url=entry.video_url,
            picture_id=entry.picture_id,
            direct=entry.direct,
        )
        .where(PollOption.id == option_id, PollOption.poll == poll)
        .execute()
    )
    if not corrected:
        unknown = Sentence("投票里没有这个选项。", "The poll has no such option.")
        raise Invalid(fields={"entries": [unknown]})


def _audited(poll: Poll) -> dict[str, Any]:
    """Return the content of a poll for the audit, without the salt of its hall codes."""
    options = PollOption.select().where(PollOption.poll == poll).order_by(PollOption.number)
    names = ("title", "description", "video_url", "picture_id", "direct")
    return {
        **{name: getattr(poll, name) for name in _AUDITED},
        "hall_code": poll.hall_salt is not None,
        "entries": [{name: getattr(option, name) for name in names} for option in options],
    }


def _draft(activity_id: int, poll_id: int) -> Poll:
    poll = locked(activity_id, poll_id)
    if poll.state != DRAFT:
        raise errors.PollNotDraft
    return poll


def open_poll(database: Database, activity_id: int, poll_id: int, by: int, now: int) -> Poll:
    """Open a poll for votes, and put it on the screen. A repeat changes nothing.

    Raises `UnknownPoll`, `PollClosed`, `TooFewOptions` or what `lifecycle.require_playing` raises.
    """
    with database.write():
        poll = locked(activity_id, poll_id)
        if poll.state == OPEN:
            return poll
        if poll.state == CLOSED:
            raise errors.PollClosed
        lifecycle.require_playing(poll.activity.event, now)
        if PollOption.select().where(PollOption.poll == poll).count() < 2:
            raise errors.TooFewOptions
        poll.change(state=OPEN, opened_at=now, staged_at=now)
        audit.record(by, "open_poll", f"poll:{poll_id}", now)
    return poll


def close_poll(
    database: Database, activity_id: int, poll_id: int, by: int | None, now: int
) -> Poll:
    """End the vote and count it. A repeat changes nothing. Raises `UnknownPoll`, `PollNotOpen`."""
    with database.write():
        poll = locked(activity_id, poll_id)
        if poll.state == CLOSED:
            return poll
        if poll.state == DRAFT:
            raise errors.PollNotOpen
        poll.change(state=CLOSED, closed_at=now)
        mixing.mix_all(database, poll)
        tallies.count(poll, final=True)
        audit.record(by, "close_poll", f"poll:{poll_id}", now)
    return poll


def show_results(
    database: Database, activity_id: int, poll_id: int, display: str | None, by: int, now: int
) -> Poll:
    """Let everybody see the results, as bars or as a race, and put the poll on the screen.

    Raises `UnknownPoll` or `PollNotOpen` (a draft has none).
    """
    with database.write():
        poll = _begun(activity_id, poll_id)
        staged = {} if poll.staged_at else {"staged_at": now}
        poll.change(results_shown=True, display=display or poll.display, **staged)
        audit.record(by, "show_poll_results", f"poll:{poll_id}", now)
    return poll


def hide_results(database: Database, activity_id: int, poll_id: int, by: int, now: int) -> Poll:
    """Let nobody but hosts see the results; raises as `show_results` does."""
    with database.write():
        poll = _begun(activity_id, poll_id)
        poll.change(results_shown=False)
        audit.record(by, "hide_poll_results", f"poll:{poll_id}", now)
    return poll


def stage_poll(database: Database, activity_id: int, poll_id: int, by: int, now: int) -> Poll:
    """Put a poll on the screen, before all others; raises as `show_results` does."""
    with database.write():
        poll = _begun(activity_id, poll_id)
        poll.change(staged_at=now)
        audit.record(by, "stage_poll", f"poll:{poll_id}", now)
    return poll


def dismiss_poll(database: Database, activity_id: int, poll_id: int, by: int, now: int) -> Poll:
    """Remove a poll, and the polls that were shown before it, from the screen; voting goes on.

    Raises what `show_results` raises.
    """
    with database.write():
        poll = _begun(activity_id, poll_id)
        Poll.update(staged_at=None).where(Poll.activity == activity_id).execute()
        poll.staged_at = None
        audit.record(by, "dismiss_poll", f"poll:{poll_id}", now)
    return poll


def _begun(activity_id: int, poll_id: int) -> Poll:
    poll = locked(activity_id, poll_id)
    if poll.state == DRAFT:
        raise errors.PollNotOpen
    return poll
