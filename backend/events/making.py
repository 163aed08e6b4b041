"""Makes events: from a template, from a list of activities, or as a copy of another event."""

import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import marshmallow as ma
import peewee

from backend.db import Database
from backend.errors import Invalid, LinkaError, Sentence
from backend.events import agenda, lifecycle, media
from backend.events.agenda import PlannedStep
from backend.events.kinds import Kinds
from backend.events.models import Activity, CrewTask, Event, Sitting
from backend.events.service import (
    JOIN_CODE,
    EventBoards,
    new_screen_key,
    require_end_after,
)
from backend.events.templates import (
    BrokenTemplate,
    IncompleteTemplate,
    TeamFormulaSchema,
    broken,
    template,
)
from backend.identity import audit
from backend.visible import shown
from backend.web.messages import by_path

# Without 0, O, 1, I and L, because codes are read aloud in a hall.
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 6
REVEAL_TOP = 10

_WRONG_JOIN_CODE = Sentence(
    "加入码须为 4–12 个英文字母或数字。", "A join code has 4 to 12 Latin letters or digits."
)
_SITTING_ENDS_EARLY = Sentence(
    "场次的结束时间必须晚于开始时间。", "The end of a sitting must be later than its beginning."
)


class JoinCodeTaken(LinkaError):
    """Another event has this join code."""

    slug = "join_code_taken"
    status = 409
    zh = "这个加入码已被其他活动使用。"
    en = "Another event uses this join code."


@dataclass(frozen=True)
class NewSitting:
    """A sitting to be made. Moments are in ms; `shifts` empty means everybody."""

    title: str
    shifts: Sequence[str]
    starts_at: int
    ends_at: int


@dataclass(frozen=True)
class NewActivity:
    """An activity to be made, with checked settings.

    `source` is the activity of which it is a copy.
    """

    kind: str
    title: str
    settings: dict[str, Any]
    sittings: tuple[NewSitting, ...] = ()
    source: Activity | None = None


@dataclass(frozen=True)
class Content:
    """The content of an event.

    `template` is the name of the template from which it comes, if any. `crew` are the tasks of the
    crew: `{title, duty, minutes}`. `agenda` None means a step for each activity. `media_of` is the
    event whose pictures and music are copied.
    """

    title: str
    activities: tuple[NewActivity, ...]
    description: str = ""
    template: str = ""
    team_formula: Mapping[str, Any] | None = None
    reveal_top: int = REVEAL_TOP
    crew: Sequence[Mapping[str, Any]] = ()
    agenda: Sequence[PlannedStep] | None = None
    media_of: int | None = None


@dataclass(frozen=True)
class EventDetails:
    """The facts of a new event besides its content. Moments are in ms.

    None means the fact of the content; for the join code it means a random one.
    """

    title: str | None = None
    description: str | None = None
    rehearsal: bool = False
    opens_at: int | None = None
    closes_at: int | None = None
    join_code: str | None = None
    team_formula: Mapping[str, Any] | None = None
    reveal_top: int | None = None


def of_template(kinds: Kinds, name: str, starts_at: int) -> Content:
    """Return the content that a template describes, for an event that opens at a moment.

    Raises `UnknownTemplate` or `BrokenTemplate`.
    """
    source = template(name)
    activities = []
    for item in source["activities"]:
        try:
            settings = kinds.check(item["kind"], item["settings"])
        except ma.ValidationError as error:
            raise BrokenTemplate(
                fields={"template": [broken(f"{item['title']}: {error.messages}")]}, name=name
            ) from None
        sittings = tuple(
            NewSitting(
                sitting["title"],
                sitting["shifts"],
                starts_at + sitting["starts_in_minutes"] * 60_000,
                starts_at + sitting["ends_in_minutes"] * 60_000,
            )
            for sitting in item["sittings"]
        )
        activities.append(NewActivity(item["kind"], item["title"], settings, sittings))
    return Content(
        source["title"],
        tuple(activities),
        source["description"],
        template=name,
        team_formula=source["team_formula"],
        reveal_top=source["reveal_top"],
        crew=source["crew"],
        agenda=[
            PlannedStep(activity=place, minutes=item["minutes"], notes=item["notes"])
            for place, item in enumerate(source["activities"])
        ],
    )


