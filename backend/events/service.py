"""What hosts do with events: make, open, pause, resume, close, freeze, reveal."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import marshmallow as ma
import peewee

from backend.db import Database
from backend.errors import Invalid, LinkaError, NotFound, Sentence
from backend.events import lifecycle
from backend.events.kinds import Kinds, Left
from backend.events.lifecycle import WrongState
from backend.events.models import Activity, CrewTask, Event, Sitting
from backend.events.templates import BrokenTemplate, IncompleteTemplate, broken, template
from backend.identity import audit
from backend.visible import half_width, shown
from backend.web.schema import MAX_ID

# Without 0, O, 1, I and L, because codes are read aloud in a hall.
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 6


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


class JoinCodeTaken(LinkaError):
    """Another event has this join code."""

    slug = "join_code_taken"
    status = 409
    zh = "这个加入码已被其他活动使用。"
    en = "Another event uses this join code."


_WRONG_JOIN_CODE = Sentence(
    "加入码须为 4–12 个英文字母或数字。", "A join code has 4 to 12 Latin letters or digits."
)


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

    def left(self, event: Event) -> list[Left]:
        """Count what players left on the boards and in the ledger."""

    def wipe(self, event: Event) -> None:
        """Remove all entries and standings, in the caller's transaction."""

    def refresh(self, event_id: int) -> None:
        """Rebuild the boards after the commit; does not raise if Redis cannot be reached."""

    def tell(self, event_id: int, kind: str) -> None:
        """Tell the feed that something about the event changed."""


def get(event_id: int) -> Event:
    """Return an event; raises `NotFound`."""
    event = Event.get_or_none(Event.id == event_id)
    if event is None:
        raise NotFound
    return event


def by_join_code(code: str) -> Event | None:
    """Return the event with a join code, whatever the case and width of its letters."""
    return Event.get_or_none(Event.join_code == half_width(code).upper())


def lacks_of(kinds: Kinds, boards: EventBoards, template_name: str, moment: int) -> list[Sentence]:
    """Return sentences about what a template names and what does not exist on the day of a moment.

    Raises `UnknownTemplate` or `BrokenTemplate`.
    """
    return _lacks(kinds, _checked_template(kinds, template_name), boards.day(moment))


def _checked_template(kinds: Kinds, name: str) -> dict[str, Any]:
    """Return a template with the settings of its activities checked and filled in."""
    source = template(name)
    activities = []
    for item in source["activities"]:
        try:
            settings = kinds.check(item["kind"], item["settings"])
        except ma.ValidationError as error:
            raise BrokenTemplate(
                fields={"template": [broken(f"{item['title']}: {error.messages}")]}, name=name
            ) from None
        activities.append({**item, "settings": settings})
    return {**source, "activities": activities}


def _lacks(kinds: Kinds, source: dict[str, Any], day: str) -> list[Sentence]:
    return [
        Sentence(f"{item['title']}：{lack.zh}", f"{item['title']}: {lack.en}")
        for item in source["activities"]
        for lack in kinds[item["kind"]].lacks(item["settings"], day)
    ]


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


@dataclass(frozen=True)
class EventDetails:
    """What a host says about a new event besides its template. Moments are in ms.

    None means the template's title, and a random join code.
    """

    title: str | None = None
    rehearsal: bool = False
    opens_at: int | None = None
    closes_at: int | None = None
    join_code: str | None = None


def create(
    database: Database,
    kinds: Kinds,
    boards: EventBoards,
    template_name: str,
    now: int,
    details: EventDetails = EventDetails(),
    *,
    actor_id: int | None = None,
    force: bool = False,
) -> Event:
    """Make an event from a template, as a draft.

    Raises `UnknownTemplate`, `BrokenTemplate`, `IncompleteTemplate` (unless `force`),
    `JoinCodeTaken` or `Invalid` (an end before the beginning).
    """
    source = _checked_template(kinds, template_name)
    opens_at, closes_at, join_code = details.opens_at, details.closes_at, details.join_code
    missing = [] if force else _lacks(kinds, source, boards.day(opens_at or now))
    if missing:
        raise IncompleteTemplate(fields={"template": missing}, name=template_name)
    if join_code is not None and re.fullmatch(JOIN_CODE, join_code) is None:
        raise Invalid(fields={"join_code": [_WRONG_JOIN_CODE]})
    require_end_after(opens_at, closes_at, now)
    facts = {
        "title": shown(details.title or "") or source["title"],
        "description": source["description"],
        "template": template_name,
        "screen_key": new_screen_key(),
        "rehearsal": details.rehearsal,
        "opens_at": opens_at,
        "closes_at": closes_at,
        "began_at": now,
        "settings": {
            "team_formula": source["team_formula"],
            "reveal_top": source["reveal_top"],
        },
        "created_by": actor_id,
        "created_at": now,
    }
    event = _with_code(database, facts, join_code, lambda made: _furnish(made, source, kinds, now))
    boards.refresh(event.id)
    return event


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


def _with_code(
    database: Database,
    facts: dict[str, Any],
    join_code: str | None,
    furnish: Callable[[Event], None],
) -> Event:
    """Write the event with the code asked for, or with random codes until one is free."""
    wanted = (join_code or "").upper()
    for _ in range(20):
        try:
            with database.write():
                if wanted:
                    _free_code(wanted, facts["created_by"], facts["created_at"])
                event = Event.create(join_code=wanted or _random_code(), **facts)
                furnish(event)
                audit.record(
                    facts["created_by"], "create_event", f"event:{event.id}", facts["created_at"]
                )
                return event
        except peewee.IntegrityError:
            if join_code:
                raise JoinCodeTaken from None
    raise JoinCodeTaken


def _random_code() -> str:
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def _free_code(code: str, actor_id: int | None, now: int) -> None:
    """Take a code from an archived event, which nobody can join any more: it gets a random one.

    In the caller's transaction.
    """
    event = Event.get_or_none(Event.join_code == code, Event.state == lifecycle.ARCHIVED)
    if event is not None:
        event.change(join_code=_random_code())
        change = {"before": {"join_code": code}, "after": {"join_code": event.join_code}}
        audit.record(actor_id, "join_code_freed", f"event:{event.id}", now, **change)


def _furnish(event: Event, source: dict[str, Any], kinds: Kinds, now: int) -> None:
    starts = event.opens_at or now
    for task in source["crew"]:
        CrewTask.create(event=event, **task)
    for position, item in enumerate(source["activities"]):
        activity = Activity.create(
            event=event,
            kind=item["kind"],
            title=item["title"],
            position=position,
            settings=item["settings"],
        )
        for sitting in item["sittings"]:
            Sitting.create(
                activity=activity,
                title=sitting["title"],
                shifts=sitting["shifts"],
                starts_at=starts + sitting["starts_in_minutes"] * 60_000,
                ends_at=starts + sitting["ends_in_minutes"] * 60_000,
            )
        kinds[item["kind"]].prepare(activity)


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
    """Return what transitions change, for the audit."""
    return {
        "state": lifecycle.state(event, now),
        "paused": lifecycle.is_paused(event),
        "frozen": event.frozen_at is not None,
        "reveal_step": event.reveal_step,
    }


def new_screen_key() -> str:
    """Return what nobody can guess."""
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
    if ended_at is None or now - ended_at > REOPEN_MS:
        raise TooLateToReopen
    event.pauses = [*event.pauses, [ended_at, now]]
    event.state = lifecycle.OPEN
    event.closed_at = None
    if lifecycle.ms_to_close(event, now) == 0:
        event.closes_at = None


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
