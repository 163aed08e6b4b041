"""What hosts do with events: open, pause, resume, close, freeze, reveal."""

import re
import secrets
from collections.abc import Callable
from typing import Any, Protocol

from backend.db import Database
from backend.errors import Invalid, LinkaError, NotFound, Sentence
from backend.events import lifecycle
from backend.events.kinds import LeftCount
from backend.events.lifecycle import WrongState
from backend.events.models import Activity, Event, Sitting
from backend.identity import audit
from backend.visible import half_width
from backend.web.schema import MAX_ID

# What a host may choose; the same over HTTP and on the command line.
JOIN_CODE = r"^[A-Za-z0-9]{4,12}$"
# How long after its end an event can be reopened.
REOPEN_MS = 3_600_000


class TooLateToReopen(LinkaError):
    """The event ended more than an hour ago."""

    slug = "too_late_to_reopen"
    status = 409
    zh = "活动结束超过一小时，不能再重新开放。"
    en = "The event ended more than an hour ago and cannot be reopened."


class EventBoards(Protocol):
    """The part of the boards that events need."""

    def day(self, moment: int) -> str:
        """Return the business day (YYYY-MM-DD) of a moment."""

    def freeze(self, event: Event) -> None:
        """Copy the standings for the public, in the caller's transaction."""

    def begin_ceremony(self, event: Event) -> None:
        """Copy the standings that a ceremony reveals, in the caller's transaction."""

    def lift(self, event: Event) -> None:
        """Forget the frozen copies, in the caller's transaction."""

    def left(self, event: Event) -> list[LeftCount]:
        """Count what players left on the boards and in the ledger."""

    def wipe(self, event: Event) -> None:
        """Remove all entries and standings, in the caller's transaction."""

    def refresh(self, event_id: int) -> None:
        """Rebuild the boards after the commit; does not raise if Redis cannot be reached."""

    def tell(self, event_id: int, kind: str) -> None:
        """Tell the feed that something about the event changed."""


def get(event_id: int) -> Event:
    """Return an event; raises `NotFound`."""
    event = Event.find_one("id = ?", event_id)
    if event is None:
        raise NotFound
    return event


def by_join_code(code: str) -> Event | None:
    """Return the event with a join code, whatever the case and width of its letters."""
    return Event.find_one("join_code = ?", half_width(code).upper())


def can_name(text: str) -> bool:
    """Say whether a text can be an event's id or join code."""
    return _id_in(text) > 0 or re.fullmatch(JOIN_CODE, text) is not None


def named(text: str) -> Event | None:
    """Return the event with this id or, if there is none, with this join code."""
    if not can_name(text):
        return None
    return Event.get_or_none(Event.id == _id_in(text)) or by_join_code(text)


def _id_in(text: str) -> int:
    number = int(text) if re.fullmatch("[0-9]{1,16}", text) else 0
    return number if number <= MAX_ID else 0


def require_end_after(opens_at: int | None, closes_at: int | None, now: int) -> None:
    """Raise `Invalid` for an end that is not later than the beginning and than now."""
    if closes_at is not None and closes_at <= max(opens_at or 0, now):
        raise Invalid(
            fields={
                "closes_at": [
                    Sentence(
                        "结束时间必须晚于开始时间和现在。",
                        "The end must be later than the beginning and than now.",
                    )
                ]
            }
        )


def transition(
    database: Database,
    boards: EventBoards,
    event_id: int,
    action: str,
    now: int,
    *,
    actor_id: int | None = None,
    step: int | None = None,
) -> Event:
    """Apply an action of a host; a repeat changes nothing. Raises `NotFound` or `WrongState`."""
    with database.write():
        event = locked(event_id)
        before = _audited(event, now)
        board_before = (event.frozen_at, event.reveal_step)
        _apply(event, action, now, boards, step)
        event.save()
        audit.record(
            actor_id, action, f"event:{event_id}", now, before=before, after=_audited(event, now)
        )
    if (event.frozen_at, event.reveal_step) != board_before:
        boards.refresh(event_id)
    boards.tell(event_id, "event")
    return event


def _audited(event: Event, now: int) -> dict[str, Any]:
    """Return the fields that transitions change, for the audit."""
    return {
        "state": lifecycle.state(event, now),
        "paused": lifecycle.is_paused(event),
        "frozen": event.frozen_at is not None,
        "reveal_step": event.reveal_step,
    }


def new_screen_key() -> str:
    """Return a random key that nobody can guess."""
    return secrets.token_urlsafe(18)


def renew_screen_key(database: Database, event_id: int, now: int, actor_id: int | None) -> Event:
    """Give an event another screen key; raises `NotFound`.

    The old address of the screen and all passes become invalid. The caller must tell
    `backend.live.revocations`, so that open screens end.
    """
    with database.write():
        event = locked(event_id)
        event.screen_key = new_screen_key()
        event.save(only=[Event.screen_key])
        audit.record(actor_id, "screen_key_renewed", f"event:{event_id}", now)
    return event


