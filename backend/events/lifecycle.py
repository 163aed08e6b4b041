"""An event's state as a function of stored facts and the present moment: no timer has to fire.

draft → scheduled → open → closed → archived. A pause freezes every countdown: the time of an event
is the clock's time less the pauses.
"""

from collections.abc import Sequence
from typing import Protocol

from backend.errors import LinkaError

DRAFT, SCHEDULED, OPEN, CLOSED, ARCHIVED = "draft", "scheduled", "open", "closed", "archived"

# What each state is called in Chinese, on every page and in every list.
STATE_WORDS = {
    DRAFT: "准备中",
    SCHEDULED: "已预约",
    OPEN: "进行中",
    CLOSED: "已结束",
    ARCHIVED: "已归档",
}

Pauses = Sequence[Sequence[int | None]]


class EventFacts(Protocol):
    """What is stored about an event that its state follows from."""

    @property
    def state(self) -> str:
        """The last state that somebody set."""

    @property
    def opens_at(self) -> int | None:
        """When it opens by itself, or was opened."""

    @property
    def closes_at(self) -> int | None:
        """When it closes by itself; pauses postpone it."""

    @property
    def pauses(self) -> Pauses:
        """All pauses as `[from, to]`, `to` null while paused."""


class VoidableActivity(Protocol):
    """The stored facts that tell whether an activity can be played."""

    @property
    def voided_at(self) -> int | None:
        """When a host voided it."""


class WrongState(LinkaError):
    """The event's state does not allow this action."""

    slug = "wrong_state"
    status = 409
    zh = "活动当前状态不能进行此操作。"
    en = "The event's present state does not allow this."


class EventNotOpen(LinkaError):
    """The event has not begun, or is a draft, which cannot be joined either."""

    slug = "event_not_open"
    status = 409
    zh = "活动尚未开放，请等待主持人开始。"
    en = "The event is not open."


class EventClosed(LinkaError):
    """The event is over; nothing counts any more."""

    slug = "event_closed"
    status = 409
    zh = "活动已结束，不再计分。"
    en = "The event is closed; nothing counts any more."


class EventPaused(LinkaError):
    """The host paused the event; all countdowns stand still."""

    slug = "event_paused"
    status = 409
    zh = "活动暂停中，计时已停止，请稍候。"
    en = "The event is paused; all countdowns stand still."


class ActivityVoided(LinkaError):
    """A host has voided the activity; for players and their phones it does not exist any more."""

    slug = "activity_voided"
    status = 404
    zh = "主持人作废了这个环节，它不再进行，分数都不算。"
    en = "A host voided this activity; it earns nothing any more."


def state(event: EventFacts, now: int) -> str:
    """Return the state that holds now."""
    current = event.state
    if current == SCHEDULED and event.opens_at is not None and now >= event.opens_at:
        current = OPEN
    if current == OPEN and _past_end(event, now):
        current = CLOSED
    return current


def is_paused(event: EventFacts) -> bool:
    """Say whether the host paused the event."""
    return bool(event.pauses) and event.pauses[-1][1] is None


def paused_ms(pauses: Pauses, since: int, now: int) -> int:
    """Return how much of the time from `since` to `now` was paused, in milliseconds."""
    total = 0
    for start, end in pauses:
        total += max(0, min(now, now if end is None else end) - max(since, start or 0))
    return total


def played_ms(pauses: Pauses, since: int, now: int) -> int:
    """Return how much of the time from `since` to `now` was not paused, in milliseconds."""
    return max(0, now - since - paused_ms(pauses, since, now))


def moment_of(pauses: Pauses, since: int, milliseconds: int, now: int) -> int:
    """Return the moment at which so much of the time from `since` on is played, if no further pause
    comes.

    It is the inverse of `played_ms`. During a pause it moves with `now`.
    """
    moment = since + milliseconds
    for start, end in pauses:
        until = now if end is None else end
        if start is not None and start < moment and until > since:
            moment += until - max(start, since)
    return moment


def end_of(
    pauses: Pauses, since: int, milliseconds: int, now: int, ended_at: int | None = None
) -> int:
    """Return when a time that began at `since` ends or ended; pauses postpone it.

    `ended_at` is when a host ended it, if one did; the result is no later than that.
    """
    end = moment_of(pauses, since, milliseconds, now)
    return end if ended_at is None else min(end, ended_at)


def ms_to_close(event: EventFacts, now: int) -> int | None:
    """Return the milliseconds left until the planned end, which pauses postpone; None without one."""
    if event.closes_at is None:
        return None
    began = event.opens_at or 0
    return max(0, event.closes_at + paused_ms(event.pauses, began, now) - now)


def _past_end(event: EventFacts, now: int) -> bool:
    return not is_paused(event) and ms_to_close(event, now) == 0


def require_playing(event: EventFacts, now: int) -> None:
    """Raise unless players may act: `EventNotOpen`, `EventClosed` or `EventPaused`."""
    current = state(event, now)
    if current in (CLOSED, ARCHIVED):
        raise EventClosed
    if current != OPEN:
        raise EventNotOpen
    if is_paused(event):
        raise EventPaused


def require_valid(activity: VoidableActivity) -> None:
    """Raise `ActivityVoided` if a host voided the activity."""
    if activity.voided_at is not None:
        raise ActivityVoided


def require_joinable(event: EventFacts, now: int) -> None:
    """Raise unless the event can be joined: `EventNotOpen` for a draft, `EventClosed` after its
    end.

    Before the opening people can join and get a seat; they can play from the opening on.
    """
    current = state(event, now)
    if current in (CLOSED, ARCHIVED):
        raise EventClosed
    if current == DRAFT:
        raise EventNotOpen


# action: (states it starts from, state it leads to). In the target state it changes nothing.
TRANSITIONS = {
    "schedule": ((DRAFT,), SCHEDULED),
    "open": ((DRAFT, SCHEDULED), OPEN),
    "close": ((OPEN,), CLOSED),
    "archive": ((DRAFT, SCHEDULED, CLOSED), ARCHIVED),
}


def next_state(current: str, action: str) -> str:
    """Return the state to which an action leads; raises `WrongState`."""
    sources, target = TRANSITIONS[action]
    if current == target or current in sources:
        return target
    raise WrongState


def sitting_state(starts_at: int, ends_at: int, pauses: Pauses, now: int) -> str:
    """Return `waiting`, `open` or `closed`; a pause postpones the end of a running sitting."""
    if now < starts_at:
        return "waiting"
    over = played_ms(pauses, starts_at, now) >= ends_at - starts_at
    return "closed" if over else "open"
