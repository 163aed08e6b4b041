"""Polls that follow from others: a run-off between those who are tied, a final after heats."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from backend.activities.polls import errors, rules, service, tallies
from backend.activities.polls.drafts import EntryDraft, PollDraft
from backend.activities.polls.models import Poll, PollOption, PollTally
from backend.activities.polls.rules import PollOutcome
from backend.db import Database
from backend.events.models import Activity
from backend.visible import shown


@dataclass(frozen=True)
class FinalPlan:
    """The draft of a final: the best options of each heat, and those with a 直通卡.

    `draft` has the rules of the vote. Its entries did not take part in a heat; the options in
    `direct_option_ids` did, and advance whatever their votes.
    """

    draft: PollDraft
    heats: Sequence[int]
    first: int
    direct_option_ids: Sequence[int] = field(default_factory=tuple)


def make_runoff(
    database: Database, activity: Activity, poll_id: int, by: int, now: int
) -> tuple[Poll, bool]:
    """Open a run-off between the options that are tied for the last winning place; a repeat returns
    the same poll.

    Returns (poll, whether it is new). A ballot names one option; the other rules are those of the
    first vote. Raises `UnknownPoll`, `PollNotClosed`, `NoTie`, `TooFewBallots` or what `lifecycle`
    does.
    """
    with database.write():
        before = service.locked(activity.id, poll_id)
        made = Poll.get_or_none(Poll.runoff_of == before)
        if made is not None:
            return made, False
        outcome = _outcome(before)
        undecided = rules.tied(outcome, before.places)
        if not undecided:
            raise errors.NoTie
        draft = PollDraft(
            title=f"{shown(before.title[:110])} · 加投",
            description=before.description,
            entries=[_entry(option) for option in _options(before) if option.id in undecided],
            places=before.places - len(rules.winners(outcome, before.places)),
            **_kept_of(before),
        )
        poll, _ = service.create_poll(database, activity, draft, by, now)
        Poll.update(runoff_of=before).where(Poll.id == poll.id).execute()
        return service.open_poll(database, activity.id, poll.id, by, now), True


def make_final(
    database: Database, activity: Activity, plan: FinalPlan, by: int, now: int
) -> tuple[Poll, bool]:
    """Make the draft of a final; returns (poll, whether it is new), see `service.create_poll`.

    Options that share the last qualifying place of a heat all advance. Raises `UnknownPoll`,
    `PollNotClosed`, `TooFewBallots`, `UnknownEntry` or `Invalid`.
    """
    with database.write():
        heats = [service.locked(activity.id, heat) for heat in sorted(plan.heats)]
        options = {option.id: option for heat in heats for option in _options(heat)}
        if not set(plan.direct_option_ids) <= options.keys():
            raise errors.UnknownEntry
        through = [option.id for heat in heats for option in qualified(heat, plan.first)]
        direct = [option for option in plan.direct_option_ids if option not in through]
        entries = (
            *(_entry(options[option_id]) for option_id in through),
            *(_entry(options[option_id], direct=True) for option_id in direct),
            *(replace(entry, direct=True) for entry in plan.draft.entries),
        )
        draft = replace(plan.draft, entries=entries)
        return service.create_poll(database, activity, draft, by, now)


def qualified(heat: Poll, first: int) -> list[PollOption]:
    """Return the `first` best options of a heat, with all that share the last place.

    Raises `PollNotClosed` or `TooFewBallots`.
    """
    options = {option.id: option for option in _options(heat)}
    return [options[option_id] for option_id in rules.qualified(_outcome(heat), first)]


def _outcome(poll: Poll) -> PollOutcome:
    if poll.state != service.CLOSED:
        raise errors.PollNotClosed
    found = tallies.outcome_of(PollTally.get_or_none(PollTally.poll == poll))
    if found is None:
        raise errors.TooFewBallots
    return found


def _kept_of(before: Poll) -> dict[str, Any]:
    """Return the rules that a run-off takes from its poll."""
    return {
        "anonymous": before.anonymous,
        "guests_allowed": before.guests_allowed,
        "changes_allowed": before.changes_allowed,
        "entry_order": before.entry_order,
        "hall_code": before.hall_salt is not None,
    }


def _options(poll: Poll) -> list[PollOption]:
    return list(PollOption.select().where(PollOption.poll == poll).order_by(PollOption.number))


def _entry(option: PollOption, *, direct: bool = False) -> EntryDraft:
    return EntryDraft(
        title=option.title,
        description=option.description,
        video_url=option.video_url,
        picture_id=option.picture_id,
        direct=direct or option.direct,
        source_id=option.id,
    )
