"""The one door to posts: who may know of which post, on every path.

An audience is a list of groups, as callers of the API write them and as they are stored:

| written | stored | who |
|---|---|---|
| `everyone` | `everyone` | staff and guests |
| `staff` | `staff` | all of the roster |
| `team:客服一组` | `team:3` | a 班组 |
| `shift:早班` | `shift:早班` | a shift |
| `role:trainer` | `role:trainer` | who holds a role everywhere |
| `person:200001` | `person:17` | one person by 工号 |
| `duty:2026-12-01` | `duty:2026-12-01` | people whose shift in the 班表 begins on that day |
| `duty:2026-12-01:夜班` | `duty:2026-12-01:夜班` | those who have this shift on that day |

`duty:2026-12-01..2026-12-03` is stored as a group for each day. The groups of a person are those of
this moment: who changes the team sees the posts of the new one, and who swaps a shift those of the
new shift.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any

from peewee import Value, fn

from backend.db import Database
from backend.errors import Invalid, Sentence
from backend.identity.models import Grant, Staff, Team
from backend.identity.principal import Principal
from backend.lookup import duties
from backend.lookup.models import Duty
from backend.posts.models import PUBLISHED, Post, PostAudience, PostColumn

EVERYONE, STAFF = "everyone", "staff"
ROLES = ("host", "trainer", "leader", "admin")
MOST_GROUPS = 200
MOST_DAYS = 31
_DUTY = re.compile(r"(\d{4}-\d\d-\d\d)(?:\.\.(\d{4}-\d\d-\d\d))?(?::(.+))?")
# People of the roster, without test players of rehearsals.
_IS_REAL = Staff.test_event_id.is_null()


def groups_of(who: Principal) -> tuple[str, ...]:
    """Return the stored keys of all groups to which a caller belongs, besides those of shifts."""
    person = who.person
    if person is None:
        return (EVERYONE,)
    return (
        EVERYONE,
        STAFF,
        f"team:{person.team_id}",
        f"shift:{person.shift}",
        f"person:{person.staff_id}",
        *(f"role:{role}" for role, event_id in who.roles if event_id == 0),
    )


def duty_groups_of(database: Database, who: Principal, days: Sequence[str]) -> list[str]:
    """Return the stored keys of the groups of shifts to which a caller belongs on some days."""
    if who.person is None or not days:
        return []
    own = duties.shifts_of(database, who.person.staff_id, days)
    return [key for day, shift in own for key in (f"duty:{day}", f"duty:{day}:{shift}")]


def is_shown(who: Principal, now: int) -> Any:
    """Return the condition for posts that this caller may know of at this moment.

    Every query for a reader must have it; the query joins `PostColumn`. `catalog` compares the
    same groups in memory.
    """
    own = PostAudience.select(PostAudience.post).where(PostAudience.key.in_(groups_of(who)))
    if who.person is not None:
        own |= _for_duty_of(who.person.staff_id)
    return (
        (Post.state == PUBLISHED)
        & (Post.shown_at <= now)
        & (Post.expires_at.is_null() | (Post.expires_at > now))
        & PostColumn.active
        & Post.id.in_(own)
    )


def _for_duty_of(staff_id: int) -> Any:
    """Return the query of the posts for people who have a shift that this person has."""
    key = PostAudience.key
    of_day = Value("duty:").concat(Duty.day)
    return (
        PostAudience.select(PostAudience.post)
        .join(Duty, on=(Duty.day == PostAudience.day))
        .where(
            PostAudience.day > "",
            Duty.staff == staff_id,
            Duty.begins != "",
            (key == of_day) | (key == of_day.concat(":").concat(Duty.shift)),
        )
    )


def members(post: Post) -> Any:
    """Return the query of the staff who are the audience of a post now, see `people_of`."""
    return people_of(keys_of(post.id))


def keys_of(post_id: int) -> list[str]:
    """Return the stored keys of the audience of a post."""
    rows = PostAudience.select(PostAudience.key).where(PostAudience.post == post_id)
    return [key for (key,) in rows.order_by(PostAudience.key).tuples()]


def people_of(keys: Sequence[str]) -> Any:
    """Return the query of the staff who belong to groups now, in the order of teams.

    Test players of rehearsals are left out.
    """
    of_roles = Grant.select(Grant.staff).where(
        Grant.event_id == 0, Grant.role.in_(_values(keys, "role"))
    )
    query = (
        Staff.select(Staff.id, Staff.number, Staff.name, Staff.shift, Team.name.alias("team_name"))
        .join(Team)
        .where(Staff.active, _IS_REAL)
        .order_by(Team.name, Staff.shift, Staff.number)
    )
    if EVERYONE in keys or STAFF in keys:
        return query
    return query.where(
        Staff.team.in_([int(value) for value in _values(keys, "team")])
        | Staff.shift.in_(_values(keys, "shift"))
        | Staff.id.in_([int(value) for value in _values(keys, "person")])
        | Staff.id.in_(of_roles)
        | _has_duty(_values(keys, "duty"))
    )


def _has_duty(values: Sequence[str]) -> Any:
    """Return the condition for people of groups of shifts, by what follows `duty:`."""
    found = [Staff.id.in_(duties.people_on(*value.split(":", 1))) for value in values]
    return reduce(or_, found, Staff.id.in_([]))


def stored(written: Iterable[str]) -> list[str]:
    """Return the stored keys of groups; raises `Invalid` for an unknown one."""
    found = list(dict.fromkeys(key for group in written for key in _keys(group)))
    if not 1 <= len(found) <= MOST_GROUPS:
        raise _invalid(
            f"须有 1–{MOST_GROUPS} 个范围。", f"There must be 1 to {MOST_GROUPS} groups."
        )
    return found


def subject(written: str) -> str:
    """Return the key of the team or person that a post is about; raises `Invalid`."""
    if written.partition(":")[0] not in ("team", "person"):
        raise Invalid(
            fields={"about": [Sentence("写 team:班组 或 person:工号。", "A team or a person.")]}
        )
    return _stored(written)


def named(key: str) -> dict[str, Any] | None:
    """Return the team or person of a key as readers see it; None if there is none any more."""
    kind, _, number = key.partition(":")
    model = {"team": Team, "person": Staff}.get(kind)
    row = model.get_or_none(model.id == int(number)) if model else None
    return row and {"kind": kind, "id": row.id, "name": row.name}


def written(keys: Sequence[str]) -> list[str]:
    """Return keys in the form in which people write them; days of shifts that follow each other are
    one group."""
    teams = dict(
        Team.select(Team.id, Team.name).where(Team.id.in_(_numbers(keys, "team"))).tuples()
    )
    people = dict(
        Staff.select(Staff.id, Staff.number).where(Staff.id.in_(_numbers(keys, "person"))).tuples()
    )
    names = {"team": teams, "person": people}
    found = []
    for key in keys:
        kind, _, value = key.partition(":")
        if kind != "duty":
            found.append(f"{kind}:{names[kind][int(value)]}" if kind in names else key)
    return [*found, *_spans(_values(keys, "duty"))]


def _spans(values: Iterable[str]) -> Iterator[str]:
    """Yield the groups of shifts, as people write them, by what follows `duty:` in their keys."""
    of_shifts: dict[str, list[date]] = {}
    for value in sorted(values):
        begins, _, shift = value.partition(":")
        of_shifts.setdefault(shift, []).append(date.fromisoformat(begins))
    for shift, days in of_shifts.items():
        first = last = days[0]
        for day in [*days[1:], date.max]:
            if (day - last).days > 1 or (day - first).days >= MOST_DAYS:
                until = f"..{last}" if last > first else ""
                yield f"duty:{first}{until}{shift and f':{shift}'}"
                first = day
            last = day


def replace(post: Post, keys: Sequence[str]) -> None:
    """Store the audience of a post, in the caller's transaction."""
    PostAudience.delete().where(PostAudience.post == post).execute()
    rows = [{"post": post.id, "key": key, "day": _day(key)} for key in keys]
    PostAudience.insert_many(rows).execute()


