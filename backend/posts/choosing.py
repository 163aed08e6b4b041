"""Choosing an audience: the groups that writers are offered, and an audience in words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import fn

from backend.errors import Sentence
from backend.identity.models import Grant, Staff, Team
from backend.identity.roster import IS_REAL
from backend.lookup import duties
from backend.posts import audience
from backend.posts.audience import EVERYONE, ROLES, STAFF

ROLE_NAMES = {
    "host": Sentence("主持人", "hosts"),
    "trainer": Sentence("培训师", "trainers"),
    "leader": Sentence("班组长", "team leaders"),
    "admin": Sentence("管理员", "admins"),
}
_OF_ALL = {
    STAFF: Sentence("全体同事", "all staff"),
    EVERYONE: Sentence("全体同事和访客", "all staff and guests"),
}
_DUTY = re.compile(r"duty:([\d-]{10})(?:\.\.([\d-]{10}))?(?::(.+))?")


@dataclass(frozen=True)
class OfferedGroup:
    """A group that a writer can choose: as it is written, its name, and how many people it has."""

    group: str
    name: str
    people: int


def teams() -> list[OfferedGroup]:
    """Return the teams that have active people, by name."""
    rows = _people().join(Team).group_by(Team.id, Team.name).order_by(Team.name)
    return _offered("team", rows.select(Team.name, fn.COUNT(Staff.id)))


def shifts() -> list[OfferedGroup]:
    """Return the shifts of the roster, by name."""
    rows = _people().where(Staff.shift != "").group_by(Staff.shift).order_by(Staff.shift)
    return _offered("shift", rows.select(Staff.shift, fn.COUNT(Staff.id)))


def roles() -> list[OfferedGroup]:
    """Return the roles."""
    holders = _people().join(Grant).where(Grant.event_id == 0).group_by(Grant.role)
    counts = dict(holders.select(Grant.role, fn.COUNT(fn.DISTINCT(Staff.id))).tuples())
    return [OfferedGroup(f"role:{one}", ROLE_NAMES[one].zh, counts.get(one, 0)) for one in ROLES]


def shifts_of_duty() -> list[str]:
    """Return the shifts that people on duty may have: those of the plan and of the roster."""
    return sorted({*duties.planned_shifts(), *audience.shifts()})


def in_words(written: Sequence[str]) -> list[Sentence]:
    """Return groups, as callers of the API write them, in words."""
    numbers = [one.partition(":")[2] for one in written if one.startswith("person:")]
    people = Staff.select(Staff.number, Staff.name).where(Staff.number.in_(numbers))
    names = dict(people.tuples())
    return [_in_words(group, names) for group in written]


def _in_words(group: str, names: dict[str, str]) -> Sentence:
    kind, _, value = group.partition(":")
    if group in _OF_ALL:
        return _OF_ALL[group]
    if kind == "role":
        return ROLE_NAMES[value]
    if kind == "person":
        return _same(f"{names[value]}（{value}）")
    return _of_duty(group) if kind == "duty" else _same(value)


def _of_duty(group: str) -> Sentence:
    found = _DUTY.fullmatch(group)
    assert found is not None
    first, last, shift = found.groups()
    zh = _day(first)
    if last:
        zh += f"至 {int(last[-2:])} 日" if last[:7] == first[:7] else f"至 {_day(last)}"
    en = f"on duty {first}{f' to {last}' if last else ''}{f', {shift}' if shift else ''}"
    return Sentence(f"{zh}{shift or ''}当班的人", en)


def _day(text: str) -> str:
    day = date.fromisoformat(text)
    return f"{day.month} 月 {day.day} 日"


def _same(name: str) -> Sentence:
    return Sentence(name, name)


def _people() -> Any:
    return Staff.select().where(Staff.active, IS_REAL)


def _offered(kind: str, rows: Any) -> list[OfferedGroup]:
    return [OfferedGroup(f"{kind}:{name}", name, people) for name, people in rows.tuples()]