def of_event(kinds: Kinds, event: Event, starts_at: int) -> Content:
    """Return the content of a copy of an event that opens at a moment.

    Sittings keep their distance from the opening. People, points and what was played are not
    copied. Rows that hosts prepared are copied (see `Kind.settings_of`), and so are the pictures
    and music of the screen.
    """
    moved = starts_at - (event.opens_at or event.created_at)
    activities = []
    there = list(event.activities.order_by(Activity.position, Activity.id))
    for activity in there:
        sittings = tuple(
            NewSitting(
                sitting.title, sitting.shifts, sitting.starts_at + moved, sitting.ends_at + moved
            )
            for sitting in activity.sittings.order_by(Sitting.starts_at, Sitting.id)
        )
        settings = kinds[activity.kind].settings_of(activity)
        activities.append(NewActivity(activity.kind, activity.title, settings, sittings, activity))
    return Content(
        event.title,
        tuple(activities),
        event.description,
        template=event.template,
        team_formula=event.settings.get("team_formula"),
        reveal_top=event.settings.get("reveal_top", REVEAL_TOP),
        crew=[
            {"title": task.title, "duty": task.duty, "minutes": task.minutes}
            for task in CrewTask.select().where(CrewTask.event == event).order_by(CrewTask.id)
        ],
        agenda=agenda.planned(event, there),
        media_of=event.id,
    )


def of_list(kinds: Kinds, items: Iterable[Mapping[str, Any]]) -> Content:
    """Return the content of a list of activities as hosts send it; the first one gives the title.

    Raises `Invalid`, which names each wrong field by its path.
    """
    activities = []
    wrong: dict[str, list[Sentence]] = {}
    for position, item in enumerate(items):
        try:
            activities.append(activity_of(kinds, item))
        except Invalid as error:
            fields = error.fields or {}
            wrong |= {f"activities.{position}.{name}": list(fields[name]) for name in fields}
    if wrong:
        raise Invalid(fields=wrong)
    return Content(activities[0].title if activities else "", tuple(activities))


def activity_of(kinds: Kinds, facts: Mapping[str, Any]) -> NewActivity:
    """Return an activity as a host sent it, checked; raises `Invalid`."""
    settings = checked_settings(kinds, facts["kind"], facts["settings"])
    return NewActivity(
        facts["kind"], facts["title"], settings, sittings_of(facts.get("sittings", ()))
    )


def checked_settings(kinds: Kinds, kind: str, settings: dict[str, Any]) -> dict[str, Any]:
    """Return the settings of a kind with defaults filled in.

    Raises `Invalid`, with paths as `settings.sites.0.x`.
    """
    try:
        return kinds.check(kind, settings)
    except ma.ValidationError as error:
        before = "settings" if kind in kinds.names() else ""
        raise Invalid(fields=by_path(error.normalized_messages(), before)) from None


def sittings_of(items: Iterable[Mapping[str, Any]]) -> tuple[NewSitting, ...]:
    """Return sittings as a host sent them; raises `Invalid`."""
    sittings = tuple(NewSitting(**item) for item in items)
    wrong = {
        f"sittings.{position}.ends_at": [_SITTING_ENDS_EARLY]
        for position, sitting in enumerate(sittings)
        if sitting.ends_at <= sitting.starts_at
    }
    if wrong:
        raise Invalid(fields=wrong)
    return sittings


def lacks(kinds: Kinds, content: Content, day: str) -> list[Sentence]:
    """Return sentences about what the content names and what does not exist on a business day."""
    return [
        Sentence(f"{activity.title}：{lack.zh}", f"{activity.title}: {lack.en}")
        for activity in content.activities
        for lack in kinds[activity.kind].lacks(activity.settings, day)
    ]


def require_complete(kinds: Kinds, content: Content, day: str) -> None:
    """Raise `IncompleteTemplate` if something that a template names does not exist on a day."""
    missing = lacks(kinds, content, day)
    if missing:
        raise IncompleteTemplate(fields={"template": missing}, name=content.template)