def _day(key: str) -> str:
    """Return the day of a group of people who have a shift, empty for other groups."""
    kind, _, value = key.partition(":")
    return value[: len("YYYY-MM-DD")] if kind == "duty" else ""


def shifts() -> list[str]:
    """Return the shifts that occur on the roster."""
    rows = Staff.select(fn.DISTINCT(Staff.shift)).where(Staff.active, Staff.shift != "", _IS_REAL)
    return sorted(shift for (shift,) in rows.tuples())


def _teams() -> Any:
    """Return the query of the teams of the roster, without those of test players."""
    return Team.select().where(Team.id.not_in(Staff.select(Staff.team).where(~_IS_REAL)))


def _keys(group: str) -> Iterator[str]:
    """Yield the keys of a group: one, or one for each day of shifts."""
    kind, _, value = group.partition(":")
    if kind != "duty":
        yield _stored(group)
        return
    found = _DUTY.fullmatch(value)
    days = _days(found[1], found[2] or found[1]) if found else []
    shift = found[3] if found else None
    if not days or (shift and shift not in (*duties.planned_shifts(), *shifts())):
        raise _unknown(group)
    for day in days:
        yield f"duty:{day}:{shift}" if shift else f"duty:{day}"


def _days(first: str, last: str) -> list[str]:
    """Return the days from one to another; empty if there is none, or more than `MOST_DAYS`."""
    try:
        begin = date.fromisoformat(first)
        count = (date.fromisoformat(last) - begin).days + 1
    except ValueError:
        return []
    if count > MOST_DAYS:
        return []
    return [(begin + timedelta(days=ahead)).isoformat() for ahead in range(count)]


def _stored(group: str) -> str:
    kind, _, value = group.partition(":")
    if group in (EVERYONE, STAFF) or (kind == "role" and value in ROLES):
        return group
    if kind == "shift" and value in shifts():
        return group
    if kind == "team" and (team := _teams().where(Team.name == value).first()) is not None:
        return f"team:{team.id}"
    if kind == "person":
        person = Staff.get_or_none(Staff.number == value, _IS_REAL)
        if person is not None:
            return f"person:{person.id}"
    raise _unknown(group)


def _unknown(group: str) -> Invalid:
    return _invalid(f"没有这个范围：{group}。", f"There is no such group: {group}.")


def _invalid(zh: str, en: str) -> Invalid:
    return Invalid(fields={"audience": [Sentence(zh, en)]})


def _values(keys: Sequence[str], kind: str) -> list[str]:
    return [key.partition(":")[2] for key in keys if key.startswith(f"{kind}:")]


def _numbers(keys: Sequence[str], kind: str) -> list[int]:
    return [int(value) for value in _values(keys, kind)]
