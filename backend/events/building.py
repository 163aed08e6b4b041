"""What hosts change in an event that exists: its title, code and dates, and its activities.

Each change names the version of the event that the host saw, so that two hosts do not overwrite
each other's changes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import peewee

from backend.db import Database
from backend.errors import Invalid, LinkaError, NotFound, Sentence
from backend.events import agenda, lifecycle, service
from backend.events.kinds import Kinds
from backend.events.lifecycle import WrongState
from backend.events.making import (
    JoinCodeTaken,
    activity_of,
    add_activity,
    add_sittings,
    checked_settings,
    free_code,
    require_join_code,
    sittings_of,
)
from backend.events.models import Activity, Event, Sitting
from backend.events.service import EventBoards
from backend.identity import audit

MOST_ACTIVITIES = 20
_NOT_BEGUN = (lifecycle.DRAFT, lifecycle.SCHEDULED)
_NO_BEGINNING = Sentence(
    "预约活动需要先设定开始时间。", "An event without a beginning cannot be scheduled."
)
_BEGUN = Sentence("活动已经开始，开始时间不能再改。", "The event has begun.")
_OTHER_IDS = Sentence(
    "须恰好列出这个活动的全部环节。", "Name each activity of the event exactly once."
)


class ChangedMeanwhile(LinkaError):
    """Another host has changed the event since the version that this change is based on."""

    slug = "changed_meanwhile"
    status = 409
    zh = "别的主持人刚刚改过这个活动。请先看最新的内容，再改一次。"
    en = "Another host has just changed this event. Look at it as it is now, then change it again."


class ActivityPlayed(LinkaError):
    """Somebody has played the activity, so its settings and sittings stay as they are."""

    slug = "activity_played"
    status = 409
    zh = "“{title}”已经开始玩了，设置和场次不能再改，也不能移除。"
    en = "“{title}” has been played: its settings and sittings stay as they are, and it stays."


class TooManyActivities(LinkaError):
    """The event has as many activities as an event may have."""

    slug = "too_many_activities"
    status = 409
    zh = "一个活动最多 {most} 个环节。"
    en = "An event has {most} activities at most."


@dataclass(frozen=True)
class Edit:
    """Who changes an event, when, and the version that they saw."""

    version: int
    actor_id: int | None
    now: int


@dataclass(frozen=True)
class EventBuilder:
    """Changes events.

    Besides the exceptions that it names, each method raises `NotFound`, `ChangedMeanwhile`, and
    `WrongState` for an archived event.
    """

    database: Database
    kinds: Kinds
    boards: EventBoards

    def change_event(self, event_id: int, facts: Mapping[str, Any], edit: Edit) -> Event:
        """Change the named fields of an event.

        These are title, description, join code, opening, end, team formula, and how many places the
        ceremony reveals. Sittings keep their distance from the opening. Raises `Invalid` or
        `JoinCodeTaken`, and `WrongState` if the formula or the ceremony changes while the board is
        frozen.
        """
        try:
            with self.database.write():
                event = self._locked(event_id, edit)
                before = _facts(event)
                changed = {name: value for name, value in facts.items() if before[name] != value}
                if "join_code" in changed:
                    require_join_code(changed["join_code"])
                    free_code(changed["join_code"], edit.actor_id, edit.now)
                self._apply(event, changed, edit.now)
                self._record(edit, "change_event", f"event:{event_id}", before, changed)
        except peewee.IntegrityError:
            raise JoinCodeTaken from None
        if "team_formula" in changed:
            self.boards.refresh(event_id)
        self.boards.tell(event_id, "event")
        return event

    def _apply(self, event: Event, changed: Mapping[str, Any], now: int) -> None:
        state = lifecycle.state(event, now)
        columns = dict(changed)
        if "opens_at" in columns:
            _require_opening(state, columns["opens_at"])
            _move_sittings(event, columns["opens_at"])
        if "closes_at" in columns or "opens_at" in columns:
            if state == lifecycle.CLOSED:
                raise WrongState
            opens_at = columns.get("opens_at", event.opens_at)
            closes_at = columns.get("closes_at", event.closes_at)
            paused = lifecycle.paused_ms(event.pauses, opens_at or 0, now)
            service.require_end_after(opens_at, closes_at, now - paused)
        settings = {
            name: columns.pop(name) for name in ("team_formula", "reveal_top") if name in columns
        }
        if settings:
            if event.frozen_at is not None:
                raise WrongState
            columns["settings"] = {**event.settings, **settings}
        event.change(version=event.version + 1, **columns)

    def add(self, event_id: int, facts: Mapping[str, Any], edit: Edit) -> Event:
        """Add an activity after the others; raises `Invalid` or `TooManyActivities`."""
        activity = activity_of(self.kinds, facts)
        with self.database.write():
            event = self._locked(event_id, edit)
            others = self._activities(event)
            if len(others) >= MOST_ACTIVITIES:
                raise TooManyActivities(most=MOST_ACTIVITIES)
            position = max((other.position for other in others), default=-1) + 1
            made = add_activity(self.kinds, event, activity, position)
            agenda.append(made)
            event.change(version=event.version + 1)
            added = {"kind": made.kind, "title": made.title, "settings": made.settings}
            self._record(edit, "add_activity", f"activity:{made.id}", {}, added)
        self.boards.refresh(event_id)
        self.boards.tell(event_id, "event")
        return event

    def change(
        self, event_id: int, activity_id: int, facts: Mapping[str, Any], edit: Edit
    ) -> Event:
        """Change the named fields of an activity: title, settings, sittings.

        Raises `Invalid`, and `ActivityPlayed` if settings or sittings differ and somebody has
        played the activity.
        """
        with self.database.write():
            event = self._locked(event_id, edit, activity_id)
            activity = self._activity(event, activity_id)
            before = self._activity_facts(activity)
            wanted = dict(facts)
            if "settings" in wanted:
                wanted["settings"] = checked_settings(self.kinds, activity.kind, wanted["settings"])
            if "sittings" in wanted:
                sittings_of(wanted["sittings"])
            changed = {name: value for name, value in wanted.items() if before[name] != value}
            if changed.keys() & {"settings", "sittings"}:
                self._require_unplayed(activity)
            if "title" in changed:
                activity.change(title=changed["title"])
            if "settings" in changed:
                activity.change(settings=changed["settings"])
                self.kinds[activity.kind].renew(activity)
            if "sittings" in changed:
                Sitting.delete().where(Sitting.activity == activity).execute()
                add_sittings(activity, sittings_of(changed["sittings"]))
            event.change(version=event.version + 1)
            self._record(edit, "change_activity", f"activity:{activity_id}", before, changed)
        self.boards.tell(event_id, "event")
        return event

    def remove(self, event_id: int, activity_id: int, edit: Edit) -> Event:
        """Remove an activity with its prepared rows; raises `ActivityPlayed`."""
        with self.database.write():
            event = self._locked(event_id, edit, activity_id)
            activity = self._activity(event, activity_id)
            self._require_unplayed(activity)
            before = self._activity_facts(activity)
            activity.delete_instance()
            event.change(version=event.version + 1)
            removed = {"kind": activity.kind, **before}
            audit.record(
                edit.actor_id,
                "remove_activity",
                f"activity:{activity_id}",
                edit.now,
                before=removed,
                after={},
            )
        self.boards.refresh(event_id)
        self.boards.tell(event_id, "event")
        return event

    def order(self, event_id: int, activity_ids: Sequence[int], edit: Edit) -> Event:
        """Set the order of the activities; raises `Invalid` unless each is named exactly once."""
        with self.database.write():
            event = self._locked(event_id, edit)
            known = {activity.id: activity for activity in self._activities(event)}
            if sorted(activity_ids) != sorted(known):
                raise Invalid(fields={"activities": [_OTHER_IDS]})
            for position, activity_id in enumerate(activity_ids):
                known[activity_id].change(position=position)
            event.change(version=event.version + 1)
            self._record(
                edit,
                "order_activities",
                f"event:{event_id}",
                {"activities": list(known)},
                {"activities": list(activity_ids)},
            )
        self.boards.tell(event_id, "event")
        return event

    def _locked(self, event_id: int, edit: Edit, *activity_ids: int) -> Event:
        """Return an event, locked; nobody plays the activities until the transaction ends.

        Answers take these locks in the same order: an activity's, then the event's.
        """
        self.database.claim(*activity_ids)
        event = service.locked(event_id)
        if event.version != edit.version:
            raise ChangedMeanwhile
        if event.state == lifecycle.ARCHIVED:
            raise WrongState
        return event

    def _activities(self, event: Event) -> list[Activity]:
        return list(
            Activity.select()
            .where(Activity.event == event)
            .order_by(Activity.position, Activity.id)
        )

    def _activity(self, event: Event, activity_id: int) -> Activity:
        activity = Activity.of(activity_id, event=event)
        if activity is None:
            raise NotFound
        return activity

    def _require_unplayed(self, activity: Activity) -> None:
        if self.kinds[activity.kind].played(activity):
            raise ActivityPlayed(title=activity.title)

    def _activity_facts(self, activity: Activity) -> dict[str, Any]:
        return {
            "title": activity.title,
            "settings": self.kinds[activity.kind].settings_of(activity),
            "sittings": sittings_facts(activity),
        }

    def _record(
        self,
        edit: Edit,
        action: str,
        subject: str,
        before: Mapping[str, Any],
        after: Mapping[str, Any],
    ) -> None:
        """Write a change to the audit; of the old values it records only those that changed."""
        audit.record(
            edit.actor_id,
            action,
            subject,
            edit.now,
            before={name: value for name, value in before.items() if name in after},
            after=dict(after),
        )


def sittings_facts(activity: Activity) -> list[dict[str, Any]]:
    """Return the sittings of an activity as hosts send them, without the delays by pauses."""
    sittings = activity.sittings.order_by(Sitting.starts_at, Sitting.id)
    return [
        {
            "title": sitting.title,
            "shifts": sitting.shifts,
            "starts_at": sitting.starts_at,
            "ends_at": sitting.ends_at,
        }
        for sitting in sittings
    ]


def _facts(event: Event) -> dict[str, Any]:
    names = ("title", "description", "join_code", "opens_at", "closes_at")
    return {
        **{name: getattr(event, name) for name in names},
        **{name: event.settings.get(name) for name in ("team_formula", "reveal_top")},
    }


def _require_opening(state: str, opens_at: int | None) -> None:
    if state not in _NOT_BEGUN:
        raise Invalid(fields={"opens_at": [_BEGUN]})
    if state == lifecycle.SCHEDULED and opens_at is None:
        raise Invalid(fields={"opens_at": [_NO_BEGINNING]})


def _move_sittings(event: Event, opens_at: int | None) -> None:
    """Move the sittings so that they keep their distance from the opening."""
    if opens_at is not None:
        service.move_sittings(event, opens_at)