def require_join_code(code: str) -> None:
    """Raise `Invalid` unless the text can be a join code."""
    if re.fullmatch(JOIN_CODE, code) is None:
        raise Invalid(fields={"join_code": [_WRONG_JOIN_CODE]})


def create(
    database: Database,
    kinds: Kinds,
    boards: EventBoards,
    content: Content,
    now: int,
    details: EventDetails = EventDetails(),
    actor_id: int | None = None,
) -> Event:
    """Make an event of this content, as a draft.

    Raises `JoinCodeTaken` or `Invalid` (an end before the beginning).
    """
    if details.join_code is not None:
        require_join_code(details.join_code)
    require_end_after(details.opens_at, details.closes_at, now)
    facts = {
        "title": shown(details.title or "") or content.title,
        "description": content.description if details.description is None else details.description,
        "template": content.template,
        "rehearsal": details.rehearsal,
        "opens_at": details.opens_at,
        "closes_at": details.closes_at,
        "began_at": now,
        "settings": {
            "team_formula": dict(
                details.team_formula or content.team_formula or TeamFormulaSchema().load({})
            ),
            "reveal_top": details.reveal_top or content.reveal_top,
        },
        "created_by": actor_id,
        "created_at": now,
    }
    event = _with_code(database, facts, details.join_code, content, kinds)
    boards.refresh(event.id)
    return event


def _with_code(
    database: Database,
    facts: dict[str, Any],
    join_code: str | None,
    content: Content,
    kinds: Kinds,
) -> Event:
    """Write the event with the code asked for, or with random codes until one is free."""
    wanted = (join_code or "").upper()
    for _ in range(20):
        try:
            with database.write():
                if wanted:
                    free_code(wanted, facts["created_by"], facts["created_at"])
                code = wanted or random_code()
                event = Event.create(join_code=code, screen_key=new_screen_key(), **facts)
                for task in content.crew:
                    CrewTask.create(event=event, **task)
                made = [
                    add_activity(kinds, event, activity, position)
                    for position, activity in enumerate(content.activities)
                ]
                for activity, new in zip(content.activities, made, strict=True):
                    if activity.source is not None:
                        kinds[activity.kind].copied(activity.source, new)
                agenda.plan(event, content.agenda, made)
                if content.media_of is not None:
                    media.copy(content.media_of, event, facts["created_at"])
                audit.record(
                    facts["created_by"], "create_event", f"event:{event.id}", facts["created_at"]
                )
                return event
        except peewee.IntegrityError:
            if join_code:
                raise JoinCodeTaken from None
    raise JoinCodeTaken


def random_code() -> str:
    """Return a random join code, which is very probably free."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def free_code(code: str, actor_id: int | None, now: int) -> None:
    """Release a join code that an archived event has: the event, which nobody can join, gets a
    random one.

    Runs in the caller's transaction.
    """
    event = Event.get_or_none(Event.join_code == code, Event.state == lifecycle.ARCHIVED)
    if event is not None:
        event.change(join_code=random_code())
        change = {"before": {"join_code": code}, "after": {"join_code": event.join_code}}
        audit.record(actor_id, "join_code_freed", f"event:{event.id}", now, **change)


def add_activity(kinds: Kinds, event: Event, activity: NewActivity, position: int) -> Activity:
    """Write an activity of an event with its sittings, in the caller's transaction."""
    made = Activity.create(
        event=event,
        kind=activity.kind,
        title=activity.title,
        position=position,
        settings=activity.settings,
    )
    add_sittings(made, activity.sittings)
    kinds[activity.kind].prepare(made)
    return made


def add_sittings(activity: Activity, sittings: Iterable[NewSitting]) -> None:
    """Write the sittings of an activity, in the caller's transaction."""
    for sitting in sittings:
        Sitting.create(
            activity=activity,
            title=sitting.title,
            shifts=list(sitting.shifts),
            starts_at=sitting.starts_at,
            ends_at=sitting.ends_at,
        )
