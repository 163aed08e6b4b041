"""What a host does with a rehearsal: count what players left, wipe it, turn it into the real event."""

from dataclasses import dataclass
from typing import Any, Protocol

from backend.db import Database
from backend.errors import LinkaError, Sentence
from backend.events import agenda, lifecycle, service, stand_ins
from backend.events.kinds import Kinds, LeftCount
from backend.events.lifecycle import WrongState
from backend.events.models import Activity, Event, EventTeam, Player, new_salt
from backend.identity import audit


class NotARehearsal(LinkaError):
    """Only a rehearsal's data may be wiped."""

    slug = "not_a_rehearsal"
    status = 409
    zh = "只有彩排活动的数据可以清除。"
    en = "Only a rehearsal's data can be wiped."


class EventFeed(Protocol):
    """The methods of the feed that rehearsals use."""

    def forget(self, event_id: int) -> None:
        """Drop all messages of an event; does not raise if Redis cannot be reached."""


@dataclass(frozen=True)
class Leftovers:
    """What players left in a rehearsal: counts for the whole event, and for each activity."""

    whole: list[LeftCount]
    activities: list[tuple[Activity, list[LeftCount]]]

    def counts(self) -> dict[str, Any]:
        """Return the counts for the audit: those of the whole event, and `<what>` for each
        activity.
        """
        return {left.what: left.count for left in self.whole} | {
            f"activity:{activity.id}": {left.what: left.count for left in found}
            for activity, found in self.activities
        }


@dataclass(frozen=True)
class EveningPlan:
    """When the evening begins and ends, in ms; None means that a host opens and closes it."""

    opens_at: int | None = None
    closes_at: int | None = None


