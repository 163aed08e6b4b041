"""The agenda of an evening: its steps in order, with planned minutes and notes for the speaker.

The current step is the first one that is not done. An agenda has a version: when two hosts change
it at the same time, the second one is refused and reads the newer agenda.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import peewee

from backend.db import Database
from backend.errors import Invalid, LinkaError, NotFound, Sentence
from backend.events.models import Activity, AgendaStep, Event
from backend.identity import audit

MOST_STEPS = 60
MOST_MINUTES = 24 * 60

_UNKNOWN_STEP = Sentence("流程里没有这一项。", "The agenda has no such step.")
_UNKNOWN_ACTIVITY = Sentence("这个活动没有这个环节。", "The event has no such activity.")
_NO_TITLE = Sentence("请写上这一项的名称。", "A step without an activity needs a title.")


class AgendaChanged(LinkaError):
    """Somebody else has changed the agenda since it was read."""

    slug = "agenda_changed"
    status = 409
    zh = "流程刚被别人改过。请对照最新的流程再存一次。"
    en = "Somebody else has just changed the agenda. Compare with the newest one and save again."


@dataclass(frozen=True)
class PlannedStep:
    """A step to be made; `activity` is the index of its activity in the event, None without one.

    An empty title means that of the activity.
    """

    title: str = ""
    activity: int | None = None
    minutes: int | None = None
    notes: str = ""


def steps_of(event_id: int) -> list[AgendaStep]:
    """Return the steps of an agenda in order, with their activities."""
    return list(
        AgendaStep.select(AgendaStep, Activity)
        .join(Activity, peewee.JOIN.LEFT_OUTER)
        .where(AgendaStep.event == event_id)
        .order_by(AgendaStep.position, AgendaStep.id)
    )


def title_of(step: AgendaStep) -> str:
    """Return the title of a step, which may be that of its activity."""
    title: str = step.title or (step.activity.title if step.activity else "")
    return title


def current_of(steps: Sequence[AgendaStep]) -> AgendaStep | None:
    """Return the current step: the first one that is not done."""
    return next((step for step in steps if step.done_at is None), None)


def shown_agenda(event: Event) -> dict[str, Any]:
    """Return the agenda for `AgendaBody`."""
    steps = steps_of(event.id)
    current = current_of(steps)
    return {
        "version": event.agenda_version,
        "current_id": current and current.id,
        "steps": [
            {**_facts(step), "id": step.id, "title": title_of(step), "done_at": step.done_at}
            for step in steps
        ],
    }


def plan(event: Event, steps: Sequence[PlannedStep] | None, activities: Sequence[Activity]) -> None:
    """Write the agenda of a new event, in the caller's transaction.

    With None it has a step for each activity.
    """
    if steps is None:
        steps = [PlannedStep(activity=place) for place in range(len(activities))]
    for position, step in enumerate(steps):
        AgendaStep.create(
            event=event,
            position=position,
            title=step.title,
            activity=None if step.activity is None else activities[step.activity],
            minutes=step.minutes,
            notes=step.notes,
        )


def planned(event: Event, activities: Sequence[Activity]) -> list[PlannedStep]:
    """Return the agenda of an event for a copy: no step is done."""
    places = {activity.id: place for place, activity in enumerate(activities)}
    return [
        PlannedStep(step.title, places.get(step.activity_id), step.minutes, step.notes)
        for step in steps_of(event.id)
    ]


def append(activity: Activity) -> None:
    """Append a step for a new activity, in the caller's transaction."""
    last = AgendaStep.select(peewee.fn.MAX(AgendaStep.position)).where(
        AgendaStep.event == activity.event_id
    )
    position = last.scalar()
    AgendaStep.create(
        event=activity.event_id,
        position=0 if position is None else position + 1,
        activity=activity,
    )
    Event.update(agenda_version=Event.agenda_version + 1).where(
        Event.id == activity.event_id
    ).execute()


def begin_anew(event: Event) -> None:
    """Mark all steps as not done, in the caller's transaction."""
    AgendaStep.update(done_at=None).where(AgendaStep.event == event).execute()


def replace(
    database: Database,
    event_id: int,
    version: int,
    wanted: Sequence[Mapping[str, Any]],
    now: int,
    actor_id: int,
) -> Event:
    """Replace the steps of an agenda; a step with an `id` keeps its row and whether it is done.

    A repeat changes nothing. Raises `NotFound`, `AgendaChanged` or `Invalid`.
    """
    with database.write():
        event = _locked(event_id)
        steps = steps_of(event_id)
        before, after = [_facts(step) for step in steps], [_wanted(step) for step in wanted]
        if before == after:
            return event
        if event.agenda_version != version:
            raise AgendaChanged
        _require_valid(event, steps, wanted)
        known = {step.id: step for step in steps}
        for position, (step, facts) in enumerate(zip(wanted, after, strict=True)):
            if step.get("id") is None:
                AgendaStep.create(event=event, position=position, **_columns(facts))
            else:
                known.pop(step["id"]).change(position=position, **_columns(facts))
        AgendaStep.delete().where(AgendaStep.id.in_(list(known))).execute()
        event.change(agenda_version=version + 1)
        subject = f"event:{event_id}"
        audit.record(actor_id, "change_agenda", subject, now, before=before, after=after)
    return event


def tick(
    database: Database, event_id: int, step_id: int, *, done: bool, now: int, actor_id: int
) -> Event:
    """Mark a step as done or as not done; a repeat changes nothing. Raises `NotFound`."""
    with database.write():
        event = _locked(event_id)
        step = AgendaStep.get_or_none(AgendaStep.id == step_id, AgendaStep.event == event)
        if step is None:
            raise NotFound
        if (step.done_at is not None) != done:
            before = {"title": title_of(step), "done": not done}
            step.change(done_at=now if done else None)
            after = {**before, "done": done}
            subject = f"event:{event_id}"
            audit.record(actor_id, "tick_agenda", subject, now, before=before, after=after)
    return event


def _locked(event_id: int) -> Event:
    event = Event.lock(event_id)
    if event is None:
        raise NotFound
    return event


def _facts(step: AgendaStep) -> dict[str, Any]:
    return {
        "title": step.title,
        "activity_id": step.activity_id,
        "minutes": step.minutes,
        "notes": step.notes,
    }


def _wanted(step: Mapping[str, Any]) -> dict[str, Any]:
    return {name: step[name] for name in ("title", "activity_id", "minutes", "notes")}


def _columns(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts of a step by the names of its columns."""
    return {
        **{name: facts[name] for name in ("title", "minutes", "notes")},
        "activity": facts["activity_id"],
    }


def _require_valid(
    event: Event, steps: Sequence[AgendaStep], wanted: Sequence[Mapping[str, Any]]
) -> None:
    """Raise `Invalid` for a step or an activity that is not the event's, and for a step without a
    title.
    """
    known = {step.id for step in steps}
    rows = Activity.select(Activity.id).where(Activity.event == event).tuples()
    activities = {activity_id for (activity_id,) in rows}
    wrong: dict[str, list[Sentence]] = {}
    for place, step in enumerate(wanted):
        if step.get("id") is not None and step["id"] not in known:
            wrong[f"steps.{place}.id"] = [_UNKNOWN_STEP]
        known.discard(step.get("id") or 0)
        if step["activity_id"] is None and not step["title"]:
            wrong[f"steps.{place}.title"] = [_NO_TITLE]
        if step["activity_id"] is not None and step["activity_id"] not in activities:
            wrong[f"steps.{place}.activity_id"] = [_UNKNOWN_ACTIVITY]
    if wrong:
        raise Invalid(fields=wrong)
