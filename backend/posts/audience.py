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

The groups of a person are those of this moment: who changes the team sees the posts of the new one.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from peewee import fn

from backend.errors import Invalid, Sentence
from backend.identity.models import Grant, Staff, Team
from backend.identity.principal import Principal
from backend.posts.models import PUBLISHED, Post, PostAudience, PostColumn

EVERYONE, STAFF = "everyone", "staff"
ROLES = ("host", "trainer", "leader", "admin")
MOST_GROUPS = 200
# People of the roster, without test players of rehearsals.
_IS_REAL = Staff.test_event_id.is_null()


def groups_of(who: Principal) -> tuple[str, ...]:
    """Return the stored keys of all groups to which a caller belongs."""
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


def is_shown(who: Principal, now: int) -> Any:
    """Return the condition for posts that this caller may know of at this moment.

    Every query for a reader must have it; the query joins `PostColumn`.
    """
    own = PostAudience.select(PostAudience.post).where(PostAudience.key.in_(groups_of(who)))
    return (
        (Post.state == PUBLISHED)
        & (Post.shown_at <= now)
        & (Post.expires_at.is_null() | (Post.expires_at > now))
        & PostColumn.active
        & Post.id.in_(own)
    )


def members(post: Post) -> Any:
    """Return the query of the staff who are the audience of a post now, in the order of teams.

    Test players of rehearsals are left out.
    """
    keys = [row.key for row in post.audience]
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
    )


def stored(written: Iterable[str]) -> list[str]:
    """Return the stored keys of groups; raises `Invalid` for an unknown one."""
    found = list(dict.fromkeys(_stored(group) for group in written))
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


def named(key: str) -> dict[str, str] | None:
    """Return the team or person of a key as readers see it; None if there is none any more."""
    kind, _, number = key.partition(":")
    model = {"team": Team, "person": Staff}.get(kind)
    row = model.get_or_none(model.id == int(number)) if model else None
    return row and {"kind": kind, "name": row.name}


def written(keys: Sequence[str]) -> list[str]:
    """Return keys in the form in which people write them."""
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
        found.append(f"{kind}:{names[kind][int(value)]}" if kind in names else key)
    return found


def replace(post: Post, keys: Sequence[str]) -> None:
    """Store the audience of a post, in the caller's transaction."""
    PostAudience.delete().where(PostAudience.post == post).execute()
    PostAudience.insert_many([{"post": post.id, "key": key} for key in keys]).execute()


def shifts() -> list[str]:
    """Return the shifts that occur on the roster."""
    rows = Staff.select(fn.DISTINCT(Staff.shift)).where(Staff.active, Staff.shift != "", _IS_REAL)
    return sorted(shift for (shift,) in rows.tuples())


def offered() -> list[str]:
    """Return the groups that a writer can choose, besides single persons."""
    teams = [f"team:{team.name}" for team in _teams().order_by(Team.name)]
    of_shifts = [f"shift:{shift}" for shift in shifts()]
    return [STAFF, EVERYONE, *of_shifts, *teams, *(f"role:{role}" for role in ROLES)]


def _teams() -> Any:
    """Return the query of the teams of the roster, without those of test players."""
    return Team.select().where(Team.id.not_in(Staff.select(Staff.team).where(~_IS_REAL)))


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
    raise _invalid(f"没有这个范围：{group}。", f"There is no such group: {group}.")


def _invalid(zh: str, en: str) -> Invalid:
    return Invalid(fields={"audience": [Sentence(zh, en)]})


def _values(keys: Sequence[str], kind: str) -> list[str]:
    return [key.partition(":")[2] for key in keys if key.startswith(f"{kind}:")]


def _numbers(keys: Sequence[str], kind: str) -> list[int]:
    return [int(value) for value in _values(keys, kind)]