class Rehearsals:
    """The rehearsals of all events, with the collaborators that wiping needs."""

    def __init__(
        self, database: Database, kinds: Kinds, boards: service.EventBoards, feed: EventFeed
    ) -> None:
        self._database = database
        self._kinds = kinds
        self._boards = boards
        self._feed = feed

    def begin(self, event_id: int, now: int, actor_id: int | None) -> Event:
        """Make a draft a rehearsal; prepared things stay. A repeat changes nothing.

        Raises `NotFound`, or `WrongState` for an event that people could already have joined.
        """
        with self._database.write():
            event = self._locked(event_id)
            if event.rehearsal:
                return event
            if lifecycle.state(event, now) != lifecycle.DRAFT or event.players.exists():
                raise WrongState
            event.rehearsal = True
            event.save()
            change = {"before": {"rehearsal": False}, "after": {"rehearsal": True}}
            audit.record(actor_id, "rehearsal_begun", f"event:{event_id}", now, **change)
        self._boards.tell(event_id, "event")
        return event

    def leftovers(self, event: Event) -> Leftovers:
        """Count what `wipe` removes or resets; nothing is written. Raises `NotARehearsal`."""
        if not event.rehearsal:
            raise NotARehearsal
        players = Player.select().where(Player.event == event).count()
        activities = event.activities.order_by(Activity.position, Activity.id)
        return Leftovers(
            [LeftCount("players", Sentence("玩家", "players"), players), *self._boards.left(event)],
            [(activity, self._kinds[activity.kind].left(activity)) for activity in activities],
        )

    def wipe(self, event_id: int, now: int, actor_id: int | None) -> None:
        """Remove players, answers and points of a rehearsal, and end its freeze and its pause.

        Ends that pauses postponed stay postponed. Raises `NotFound` or `NotARehearsal`.
        """
        with self._database.write(takes_time=True):
            event = self._locked(event_id)
            left = self.leftovers(event).counts()
            self._remove(event)
            service.end_pause(event, now)
            event.save()
            audit.record(actor_id, "wipe_rehearsal", f"event:{event_id}", now, before=left)
        self._tell(event_id)

    def set_test_players(self, event_id: int, count: int, now: int, actor_id: int | None) -> int:
        """Set the number of test players of a rehearsal; fewer ones take what they played with
        them.

        A repeat changes nothing. What they won becomes available again only by a wipe. Raises
        `NotFound` or `NotARehearsal`.
        """
        with self._database.write(takes_time=True):
            event = self._locked(event_id)
            if not event.rehearsal:
                raise NotARehearsal
            before = stand_ins.count_of(event_id)
            if count > before:
                stand_ins.add(event_id, before, count, now)
            elif count < before:
                stand_ins.remove(event_id, keep=count)
            if count != before:
                change = {"before": {"count": before}, "after": {"count": count}}
                audit.record(actor_id, "test_players", f"event:{event_id}", now, **change)
        if count < before:
            self._boards.refresh(event_id)
            self._boards.tell(event_id, "event")
        return count

    def turn_into_evening(
        self, event_id: int, now: int, actor_id: int | None, plan: EveningPlan = EveningPlan()
    ) -> Event:
        """Wipe a rehearsal and make it the real event, with everything that was prepared.

        If it was begun, it becomes a draft again; otherwise it keeps its planned opening. It keeps
        its join code, its screens and a planned end in the future. For an event that is no
        rehearsal, as after a repeat, it changes nothing. Raises `NotFound`, `Invalid` (an end
        before the beginning), or `WrongState` for an archived event.
        """
        with self._database.write(takes_time=True):
            event = self._locked(event_id)
            if not event.rehearsal:
                return event
            if event.state == lifecycle.ARCHIVED:
                raise WrongState
            service.require_end_after(plan.opens_at, plan.closes_at, now)
            before = _facts(event, now) | self.leftovers(event).counts()
            self._remove(event)
            stand_ins.remove(event_id)
            _plan_anew(event, plan, now)
            event.rehearsal = False
            event.save()
            change = {"before": before, "after": _facts(event, now)}
            audit.record(actor_id, "rehearsal_to_evening", f"event:{event_id}", now, **change)
        self._tell(event_id)
        return event

    def _locked(self, event_id: int) -> Event:
        """Return the event, locked: an answer in progress is written before this, or refused."""
        activities = Activity.select(Activity.id).where(Activity.event == event_id)
        self._database.claim(-event_id, *(activity.id for activity in list(activities)))
        return service.locked(event_id)

    def _remove(self, event: Event) -> None:
        """Remove what players left, in the caller's transaction. Raises `NotARehearsal`."""
        for activity in event.activities:
            self._kinds[activity.kind].wipe(activity)
            activity.salt = new_salt()
            activity.voided_at, activity.void_reason = None, ""
            activity.save()
        self._boards.wipe(event)
        Player.delete().where(Player.event == event).execute()
        EventTeam.delete().where(EventTeam.event == event).execute()
        agenda.begin_anew(event)
        event.frozen_at = event.reveal_step = None

    def _tell(self, event_id: int) -> None:
        self._boards.refresh(event_id)
        self._feed.forget(event_id)
        self._boards.tell(event_id, "event")


def _plan_anew(event: Event, plan: EveningPlan, now: int) -> None:
    """Reset the times of a rehearsal to those of an event in the future."""
    begun = lifecycle.state(event, now) in (lifecycle.OPEN, lifecycle.CLOSED)
    opens_at = plan.opens_at or (None if begun else event.opens_at)
    closes_at = plan.closes_at or event.closes_at
    service.move_sittings(event, opens_at or event.created_at)
    if begun:
        event.state = lifecycle.DRAFT
    event.opens_at = opens_at
    event.closes_at = closes_at if closes_at and closes_at > max(opens_at or 0, now) else None
    event.closed_at, event.pauses = None, []


def _facts(event: Event, now: int) -> dict[str, Any]:
    return {
        "rehearsal": event.rehearsal,
        "state": lifecycle.state(event, now),
        "opens_at": event.opens_at,
        "closes_at": event.closes_at,
    }
