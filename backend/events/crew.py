"""The crew of an evening (林卡小队): who has which duty, and tasks that are ticked off."""

from dataclasses import dataclass

import peewee

from backend.db import Database
from backend.errors import NotFound
from backend.events.lifecycle import ARCHIVED
from backend.events.models import CrewMember, CrewTask, Event
from backend.identity import audit
from backend.identity.grants import active_staff
from backend.identity.models import Staff, Team
from backend.identity.principal import Principal


@dataclass(frozen=True)
class TaskDraft:
    """The fields of a task that a host sets; `owner` is a staff number, None while nobody is named."""

    title: str
    duty: str
    minutes: int
    owner: str | None = None


def add_member(
    database: Database, event_id: int, staff_number: str, duty: str, by: int, now: int
) -> CrewMember:
    """Give a member of staff a duty; repeated, it changes nothing. Raises `UnknownStaff`."""
    with database.write():
        staff = active_staff(staff_number)
        facts = {"event": event_id, "staff": staff.id, "duty": duty}
        if CrewMember.insert_new(**facts) is not None:
            audit.record(by, "crew_joined", f"staff:{staff.number}", now, event=event_id, duty=duty)
        return CrewMember.get(
            CrewMember.event == event_id, CrewMember.staff == staff, CrewMember.duty == duty
        )


def remove_member(database: Database, event_id: int, member_id: int, by: int, now: int) -> None:
    """Remove a member of staff from a duty; their tasks stay theirs. Raises `NotFound`."""
    with database.write():
        member = CrewMember.of(member_id, event=event_id)
        if member is None:
            raise NotFound
        member.delete_instance()
        subject = f"staff:{member.staff.number}"
        audit.record(by, "crew_left", subject, now, event=event_id, duty=member.duty)


def add_task(database: Database, event_id: int, draft: TaskDraft, by: int, now: int) -> CrewTask:
    """Make a task; raises `UnknownStaff`."""
    with database.write():
        task = CrewTask.create(event=event_id, **_facts(draft))
        audit.record(by, "crew_task_added", f"crew_task:{task.id}", now, after=_shown(task))
    return task


def change_task(
    database: Database, event_id: int, task_id: int, draft: TaskDraft, by: int, now: int
) -> CrewTask:
    """Replace the fields of a task; whether it is done stays. Raises `NotFound` or `UnknownStaff`."""
    with database.write():
        task = _locked(event_id, task_id)
        before = _shown(task)
        task.change(**_facts(draft))
        change = {"before": before, "after": _shown(task)}
        audit.record(by, "crew_task_changed", f"crew_task:{task_id}", now, **change)
    return task


def remove_task(database: Database, event_id: int, task_id: int, by: int, now: int) -> None:
    """Remove a task; raises `NotFound`."""
    with database.write():
        task = _locked(event_id, task_id)
        audit.record(by, "crew_task_removed", f"crew_task:{task_id}", now, before=_shown(task))
        task.delete_instance()


def tick(
    database: Database, event_id: int, task_id: int, done: bool, who: Principal, now: int
) -> CrewTask:
    """Mark a task as done or as open; a repeat changes nothing. Its owner and hosts may do it.

    Raises `Forbidden` for everybody else, whether or not there is such a task, and `NotFound` for
    hosts.
    """
    with database.write():
        task = _to_tick(event_id, task_id, who)
        if (task.done_at is not None) != done:
            task.change(done_at=now if done else None, done_by=who.account_id if done else None)
            action = "crew_task_done" if done else "crew_task_reopened"
            change = {"before": {"done": not done}, "after": {"done": done}}
            audit.record(who.account_id, action, f"crew_task:{task_id}", now, **change)
    return task


def _to_tick(event_id: int, task_id: int, who: Principal) -> CrewTask:
    task = CrewTask.lock(task_id)
    if task is None or task.event_id != event_id:
        who.require("host", event_id)
        raise NotFound
    if who.person is None or task.owner_id != who.person.staff_id:
        who.require("host", event_id)
    return task


def _tasks() -> peewee.ModelSelect:
    """Return the query for tasks with their event and owner."""
    query = CrewTask.select(CrewTask, Event, Staff, Team).join(Event).switch(CrewTask)
    return query.left_outer_join(Staff).left_outer_join(Team)


def tasks_of(event_id: int) -> list[CrewTask]:
    """Return the tasks of an event, by the time when they are due."""
    found = _tasks().where(CrewTask.event == event_id)
    return list(found.order_by(CrewTask.minutes, CrewTask.id))


def members_of(event_id: int) -> list[CrewMember]:
    """Return the crew of an event by duty."""
    query = CrewMember.select(CrewMember, Staff, Team).join(Staff).join(Team)
    found = query.where(CrewMember.event == event_id)
    return list(found.order_by(CrewMember.duty, CrewMember.id))


def own_tasks(staff_id: int) -> list[CrewTask]:
    """Return the tasks of a person in events that are not archived, the next event first."""
    found = _tasks().where(CrewTask.owner == staff_id, Event.state != ARCHIVED)
    return list(found.order_by(Event.id.desc(), CrewTask.minutes, CrewTask.id))


def due_at(task: CrewTask) -> int | None:
    """Return when a task is due; None while the event has no opening."""
    opens_at: int | None = task.event.opens_at
    return None if opens_at is None else opens_at + task.minutes * 60_000


def _locked(event_id: int, task_id: int) -> CrewTask:
    task = CrewTask.lock(task_id)
    if task is None or task.event_id != event_id:
        raise NotFound
    return task


def _facts(draft: TaskDraft) -> dict[str, object]:
    owner = None if draft.owner is None else active_staff(draft.owner).id
    return {
        "title": draft.title,
        "duty": draft.duty,
        "minutes": draft.minutes,
        "owner": owner,
    }


def _shown(task: CrewTask) -> dict[str, object]:
    owner = task.owner
    return {
        "title": task.title,
        "duty": task.duty,
        "minutes": task.minutes,
        "owner": owner and owner.number,
    }
