"""Builds what is shown of events and players, by view."""

from collections.abc import Mapping
from typing import Any

from backend.events import crew, lifecycle, participation, visibility
from backend.events.kinds import LeftCount
from backend.events.models import Activity, CrewMember, CrewTask, Event, Player, Sitting
from backend.events.player_counts import count_players
from backend.events.rehearsals import Leftovers
from backend.events.templates import DUTIES
from backend.events.visibility import View
from backend.identity.models import Staff
from backend.identity.principal import Person


def shown_event(
    event: Event, view: View, now: int, counts: Mapping[int, int] | None = None
) -> dict[str, Any]:
    """Return an event for `EventBody`; see `shown_events`."""
    return shown_events([event], view, now, counts)[0]


def shown_events(
    events: list[Event], view: View, now: int, counts: Mapping[int, int] | None = None
) -> list[dict[str, Any]]:
    """Return events for `EventBody`, with four queries for any number of them.

    `counts` are the numbers of their players; without them all players are counted.
    """
    ids = [event.id for event in events]
    if counts is None:
        counts = count_players(ids)
    activities: dict[int, list[Activity]] = {event_id: [] for event_id in ids}
    # SQL has no empty list; no event has the id 0.
    marks = ", ".join("?" * len(ids)) or "0"
    for activity in Activity.find(f"event_id IN ({marks}) ORDER BY position, id", *ids):
        activities[activity.event_id].append(activity)
    sittings: dict[int, list[Sitting]] = {}
    of_events = f"activity_id IN (SELECT a.id FROM activity a WHERE a.event_id IN ({marks}))"  # nosec B608
    for sitting in Sitting.find(f"{of_events} ORDER BY starts_at", *ids):
        sittings.setdefault(sitting.activity_id, []).append(sitting)
    return [
        _shown(event, counts.get(event.id, 0), activities[event.id], sittings, view, now)
        for event in events
    ]


def _shown(
    event: Event,
    player_count: int,
    activities: list[Activity],
    sittings: dict[int, list[Sitting]],
    view: View,
    now: int,
) -> dict[str, Any]:
    shown = {
        **headline(event, now),
        "description": event.description,
        "opens_at": event.opens_at,
        "player_count": player_count,
        "activities": [
            {
                "id": activity.id,
                "kind": activity.kind,
                "title": activity.title,
                "sittings": [
                    shown_sitting(sitting, event, now) for sitting in sittings.get(activity.id, [])
                ],
                "voided": activity.voided_at is not None,
            }
            for activity in activities
        ],
    }
    if visibility.sees_all(view):
        shown["version"] = event.version
        shown["screen_path"] = f"/screen/{event.id}?key={event.screen_key}"
    return shown


def headline(event: Event, now: int) -> dict[str, Any]:
    """Return what phones and screens show of an event at any moment."""
    left = lifecycle.ms_to_close(event, now)
    return {
        "id": event.id,
        "title": event.title,
        "state": lifecycle.state(event, now),
        "paused": lifecycle.is_paused(event),
        "frozen": event.frozen_at is not None,
        "rehearsal": event.rehearsal,
        "join_code": event.join_code,
        "closes_at": event.closes_at,
        "seconds_to_close": None if left is None else -(-left // 1000),
        "reveal": event.reveal_step
        and {"step": event.reveal_step, "of": event.settings.get("reveal_top", 10) + 1},
    }


def shown_sitting(sitting: Sitting, event: Event, now: int) -> dict[str, Any]:
    """Return a sitting for `SittingBody`, with its end as postponed by pauses."""
    length = sitting.ends_at - sitting.starts_at
    return {
        "title": sitting.title,
        "shifts": sitting.shifts,
        "starts_at": sitting.starts_at,
        "ends_at": lifecycle.moment_of(event.pauses, sitting.starts_at, length, now),
        "state": lifecycle.sitting_state(sitting.starts_at, sitting.ends_at, event.pauses, now),
    }


def shown_crew(event_id: int, now: int) -> dict[str, Any]:
    """Return the crew of an event for `CrewBody`."""
    return {
        "duties": list(DUTIES),
        "members": [shown_crew_member(member) for member in crew.members_of(event_id)],
        "tasks": [shown_crew_task(task, now) for task in crew.tasks_of(event_id)],
    }


def shown_crew_member(member: CrewMember) -> dict[str, Any]:
    """Return a member of the crew for `CrewMemberBody`."""
    return {"id": member.id, "duty": member.duty, **_shown_owner(member.staff)}


def shown_crew_task(task: CrewTask, now: int) -> dict[str, Any]:
    """Return a task for `CrewTaskBody`."""
    due_at = crew.due_at(task)
    late = due_at is not None and due_at < now
    return {
        "id": task.id,
        "title": task.title,
        "duty": task.duty,
        "minutes": task.minutes,
        "owner": task.owner and _shown_owner(task.owner),
        "due_at": due_at,
        "done_at": task.done_at,
        "state": "done" if task.done_at is not None else "late" if late else "open",
    }


def shown_own_task(task: CrewTask, now: int) -> dict[str, Any]:
    """Return a task for `OwnCrewTaskBody`."""
    event = task.event
    about = {"id": event.id, "title": event.title, "rehearsal": event.rehearsal}
    return {**shown_crew_task(task, now), "event": about}


def _shown_owner(staff: Staff) -> dict[str, Any]:
    return {"staff_number": staff.number, "name": staff.name, "team": staff.team.name}


def shown_participation(person: Person, now: int) -> dict[str, Any]:
    """Return the participation of a person's team for `ParticipationBody`."""
    return {
        "team": person.team_name,
        "headcount": len(participation.members(person.team_id)),
        "events": [
            {
                "event_id": found.event.id,
                "title": found.event.title,
                "state": lifecycle.state(found.event, now),
                "opened_at": found.event.opens_at,
                "came": found.came,
                "absent": [
                    {"staff_number": staff.number, "name": staff.name, "shift": staff.shift}
                    for staff in found.absent
                ],
            }
            for found in participation.of_team(person.team_id, now)
        ],
    }


def shown_leftovers(found: Leftovers, language: str) -> dict[str, Any]:
    """Return what a wipe would remove for `LeftoversBody`, in `zh` or `en`."""
    return {
        "counts": [_shown_left(left, language) for left in found.whole],
        "activities": [
            {
                "id": activity.id,
                "kind": activity.kind,
                "title": activity.title,
                "counts": [_shown_left(left, language) for left in counts],
            }
            for activity, counts in found.activities
        ],
    }


def _shown_left(left: LeftCount, language: str) -> dict[str, Any]:
    return {"what": left.what, "title": left.title.said(language), "count": left.count}


def shown_player(player: Player, view: View) -> dict[str, Any]:
    """Return a player for `PlayerBody`."""
    shown = {
        "id": player.id,
        "name": player.name,
        "team": player.team_id and {"id": player.team_id, "name": player.team_name},
        "shift": player.shift,
        "status": player.status,
        "joined_at": player.joined_at,
    }
    if visibility.shows_staff_number(view):
        shown["staff_number"] = player.staff_number
    return shown