def locked(event_id: int) -> Event:
    """Return an event, locked until the transaction ends; raises `NotFound`."""
    event = Event.lock(event_id)
    if event is None:
        raise NotFound
    return event


def _apply(event: Event, action: str, now: int, boards: EventBoards, step: int | None) -> None:
    if action in lifecycle.TRANSITIONS:
        _move(event, action, now)
    elif action == FREEZE:
        _freeze(event, boards, now)
    elif action == REVEAL:
        _reveal(event, boards, step)
    else:
        _CLOCK[action](event, now)


def _move(event: Event, action: str, now: int) -> None:
    current = lifecycle.state(event, now)
    target = lifecycle.next_state(current, action)
    if action == "schedule" and event.opens_at is None:
        raise Invalid(
            fields={
                "opens_at": [
                    Sentence(
                        "预约活动需要先设定开始时间。",
                        "An event without a beginning cannot be scheduled.",
                    )
                ]
            }
        )
    if current == target:
        event.state = target
        return
    if action == "open":
        move_sittings(event, now)
        event.opens_at = now
        if event.closes_at is not None and event.closes_at <= now:
            event.closes_at = None
    if action == "close":
        end_pause(event, now)
        event.closed_at = now
    event.state = target


def move_sittings(event: Event, opening: int) -> None:
    """Move the sittings so that they keep their planned distance from the opening."""
    planned = event.opens_at or event.created_at
    moved = opening - planned
    Sitting.update(starts_at=Sitting.starts_at + moved, ends_at=Sitting.ends_at + moved).where(
        Sitting.activity.in_(Activity.select(Activity.id).where(Activity.event == event))
    ).execute()


def _pause(event: Event, now: int) -> None:
    if lifecycle.state(event, now) != lifecycle.OPEN:
        raise WrongState
    if not lifecycle.is_paused(event):
        event.pauses = [*event.pauses, [now, None]]


def _resume(event: Event, now: int) -> None:
    if lifecycle.state(event, now) != lifecycle.OPEN:
        raise WrongState
    end_pause(event, now)


def end_pause(event: Event, now: int) -> None:
    """Continue every countdown of a paused event, in the caller's transaction."""
    if lifecycle.is_paused(event):
        event.pauses = [*event.pauses[:-1], [event.pauses[-1][0], now]]


def _reopen(event: Event, now: int) -> None:
    """Reopen an event that ended within the last hour; the time in between counts as a pause.

    Every countdown continues where it stopped. A planned end that has passed is removed.
    """
    current = lifecycle.state(event, now)
    if current == lifecycle.OPEN:
        return
    if current != lifecycle.CLOSED:
        raise WrongState
    ended_at = _ended_at(event, now)
    if ended_at is None or not may_reopen(event, now):
        raise TooLateToReopen
    event.pauses = [*event.pauses, [ended_at, now]]
    event.state = lifecycle.OPEN
    event.closed_at = None
    if lifecycle.ms_to_close(event, now) == 0:
        event.closes_at = None


def may_reopen(event: Event, now: int) -> bool:
    """Return whether a closed event ended within the last hour."""
    ended_at = _ended_at(event, now)
    return ended_at is not None and now - ended_at <= REOPEN_MS


def _ended_at(event: Event, now: int) -> int | None:
    """Return when a closed event ended: when a host closed it, else at its planned end."""
    if event.closed_at is not None or event.closes_at is None:
        return event.closed_at
    planned: int = event.closes_at
    return planned + lifecycle.paused_ms(event.pauses, event.opens_at or 0, now)


def _freeze(event: Event, boards: EventBoards, now: int) -> None:
    if lifecycle.state(event, now) not in (lifecycle.OPEN, lifecycle.CLOSED):
        raise WrongState
    if event.frozen_at is None:
        event.frozen_at = now
        event.reveal_step = None
        boards.freeze(event)


def _reveal(event: Event, boards: EventBoards, step: int | None) -> None:
    """Reveal one more step of the board, or up to the step asked for; the last step lifts the
    freeze."""
    if event.frozen_at is None:
        if event.reveal_step is None and step is None:
            raise WrongState
        return
    last = event.settings.get("reveal_top", 10) + 1
    wanted = step if step is not None else (event.reveal_step or 0) + 1
    if event.reveal_step is None:
        boards.begin_ceremony(event)
    event.reveal_step = max(wanted, event.reveal_step or 1)
    if event.reveal_step >= last:
        event.frozen_at = None
        event.reveal_step = None
        boards.lift(event)


# Actions on the clock of an event, which need only the event and the moment.
_CLOCK: dict[str, Callable[[Event, int], None]] = {
    "pause": _pause,
    "resume": _resume,
    "reopen": _reopen,
}
FREEZE, REVEAL = "freeze", "reveal"
ACTIONS = (*lifecycle.TRANSITIONS, *_CLOCK, FREEZE, REVEAL)
